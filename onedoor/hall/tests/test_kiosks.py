"""Kiosks: paired once, holding numbers of their own, merged without meeting another number."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from onedoor.accounts.rules import SYSTEM
from onedoor.cases.tests.given import actor
from onedoor.hall import kiosks, queries
from onedoor.hall import services as hall
from onedoor.hall.audit import replay_day
from onedoor.hall.models import Block, Kiosk, Ticket
from onedoor.hall.rules.words import Channel, Outcome
from onedoor.hall.services import Issued
from onedoor.hall.services.kiosks import BLOCKS, LOW, OFFLINE_FROM, SIZE
from onedoor.hall.tests import given
from onedoor.hall.tests.given import AT, DAY, DUTY, MINUTE
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed
from onedoor.ledger.models import Entry

pytestmark = pytest.mark.django_db


def kiosk(code: str = "k1") -> Kiosk:
    place = given.hall_of()
    Kiosk.objects.get_or_create(hall=place, code=code, defaults={"name": f"取号机 {code}"})
    return kiosks.find(place, code)


def leased(machine: Kiosk, left: dict[str, int] | None = None, *, at=AT) -> dict[str, Block]:
    return {block.group.letter: block for block in hall.lease(machine, left or {}, at=at)}


def test_blocks_never_overlap_whoever_asks_in_whatever_order():
    first, second = kiosk("k1"), kiosk("k2")
    blocks = [*hall.lease(first, {}, at=AT), *hall.lease(second, {}, at=AT)]
    blocks += hall.lease(first, {"A": LOW - 1, "F": LOW}, at=AT)

    numbers = [
        f"{each.group.letter}{serial}"
        for each in blocks
        for serial in range(each.first, each.last + 1)
    ]

    assert len(blocks) == 3 + 3 + 2  # A is nearly used up, S was not told of, F has enough
    assert len(set(numbers)) == len(numbers) == len(blocks) * SIZE
    assert min(each.first for each in blocks) > OFFLINE_FROM


def test_a_day_has_only_so_many_blocks():
    machine = kiosk()
    for _ in range(BLOCKS):
        leased(machine)

    assert leased(machine) == {}


def test_what_was_given_offline_is_put_in_once_where_its_holder_would_stand():
    machine = kiosk()
    given.sits(1, given.CLERK)
    block = leased(machine)["A"]
    later = given.taken("A", at=AT + 5 * MINUTE).ticket
    told = [Issued(f"A{block.first}", AT + 2 * MINUTE)]

    for _ in range(2):
        assert hall.merge(machine, told, at=AT + 10 * MINUTE) == [(told[0].number, None)]

    row = Ticket.objects.get(number=told[0].number)
    assert Ticket.objects.count() == 2
    assert (row.issued_at, row.queued_at) == (AT + 2 * MINUTE, AT + 10 * MINUTE)
    assert (row.is_offline, row.channel) == (True, Channel.KIOSK.value)
    assert given.called(1, at=AT + 11 * MINUTE).number == row.number != later.number


def test_the_next_number_with_the_server_does_not_follow_an_offline_one():
    machine = kiosk()
    given.sits(1, given.CLERK)
    before = given.taken("A").ticket.serial
    block = leased(machine)["A"]
    hall.merge(machine, [Issued(f"A{block.first}", AT + MINUTE)], at=AT + MINUTE)

    assert given.taken("A", at=AT + 2 * MINUTE).ticket.serial == before + 1


def test_a_number_of_another_kiosk_day_or_block_is_named_and_keeps_nothing_else():
    first, second = kiosk("k1"), kiosk("k2")
    mine, theirs = leased(first)["A"], leased(second)["A"]
    good = Issued(f"A{mine.last}", AT + MINUTE)
    wrong = [
        Issued(f"A{theirs.first}", AT + MINUTE),
        Issued(f"A{mine.first}", AT + timedelta(days=1)),
        Issued("A7", AT + MINUTE),
        Issued("'; --", AT + MINUTE),
    ]

    found = hall.merge(first, [*wrong, good], at=AT + 2 * MINUTE)

    assert [refusal.code if refusal else "" for _, refusal in found] == [
        *["kiosk.not_leased"] * len(wrong),
        "",
    ]
    assert [row.number for row in Ticket.objects.all()] == [good.number]


@pytest.mark.parametrize(("told", "came"), [(-60, 0), (60, 30)])
def test_a_kiosk_whose_clock_is_off_cannot_go_before_its_lease_or_into_the_future(told, came):
    machine = kiosk()
    block = leased(machine)["A"]

    hall.merge(machine, [Issued(f"A{block.first}", AT + told * MINUTE)], at=AT + 30 * MINUTE)

    assert Ticket.objects.get().issued_at == AT + came * MINUTE


def test_the_replay_of_a_day_with_an_outage_is_clean():
    machine = kiosk()
    given.sits(1, given.CLERK, at=AT - MINUTE)
    block = leased(machine)["A"]
    given.taken("A", at=AT + 5 * MINUTE)
    given.called(1, at=AT + 6 * MINUTE)  # while nobody knows of the one who came before
    hall.merge(machine, [Issued(f"A{block.first}", AT + 2 * MINUTE)], at=AT + 8 * MINUTE)
    window = given.window(1)
    seen = queries.at_window(window)
    assert seen is not None
    hall.start(seen, by=actor(given.CLERK), at=AT + 9 * MINUTE)
    hall.end(
        given.again(seen),
        outcome=Outcome.ADVISED,
        by=actor(given.CLERK),
        at=AT + 10 * MINUTE,
    )
    given.called(1, at=AT + 11 * MINUTE)

    report = replay_day(given.hall_of(), DAY)

    assert (report.calls, report.faults) == (2, [])


def test_only_the_duty_officer_pairs_and_the_old_machine_stops():
    machine = kiosk()
    with pytest.raises(NotAllowed) as refused:
        hall.pair(machine, by=actor(given.GUIDE), at=AT)
    assert refused.value.code == "kiosk.duty_only"

    keys = [hall.pair(machine, by=actor(DUTY), at=AT) for _ in range(2)]

    assert keys[0] != keys[1]
    told = Entry.objects.filter(kind="hall.kiosk_moved").values_list("actor", flat=True)
    assert list(told) == [actor(DUTY).ref] * 2
    assert SYSTEM.ref not in told


@pytest.fixture
def paired(client):
    """A browser that is the kiosk."""
    machine = kiosk()
    key = hall.pair(machine, by=actor(DUTY), at=AT)
    client.cookies["kiosk"] = key
    return client


def asks(client, what: str, **told):
    return client.post(f"/kiosk/k1/{what}/", told)


def test_a_machine_that_is_not_paired_gives_nothing(client):
    kiosk()

    page = client.get("/kiosk/k1/")
    answer = asks(client, "take", group="A", key="k")

    assert "还没有启用" in page.content.decode()
    assert (answer.status_code, answer.json()["code"]) == (403, "kiosk.not_paired")
    assert not Ticket.objects.exists()


def test_a_number_is_given_once_for_a_double_tap_and_again_for_the_same_card(paired):
    given.sits(1, given.CLERK)
    card = "532502199203080001"

    slips = [asks(paired, "take", group="A", key="k1", who="").json()["number"] for _ in range(2)]
    cards = [asks(paired, "take", group="A", key=f"c{n}", who=card) for n in range(2)]

    assert slips[0] == slips[1]
    numbers = [each.json().get("number") for each in cards]
    assert numbers[0] == numbers[1] != slips[0]
    assert Ticket.objects.count() == 2


def test_a_sync_merges_leases_and_tells_the_rows(paired):
    given.sits(1, given.CLERK)

    def sync(**told):
        return paired.post(
            "/kiosk/k1/sync/", json.dumps(told), content_type="application/json"
        ).json()

    first = sync(issued=[], left={})
    block = next(each for each in first["blocks"] if each["letter"] == "A")
    issued = [{"number": f"A{block['first']}", "at": first["now"]}]
    second = sync(issued=issued, left={"A": SIZE - 1, "F": SIZE, "S": SIZE})

    assert second["merged"] == [{"number": issued[0]["number"], "fault": ""}]
    assert second["blocks"] == []
    row = next(each for each in second["rows"] if each["letter"] == "A")
    assert (row["waiting"], row["is_open"]) == (1, True)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        '{"issued": [{"number": "A1"}], "left": {}}',
        '{"issued": 1}',
        '{"issued": [{"number": "A1", "at": "2026-03-06T09:00"}], "left": {}}',
    ],
)
def test_what_cannot_be_read_is_refused_and_changes_nothing(paired, body):
    answer = paired.post("/kiosk/k1/sync/", body, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (422, "kiosk.told")
    assert not Block.objects.exists()


def test_help_is_called_once_and_taken_down_by_the_guide(paired):
    asks(paired, "help")
    asks(paired, "help")
    machine = kiosk()
    assert kiosks.calling_for_help(machine.hall) == [machine]

    hall.answer_help(machine, by=actor(given.GUIDE))

    assert kiosks.calling_for_help(machine.hall) == []


def test_whoever_types_somebodys_telephone_gets_no_address_of_their_number(paired):
    given.sits(1, given.CLERK)
    theirs = given.taken("A", phone="13800000009", at=clock.now()).ticket.number

    slip = asks(paired, "take", ticket=theirs, who="13800000009").json()

    assert (slip["number"], slip["qr"]) == (theirs, "")
    assert asks(paired, "take", group="F", key="own").json().get("qr", "") != ""


def test_whoever_shows_nothing_is_not_counted_among_those_asked_about(paired, monkeypatch):
    monkeypatch.setattr("onedoor.hall.views.kiosk.LOOKS", 2)

    plain = [asks(paired, "who").status_code for _ in range(4)]
    asked = [asks(paired, "who", who="13800000009").status_code for _ in range(3)]

    assert plain == [200] * 4
    assert asked == [200, 200, 429]
