"""Papers that bear a seal of rubber, and which of them are not in its book yet (实物用印登记)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from onedoor.accounts.rules import Actor
from onedoor.cases.models import Case
from onedoor.kernel.clock import at_local, day_of, end_of
from onedoor.kernel.errors import NotFound, Refusal
from onedoor.papers import pack
from onedoor.papers import queries as papers
from onedoor.papers.models import Paper
from onedoor.papers.reissuing import approver_of
from onedoor.papers.rules.sealing import SEALS
from onedoor.seals import queries as seals
from onedoor.seals import services as keeping
from onedoor.seals.models import HandUse, SealRequest
from onedoor.seals.rules.words import SealKind

ALL = Q()


def unpressed(among: Q = ALL) -> Iterator[Paper]:
    """Yield the papers a seal of rubber belongs on that are not in its book, the oldest first."""
    by_hand: dict[tuple[SealKind, date], bool] = {}
    for paper in _found().filter(among).order_by("issued_at", "number").iterator():
        key = SEALS[paper.what], day_of(paper.issued_at)
        if key not in by_hand:
            by_hand[key] = seals.is_by_hand(key[0], on=key[1])
        if by_hand[key]:
            yield paper


def _found() -> QuerySet[Paper]:
    """Return what was issued under the one seal while there was one of rubber, and is not entered.

    A day on which there was an electronic one too is left to whoever reads this.
    """
    terms = Q(pk__in=())
    for kind, first, last in seals.hand_terms():
        kinds = [each.value for each, its in SEALS.items() if its is kind]
        terms |= Q(kind__in=kinds, issued_at__gte=at_local(first), issued_at__lt=end_of(last))
    theirs = Case.objects.filter(number=OuterRef("subject"), former_unit__isnull=False)
    under = Q(Exists(theirs)) | Q(unit__code__in=pack.words().sealed_units)
    asked = SealRequest.objects.filter(paper=OuterRef("number"))
    entered = HandUse.objects.filter(paper=OuterRef("number"))
    found = Paper.objects.filter(terms, under).filter(~Exists(asked), ~Exists(entered))
    return found.select_related("unit", "template")


def enter(number: str, *, copies: int, by: Actor, at: datetime) -> HandUse:
    """Enter a paper in the book of its seal, or refuse what is not, to the letter, as issued."""
    paper = _found().filter(number=number).first()
    if paper is None or not seals.is_by_hand(SEALS[paper.what], on=day_of(paper.issued_at)):
        raise NotFound("seal.not_by_hand", "这份文书不用实物印章，或者用印登记过了。")
    if not papers.is_erased(paper) and not papers.is_intact(paper):
        raise Refusal("seal.not_as_approved", "这份文书和批准时的摘要对不上，不能用印。")
    return keeping.press(
        SEALS[paper.what],
        paper=paper.number,
        paper_kind=paper.kind,
        digest=paper.digest,
        subject=paper.subject,
        unit=paper.unit,
        approver=approver_of(paper),
        issued_on=day_of(paper.issued_at),
        copies=copies,
        by=by,
        at=at,
    )
