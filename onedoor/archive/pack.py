"""The county's table of retention, read once from its file."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from django.conf import settings

from onedoor.archive.rules.retention import Table, read_table


@cache
def table() -> Table:
    source = files("onedoor") / "packs" / settings.COUNTY / "archive.toml"
    return read_table(tomllib.loads(source.read_text(encoding="utf-8")))
