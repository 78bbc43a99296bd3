"""How an answer of the rules is told to a reader, on a page or by the API."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from onedoor.market.rules.changes import Change
from onedoor.market.rules.routing import NAMES, RULES, Decision

TABLES = {
    "items": _("中介服务事项"),
    "units": _("应进单位"),
    "thresholds": _("必须招标"),
    "methods": _("选取方式"),
    "limits": _("时限"),
    "weights": _("信用等级"),
    "articles": _("依据"),
}
HEAD = {
    "title": _("名称"),
    "document": _("文号"),
    "first_on": _("第一天"),
    "last_on": _("最后一天"),
    "procurement_limit": _("政府采购限额"),
}


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


def place_of(change: Change) -> str:
    """Return where rules differ, in words: the head, or a table and the key of its row."""
    if change.what == "book":
        return gettext(HEAD[change.key])
    return f"{gettext(TABLES[change.what])} {change.key}"
