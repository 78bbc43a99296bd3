"""What the county decided about cases: read once from its file, never from the database."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from django.conf import settings

from onedoor.cases.rules.online import OnlineRules, read_rules


@cache
def online_rules() -> OnlineRules:
    """Return what the county set for applications sent online (``[online]`` in its file)."""
    source = files("onedoor") / "packs" / settings.COUNTY / "county.toml"
    try:
        told = tomllib.loads(source.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return OnlineRules()
    return read_rules(told.get("online", {}))
