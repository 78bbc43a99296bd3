"""The public record of a draw, made from its rows: what anybody recomputes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q

from onedoor.kernel import clock
from onedoor.ledger import queries as ledger
from onedoor.ledger.models import Entry
from onedoor.market.events import DrawEnded, DrawFrozen
from onedoor.market.models import Contribution, Draw
from onedoor.market.rules import draw as rules
from onedoor.market.rules.drawing import State


def moment(at: datetime) -> str:
    """Return a moment as records write it: the second, with the offset of the hall's clock."""
    return clock.local(at).replace(microsecond=0).isoformat()


def record_of(draw: Draw) -> dict[str, Any]:
    """Return the record of a frozen draw that ended, as it is published."""
    given = list(draw.contributions.all())
    told: dict[str, Any] = {
        "schema": rules.SCHEMA,
        "state": "void" if draw.standing is State.VOID else "completed",
        "level": rules.level(draw.frozen, len(given)),
        "frozen_at": moment(draw.frozen_at or draw.listed_at),
        "freeze": draw.frozen,
        "freeze_hash": draw.freeze_hash,
        "commitments": [_commitment(each) for each in given],
        "openings": [_opening(each) for each in given if each.opened_at],
    }
    if draw.event_at is not None:
        told["event"] = {"value": draw.value, "at": moment(draw.event_at), "witness": draw.witness}
    if draw.result:
        told |= json.loads(draw.result)
    if draw.void_at is not None:
        void = {"reason": draw.void_reason, "approver": draw.void_by, "at": moment(draw.void_at)}
        told["void"] = void
    return told


def _commitment(each: Contribution) -> dict[str, str]:
    return {
        "party": each.party,
        "commit": each.commit,
        "at": moment(each.at),
        "sealed": each.sealed,
    }


def _opening(each: Contribution) -> dict[str, str]:
    assert each.opened_at is not None
    return {
        "party": each.party,
        "secret": each.number,
        "at": moment(each.opened_at),
        "by": each.opened_as,
    }


def digest(record: dict[str, Any]) -> str:
    return "sha256:" + hashlib.sha256(rules.canon(record)).hexdigest()


class Finding(NamedTuple):
    """What is wrong with the draws of a year, and of which."""

    draw: str
    what: str


def year_faults(year: int) -> tuple[int, list[Finding]]:
    """Return how many draws of a year were frozen, and what is wrong: a record that is missing,
    altered, out of order, or not what the ledger has of it."""
    draws = list(Draw.objects.filter(year=year, serial__isnull=False).order_by("serial"))
    frozen = _told(DrawFrozen.kind, year)
    ended = _told(DrawEnded.kind, year)
    known = {draw.draw_id for draw in draws}
    found = [Finding(name, "台账里有，记录没有了") for name in frozen if name not in known]
    records = []
    for draw in draws:
        found += _draw_faults(draw, frozen, ended)
        records.append({"freeze": draw.frozen})
    found += [Finding(f.about, f.sentence) for f in rules.verify_chain(records)]
    first = draws[0].frozen if draws else None
    if first is not None and first["prev_record_hash"] != _before(year):
        found.append(Finding(first["draw_id"], rules.WORDS["chain_link"]))
    return len(draws), found


def _draw_faults(
    draw: Draw, frozen: dict[str, dict[str, Any]], ended: dict[str, dict[str, Any]]
) -> Sequence[Finding]:
    name = draw.draw_id
    told = frozen.get(name)
    if told is None or told["freeze_hash"] != rules.freeze_hash(draw.frozen):
        return [Finding(name, "名单冻结和台账对不上")]
    if name not in ended:
        is_open = draw.standing in (State.FROZEN, State.THROWN)
        return [] if is_open else [Finding(name, "台账里没有结束这一步")]
    record = record_of(draw)
    try:
        checked = rules.verify(rules.read(json.dumps(record, ensure_ascii=False)))
    except rules.Unreadable as error:
        return [Finding(name, f"记录看不懂：{error}")]
    found = [Finding(name, fault.sentence) for fault in checked]
    if ended[name]["record"] != digest(record):
        found.append(Finding(name, "记录和台账里的摘要对不上"))
    return found


def _told(kind: str, year: int) -> dict[str, dict[str, Any]]:
    """Return what the ledger has of such entries, by draw; the last word of each."""
    listed = Q(subject__startswith=f"draw:CQ{year}-") | Q(subject__startswith=f"draw:CQ{year - 1}-")
    entries = Entry.objects.filter(listed, kind=kind).order_by("subject", "version")
    facts = [ledger.read(entry).facts for entry in entries]
    return {str(told["draw_id"]): told for told in facts if told["draw_id"][7:11] == str(year)}


def _before(year: int) -> str:
    """Return the freeze the first of a year follows: the last of an earlier one."""
    last = Draw.objects.filter(year__lt=year).order_by("-year", "-serial").first()
    return last.freeze_hash if last else rules.GENESIS
