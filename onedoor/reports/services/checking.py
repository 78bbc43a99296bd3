"""The check before publication (公开前审查): read through, each hit settled by another person."""

from __future__ import annotations

import copy
from datetime import datetime
from typing import Any

from onedoor.accounts.models import Person
from onedoor.accounts.rules import Actor
from onedoor.kernel.errors import NotFound, NotValid, Refusal
from onedoor.ledger import services as ledger
from onedoor.rectification.models import Finding
from onedoor.reports import publications
from onedoor.reports.events import HitSettled
from onedoor.reports.models import CheckHit, Edition
from onedoor.reports.rules.publishing import contents, privacy
from onedoor.reports.rules.publishing.lifecycle import Action, Need
from onedoor.reports.rules.publishing.words import HitKind, Settling
from onedoor.reports.services.editions import guard, move, reason_of, salted_reason

MOST = 500
"""So many different words a person settles one by one; a text with more is mended first."""


def read_through(edition: Edition) -> int:
    """Read an edition through and keep what it found, each word once; how many they are."""
    edition.hits.all().delete()
    rows: dict[tuple[HitKind, str], list[list[Any]]] = {}
    for words, place, hit in publications.found_in(edition, names_known(edition)):
        rows.setdefault((hit.kind, words), []).append([place, hit.start, hit.length])
    if len(rows) > MOST:
        raise NotValid(
            "information.too_many_hits",
            "正文里有 %(count)s 处不同的姓名、号码或密级标志，不像一份可以公开的信息。请先删改。",
            count=len(rows),
            field="text",
        )
    CheckHit.objects.bulk_create(
        CheckHit(edition=edition, place=n, kind=kind.value, spots=spots, reason="")
        for n, ((kind, _), spots) in enumerate(rows.items(), 1)
    )
    return len(rows)


def names_known(edition: Edition) -> frozenset[str]:
    """Return the names the system knows: of whoever signs in, and of whom the findings name."""
    found = set(Person.objects.values_list("name", flat=True))
    if edition.report_id:
        told = Finding.objects.filter(told_in__report=edition.report_id)
        for pair in told.values_list("leader", "officer"):
            found.update(pair)
    return frozenset(name.strip() for name in found if len(name.strip()) > 1)


@ledger.recorded
def settle(
    edition: Edition,
    place: int,
    *,
    settling: Settling,
    reason: str,
    seen: int,
    by: Actor,
    at: datetime,
) -> Edition:
    """Say of a hit that it may stay, or mask it wherever it stands; with a reason, on record."""
    text = reason_of(reason)
    step = guard(edition, Action.SETTLE, by=by, seen=seen, has_text=True)
    hit = edition.hits.filter(place=place).first()
    if hit is None:
        raise NotFound("information.no_hit", "没有这条提示，请刷新后再看。")
    if settling is Settling.OPEN or (settling is Settling.MASKED and hit.what is HitKind.SECRECY):
        raise NotValid(
            "information.not_settled_so",
            "密级和内部标志不能遮住：可以公开的写明理由，不能公开的退回。",
            field="settling",
        )
    mine = CheckHit.objects.filter(pk=hit.pk).exclude(settling=Settling.MASKED.value)
    settled = {"settling": settling.value, "reason": text, "settled_by": by.ref, "settled_at": at}
    if not mine.update(**settled):
        raise Refusal("information.hit_masked", "这一处已经遮住了。要改回来，请退回修改。")
    changes = _masked(edition, hit) if settling is Settling.MASKED else {}
    event = HitSettled(
        subject=edition.publication.subject,
        edition=edition.number,
        place=place,
        what=hit.kind,
        settling=settling.value,
        spots=len(hit.spots),
        reason=salted_reason(edition, text),
    )
    ledger.record(event, by=by.ref, at=at)
    return move(edition, step, changes, by=by, at=at)


def _masked(edition: Edition, hit: CheckHit) -> dict[str, Any]:
    """Return the parts of an edition with a hit masked in each of its places."""
    fields = publications.fields_of(edition)
    paragraphs, tables = copy.deepcopy((edition.paragraphs, edition.tables))
    for place, start, length in hit.spots:
        text = contents.text_at(fields, paragraphs, tables, place)
        end = start + length
        new = text[:start] + privacy.masked(hit.what, text[start:end]) + text[end:]
        contents.put(fields, paragraphs, tables, place, new)
    return {**fields, "paragraphs": paragraphs, "tables": tables}


@ledger.recorded
def clear(edition: Edition, *, seen: int, by: Actor, at: datetime) -> Edition:
    """Say that an edition may be published: everything found in it was settled (审查通过)."""
    step = guard(edition, Action.CLEAR, by=by, seen=seen)
    return move(edition, step, {"checked_by": by.ref, "checked_at": at}, by=by, at=at)


@ledger.recorded
def send_back(edition: Edition, *, reason: str, seen: int, by: Actor, at: datetime) -> Edition:
    """Send an edition back to be changed, with what is wrong; the check begins anew after it."""
    text = reason_of(reason)
    step = guard(edition, Action.SEND_BACK, by=by, seen=seen, has_text=True)
    changes = {"checked_by": "", "checked_at": None, "returned_reason": text}
    return move(edition, step, changes, by=by, at=at, reason=text)


def require_settled(edition: Edition) -> None:
    """Refuse what the check would find today and nobody settled."""
    kept = {
        (row.what, _words(edition, row))
        for row in edition.hits.filter(settling=Settling.KEPT.value)
    }
    found = publications.found_in(edition, names_known(edition))
    open_ = [hit for words, _, hit in found if (hit.kind, words) not in kept]
    if open_:
        raise Refusal(
            "information.need",
            "还不能%(action)s，条件还不满足：%(need)s。",
            basis="信息公开条例17",
            action=Action.PUBLISH,
            need=Need.SETTLED,
        )


def _words(edition: Edition, row: CheckHit) -> str:
    place, start, length = row.spots[0]
    fields = publications.fields_of(edition)
    text = contents.text_at(fields, edition.paragraphs, edition.tables, place)
    return text[start : start + length]
