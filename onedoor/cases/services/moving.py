"""The one way a case moves: guard by the table, conditional UPDATE, entry in the ledger."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Min, QuerySet

from onedoor.accounts.rules import Actor
from onedoor.calendar import queries as calendar
from onedoor.cases import one_seal, queries
from onedoor.cases.events import CaseMoved
from onedoor.cases.models import NO_DATE, Case, Note, Pause
from onedoor.cases.rules import clock, lifecycle, nodes
from onedoor.cases.rules.lifecycle import Action, Need, Paper, Status, Step
from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.kernel.clock import day_of, local
from onedoor.kernel.errors import Refusal
from onedoor.kernel.rows import altered, new
from onedoor.kernel.written import insert, together, update
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import Fact, Link, salted
from onedoor.papers import services as papers
from onedoor.papers.rules.contents import Contents


@dataclass(frozen=True)
class Words:
    """What a person wrote at a step: the text goes to an encrypted note, its digest on record."""

    text: str = ""
    basis: str = ""


@dataclass(frozen=True)
class Effect:
    """What a step changes in the row beside the state, and what else the entry says."""

    changes: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, Fact] = field(default_factory=dict)
    words: Words = Words()
    paper: Callable[[Case, Step], Contents] | None = None
    """What the step's paper says, from the case as it is after the step."""
    approver: str = ""
    """Who approved what the paper says, where another takes the step."""


def guard(case: Case, action: Action, *, by: Actor, seen: int, met: AbstractSet[Need]) -> Step:
    """Return the step of the table, or refuse: seen another version, wrong state, role or need."""
    if seen != case.version:
        raise changed_meanwhile(case)
    return lifecycle.step_for(case.state, action, roles=by.roles_in(case.unit_id), met=met)


def move(case: Case, step: Step, effect: Effect, *, by: Actor, at: datetime) -> Case:
    """Take the step: change the row if nobody else has, record it, return the case as it is."""
    at = ledger.moment(at, last=case.moved_at)
    after = altered(case, {"status": step.target.value, "moved_at": at, **effect.changes})
    after.urgent_on = urgent_on(after)
    note = _note(after, effect.words, version=case.version + 1)
    link = _record(after, step, effect, note, by=by, at=at, link=case.link)
    after.version, after.head = link
    with together():
        if not update(case, after):
            raise changed_meanwhile(case)
        _keep(note)  # not before: whoever comes second would meet the first one's note instead
    if step.paper is not Paper.NONE:
        # A step that forgot its paper is a bug of ours, and nothing of it may be committed.
        assert effect.paper is not None, f"{step.id} issues {step.paper}: say what it contains."
        issue_paper(after, effect.paper(after, step), by=by, at=at, approver=effect.approver)
    return after


def issue_paper(
    case: Case, contents: Contents, *, by: Actor, at: datetime, approver: str = ""
) -> None:
    """Issue the paper of the step just taken, in its transaction: none is lost, none doubled."""
    one_seal.no_seal_of_the_department(case, case.unit)
    papers.issue(
        contents,
        unit=case.unit,
        one_seal=case.former_unit_id is not None,
        subject=case.number,
        step=case.version,
        matter=case.item_version.item_type,
        approver=approver,
        by=by,
        at=at,
    )


def record(case: Case, step: Step, effect: Effect, *, by: Actor, at: datetime, link: Link) -> Link:
    """Record the step of a new case that already looks as it will after it."""
    note = _note(case, effect.words, version=link.version + 1)
    _keep(note)
    return _record(case, step, effect, note, by=by, at=at, link=link)


def _note(case: Case, words: Words, *, version: int) -> Note | None:
    """Return what a person wrote as the row it is kept in, not saved yet."""
    if not (words.text or words.basis):
        return None
    salt = secrets.token_hex(16)
    return new(
        Note, case_id=case.pk, version=version, text=words.text, basis=words.basis, salt=salt
    )


def _keep(note: Note | None) -> None:
    if note is not None:
        insert([note])


def _record(
    case: Case,
    step: Step,
    effect: Effect,
    note: Note | None,
    *,
    by: Actor,
    at: datetime,
    link: Link,
) -> Link:
    words = effect.words
    digest = salted(f"{words.text}\n{words.basis}", note.salt) if note else ""
    event = CaseMoved(
        subject=case.subject,
        step=step.id,
        action=step.action.value,
        source=step.source.value,
        target=step.target.value,
        paper=step.paper.value,
        unit=case.unit.code,
        item=case.item.code,
        item_version=case.item_version.number,
        light=queries.light_of(case, on=day_of(at)).value,
        acting_for=queries.lender(case, step, by=by),
        note=digest,
        due=_dues(case),
        details=dict(effect.details),
    )
    return ledger.record(event, by=by.ref, at=at, after=link)


def _dues(case: Case) -> dict[str, Fact]:
    names = (
        "precheck_due_on",
        "resubmit_due_on",
        "receipt_due_on",
        "correction_due_on",
        "promised_due_on",
        "statutory_due_on",
        "special_due_on",
        "upper_due_on",
        "supplement_due_on",
        "delivery_due_on",
    )
    dates = {name: getattr(case, name) for name in names}
    found: dict[str, Fact] = {name: day for name, day in dates.items() if day is not None}
    if case.due_provisional:
        found["provisional"] = True
    return found


def urgent_on(case: Case) -> date:
    """Return the day the clock that runs now runs out; ``NO_DATE`` while none runs."""
    state = case.state
    if state in lifecycle.WAITING_ONLINE:
        return case.resubmit_due_on or case.precheck_due_on or NO_DATE
    if state is Status.RECEIVED:
        return case.receipt_due_on or NO_DATE
    if state is Status.CORRECTING:
        return case.correction_due_on or NO_DATE
    if state is Status.SPECIAL:
        return case.special_due_on or NO_DATE
    if state is Status.FORWARDED:
        return case.delivery_due_on or case.upper_due_on or NO_DATE
    if state in (Status.ACCEPTED, Status.IN_REVIEW):
        return case.promised_due_on or case.statutory_due_on or NO_DATE
    if state is Status.READY and case.notice_due_on is not None:
        return case.notice_due_on
    if state in (Status.DECIDED_YES, Status.DECIDED_NO, Status.MAKING, Status.READY):
        return case.delivery_due_on or NO_DATE
    return NO_DATE


def visited(case: Case, *, at: datetime) -> dict[str, Any]:
    """Return the changes when the applicant comes to the hall; twice on one day is one visit."""
    today = day_of(at)
    if case.visited_on == today:
        return {}
    return {"visit_count": case.visit_count + 1, "visited_on": today}


def changed_meanwhile(case: Case) -> Refusal:
    """Return the refusal for whoever came second: it says who was first, and when."""
    now = Case.objects.get(pk=case.pk)
    last = queries.last_step(now)
    return Refusal(
        "case.changed_meanwhile",
        "您打开以后，%(who)s在%(time)s办过“%(action)s”，现在是“%(status)s”。您的这一步没有做，请看过再办。",
        who=last.actor_name,
        time=f"{local(last.at):%Y-%m-%d %H:%M}",
        action=last.action,
        status=now.state,
        version=now.version,
        case=now.number,
    )


# --- Clocks ---------------------------------------------------------------------------------


def handling_dues(case: Case, pauses: tuple[clock.Pause, ...] = ()) -> dict[str, Any]:
    """Return the promised and statutory due dates of an accepted case, as changes to its row."""
    assert case.accepted_at is not None
    start, days = day_of(case.accepted_at), calendar.working_days()
    provisional = False
    changes: dict[str, Any] = {}
    for name, limit in (
        ("statutory_due_on", case.item_version.statutory),
        ("promised_due_on", case.item_version.promised),
    ):
        if limit is None:
            changes[name] = None
            continue
        found = clock.due(
            start,
            limit,
            calendar=days,
            pauses=pauses,
            extension=queries.extension_of(case, limit, pauses),
            received_at=local(case.accepted_at).time(),
        )
        on = found.on
        if case.renews is not None and case.renews.valid_to is not None:
            # A renewal has to be decided before the licence it renews runs out (许可法50).
            on = min(on or case.renews.valid_to, case.renews.valid_to)
        changes[name] = on
        provisional = provisional or found.provisional
    changes["due_provisional"] = provisional
    return changes | {"review_due_on": review_due(case, pauses)}


def review_due(case: Case, pauses: tuple[clock.Pause, ...] = ()) -> date | None:
    """Return by when the steps of the guide have an accepted case reviewed, where they say so."""
    days = nodes.days_of_review(case.item_version.details.get("steps", ()))
    if days is None or case.accepted_at is None:
        return None
    limit = Limit(days, LimitUnit.WD)
    start = day_of(case.accepted_at)
    return clock.due(start, limit, calendar=calendar.working_days(), pauses=pauses).on


def supplement_due(case: Case, *, at: datetime) -> dict[str, Any]:
    """Return until when what was promised may follow a case accepted now; nothing without it.

    The days run from the day the applicant is told, also where silence accepted the case as of an
    earlier one.
    """
    days = case.item_version.tolerance_days
    if not days or not queries.awaited(case):
        return {}
    limit = Limit(days + case.supplement_put_off, LimitUnit.WD)
    due = clock.due(day_of(at), limit, calendar=calendar.working_days())
    return {"tolerated_at": at, "supplement_due_on": due.on}


def end_pauses(case: Case, pauses: QuerySet[Pause], *, on: date, **how: Any) -> dict[str, Any]:
    """End these suspensions, and return what that changes in the case's row.

    Part of a step, never by itself; ``how`` is what else their rows say of their end.
    """
    ended = pauses.filter(case=case, resumed_on__isnull=True)
    late = [p.planned_until + timedelta(days=1) for p in ended if p.planned_until < on]
    known = [case.special_late_on] if case.special_late_on else []
    ended.update(resumed_on=on, **how)
    left = Pause.objects.filter(case=case, resumed_on__isnull=True)
    return {
        "special_due_on": left.aggregate(first=Min("planned_until"))["first"],
        "special_late_on": min(late + known, default=None),
    }


def receipt_due(at: datetime) -> clock.Due:
    """Return by when the applicant must be told, counted from this receipt."""
    return clock.due(day_of(at), clock.RECEIPT, calendar=calendar.working_days())


def delivery_due(at: datetime) -> clock.Due:
    """Return by when a decision made now must be handed over."""
    return clock.due(day_of(at), clock.DELIVERY, calendar=calendar.working_days())
