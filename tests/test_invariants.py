"""What holds of every case on every road: the acceptance core, invariant by invariant.

Roads are drawn at random: steps in any order, by anybody, at any time, right or wrong. What the
table refuses is refused; after each step that was taken the invariant is asked again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from onedoor.accounts.models import Person
from onedoor.accounts.rules import Role
from onedoor.calendar import queries as calendar
from onedoor.cases import queries
from onedoor.cases import services as cases
from onedoor.cases.inputs import Handed
from onedoor.cases.models import Case, Gap, Pause
from onedoor.cases.rules.lifecycle import Action, Status
from onedoor.cases.rules.words import MaterialState, RejectionGround
from onedoor.cases.services.moving import receipt_due
from onedoor.cases.tests import given
from onedoor.cases.tests.given import AT_ONCE, DEFECTIVE, LICENCE, MISSING, OK
from onedoor.cases.tests.test_rules_clock import VECTORS
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.models import ItemVersion
from onedoor.catalogue.rules.words import SpecialKind
from onedoor.hall import audit
from onedoor.hall import pack as hall_pack
from onedoor.hall import queries as hall_queries
from onedoor.hall import services as halls
from onedoor.hall.models import Ticket
from onedoor.hall.rules.queue import Waiter
from onedoor.hall.rules.words import Outcome as HallOutcome
from onedoor.hall.rules.words import Reason
from onedoor.hall.tests import given as hall_given
from onedoor.kernel import clock
from onedoor.kernel.errors import Refusal
from onedoor.ledger import queries as ledger
from onedoor.papers import queries as papers
from onedoor.papers.models import Paper
from onedoor.papers.rules.kinds import Kind

pytestmark = pytest.mark.django_db

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
KINDS = (SpecialKind.TESTING, SpecialKind.EXPERT_REVIEW)
often = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


# --- Random roads -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Move:
    """Something somebody tries with a case, some hours after what was tried before."""

    act: str
    who: str
    hours: int
    kind: SpecialKind
    number: int
    """Days, or which material: whatever the act needs a number for."""


def _correct(case: Case, move: Move, **told: Any) -> Case:
    demands = [given.demand(move.number % 3 + 1, DEFECTIVE)]
    lacking = case.materials.exclude(state=OK.value).values_list("order", flat=True)
    if move.hours % 2:
        demands = [given.demand(order) for order in lacking] or demands
    return cases.ask_correction(case, demands=demands, reason="补来的还是不合格", **told)


def _take(case: Case, move: Move, **told: Any) -> Case:
    state = DEFECTIVE if move.number % 3 == 0 else OK
    asked = [Handed(g.case_material.order, state, 1) for g in queries.open_gaps(case)]
    return cases.take_correction(case, materials=asked, identity_checked=True, **told)


def _propose(case: Case, move: Move, **told: Any) -> Case:
    days = move.number % 10 + 1
    return cases.propose_special(case, kind=move.kind, planned_days=days, reason="要等结果", **told)


def _resume(case: Case, move: Move, **told: Any) -> Case:
    return cases.resume(case, kind=move.kind, result="合格", document=given.report(), **told)


def _simply(service: Callable[..., Case], **words: Any) -> Callable[..., Case]:
    return lambda case, move, **told: service(case, **words, **told)


LAW = "《食品安全法》第三十五条"
ACTS: dict[str, tuple[str, Callable[..., Case]]] = {
    "accept": ("acceptor", _simply(cases.accept)),
    "reject": (
        "acceptor",
        _simply(cases.reject, ground=RejectionGround.NOT_NEEDED, reason="不需要许可", basis=LAW),
    ),
    "correct": ("acceptor", _correct),
    "take": ("clerk", _take),
    "review": ("reviewer", _simply(cases.review, opinion="看过")),
    "propose": ("reviewer", _propose),
    "suspend": ("head", _simply(cases.suspend)),
    "turn_down": ("head", _simply(cases.turn_down_special, reason="不必")),
    "resume": ("reviewer", _resume),
    "extend": (
        "head",
        lambda case, move, **told: cases.extend(
            case, days=move.number % 10 + 1, reason="情况复杂", **told
        ),
    ),
    "grant": ("decider", _simply(cases.grant, opinion="同意")),
    "refuse": ("decider", _simply(cases.refuse, facts="没有隔开", reason="不符合条件", basis=LAW)),
    "finish": ("clerk", _simply(cases.finish_at_once)),
    "withdraw": ("clerk", _simply(cases.withdraw, reason="", identity_checked=True)),
}
"""What may be tried, and whose work it is; anybody else may try it too."""

LONG = ["accept", "review", "propose", "suspend", "resume", "extend", "correct", "take"]
PEOPLE = ["clerk", "everything", "acceptor", "reviewer", "decider", "head", "stranger"]


@st.composite
def moves(draw: st.DrawFn, *acts: str, by: str = "") -> Move:
    """Draw a move; most are tried by those whose work it is, or by this one person."""
    act = draw(st.sampled_from(acts or [*LONG, *LONG, *ACTS]))
    usual = ACTS[act][0]
    return Move(
        act,
        draw(st.sampled_from([usual, by] if by else [usual] * 7 + PEOPLE)),
        draw(st.sampled_from([1, 2, 24, 25, 49, 24 * 5, 24 * 11])),
        draw(st.sampled_from(KINDS)),
        draw(st.integers(0, 29)),
    )


ROADS = st.lists(moves(), min_size=4, max_size=16)
FOUND = st.lists(st.sampled_from([OK, OK, OK, MISSING, DEFECTIVE]), min_size=3, max_size=3)
RECEIVED = {"m1": OK, "m2": OK, "m3": OK}


def received(
    states: list[MaterialState], *, by: str = "clerk", at: datetime = given.FRIDAY
) -> Case:
    """Receive a case at the window by one of the people, its materials found as drawn."""
    slot = cases.reserve(LICENCE, at=at)
    handed = [Handed(n, s, 0 if s is MISSING else 1) for n, s in enumerate(states, start=1)]
    receipt = cases.receive(
        slot,
        applicant=given.applicant(),
        materials=handed,
        identity_checked=True,
        by=given.actor(by),
        at=at,
    )
    return given.reload(receipt.case)


def walked(
    case: Case, road: list[Move], *, at: datetime = given.FRIDAY
) -> Iterator[tuple[Case, datetime]]:
    """Try the moves one after the other; give the case after each that was taken."""
    yield case, at
    for move in road:
        at += move.hours * HOUR
        now = cases.settle(given.reload(case), at=at)
        by = given.actor(move.who)
        with suppress(Refusal):
            ACTS[move.act][1](now, move, seen=now.version, by=by, at=at)
        case = given.reload(case)
        yield case, at


def taken(case: Case, *actions: Action) -> list[Any]:
    """Return the steps of these actions that the case has taken, as the ledger has them."""
    return [s for s in queries.timeline(case) if s.action in actions]


def entries(case: Case, *actions: Action) -> list[Any]:
    wanted = {a.value for a in actions}
    return [e for e in ledger.history(case.subject) if e.facts["action"] in wanted]


def paper_of(case: Case, version: int, *kinds: Kind) -> Paper:
    """Return the one paper of these kinds that a step issued."""
    return papers.of(case.number).get(step=version, kind__in=[k.value for k in kinds])


def _text_of(paper: Paper) -> str:
    """Return what the page and the PDF say."""
    found = []
    for block in papers.page_of(paper).blocks:
        for parts in (block.text, *(value for _, value in block.rows), *block.items):
            found += [part.text for part in parts]
    return "".join(found)


def says(paper: Paper) -> dict[str, Any]:
    return dict(papers.words_of(paper))


# --- The invariants -----------------------------------------------------------------------------


@often
@drawn(FOUND, ROADS)
def test_no_material_is_received_without_a_numbered_receipt(states, road):
    for case, _ in walked(received(states), road):
        first, *later = taken(case, Action.RECEIVE, Action.TAKE_CORRECTION)
        receipt = paper_of(case, first.version, Kind.RECEIPT)
        listed = {row["名称"] for row in says(receipt)["材料"]}
        assert listed == {row.material.name for row in queries.listed(case)}
        for step in later:
            assert says(paper_of(case, step.version, Kind.CORRECTION_RECEIPT))["材料"]
    numbers = list(papers.of(case.number).values_list("number", flat=True))
    assert all(numbers)
    assert len(set(numbers)) == len(numbers)


def test_a_visit_finished_at_once_has_its_numbered_receipt():
    case = given.reload(given.receipt(AT_ONCE).case)

    done = given.step(cases.finish_at_once, case, "clerk", at=given.FRIDAY + HOUR)

    assert says(paper_of(done, done.version, Kind.AT_ONCE))["材料"]


@often
@drawn(FOUND, st.lists(moves("correct", "take", "correct", "take", "accept"), min_size=6))
@example(
    [OK, MISSING, OK],
    [
        Move(act, who, hours, KINDS[0], number)
        for act, who, hours, number in (
            ("correct", "acceptor", 25, 0),
            ("take", "clerk", 1, 1),
            ("correct", "acceptor", 2, 0),
        )
    ],
)
def test_no_second_correction_for_a_gap_visible_the_first_time(states, road):
    for case, _ in walked(received(states), road):
        notices: dict[int, set[int]] = {}
        for gap in Gap.objects.filter(case_material__case=case).select_related("case_material"):
            notices.setdefault(gap.notice_version, set()).add(gap.case_material.order)
        told: set[int] | None = None
        for _, asked in sorted(notices.items()):
            # Only what was asked for and came unfit may be asked for again.
            assert told is None or asked <= told
            told = asked


@often
@drawn(
    st.dates(date(2026, 1, 5), date(2026, 10, 30)),
    st.integers(9, 16),
    st.integers(0, 30),
)
@example(date(2026, 2, 13), 10, 0)
@example(date(2026, 9, 30), 10, 9)
def test_an_unanswered_receipt_becomes_accepted_at_the_receipt_date_after_five_working_days(
    day, hour, later
):
    at = clock.at_local(day, hour)
    case = received([OK, OK, OK], at=at)
    last = _counted(day, 5)

    in_time = cases.settle(case, at=clock.at_local(last, 23, 59))
    late = cases.settle(given.reload(case), at=clock.at_local(last + (1 + later) * DAY, 0))

    assert receipt_due(at).on == case.receipt_due_on == last
    assert in_time.state is Status.RECEIVED
    assert (late.is_deemed, late.accepted_at, late.state) == (True, at, Status.IN_REVIEW)


@often
@drawn(FOUND, ROADS)
def test_a_deadline_equals_the_count_of_its_working_days(states, road):
    for case, _ in walked(received(states), road):
        if case.accepted_at is None or case.state is not Status.IN_REVIEW:
            continue
        assert case.statutory_due_on == _due(case, 20)
        assert case.promised_due_on == _due(case, 5)


@pytest.mark.parametrize(("start", "count", "last"), VECTORS)
def test_a_deadline_equals_the_vectors_of_the_official_lists(start, count, last):
    assert str(_counted(date.fromisoformat(start), count)) == last


@often
@drawn(
    st.lists(
        moves("propose", "suspend", "resume", "propose", "suspend", "resume", "review"),
        min_size=8,
        max_size=20,
    )
)
@example(
    [
        Move("propose", "reviewer", 1, KINDS[0], 4),
        Move("suspend", "head", 24, KINDS[0], 0),
        Move("propose", "reviewer", 48, KINDS[1], 4),
        Move("suspend", "head", 24, KINDS[1], 0),
        Move("resume", "reviewer", 72, KINDS[0], 0),
        Move("resume", "reviewer", 48, KINDS[1], 0),
    ]
)
def test_overlapping_suspensions_never_double_count(road):
    start = given.case(Status.IN_REVIEW)

    for case, _ in walked(start, road, at=given.FRIDAY + HOUR):
        if case.state is Status.SPECIAL:
            assert (case.promised_due_on, case.statutory_due_on) == (None, None)
        else:
            assert case.statutory_due_on == _due(case, 20)


@often
@drawn(
    st.lists(
        moves("propose", "suspend", "resume", "turn_down", "suspend", "propose"),
        min_size=6,
        max_size=16,
    )
)
def test_a_suspended_clock_always_has_a_written_notice_with_planned_days(road):
    start = given.case(Status.IN_REVIEW)

    for case, _ in walked(start, road, at=given.FRIDAY + HOUR):
        notices = [says(p) for p in papers.of(case.number).filter(kind=Kind.SPECIAL.value)]
        running = Pause.objects.filter(case=case, resumed_on__isnull=True)
        assert (case.state is Status.SPECIAL) == running.exists()
        for pause in running.select_related("proposal"):
            planned = f"{pause.proposal.planned_days} 个"
            name = SpecialKind(pause.kind).zh
            assert [n for n in notices if n["程序"] == name and planned in n["所需时间"]]


@often
@drawn(
    st.lists(
        moves("extend", "extend", "extend", "propose", "suspend", "resume"),
        min_size=4,
        max_size=14,
    )
)
def test_an_extension_only_before_the_deadline_once_its_approver_recorded(road):
    start = given.case(Status.IN_REVIEW)

    for case, _ in walked(start, road, at=given.FRIDAY + HOUR):
        extended = entries(case, Action.EXTEND)
        assert len(extended) <= 1
        for entry in extended:
            before = date.fromisoformat(entry.facts["details"]["statutory"])
            assert clock.day_of(entry.at) <= before
            approver = given.actor(_username(entry.actor))
            assert Role.HEAD in approver.roles_in(case.unit_id)


HANDS = (Action.RECEIVE, Action.TAKE_CORRECTION, Action.ACCEPT, Action.REVIEW)


@often
@drawn(
    st.sampled_from(["clerk", "everything"]),
    st.lists(
        moves("accept", "review", "grant", "refuse", "finish", by="everything"),
        min_size=5,
        max_size=16,
    ),
)
@example(
    "everything",
    [
        Move(act, who, 1, KINDS[0], 0)
        for act, who in (
            ("accept", "acceptor"),
            ("review", "reviewer"),
            ("grant", "everything"),
            ("refuse", "everything"),
        )
    ],
)
@example(
    "clerk",
    [
        Move(act, who, 1, KINDS[0], 0)
        for act, who in (
            ("accept", "everything"),
            ("review", "reviewer"),
            ("refuse", "everything"),
            ("grant", "everything"),
        )
    ],
)
def test_no_decision_by_the_receiving_clerk_except_an_authorised_instant_item(by, road):
    for case, _ in walked(received([OK, OK, OK], by=by), road):
        hands = {e.actor for e in entries(case, *HANDS)}
        decided = entries(case, Action.GRANT, Action.REFUSE)
        assert all(entry.actor not in hands for entry in decided)
        assert entries(case, Action.FINISH_AT_ONCE) == []  # it is no instant item


@pytest.mark.parametrize("authorised", [True, False])
def test_an_instant_item_is_decided_by_its_clerk_only_where_that_is_authorised(authorised):
    case = given.reload(given.receipt(AT_ONCE).case)
    ItemVersion.objects.filter(pk=case.item_version_id).update(instant_authorised=authorised)

    with suppress(Refusal):
        given.step(cases.finish_at_once, case, "clerk", at=given.FRIDAY + HOUR)

    assert bool(entries(given.reload(case), Action.FINISH_AT_ONCE)) is authorised


@often
@drawn(FOUND, st.lists(moves("accept", "review", "refuse", "reject", "refuse"), min_size=4))
@example([OK, OK, OK], [Move("reject", "acceptor", 1, KINDS[0], 0)])
@example(
    [OK, OK, OK],
    [
        Move("accept", "acceptor", 1, KINDS[0], 0),
        Move("review", "reviewer", 1, KINDS[0], 0),
        Move("refuse", "decider", 1, KINDS[0], 0),
    ],
)
def test_every_refusal_has_its_law_its_reason_and_both_remedies(states, road):
    wanted = ("理由", "依据", "复议机关", "复议期限", "诉讼法院", "诉讼期限")

    for case, _ in walked(received(states), road):
        for step in taken(case, Action.REJECT, Action.REFUSE):
            refusal = paper_of(case, step.version, Kind.REJECTION, Kind.REFUSAL)
            assert all(says(refusal)[name].strip() for name in wanted)
            page = _text_of(refusal)
            assert all(says(refusal)[name] in page for name in wanted)


@often
@drawn(FOUND, ROADS, ROADS)
def test_old_cases_keep_their_item_version(states, before, after):
    with undone():
        case, at = list(walked(received(states), before))[-1]
        kept = case.item_version_id
        _publish_another(at)
        new = received([OK, OK, OK], at=at)

        for later, _ in walked(case, after, at=at + HOUR):
            assert later.item_version_id == kept
            assert {row.material.version_id for row in queries.listed(later)} == {kept}
            if later.state is Status.IN_REVIEW:
                assert later.statutory_due_on == _due(later, 20)
        assert new.item_version_id != kept


@contextmanager
def undone() -> Iterator[None]:
    """Leave nothing of what is published within to the next road."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# --- Counted by hand ----------------------------------------------------------------------------


def _counted(start: date, count: int, stopped: Callable[[date], bool] = lambda day: False) -> date:
    """Return the day ``count`` working days after ``start``, walking day by day."""
    day, days = start, calendar.working_days()
    while count:
        day += DAY
        count -= days.is_working_day(day) and not stopped(day)
    return day


def _due(case: Case, limit: int) -> date:
    """Return by when the case is due: each day asked whether any pause has it, never their sum."""
    assert case.accepted_at is not None
    start, pauses = clock.day_of(case.accepted_at), list(Pause.objects.filter(case=case))

    def stopped(day: date) -> bool:
        return any(
            p.first_on <= day and (p.resumed_on is None or day < p.resumed_on) for p in pauses
        )

    plain = _counted(start, limit, stopped)
    if case.extended_on is None or plain < case.extended_on:
        return plain
    return _counted(start, limit + case.extended_days, stopped)


def _username(ref: str) -> str:
    return str(Person.objects.get(pk=ref.removeprefix("person:")).username)


def _publish_another(at: datetime) -> None:
    """Publish the next version of the licence: another list of materials."""
    number = ItemVersion.objects.filter(item__code=LICENCE).count() + 1
    item = given._licence() | {"name": f"食品经营许可（测试{number}）"}
    body = json.dumps({"items": [item]}).encode()
    catalogue.import_items(body, filename="items.json", by=given.actor("editor"), at=at)
    catalogue.publish_all(by=given.actor("publisher"), at=at)


# --- The hall -----------------------------------------------------------------------------------

PRESSED = ("take", "take", "next", "next", "end", "recall", "skip", "back", "send_on", "pick")


@often
@drawn(
    moves=st.lists(
        st.tuples(
            st.sampled_from(PRESSED),
            st.integers(1, 2),
            st.integers(0, 12),
        ),
        min_size=8,
        max_size=24,
    )
)
def test_two_windows_cannot_call_one_ticket_and_nobody_starves(moves):
    """Whatever is pressed in whatever order, the ledger shows a day that obeyed the policy."""
    with undone():
        day = HallDay()
        for act, window, minutes in moves:
            day.at += timedelta(minutes=minutes, seconds=21)
            with suppress(Refusal), transaction.atomic():
                getattr(day, act)(window)
        at_windows = Ticket.objects.filter(state__in=["called", "serving"])
        assert at_windows.count() == at_windows.values("window").distinct().count()

        report = audit.replay_day(day.hall, clock.day_of(day.at))
        assert [(f.fault, f.number) for f in report.faults] == []
        assert all(found.reason for found in report.overrides)

        policy = hall_pack.policy()
        early = timedelta(minutes=policy.patience)
        for called, waiting, at in day.calls:
            passed = [w for w in waiting if w.queued_at <= at - early and w.to_window is None]
            assert all(called.issued_at - w.queued_at <= policy.largest for w in passed)


class HallDay:
    """Two windows that help each other out, and what people press there."""

    def __init__(self) -> None:
        self.at = given.FRIDAY
        self.hall = hall_given.hall_of()
        hall_given.sits(1, "clerk")
        hall_given.sits(2, "clerk2")
        self.calls: list[tuple[Ticket, list[Waiter], datetime]] = []

    def _who(self, window: int) -> Any:
        return given.actor("clerk" if window == 1 else "clerk2")

    def _before(self, window: int) -> Ticket:
        found = hall_queries.at_window(hall_given.window(window))
        if found is None:
            raise Refusal("nobody", "nobody")
        return found

    def take(self, window: int) -> None:
        special = "elder" if self.at.minute % 3 == 0 else ""
        hall_given.ticket("AF"[window - 1], at=self.at, special=special)

    def next(self, window: int) -> None:
        where, before = hall_given.window(window), hall_queries.at_window(hall_given.window(window))
        skills = hall_queries.skills_of(where)
        rows = hall_queries.waiting(self.hall, day=clock.day_of(self.at))
        waiting = [w for w in hall_queries.as_waiters(rows) if w.group in skills.groups]
        key = f"{self.at}"
        ticket = halls.call_next(where, key=key, by=self._who(window), at=self.at)
        if ticket is not None and before is None:
            self.calls.append((ticket, waiting, self.at))

    def end(self, window: int) -> None:
        by = self._who(window)
        started = halls.start(self._before(window), by=by, at=self.at)
        halls.end(started, outcome=HallOutcome.ACCEPTED, by=by, at=self.at)

    def recall(self, window: int) -> None:
        halls.recall(self._before(window), by=self._who(window), at=self.at)

    def skip(self, window: int) -> None:
        by = self._who(window)
        for n in range(3):
            with suppress(Refusal), transaction.atomic():
                halls.recall(self._before(window), by=by, at=self.at + n * timedelta(seconds=21))
        self.at += timedelta(seconds=90)
        halls.skip(self._before(window), by=by, at=self.at)

    def back(self, window: int) -> None:
        missed = Ticket.objects.select_related(*hall_queries.WITH).filter(state="skipped").first()
        if missed is not None:
            halls.come_back(missed, by=given.actor("guide"), at=self.at)

    def send_on(self, window: int) -> None:
        group = hall_queries.group(self.hall, "FA"[window - 1])
        halls.transfer(
            self._before(window),
            group=group,
            reason=Reason.OTHER_UNIT,
            by=self._who(window),
            at=self.at,
        )

    def pick(self, window: int) -> None:
        last = hall_queries.waiting(self.hall, day=clock.day_of(self.at)).last()
        if last is not None:
            halls.pick(
                hall_given.window(window),
                last.number,
                reason=Reason.URGENT,
                key=f"{self.at}",
                by=self._who(window),
                at=self.at,
            )
