"""The limits of disclosure, read once from the national pack."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from onedoor.disclosure.rules.limits import Rules, read_rules


@cache
def rules() -> Rules:
    source = files("onedoor") / "packs" / "national" / "disclosure.toml"
    return read_rules(tomllib.loads(source.read_text(encoding="utf-8")))
