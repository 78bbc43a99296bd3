"""What may be asked about cases: who sees what, what is urgent, what happened, what is missing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext, gettext_noop

from onedoor.accounts.models import Organisation, Person
from onedoor.accounts.queries import holders_of, people_in
from onedoor.accounts.rules import Actor, Role
from onedoor.calendar import queries as calendar
from onedoor.cases import conditions, county
from onedoor.cases.models import (
    NO_DATE,
    Application,
    Attachment,
    Case,
    CaseMaterial,
    Forwarding,
    Gap,
    Note,
    Pause,
    Phrase,
    Posting,
    PrecheckGap,
    Proposal,
    Survey,
)
from onedoor.cases.rules import clock, hearing, numbers
from onedoor.cases.rules.clock import CountedDay
from onedoor.cases.rules.clock import Pause as Interval
from onedoor.cases.rules.lifecycle import (
    HANDLED,
    LIFECYCLE,
    WAITING_ONLINE,
    Action,
    Need,
    Status,
    Step,
    open_actions,
    step_for,
)
from onedoor.cases.rules.lights import ClockFacts, Point, light, points
from onedoor.cases.rules.words import ClockName, Light, MaterialState, OwnWords, Promised
from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.catalogue.rules.words import SpecialKind
from onedoor.files.models import StoredFile
from onedoor.kernel import masking
from onedoor.kernel.clock import at_local, day_of, local
from onedoor.kernel.errors import NotFound, Refusal
from onedoor.ledger import queries as ledger
from onedoor.ledger.models import Entry
from onedoor.ledger.queries import Recorded
from onedoor.ledger.rules.chain import Link

WITH = ("item", "item_version", "unit", "applicant")
"""What a case is nearly always read with."""

WORKING = (
    Role.DESK,
    Role.ACCEPTOR,
    Role.REVIEWER,
    Role.DECIDER,
    Role.HEAD,
    Role.MAKER,
    Role.ISSUER,
    Role.SUPERVISOR,
)
"""Roles that see the cases of their units."""


# --- Who sees what ----------------------------------------------------------------------------


def visible_to(actor: Actor) -> QuerySet[Case]:
    """Return the cases this actor may know of: those of the units they work for."""
    units = actor.units_of(WORKING)
    cases = Case.objects.select_related(*WITH)
    return cases if units is None else cases.filter(unit__in=units)


def case_for(actor: Actor, number: str) -> Case:
    """Return a case by its number, or refuse as if there were none; one statement."""
    case = visible_to(actor).filter(number=number).first()
    if case is None:
        raise NotFound("case.not_found", "没有这一件，或者不归您办。")
    return case


def inbox(actor: Actor, roles: Collection[Role]) -> QuerySet[Case]:
    """Return the open cases that wait for one of these roles of the actor, most urgent first."""
    wanted = Q(pk__in=[])
    for role in roles:
        states = [s.source.value for s in LIFECYCLE if role in s.by and s.source is not Status.NEW]
        units = actor.units_of([role])
        # A supervisor takes no step, and watches them all.
        where = Q(is_open=True) if role is Role.SUPERVISOR else Q(status__in=states)
        if role in (Role.REVIEWER, Role.DECIDER):  # first the opinion, then the decision
            waits = Q(reviewed_at__isnull=role is Role.REVIEWER)
            where &= ~Q(status=Status.IN_REVIEW.value) | waits
        if role is Role.DECIDER:  # passes on what the upper body answered
            where &= ~Q(status=Status.FORWARDED.value) | Q(replied_on__isnull=False)
        wanted |= where if units is None else where & Q(unit__in=units)
    cases = Case.objects.select_related(*WITH).filter(wanted, is_open=True)
    # Said once for all roles: no index is found for what stands only inside an OR.
    if (units := actor.units_of(roles)) is not None:
        cases = cases.filter(unit__in=units)
    return cases.order_by("urgent_on", "number")


def open_cases(actor: Actor, *, unit: UUID | None) -> QuerySet[Case]:
    """Return the open cases the actor may see, of one unit or all, most urgent first."""
    cases = visible_to(actor).filter(is_open=True)
    if unit is not None:
        cases = cases.filter(unit=unit)
    return cases.order_by("urgent_on", "number")


def after(cases: QuerySet[Case], key: tuple[date, str]) -> QuerySet[Case]:
    """Return what follows a sort key in a list by urgency (cursor paging)."""
    day, number = key
    # The first condition lets the index find the place; the second settles equal days.
    return cases.filter(Q(urgent_on__gte=day), Q(urgent_on__gt=day) | Q(number__gt=number))


def received_by(actor: Actor, *, since: datetime) -> QuerySet[Case]:
    """Return what this actor received since then, newest first."""
    cases = Case.objects.select_related(*WITH)
    return cases.filter(received_by=actor.ref, received_at__gte=since).order_by("-received_at")


def highest_serial(division: str, unit: int, day: date) -> int:
    """Return the highest serial given out for that unit and day, 0 if none.

    Cases and joint applications have their numbers from one series.
    """
    prefix = f"{division[:6]}{unit:03d}{day:%Y%m%d}"
    span = {"number__gte": prefix + "00000", "number__lte": prefix + "99999Z"}
    last = [
        model.objects.filter(**span).aggregate(last=Max("number"))["last"]
        for model in (Case, Application)
    ]
    return max(int(number[17:22]) if number else 0 for number in last)


def links() -> Iterable[tuple[str, Link]]:
    """Yield where each case's own row says its chain stands."""
    rows = Case.objects.order_by("number").values_list("number", "version", "head")
    for number, version, head in rows.iterator():
        yield f"case:{number}", Link(version, head)


# --- What holds -------------------------------------------------------------------------------


def is_lacking(row: CaseMaterial) -> bool:
    """Say whether a material has to be asked for: it must be there, and nobody promised it."""
    if row.found is MaterialState.DEFECTIVE:
        return True
    is_missing = row.found is MaterialState.MISSING and row.material.necessity != "optional"
    return is_missing and row.promised != Promised.LATER.value


def completeness(case: Case) -> frozenset[Need]:
    """Return whether every material that must be there is there, or promised; two statements."""
    rows = list(case.materials.select_related("material"))
    if any(is_lacking(row) for row in rows):
        return frozenset({Need.TOLERABLE} if conditions.is_tolerable(case, rows) else ())
    return frozenset({Need.PROMISED if any(r.is_awaited for r in rows) else Need.COMPLETE})


def is_gathering(case: Case) -> bool:
    """Say whether materials still come in: before acceptance, or because they were promised."""
    awaits = case.supplement_due_on is not None and case.supplemented_at is None
    return case.state in (Status.RECEIVED, Status.CORRECTING) or (
        awaits and case.state in (Status.IN_REVIEW, Status.SPECIAL)
    )


def awaited(case: Case) -> list[CaseMaterial]:
    """Return what was promised for later and is not there yet, in the order of the list."""
    rows = case.materials.filter(promised=Promised.LATER.value).select_related("material")
    return [row for row in rows.order_by("order") if row.is_awaited]


def decision_needs(case: Case, *, by: Actor) -> frozenset[Need]:
    """Return whether the case was reviewed, and by others than whoever decides now."""
    met = {Need.REVIEWED} if case.reviewed_at is not None else set()
    if by.ref not in hands_of(case):
        met.add(Need.TWO_PERSONS)
    return frozenset(met)


def hands_of(case: Case) -> frozenset[str]:
    """Return the refs of everybody who received, accepted or reviewed the case."""
    history = ledger.history(case.subject)
    hands = {e.actor for e in history if Action(e.facts["action"]) in HANDLED}
    return frozenset(hands | {case.received_by})  # also of what came with a joint application


def surveyors(case: Case, *, on: date) -> list[Person]:
    """Return who may be sent to inspect: the reviewers of the case's unit on that day."""
    return holders_of(Role.REVIEWER, unit=case.unit_id, on=on)


def survey_due_on(case: Case) -> date | None:
    """Return by when an inspection the law asks for has to be made (许可法55)."""
    if case.accepted_at is None:
        return None
    start = day_of(case.accepted_at)
    return hearing.last_day(start, hearing.SURVEY, calendar=calendar.working_days())


def chairs(case: Case, *, on: date) -> list[Person]:
    """Return who may chair a hearing: people of the unit who had no hand in the case."""
    hands = hands_of(case)
    able: dict[str, Person] = {}
    for role in (Role.HEAD, Role.DECIDER, Role.REVIEWER):
        for person in holders_of(role, unit=case.unit_id, on=on):
            if person.ref not in hands:
                able.setdefault(person.ref, person)
    return list(able.values())


def my_surveys(actor: Actor) -> QuerySet[Case]:
    """Return the cases whose inspection waits for this person, the earliest planned first."""
    mine = Q(first=actor.person_id) | Q(second=actor.person_id)
    waiting = Survey.objects.filter(mine, signed_at__isnull=True)
    found = visible_to(actor).filter(surveys__in=waiting)
    return found.order_by("surveys__planned_on", "number")


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
    return Forwarding.objects.filter(case=case).first() if case.forwarded_at else None


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
    names = people_in({UUID(ref[7:]) for ref in refs if ref.startswith("person:")})
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


def proposed_to(actor: Actor) -> QuerySet[Case]:
    """Return the cases for which a special procedure waits for this actor's approval."""
    waiting = inbox(actor, [Role.HEAD]).filter(proposals__is_approved__isnull=True)
    return waiting.filter(proposals__isnull=False)


def posting_of(case: Case) -> Posting | None:
    """Return the latest sending of the case's paper by post, if it was sent."""
    return case.postings.order_by("-sent_at").first()


UNCLAIMED_AFTER = Limit(15, LimitUnit.WD)
"""After so long somebody telephones; no law sets it [design]."""


def unclaimed(actor: Actor, *, on: date) -> QuerySet[Case]:
    """Return what has been ready for fifteen working days and was neither fetched nor posted."""
    days = calendar.working_days()
    since = days.day_with_ordinal(days.ordinal(on) - UNCLAIMED_AFTER.count)
    return inbox(actor, [Role.ISSUER]).filter(
        status=Status.READY.value, moved_at__lt=at_local(since), postings__isnull=True
    )


def clock_facts(case: Case) -> ClockFacts:
    promised = case.item_version.promised
    return ClockFacts(
        status=case.state,
        receipt_due_on=case.receipt_due_on,
        promised_due_on=case.promised_due_on,
        statutory_due_on=case.statutory_due_on,
        delivery_due_on=case.delivery_due_on,
        answered_on=_answered_on(case),
        decided_on=_day(case.decided_at),
        ended_on=_day(case.ended_at),
        promised_days=promised.count if promised else 0,
        is_deemed=case.is_deemed,
        was_noticed_twice=case.notice_count > 1,
        noticed_on=_day(case.noticed_at),
        own_words=OwnWords(case.own_words),
        was_hasty=_was_hasty(case),
        one_too_many_on=_one_too_many_on(case),
        precheck_due_on=case.precheck_due_on,
        prechecked_on=_day(case.prechecked_at),
        special_due_on=case.special_due_on,
        special_late_on=case.special_late_on,
        forwarded_on=_day(case.forwarded_at),
        upper_due_on=case.upper_due_on,
        replied_on=case.replied_on,
        supplement_due_on=None if case.supplemented_at else case.supplement_due_on,
    )


def _day(at: datetime | None) -> date | None:
    return day_of(at) if at else None


def _answered_on(case: Case) -> date | None:
    if case.correction_due_on is not None:
        return _day(case.noticed_at)
    if case.state is Status.REJECTED_INTAKE:
        return _day(case.ended_at)
    return None if case.is_deemed else _day(case.accepted_at)


def _one_too_many_on(case: Case) -> date | None:
    said = case.item_version.visits
    # Whoever chooses the window for what needs no visit comes once by choice.
    return case.visited_on if said is not None and case.visit_count > max(said, 1) else None


HASTY = timedelta(minutes=1)


def _was_hasty(case: Case) -> bool:
    """Say whether a decision followed the first opinion faster than anybody can read."""
    reviewed, decided = case.reviewed_at, case.decided_at
    return reviewed is not None and decided is not None and decided - reviewed < HASTY


def points_of(case: Case, *, on: date) -> tuple[Point, ...]:
    """Return the rules of supervision that hold of a case that day, the gravest first."""
    return points(clock_facts(case), on=on, calendar=calendar.working_days())


def light_of(case: Case, *, on: date) -> Light:
    """Return the case's light on that day."""
    return light(clock_facts(case), on=on, calendar=calendar.working_days())


ONLY_WHEN = {
    Action.PROMISE: Need.TOLERABLE,
    Action.ACCEPT_TOLERANT: Need.PROMISED,
    Action.SUPPLEMENT: Need.SUPPLEMENT_OPEN,
    Action.ORDER_SURVEY: Need.NO_SURVEY,
    Action.RECORD_SURVEY: Need.MINE_TO_WRITE,
    Action.SIGN_SURVEY: Need.OTHERS_TO_SIGN,
    Action.TELL_HEARING: Need.NOT_TOLD,
    Action.ASK_HEARING: Need.MAY_ASK,
    Action.CALL_HEARING: Need.ASKED,
    Action.RECORD_HEARING: Need.HEARD,
    Action.EXTEND: Need.EXTENDABLE,
    Action.CONFIRM_DELIVERY: Need.POSTED,
    Action.FINISH_AT_ONCE: Need.INSTANT,
    Action.PROPOSE_SPECIAL: Need.NONE_PROPOSED,
    Action.SUSPEND: Need.PROPOSED,
    Action.TURN_DOWN_SPECIAL: Need.PROPOSED,
    Action.END_SPECIAL: Need.OTHERS_RUN,
    Action.RESUME: Need.LAST_ONE,
    Action.FORWARD: Need.FORWARDABLE,
    Action.RECORD_REPLY: Need.REPLY_AWAITED,
}
"""Actions shown only where they are the next thing to do: most cases never need them."""

FROM_THE_FORM = frozenset(
    {
        Need.IDENTITY,
        Need.LIST_JUDGED,
        Need.GAPS,
        Need.FIRST_NOTICE,
        Need.REASON,
        Need.BASIS,
        Need.OPINION,
        Need.KIND_LISTED,
        Need.RESULT_FILED,
        Need.RENEWABLE,
    }
)
"""Needs that whoever takes the step meets by what they write; the rest are facts of the case."""


@dataclass(frozen=True)
class Offer:
    """An action of the table as a page offers it: open, or with the reason why not now."""

    action: Action
    refusal: Refusal | None


def offers(case: Case, actor: Actor, *, on: date) -> list[Offer]:
    """Return what the actor may do with the case that day, and what stands in the way."""
    roles = actor.roles_in(case.unit_id)
    actions = open_actions(case.state, roles=roles)
    met = FROM_THE_FORM
    if case.state is Status.SUBMITTED:  # one page has all three: what is offered is to go there
        actions = [a for a in actions if a not in (Action.PRE_PASS, Action.PRE_RETURN)]
    if case.state is Status.RECEIVED:
        met = met | completeness(case)
        met = met | conditions.of_supplement(case, on=on)
        if case.item_version.kind == "instant" and case.item_version.instant_authorised:
            met = met | {Need.INSTANT}
        if not case.item_version.is_licence:
            actions = [a for a in actions if a is not Action.LINK_LICENCE]
        met = met | conditions.of_quantity(case, on=on)
    if case.state is Status.CORRECTING:
        met = met | conditions.of_correction(case, on=on)
    if case.state in (Status.IN_REVIEW, Status.SPECIAL):
        met = met | conditions.of_decision(case, by=actor, on=on)
        if not case.item_version.procedures:
            actions = [a for a in actions if a is not Action.PROPOSE_SPECIAL]
    if case.state is Status.IN_REVIEW:
        met = met | decision_needs(case, by=actor) | conditions.of_extension(case, on=on)
        met = met | conditions.of_forwarding(case)
        if Need.FORWARDABLE in met:
            met = met | completeness(case)
    if case.state is Status.FORWARDED:
        met = met | decision_needs(case, by=actor) | conditions.of_forwarding(case)
    if case.state is Status.MAKING:
        met = met | conditions.of_seal(case)
    if case.state is Status.READY and posting_of(case):
        met = met | {Need.POSTED}
    found = []
    for action in actions:
        if ONLY_WHEN.get(action, action) not in {action, *met}:
            continue
        try:
            step_for(case.state, action, roles=roles, met=met)
        except Refusal as refusal:
            found.append(Offer(action, refusal))
        else:
            found.append(Offer(action, None))
    return found


# --- What happened ----------------------------------------------------------------------------


NAMES_SOMEBODY = (Action.HAND_OUT, Action.CONFIRM_DELIVERY)


@dataclass(frozen=True)
class TimelineStep:
    """One step as people read it."""

    version: int
    at: datetime
    action: Action
    status: Status
    actor_name: str
    note: str
    basis: str
    step: str
    paper: str
    acting_for: str
    """Whom a deputy stood in for, by name; empty for whoever acted in their own post."""
    details: dict[str, object]
    due: dict[str, str]

    @property
    def shown_note(self) -> str:
        """The note as lists show it: who took a paper away is a name, and masked."""
        return masking.name(self.note) if self.action in NAMES_SOMEBODY else self.note


def _names(entries: Sequence[Recorded]) -> dict[str, str]:
    refs = {e.actor for e in entries} | {e.facts["acting_for"] for e in entries}
    ids = {UUID(ref[7:]) for ref in refs if ref.startswith("person:")}
    return people_in(ids) | {
        "system": gettext("系统"),
        "timer": gettext("时限到期自动办理"),
        "applicant": gettext("申请人"),
    }


def _read(entry: Recorded, names: dict[str, str], notes: dict[int, Note]) -> TimelineStep:
    note = notes.get(entry.version)
    return TimelineStep(
        version=entry.version,
        at=entry.at,
        action=Action(entry.facts["action"]),
        status=Status(entry.facts["target"]),
        actor_name=names.get(entry.actor, ""),
        note=str(note.text) if note else "",
        basis=note.basis if note else "",
        step=entry.facts["step"],
        paper=entry.facts["paper"],
        acting_for=names.get(entry.facts["acting_for"], ""),
        details=entry.facts["details"],
        due=entry.facts["due"],
    )


def timeline(case: Case) -> list[TimelineStep]:
    """Return what happened to a case, oldest first; three statements."""
    entries = ledger.history(case.subject)
    notes = {n.version: n for n in case.notes.all()}
    names = _names(entries)
    return [_read(entry, names, notes) for entry in entries]


def last_step(case: Case) -> TimelineStep:
    """Return the last step somebody took; what the system did after it is part of that step."""
    entries = ledger.history(case.subject)
    by_people = [e for e in entries if e.actor.startswith(("person:", "applicant"))]
    last = (by_people or entries)[-1]
    return _read(last, _names([last]), {})


def moment_of(case: Case, version: int) -> datetime:
    """Return when the step with this version was taken."""
    return next(e.at for e in ledger.history(case.subject) if e.version == version)


# --- Why this date ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Explanation:
    """A clock that runs or ran: which, from when, how long, until when, and day by day.

    ``due_on`` is empty while a special procedure stops the clock; ``ended_on`` is the day it
    stopped for good, because what it waited for was done.
    """

    clock: ClockName
    start_on: date
    limit: Limit
    due_on: date | None
    ended_on: date | None
    provisional: bool
    pauses: tuple[Interval, ...]
    days: tuple[CountedDay, ...]
    basis: str
    left: int | None
    extension: int = 0


class _Clock(NamedTuple):
    """One row of the table of clocks: what starts it, what ends it, and what it rests on."""

    name: ClockName
    start: datetime | None
    end: datetime | None
    limit: Limit | None
    due_on: date | None
    basis: str
    extension: int = 0


def _clocks(case: Case, pauses: tuple[Interval, ...]) -> list[_Clock]:
    version, ended = case.item_version, case.ended_at
    answered = case.accepted_at or ended
    if case.correction_due_on is not None:
        answered = case.noticed_at  # the notice itself was the answer
    handled = case.forwarded_at or case.decided_at or ended
    rows = [
        _Clock(
            ClockName.RECEIPT,
            case.complete_at,
            None if case.is_deemed else answered,
            clock.RECEIPT,
            case.receipt_due_on,
            "许可法32(四)、82",
        ),
        _Clock(
            ClockName.PROMISED,
            case.accepted_at,
            handled,
            version.promised,
            case.promised_due_on,
            gettext_noop("办事指南承诺"),
            extension_of(case, version.promised, pauses),
        ),
        _Clock(
            ClockName.STATUTORY,
            case.accepted_at,
            handled,
            version.statutory,
            case.statutory_due_on,
            version.limit_basis or "许可法42、82",
            extension_of(case, version.statutory, pauses),
        ),
    ]
    if case.state in WAITING_ONLINE:
        rows[:0] = _before_receipt(case)
    if case.correction_due_on is not None and case.correction_days is not None:
        limit = Limit(case.correction_days, LimitUnit.WD)
        notice = gettext_noop("一次性补正告知书")
        due_on = case.correction_due_on
        rows.insert(1, _Clock(ClockName.CORRECTION, case.noticed_at, ended, limit, due_on, notice))
    if case.tolerated_at is not None and version.tolerance_days is not None:
        kept = case.supplemented_at or case.decided_at or ended
        allowed = Limit(version.tolerance_days, LimitUnit.WD)
        promise, until = "容缺受理承诺书", case.supplement_due_on
        rows.append(_Clock(ClockName.SUPPLEMENT, case.tolerated_at, kept, allowed, until, promise))
    if case.state is Status.SPECIAL:
        rows.extend(_running(case))
    if case.forwarded_at is not None:
        rows.append(_upper(case))
    if case.delivery_due_on is not None:  # else handed over on the spot
        rows.append(
            _Clock(
                ClockName.DELIVERY,
                at_local(case.replied_on) if case.replied_on else case.decided_at,
                ended,
                clock.DELIVERY,
                case.delivery_due_on,
                "许可法44、82",
            )
        )
    return rows


def _running(case: Case) -> list[_Clock]:
    """Return until when each procedure that stops the clock was told to last."""
    listed = {one.kind: one for one in case.item_version.procedures}
    running = case.pauses.filter(resumed_on__isnull=True).select_related("proposal")
    return [
        _Clock(
            ClockName.SPECIAL,
            at_local(pause.first_on),
            None,
            Limit(pause.proposal.planned_days, listed[pause.procedure].unit),
            pause.planned_until,
            f"{pause.procedure.zh}，{listed[pause.procedure].basis or '许可法45'}",
        )
        for pause in running.order_by("first_on", "kind")
    ]


def _upper(case: Case) -> _Clock:
    """Return by when the upper body is expected to answer; its own limit is its own."""
    assert case.forwarded_at is not None
    assert case.upper_due_on is not None
    days = calendar.working_days()
    count = days.ordinal(case.upper_due_on) - days.ordinal(day_of(case.forwarded_at))
    replied = at_local(case.replied_on) if case.replied_on else case.ended_at
    limit = Limit(count, LimitUnit.WD)
    basis = f"{case.forwarding.body}，许可法35"
    return _Clock(ClockName.UPPER, case.forwarded_at, replied, limit, case.upper_due_on, basis)


def _before_receipt(case: Case) -> list[_Clock]:
    """Return the clocks the county set itself; no limit of the law runs yet."""
    rules, basis = county.online_rules(), gettext_noop("县里的预审规定")
    looked_at, due_on = case.prechecked_at, case.precheck_due_on
    found = [
        _Clock(ClockName.PRECHECK, case.submitted_at, looked_at, rules.precheck, due_on, basis)
    ]
    if case.resubmit_due_on is not None:
        due_on = case.resubmit_due_on
        found.append(_Clock(ClockName.RESUBMIT, looked_at, None, rules.resubmit, due_on, basis))
    return found


def extension_of(case: Case, limit: Limit | None, pauses: tuple[Interval, ...]) -> int:
    """Return the working days by which this limit of the case was in fact extended."""
    if case.extension is None or case.accepted_at is None or limit is None:
        return 0
    plain = clock.due(
        day_of(case.accepted_at),
        limit,
        calendar=calendar.working_days(),
        pauses=pauses,
        received_at=local(case.accepted_at).time(),
    )
    return case.extension.of(limit, plain)


def explanations(case: Case, *, on: date) -> list[Explanation]:
    """Return the clocks of a case that have run or run, each with every day accounted for."""
    pauses = pauses_of(case)
    found = []
    for row in _clocks(case, pauses):
        if row.start is None or row.limit is None:
            continue
        is_handling = row.name in (ClockName.PROMISED, ClockName.STATUTORY)
        found.append(_explained(row, pauses if is_handling else (), on=on))
    return found


def _explained(row: _Clock, pauses: tuple[Interval, ...], *, on: date) -> Explanation:
    assert row.start is not None
    assert row.limit is not None
    days = calendar.working_days()
    start_on, ended_on = day_of(row.start), day_of(row.end) if row.end else None
    until = row.due_on or ended_on or on
    return Explanation(
        clock=row.name,
        start_on=start_on,
        limit=row.limit,
        due_on=row.due_on,
        ended_on=ended_on,
        provisional=not days.is_confirmed_between(start_on, until),
        pauses=pauses,
        days=tuple(
            clock.explain(
                start_on,
                row.limit,
                until=min(until, date(start_on.year + 2, 12, 31)),
                calendar=days,
                pauses=pauses,
                extension=row.extension,
                received_at=local(row.start).time(),
            )
        ),
        basis=row.basis,
        left=days.ordinal(row.due_on) - days.ordinal(on) if row.due_on else None,
        extension=row.extension,
    )


def left_in_days(case: Case, *, on: date) -> int | None:
    """Return the working days left on the clock that runs, negative when past; None without one."""
    if case.urgent_on == NO_DATE:
        return None
    days = calendar.working_days()
    return days.ordinal(case.urgent_on) - days.ordinal(on)


def lender(case: Case, step: Step, *, by: Actor) -> str:
    """Return the ref of the absent holder a deputy acts for; the paper prints their name."""
    held = by.roles_in(case.unit_id)
    lenders = [by.acting_for(role, case.unit_id) for role in step.by if role in held]
    return lenders[0] if lenders and all(lenders) else ""


def roles_for(case: Case, actor: Actor) -> AbstractSet[Role]:
    """Return the roles the actor holds for this case's unit."""
    return actor.roles_in(case.unit_id)


def unit_id(code: str) -> UUID:
    """Return the unit with this code, or refuse."""
    unit = Organisation.objects.filter(code=code).values_list("id", flat=True).first()
    if unit is None:
        raise NotFound("accounts.no_such_unit", "没有编码为 %(unit)s 的部门。", unit=code)
    return unit


def proof_of(case: Case) -> dict[str, object] | None:
    """Return the proof that the case's last entry is under a signed head, with the entry's text."""
    entry = Entry.objects.filter(subject=case.subject, version=case.version).first()
    found = ledger.inclusion_proof(entry) if entry else None
    return found and {"text": entry.text, "digest": entry.digest, **found} if entry else None


def find(reference: str) -> Case | None:
    """Return the case with this number or alias, as somebody typed it."""
    text = numbers.normal(reference)
    if numbers.is_case_number(text):
        return Case.objects.select_related(*WITH).filter(number=text).first()
    if numbers.is_alias(text):
        return Case.objects.select_related(*WITH).filter(alias=text).first()
    return None


def tracked(token: str) -> Case:
    """Return the case whose receipt carries this QR token, or refuse."""
    digest = sha256(token.encode()).hexdigest()
    case = Case.objects.select_related(*WITH).filter(track_digest=digest).first()
    if case is None:
        raise NotFound("case.not_found", "没有这一件，或者不归您办。")
    return case


def listed(case: Case) -> list[CaseMaterial]:
    """Return the materials of a case in order, each with what was asked about it last."""
    rows = case.materials.select_related("material").prefetch_related("gaps", "attachments__file")
    return list(rows.order_by("order"))


class KeptFile(NamedTuple):
    """A file of a case, and the name it was handed in under."""

    file: StoredFile
    name: str


def file_of(case: Case, digest: str) -> KeptFile:
    """Return a file handed in for the case, or with which a special procedure ended."""
    scan = Attachment.objects.filter(case_material__case=case, file__digest=digest)
    if attachment := scan.select_related("file").first():
        return KeptFile(attachment.file, str(attachment.name))
    ended = Pause.objects.filter(case=case, document__digest=digest)
    pause = ended.select_related("document").first()
    if pause is None or pause.document is None:
        raise NotFound("page.not_found", "没有这一页，或者不是给您看的。")
    return KeptFile(pause.document, str(pause.document_name))


def gaps_of(case: Case, notice_version: int) -> list[Gap]:
    """Return what one notice asked for, in the order of the list."""
    gaps = Gap.objects.filter(case_material__case=case, notice_version=notice_version)
    return list(gaps.select_related("case_material__material").order_by("case_material__order"))


def precheck_gaps(case: Case) -> list[PrecheckGap]:
    """Return what a pre-check sent the application back for and is not mended yet."""
    gaps = PrecheckGap.objects.filter(case_material__case=case, mended_at__isnull=True)
    return list(gaps.select_related("case_material__material").order_by("case_material__order"))


def sent_materials(case: Case) -> list[CaseMaterial]:
    """Return what was sent online, in order, with the files and what a pre-check said of each."""
    rows = case.materials.select_related("material")
    return list(rows.prefetch_related("precheck_gaps", "attachments__file").order_by("order"))


def sent_online(actor: Actor) -> QuerySet[Case]:
    """Return what was sent online and waits for this actor's desk, the oldest first."""
    waiting = [s.value for s in WAITING_ONLINE]
    found = inbox(actor, [Role.DESK]).filter(status__in=waiting, received_at__isnull=True)
    return found.order_by("submitted_at", "number")


def open_gaps(case: Case) -> list[Gap]:
    """Return what the applicant still has to bring."""
    if case.state is not Status.CORRECTING:
        return []
    gaps = Gap.objects.filter(case_material__case=case, supplied_at__isnull=True)
    return list(gaps.select_related("case_material__material").order_by("case_material__order"))


@dataclass(frozen=True)
class HandedBefore:
    """A material the same applicant already gave to the centre: where, when, with which case."""

    unit: str
    alias: str
    on: date


def handed_before(case: Case) -> dict[str, HandedBefore]:
    """Return what the applicant of a case handed in with other cases within a year, by name.

    The centre does not ask twice for what it holds (重复提交, bad-review code 210); one statement.
    """
    assert case.received_at is not None
    since = case.received_at - timedelta(days=365)
    rows = (
        CaseMaterial.objects.filter(
            case__applicant__id_index=case.applicant.id_index,
            case__received_at__gte=since,
            case__received_at__lte=case.received_at,
            state=MaterialState.OK.value,
        )
        .exclude(case=case)
        .order_by("case__received_at")
        .values_list("material__name", "case__unit__name", "case__alias", "case__received_at")[:500]
    )
    return {name: HandedBefore(unit, alias, day_of(at)) for name, unit, alias, at in rows if at}


def done_by(actor: Actor, *, since: datetime) -> QuerySet[Case]:
    """Return the cases this actor moved since then."""
    subjects = Entry.objects.filter(actor=actor.ref, kind="case.moved", at__gte=since)
    numbers_ = [s[5:] for s in subjects.values_list("subject", flat=True).distinct()[:200]]
    return visible_to(actor).filter(number__in=numbers_).order_by("-moved_at")


def phrases(*kinds: str) -> list[Phrase]:
    """Return the approved sentences of these kinds: missing, defect, opinion, refusal."""
    return list(Phrase.objects.filter(kind__in=kinds).order_by("kind", "code"))
