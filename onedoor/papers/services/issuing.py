"""A paper is issued in the step that calls for it."""

from __future__ import annotations

import secrets
from datetime import datetime

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import Refusal
from onedoor.kernel.rows import new
from onedoor.kernel.written import insert
from onedoor.ledger import numbers as series
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import GENESIS
from onedoor.papers import pack, queries, record
from onedoor.papers.events import PaperIssued
from onedoor.papers.models import Paper
from onedoor.papers.rules import numbers
from onedoor.papers.rules.contents import Contents
from onedoor.papers.rules.kinds import LICENCE
from onedoor.papers.rules.sealing import SEALS
from onedoor.papers.services.wording import national
from onedoor.seals import queries as seals_queries
from onedoor.seals import services as seals

BLOCK = 10
"""Numbers a process takes at once: half as many again at most are left unused when it stops."""


@ledger.recorded
def issue(
    contents: Contents,
    *,
    unit: Organisation,
    subject: str,
    by: Actor,
    at: datetime,
    step: int | None = None,
    matter: str = LICENCE,
    one_seal: bool = False,
    replaces: Paper | None = None,
    ends: Paper | None = None,
    approver: str = "",
) -> Paper:
    """Issue a paper in the transaction of the step that calls for it, or refuse what it lacks.

    Its number, words, template, digests and code are fixed from here on. The PDF is made later.
    Where its unit is under the one seal, or what it is about (``one_seal``), the request to seal
    it is written with it; not while that seal is one of rubber, pressed at the window.
    ``matter`` is the type of the item it is about, for its number.
    ``approver`` is who approved what it says, where another makes it of that.
    ``ends`` is the paper that granted what this one takes back: whoever verifies it is told.
    """
    kind = contents.kind
    words = contents.words()
    template = queries.in_force(kind) or national(kind, at=at)
    year = day_of(at).year
    serial = series.take_within(
        f"paper-{unit.pk}-{kind.value}:{year}",
        highest_used=lambda: queries.highest_serial(unit.pk, kind, year),
        block=BLOCK,
    )
    if serial > numbers.HIGHEST:
        raise Refusal("paper.numbers_used_up", "%(year)s年的文号用完了。", year=year)
    said = pack.words()
    paper = new(
        Paper,
        number=numbers.number(
            said.place, queries.unit_word(unit.pk), said.word(kind, matter), year, serial
        ),
        kind=kind.value,
        unit_id=unit.pk,
        year=year,
        serial=serial,
        subject=subject,
        step=step,
        template=template,
        contents=record.canonical(words),
        code=secrets.token_hex(16),
        issued_at=at,
        issued_by=by.ref,
        replaces=replaces,
        ends=ends,
    )
    paper.digest, paper.sm3 = record.digests(paper, template)
    event = PaperIssued(
        subject=f"paper:{paper.number}",
        paper=kind.value,
        unit=unit.code,
        about=subject,
        step=step,
        template=template.digest,
        digest=paper.digest,
        sm3=paper.sm3,
        replaces=replaces.number if replaces else "",
        ends=ends.number if ends else "",
    )
    paper.version, paper.head = ledger.record(event, by=by.ref, at=at, after=GENESIS)
    insert([paper])
    is_under = one_seal or unit.code in pack.words().sealed_units
    if kind in SEALS and is_under and not seals_queries.is_by_hand(SEALS[kind], on=day_of(at)):
        seals.ask(
            SEALS[kind],
            paper=paper.number,
            paper_kind=paper.kind,
            digest=paper.digest,
            subject=subject,
            step=step,
            unit=unit,
            approver=approver or by.ref,
            at=at,
        )
    return paper
