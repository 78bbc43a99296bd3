"""What the packs say: the phrases of the national interface, the county's limits."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from onedoor.feedback.rules import matters
from onedoor.feedback.rules.limits import FeedbackRules, read_rules
from onedoor.feedback.rules.words import Level
from onedoor.kernel import packs


@cache
def rules() -> FeedbackRules:
    """Return the county's limits (``[feedback]`` in its file)."""
    return read_rules(packs.county().get("feedback", {}))


@cache
def matter_rules() -> matters.MatterRules:
    """Return by when the county answers what is sent to it (``[matters]`` in its file)."""
    return matters.read_rules(packs.county().get("matters", {}))


@cache
def phrases() -> Mapping[Level, Mapping[str, str]]:
    """Return the phrases to choose from by level, each with its national code."""
    told = packs.told(packs.NATIONAL, "feedback.toml")
    return {level: dict(told[level.value]["values"]) for level in Level}


def phrase(code: str) -> str:
    """Return the words of a code."""
    return next((each[code] for each in phrases().values() if code in each), code)
