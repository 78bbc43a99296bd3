"""Special procedures, forwarding and what else stands beside a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat

from onedoor.accounts.queries import names_of
from onedoor.cases.models import (
    Case,
    Depositing,
    EndServing,
    Entrusting,
    Forwarding,
    Leaving,
    Note,
    Pause,
    Posting,
    Proposal,
)
from onedoor.cases.queries.finding import phrases
from onedoor.cases.rules import clock
from onedoor.cases.rules.lifecycle import Action, Status
from onedoor.catalogue.rules.limits import LimitUnit
from onedoor.catalogue.rules.words import SpecialKind
from onedoor.ledger import queries as ledger
from onedoor.papers.models import Paper
from onedoor.papers.rules.kinds import Kind


def pauses_of(case: Case) -> tuple[clock.Pause, ...]:
    """Return the case's suspensions as the clock understands them."""
    return tuple(clock.Pause(p.first_on, p.resumed_on) for p in case.pauses.order_by("first_on"))


LICENCE_LAW = "《行政许可法》"


TO_REJECT = (
    LICENCE_LAW + "第三十二条第一款第一项",
    LICENCE_LAW + "第三十二条第一款第二项",
)
"""What the licence law itself says of refusing to accept."""


def bases(case: Case) -> list[str]:
    """Return the articles a decision on the case may rest on: the item's, and of usual sentences.

    What the licence law says of licences is no ground for anything else.
    """
    version = case.item_version
    own = [line.strip() for line in version.legal_basis.splitlines()]
    usual = [phrase.basis.strip() for phrase in phrases("refused")]
    if not version.is_licence:
        usual = [basis for basis in usual if not basis.startswith(LICENCE_LAW)]
    return list(dict.fromkeys(basis for basis in [*own, *usual] if basis))


def rejection_bases(case: Case) -> list[str]:
    """Return the articles a refusal to accept may rest on."""
    return [*(TO_REJECT if case.item_version.is_licence else ()), *bases(case)]


def note_of(case: Case, version: int) -> str:
    """Return what was written at the step with this version."""
    return str(Note.objects.get(case=case, version=version).text)


def first_opinion(case: Case) -> str:
    """Return the first opinion that was written last."""
    entries = [e for e in ledger.history(case.subject) if e.facts["action"] == Action.REVIEW.value]
    return note_of(case, entries[-1].version)


def forwarding_of(case: Case) -> Forwarding | None:
    """Return to whom the case was sent up, if it was."""
    if not case.forwarded_at:
        return None
    return Forwarding.objects.filter(case=case).select_related("document").first()


@dataclass(frozen=True)
class Procedure:
    """A special procedure of a case as pages show it: proposed, turned down, running or over."""

    proposal: Proposal
    pause: Pause | None
    unit: LimitUnit
    reason: str
    proposer: str
    approver: str
    ender: str


def procedures_of(case: Case) -> list[Procedure]:
    """Return the special procedures that were proposed for a case, oldest first."""
    rows = list(case.proposals.select_related("pause__document").order_by("version"))
    notes = {
        n.version: str(n.text) for n in case.notes.filter(version__in=[r.version for r in rows])
    }
    pauses = {row.pk: row.pause for row in rows if hasattr(row, "pause")}
    refs = {ref for row in rows for ref in (row.proposed_by, row.answered_by)}
    refs |= {pause.ended_by for pause in pauses.values()}
    names = names_of(refs)
    units = {one.kind: one.unit for one in case.item_version.procedures}
    return [
        Procedure(
            proposal=row,
            pause=pauses.get(row.pk),
            unit=units[row.procedure],
            reason=notes.get(row.version, ""),
            proposer=names.get(row.proposed_by, ""),
            approver=names.get(row.answered_by, ""),
            ender=names.get(pauses[row.pk].ended_by, "") if row.pk in pauses else "",
        )
        for row in rows
    ]


def running(case: Case) -> list[SpecialKind]:
    """Return the procedures that stop the clock of a case now."""
    rows = case.pauses.filter(resumed_on__isnull=True).order_by("first_on", "kind")
    return [row.procedure for row in rows]


def leaving_of(case: Case) -> Leaving | None:
    """Return where and before whom the case's paper was left, if it was."""
    if case.state is not Status.CLOSED:
        return None
    return Leaving.objects.filter(case=case).select_related("document").first()


def entrusting_of(case: Case) -> Entrusting | None:
    """Return which body was asked last to hand the case's paper over, if one was."""
    found = Entrusting.objects.filter(case=case).select_related("document")
    return found.order_by("-sent_at").first()


def depositing_of(case: Case) -> Depositing | None:
    """Return into which cabinet the case's paper was put last, if it was."""
    return Depositing.objects.filter(case=case).order_by("-put_at").first()


def notices(*, on: date) -> QuerySet[Paper]:
    """Return the notices of papers that are announced that day (送达公告), the latest first."""
    announced = Case.objects.filter(is_open=True, announced_on__isnull=False, notice_due_on__gte=on)
    ends = EndServing.objects.filter(served_on__isnull=True, notice_due_on__gte=on)
    subjects = ends.values(subject=Concat(Value("licence:"), "licence__number"))
    found = Paper.objects.filter(
        Q(subject__in=announced.values("number")) | Q(subject__in=subjects),
        kind=Kind.ANNOUNCEMENT.value,
    )
    return found.order_by("-issued_at", "number")


def posting_of(case: Case) -> Posting | None:
    """Return the latest sending of the case's paper by post, if it was sent."""
    return case.postings.order_by("-sent_at").first()
