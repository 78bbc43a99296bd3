"""The register of what a seal of rubber was pressed on (实物用印登记).

Nobody can be kept from pressing one; what is asked is that each imprint is in the book, by who
keeps the seal and did not approve the paper, and with the same digest as the paper.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.ledger import numbers as series
from onedoor.ledger import services as ledger
from onedoor.seals import queries
from onedoor.seals.events import SealPressed
from onedoor.seals.models import HandUse
from onedoor.seals.rules.words import SealKind

MOST = 99
"""Copies of one paper."""


@ledger.recorded
def press(
    kind: SealKind,
    *,
    paper: str,
    paper_kind: str,
    digest: str,
    subject: str,
    unit: Organisation,
    approver: str,
    issued_on: date,
    copies: int,
    by: Actor,
    at: datetime,
) -> HandUse:
    """Enter that the seal of a kind was pressed on a paper issued that day; once for a paper."""
    seal = queries.hand_seal(kind, on=issued_on)
    if seal is None:
        raise Refusal("seal.none_in_use", "没有启用的%(kind)s。请先登记一枚。", kind=kind)
    if not queries.keeps(seal, by):
        raise NotAllowed("seal.not_keeper", "%(seal)s由它的保管人来盖，您不是。", seal=seal.name)
    if approver == by.ref:
        raise NotAllowed("seal.own_decision", "批的人不盖章。请另一位保管人来盖。")
    if not 1 <= copies <= MOST:
        raise NotValid("seal.copies", "份数写 1 到 %(most)s。", field="copies", most=MOST)
    year = day_of(at).year
    serial = series.take_within(
        f"seal-use:{year}", highest_used=lambda: queries.highest_use(year), block=1
    )
    made = HandUse(
        number=f"印{year}-{serial:06d}",
        year=year,
        serial=serial,
        seal=seal,
        paper=paper,
        paper_kind=paper_kind,
        digest=digest,
        subject=subject,
        unit=unit,
        approver=approver,
        copies=copies,
        used_at=at,
        used_by=by.ref,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise Refusal("seal.pressed_already", "这份文书的用印登记过了。") from None
    event = SealPressed(
        subject=f"seal-use:{paper}",
        number=made.number,
        seal=seal.code,
        approver=approver,
        approved=digest,
        copies=copies,
    )
    ledger.record(event, by=by.ref, at=at)
    return made
