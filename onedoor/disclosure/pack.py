"""The limits of disclosure, read once from the national pack."""

from __future__ import annotations

from functools import cache

from onedoor.disclosure.rules.limits import Rules, read_rules
from onedoor.kernel import packs


@cache
def rules() -> Rules:
    return read_rules(packs.told(packs.NATIONAL, "disclosure.toml"))
