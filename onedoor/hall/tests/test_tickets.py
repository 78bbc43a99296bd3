"""Numbers are taken, called, served and closed: in order, once, on record, whatever goes wrong."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from onedoor.accounts.rules import APPLICANT
from onedoor.cases.tests import given as county
from onedoor.hall import audit, pack, queries
from onedoor.hall import services as hall
from onedoor.hall.models import Skill, Ticket, TicketCase
from onedoor.hall.rules import queue
from onedoor.hall.rules.lifecycle import State
from onedoor.hall.rules.replay import Fault
from onedoor.hall.rules.words import Channel, Outcome, Pause, Priority, Reason, WindowState
from onedoor.hall.tests import given
from onedoor.hall.tests.given import AT, CLERK, CLERK2, DAY, DUTY, GUIDE, MINUTE, SECOND
from onedoor.kernel import crypto
from onedoor.kernel.tests.refusing import refused
from onedoor.ledger import queries as ledger
from onedoor.ledger.queries import rows

pytestmark = pytest.mark.django_db
ID, OTHER = "532502199203080001", "532502198807220007"


@pytest.fixture(autouse=True)
def open_hall():
    given.hall_of()
    given.sits(1, CLERK)
    given.sits(2, CLERK2)


def _by(username: str = CLERK):
    return county.actor(username)


def _numbers(found) -> list[str]:
    return [each.number for each in found]


def test_a_number_has_its_letter_and_is_given_once():
    first, second, other = given.ticket(), given.ticket(), given.ticket("F")

    assert second.serial == first.serial + 1
    assert (first.number[0], other.number[0]) == ("A", "F")
    assert first.number == f"A{first.serial:03d}"


def test_who_somebody_is_is_encrypted_and_not_in_the_ledger():
    ticket = given.ticket(name="李样例", id_number=ID, phone="13800000009")

    kept = Ticket.objects.get(pk=ticket.pk)
    assert (kept.name, kept.id_number, kept.phone) == ("李样例", ID, "13800000009")
    assert kept.id_index == crypto.index_of(ID, purpose="ticket.id_number")
    (entry,) = ledger.history(ticket.subject)
    told = json.dumps(entry.facts, ensure_ascii=False)
    assert not any(word in told for word in ("样例", ID, "1380"))


def test_somebody_waits_for_one_business_once():
    given.ticket(id_number=ID)

    with refused("hall.waits_already"), transaction.atomic():
        given.ticket(id_number=ID.lower())

    assert given.ticket("F", id_number=ID).standing is State.WAITING
    assert given.ticket(id_number=OTHER).standing is State.WAITING


def test_one_phone_is_one_person_only_where_no_document_was_shown():
    given.ticket(phone="13800000009")

    with refused("hall.waits_already"), transaction.atomic():
        given.ticket(phone="13800000009")

    assert given.ticket(phone="13800000009", id_number=ID).standing is State.WAITING


def test_a_document_that_cannot_be_one_is_refused_and_nothing_is_given():
    with refused("id.wrong"), transaction.atomic():
        given.ticket(id_number="532502199203080002")

    assert not Ticket.objects.exists()


def test_no_number_where_no_window_serves_unless_the_guide_says_so():
    with refused("hall.need"), transaction.atomic():
        given.ticket("S")

    guided = given.ticket("S", by=_by(GUIDE), channel=Channel.GUIDE)
    assert guided.standing is State.WAITING


def test_a_window_calls_in_the_order_of_the_rules():
    for minutes, more in ((0, {}), (1, {"special": "elder"}), (2, {}), (3, {"letter": "F"})):
        given.ticket(at=AT + minutes * MINUTE, **more)
    at, window = AT + 5 * MINUTE, given.window(2)
    skills = queries.skills_of(window)

    by_sql = _numbers(queries.callable_by(window, skills, at=at))

    waiters = queries.as_waiters(queries.waiting(window.hall, day=DAY))
    patience = timedelta(minutes=pack.policy().patience)
    assert by_sql == _numbers(queue.in_order(waiters, skills, at=at, patience=patience))
    assert given.called(2, CLERK2, at=at).special == "elder"


def test_who_goes_by_the_green_channel_is_one_the_county_lists():
    assert given.ticket(special="elder").goes_by is Priority.GREEN
    with refused("hall.no_special"), transaction.atomic():
        given.ticket(special="mayor")


def test_next_pressed_twice_gives_the_same_ticket():
    given.ticket()
    given.ticket()
    window = given.window(1)

    first = hall.call_next(window, key="one", by=_by(), at=AT)
    again = hall.call_next(window, key="one", by=_by(), at=AT)
    other = hall.call_next(window, key="two", by=_by(), at=AT + SECOND)

    assert first
    assert again
    assert other
    assert len({first.number, again.number, other.number}) == 1
    assert Ticket.objects.filter(state=State.CALLED.value).count() == 1


def test_a_request_that_comes_again_after_the_visit_calls_nobody_else():
    given.ticket()
    given.ticket()
    window = given.window(1)
    first = hall.call_next(window, key="one", by=_by(), at=AT)
    assert first
    _served(first)

    late = hall.call_next(window, key="one", by=_by(), at=AT + 9 * MINUTE)

    assert late
    assert late.number == first.number
    assert Ticket.objects.filter(state=State.WAITING.value).count() == 1


def _served(ticket: Ticket, username: str = CLERK, *, at=AT + MINUTE) -> Ticket:
    started = hall.start(ticket, by=_by(username), at=at)
    return hall.end(started, outcome=Outcome.ACCEPTED, by=_by(username), at=at + MINUTE)


def test_nobody_waits_and_nobody_is_called():
    assert hall.call_next(given.window(1), key="one", by=_by(), at=AT) is None


def test_the_database_itself_keeps_a_window_from_two_people():
    for username, number in ((CLERK, 1), (CLERK2, 2)):
        given.ticket()
        given.called(number, username)

    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.update(window=given.window(1))


def test_only_who_sits_there_calls():
    given.ticket()

    with refused("hall.not_your_window"):
        hall.call_next(given.window(1), key="x", by=_by(CLERK2), at=AT)

    assert hall.call_next(given.window(1), key="x", by=_by(DUTY), at=AT) is not None


def test_a_paused_or_closed_window_calls_nobody():
    given.ticket()
    window = hall.pause(
        given.window(1), reason=Pause.BREAK, back_at=AT + 10 * MINUTE, by=_by(), at=AT
    )
    with refused("hall.window_not_open"):
        hall.call_next(window, key="x", by=_by(), at=AT)

    opened = hall.unpause(window, by=_by(), at=AT + MINUTE)

    assert (opened.standing, opened.paused_for, opened.back_at) == (WindowState.OPEN, None, None)
    assert given.called(at=AT + MINUTE)


def test_somebody_who_does_not_come_is_called_three_times_and_missed():
    given.ticket()
    ticket = given.called()
    with refused("hall.need"):
        hall.recall(ticket, by=_by(), at=AT + 19 * SECOND)
    with refused("hall.not_called_out"):
        hall.skip(ticket, by=_by(), at=AT + 60 * SECOND)

    ticket = hall.recall(ticket, by=_by(), at=AT + 20 * SECOND)
    ticket = hall.recall(ticket, by=_by(), at=AT + 40 * SECOND)
    with refused("hall.need"):
        hall.recall(ticket, by=_by(), at=AT + 80 * SECOND)
    with refused("hall.not_called_out"):
        hall.skip(ticket, by=_by(), at=AT + 59 * SECOND)

    assert _missed(ticket, at=AT + 60 * SECOND).standing is State.SKIPPED


def _missed(ticket: Ticket, username: str = CLERK, *, at) -> Ticket:
    return hall.skip(ticket, by=_by(username), at=at)


def _skipped(*, at=AT) -> Ticket:
    ticket = given.called(at=at)
    for n in (1, 2):
        ticket = hall.recall(ticket, by=_by(), at=at + n * 20 * SECOND)
    return _missed(ticket, at=at + 60 * SECOND)


def test_who_missed_the_call_comes_back_behind_three_once_and_is_void_the_second_time():
    first = given.ticket()
    others = [given.ticket(at=AT + n * MINUTE) for n in range(1, 6)]
    back = hall.come_back(_skipped(), by=APPLICANT, at=AT + 6 * MINUTE)

    row = _numbers(queries.waiting(back.hall, day=DAY))
    assert row.index(first.number) == 3
    assert row[:3] == _numbers(others[:3])

    Ticket.objects.exclude(pk=back.pk).update(state=State.VOID.value)
    assert _skipped(at=AT + 7 * MINUTE).standing is State.VOID
    with refused("hall.wrong_state"):
        hall.come_back(given.again(back), by=APPLICANT, at=AT + 9 * MINUTE)


def test_a_transfer_keeps_number_and_waiting_time_and_names_a_reason():
    ticket = given.ticket()
    given.ticket("F", at=AT + MINUTE)
    called = hall.start(given.called(at=AT + 2 * MINUTE), by=_by(), at=AT + 2 * MINUTE)
    wanted = queries.group(ticket.hall, "F")
    with refused("hall.need"):
        hall.transfer(called, group=wanted, reason=None, by=_by(), at=AT + 3 * MINUTE)
    with refused("hall.need"):
        same = queries.group(ticket.hall, "A")
        hall.transfer(called, group=same, reason=Reason.OTHER_UNIT, by=_by(), at=AT + 3 * MINUTE)

    sent = hall.transfer(
        called,
        group=wanted,
        reason=Reason.OTHER_UNIT,
        note="材料已看过",
        by=_by(),
        at=AT + 3 * MINUTE,
    )

    assert (sent.number, sent.issued_at, sent.transfers) == (ticket.number, AT, 1)
    assert given.called(2, CLERK2, at=AT + 4 * MINUTE).number == ticket.number
    last = ledger.history(ticket.subject)[-2]
    assert last.facts["reason"] == "other_unit"
    assert "材料" not in json.dumps(last.facts, ensure_ascii=False)


def test_who_is_sent_to_a_window_waits_for_that_one():
    given.ticket()
    called = given.called()

    hall.transfer(called, window=given.window(2), reason=Reason.LANGUAGE, by=_by(), at=AT + MINUTE)

    assert hall.call_next(given.window(1), key="x", by=_by(), at=AT + MINUTE) is None
    assert given.called(2, CLERK2, at=AT + MINUTE).number == called.number


def test_held_people_leave_the_window_free_and_come_back_to_it():
    given.ticket()
    given.ticket(at=AT + MINUTE)
    held = hall.hold(hall.start(given.called(), by=_by(), at=AT), by=_by(), at=AT + MINUTE)

    other = given.called(at=AT + 2 * MINUTE)
    assert other.number != held.number
    with refused("hall.window_taken"), transaction.atomic():
        hall.resume(held, by=_by(), at=AT + 3 * MINUTE)
    with refused("hall.not_finished"):
        hall.close_window(given.window(1), by=_by(), at=AT + 3 * MINUTE)

    _served(other, at=AT + 3 * MINUTE)
    again = hall.resume(given.again(held), by=_by(), at=AT + 6 * MINUTE)
    assert again.standing is State.SERVING


def test_called_by_mistake_somebody_waits_again_at_their_own_place():
    first = given.ticket()
    given.ticket(at=AT + MINUTE)
    called = given.called(at=AT + 2 * MINUTE)

    hall.put_back(called, reason=Reason.MISTAKE, by=_by(), at=AT + 2 * MINUTE)

    assert given.called(at=AT + 3 * MINUTE).number == first.number


def test_a_visit_ends_with_what_came_of_it():
    given.ticket()
    serving = hall.start(given.called(), by=_by(), at=AT)
    with refused("hall.need"):
        hall.end(serving, outcome=Outcome.UNRECORDED, by=_by(), at=AT + MINUTE)

    done = hall.end(serving, outcome=Outcome.ADVISED, by=_by(), at=AT + MINUTE)

    assert hall.end(done, outcome=Outcome.ADVISED, by=_by(), at=AT + 2 * MINUTE) is done
    assert (done.standing, done.ended_at) == (State.DONE, AT + MINUTE)


def test_a_stale_screen_moves_nothing():
    given.ticket()
    called = given.called()
    hall.start(called, by=_by(), at=AT)

    with refused("hall.changed_meanwhile"), transaction.atomic():
        hall.put_back(called, reason=Reason.MISTAKE, by=_by(), at=AT + MINUTE)

    assert given.again(called).standing is State.SERVING


def test_several_cases_belong_to_one_visit_each_once():
    case = county.case()
    given.ticket()
    serving = hall.start(given.called(), by=_by(), at=AT)

    hall.add_case(serving, case.number, by=_by(), at=AT)
    hall.add_case(given.again(serving), case.alias, by=_by(), at=AT)

    assert [row.case_number for row in TicketCase.objects.all()] == [case.number]
    with refused("hall.no_case"):
        hall.add_case(given.again(serving), "no-such", by=_by(), at=AT)


def test_nobody_hangs_a_case_on_a_visit_they_did_not_serve():
    case = county.case()
    given.ticket()
    serving = hall.start(given.called(), by=_by(), at=AT)

    for stranger in ("decider", "acceptor"):
        with refused("hall.not_your_ticket"):
            hall.add_case(serving, case.number, by=county.actor(stranger), at=AT)
    assert not TicketCase.objects.exists()
    assert hall.add_case(serving, case.number, by=county.actor("duty"), at=AT)


def test_nobody_sits_at_two_windows_and_no_window_opens_without_work():
    with refused("hall.sits_elsewhere"):
        given.sits(3, CLERK)
    with refused("hall.window_occupied"):
        given.sits(1, DUTY)
    Skill.objects.filter(window=given.window(3)).delete()
    with refused("hall.no_skills"):
        given.sits(3, DUTY)
    with refused("hall.not_a_clerk"):
        given.sits(3, GUIDE)


def test_the_duty_officer_changes_what_a_window_does_and_it_calls_so_at_once():
    given.ticket("S", by=_by(GUIDE))
    window = given.window(1)
    with refused("hall.duty_only"):
        hall.set_skills(window, main="S", by=_by(), at=AT)
    with refused("hall.bad_skills"):
        hall.set_skills(window, main="", helping="A", by=_by(DUTY), at=AT)

    hall.set_skills(window, main="S", by=_by(DUTY), at=AT)

    assert given.called(at=AT + MINUTE).letter == "S"


def test_the_night_leaves_nothing_open_and_says_what_it_was():
    waiting, skipped = given.ticket(at=AT + MINUTE), given.ticket()
    assert _skipped(at=AT + 2 * MINUTE).number == skipped.number
    serving = hall.start(given.called(at=AT + 4 * MINUTE), by=_by(), at=AT + 4 * MINUTE)
    left = given.ticket(at=AT + 5 * MINUTE)
    assert serving.number == waiting.number

    night = AT + timedelta(hours=15)
    assert hall.close_days(at=night) == 4  # two tickets, two windows
    assert hall.close_days(at=night) == 0

    assert given.again(left).standing is State.SKIPPED
    assert given.again(serving).came_of_it is Outcome.UNRECORDED
    assert given.window(1).standing is WindowState.CLOSED
    with refused("hall.need"):
        hall.come_back(given.again(skipped), by=APPLICANT, at=night)


def test_a_ticket_of_another_day_is_not_called():
    given.ticket(at=AT - timedelta(days=1))

    assert hall.call_next(given.window(1), key="x", by=_by(), at=AT) is None


def test_a_day_of_calls_replays_clean_and_names_who_overrode_it():
    for minute in range(4):
        given.ticket(at=AT + minute * MINUTE)
    last = given.ticket(at=AT + 4 * MINUTE)
    at = AT + 5 * MINUTE
    picked = hall.pick(
        given.window(2), last.number, reason=Reason.URGENT, key="p", by=_by(CLERK2), at=at
    )
    for _ in range(4):
        at += MINUTE
        _served(given.called(at=at), at=at)
        at += 2 * MINUTE

    report = audit.replay_day(last.hall, DAY)

    assert (report.calls, report.faults) == (5, [])
    (override,) = report.overrides
    assert (override.number, override.reason, override.actor) == (
        picked.number,
        "urgent",
        _by(CLERK2).ref,
    )
    assert len(override.before) == 4


def test_a_call_that_passed_somebody_over_is_found_in_the_ledger(monkeypatch):
    first = given.ticket()
    given.ticket(at=AT + MINUTE)
    in_order = queries.callable_by
    monkeypatch.setattr(queries, "callable_by", lambda *a, **k: in_order(*a, **k).reverse())

    wrong = given.called(at=AT + 2 * MINUTE)

    (found,) = audit.replay_day(first.hall, DAY).faults
    assert (found.fault, found.number, found.before) == (
        Fault.ORDER,
        wrong.number,
        (first.number,),
    )


def test_each_tickets_row_says_where_its_chain_stands():
    given.ticket()
    ticket = hall.start(given.called(), by=_by(), at=AT)

    entries = ledger.history(ticket.subject)

    assert [e.facts["step"] for e in entries] == ["Q1", "Q2", "Q4"]
    links = dict(rows())
    assert links[ticket.subject] == (3, entries[-1].digest)


def test_how_long_the_rows_are_and_how_many_are_ahead():
    ticket = [given.ticket(at=AT + n * MINUTE) for n in range(3)][-1]
    (a, f, s) = queries.rows_of(ticket.hall, at=AT + 5 * MINUTE)

    assert (a.waiting, a.windows, a.longest) == (3, 2, 5)
    assert (f.waiting, f.windows, s.windows) == (0, 1, 0)
    assert queries.ahead_of(ticket) == 2
    assert queries.expected_wait(ticket.group, 2) == (5, 15)
    with refused("hall.no_ticket"):
        queries.ticket(ticket.hall, ticket.number, day=date(2026, 3, 7))


def test_after_its_days_a_ticket_no_longer_says_whose_it_was():
    ticket = given.ticket(name="李样例", id_number=ID, phone="13800000009", special="elder")
    days = pack.policy().keep_days

    assert hall.forget_people(at=AT + timedelta(days=days)) == 0
    assert hall.forget_people(at=AT + timedelta(days=days + 1)) == 1
    assert hall.forget_people(at=AT + timedelta(days=days + 1)) == 0

    kept = Ticket.objects.get(pk=ticket.pk)
    assert (kept.name, kept.id_number, kept.phone, kept.id_index) == ("", "", "", "")
    assert (kept.number, kept.issued_at, kept.goes_by) == (ticket.number, AT, Priority.GREEN)
