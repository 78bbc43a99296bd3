"""The questions that cut an item's list of papers (情形引导), one a page, without a script."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from onedoor.accounts.web import Request, public
from onedoor.catalogue import queries
from onedoor.catalogue.queries import VersionFacts
from onedoor.catalogue.rules.situations import MOST_QUESTIONS, Walk, begin, step, walked
from onedoor.catalogue.rules.words import ItemState
from onedoor.catalogue.views.items import facts_of, qr_of
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound

FORM = 422


@public
def check(request: Request, code: str) -> HttpResponse:
    """Ask the next question, or show what is to be brought after all of them.

    The address holds the answers and the version they were given to, so that it can be kept, sent
    and printed; under another version they are asked again, for its list may be another.
    """
    found, now = queries.item_named(code), clock.now()
    facts = facts_of(found, now)
    if not facts.situations:
        raise NotFound("catalogue.no_situations", "这件事没有情形引导，材料在办事指南里。")
    told = request.GET.get("v", "")
    is_old = bool(told) and told != str(facts.number)
    walk = None if is_old else walked(facts.situations, _chosen(request.GET.get("a", "")))
    is_lost = walk is None and not is_old
    walk = walk or begin(facts.situations)
    error = ""
    if "next" in request.GET and not is_old:
        answer = request.GET.get("c", "")
        further = step(facts.situations, walk, int(answer) if _is_number(answer) else 0)
        if further is not None:
            return redirect(f"{request.path}?{_query(further, facts)}")
        error = gettext("请选一个答案。")
    asked = facts.situations[walk.asks - 1] if walk.asks else None
    context = {
        "version": facts,
        "is_old": is_old,
        "is_lost": is_lost,
        "error": error,
        "walk": walk,
        "asked": asked,
        "answers": "-".join(str(n) for n in walk.chosen),
        "count": len(walk.chosen) + 1,
        "passed": _passed(walk, facts),
        "back": _query(walked(facts.situations, walk.chosen[:-1]) or walk, facts)
        if walk.chosen
        else "",
    }
    if walk.is_over:
        address = f"{settings.PUBLIC_URL}{request.path}?{_query(walk, facts)}"
        kept = [m for m in facts.materials if m.name not in walk.free]
        context |= {
            "address": address,
            "qr": qr_of(address),
            "materials": [(m, m.necessity, m.form, m.source_kind) for m in kept],
            "dropped": [m for m in facts.materials if m.name in walk.free],
            "short": found.short,
            "begins_here": queries.state_of(found, at=now) is ItemState.IN_USE
            and not queries.parts_of(found)
            and facts.is_online
            and not facts.online_url,
        }
    return render(request, "catalogue/check.html", context, status=FORM if error else 200)


def _chosen(text: str) -> tuple[int, ...]:
    """Return the answers an address holds; what is none leads nowhere."""
    parts = text.split("-") if text else []
    if len(parts) > MOST_QUESTIONS:
        return (0,)
    return tuple(int(part) if _is_number(part) else 0 for part in parts)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 3


def _query(walk: Walk, facts: VersionFacts) -> str:
    return urlencode({"v": facts.number, "a": "-".join(str(n) for n in walk.chosen)})


def _passed(walk: Walk, facts: VersionFacts) -> list[tuple[str, str, str]]:
    """Return each question that was answered, the answer, and where it is changed."""
    found = []
    for place, (asked, option) in enumerate(walk.passed):
        before = walked(facts.situations, walk.chosen[:place])
        assert before is not None
        found.append((facts.situations[asked - 1].question, option.text, _query(before, facts)))
    return found
