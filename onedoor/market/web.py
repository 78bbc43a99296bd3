"""How an answer of the rules is told to a reader, on a page or by the API."""

from __future__ import annotations

from django.utils.translation import gettext

from onedoor.market.rules.routing import NAMES, RULES, Decision


def spoken(decision: Decision) -> str:
    """Return the sentence of a decision in the reader's language."""
    data = dict(decision.said.data)
    if decision.missing and "missing" in data:
        data["missing"] = gettext("、").join(gettext(NAMES[name]) for name in decision.missing)
    return gettext(decision.said.text) % data


def steps_of(decision: Decision) -> list[tuple[str, str]]:
    """Return every rule that was asked, and what came of it."""
    answers = {True: gettext("是"), False: gettext("不是"), None: gettext("还定不了")}
    return [(gettext(RULES[rule]), answers[holds]) for rule, holds in decision.steps]
