"""The tables that come with the product: a national pack, and one for each county."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from django.conf import settings

NATIONAL = "national"


@cache
def told(pack: str, name: str) -> Mapping[str, Any]:
    """Return what a file of a pack says; nothing where the pack has no such file."""
    path = files("onedoor") / "packs" / pack / name
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}


def county(name: str = "county.toml") -> Mapping[str, Any]:
    """Return what a file says of the county this installation serves."""
    return told(settings.COUNTY, name)
