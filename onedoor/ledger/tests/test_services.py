"""Recording, numbering, sealing and telling, on both databases."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from threading import Thread
from typing import ClassVar

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from onedoor.kernel.errors import Refusal
from onedoor.kernel.tests.refusing import refused
from onedoor.ledger import export, feeds, installation, leases, numbers, queries, sealing, triggers
from onedoor.ledger import services as ledger
from onedoor.ledger.events import Event
from onedoor.ledger.models import Counter, Entry, Feed, Head, Installation, Pending, Position, Tile
from onedoor.ledger.rules import merkle
from onedoor.ledger.rules.verify import Summary, verify
from onedoor.ledger.tests.test_rules import is_signed

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 6, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Noted(Event):
    kind: ClassVar[str] = "test.noted"

    n: int = 0


@ledger.recorded
def note(*subjects: str) -> None:
    for n, subject in enumerate(subjects):
        ledger.record(Noted(subject=subject, n=n), by="tester", at=AT)


def test_entries_are_written_at_the_end_sorted_by_subject_and_chained():
    note("b:1", "a:1", "b:1")

    (first, second) = queries.history("b:1")
    assert [first.version, second.version] == [1, 2]
    assert [first.facts["n"], second.facts["n"]] == [0, 2]
    assert Head.objects.get(subject="b:1").digest == second.digest
    assert Pending.objects.filter(entry__kind="test.noted").count() == 3


def test_what_fails_leaves_no_entry():
    @ledger.recorded
    def fail() -> None:
        ledger.record(Noted(subject="x:1"), by="tester", at=AT)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()

    assert queries.history("x:1") == []


def test_nothing_is_recorded_outside_a_service():
    with pytest.raises(RuntimeError):
        ledger.record(Noted(subject="x:1"), by="tester", at=AT)


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_itself_refuses_to_change_an_entry(change):
    note("x:1")
    entry = Entry.objects.filter(subject="x:1")

    act = {
        "update": lambda: entry.update(actor="somebody else"),
        "delete": lambda: entry._raw_delete("default"),
    }[change]
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        act()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no TRUNCATE")
@pytest.mark.parametrize("table", triggers.APPEND_ONLY)
def test_the_database_itself_refuses_to_empty_a_table(table):
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("table", triggers.APPEND_ONLY)
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET {} = {}"])
def test_every_table_of_the_ledger_is_append_only(table, change):
    note(*[f"t:{n:04}" for n in range(260)])
    seal_all()
    sealing.sign_head(at=AT)
    column = {"ledger_treehead": "root", "ledger_tile": "level"}.get(table, "entry_id")
    if table == "ledger_entry":
        column = "text"
    statement = change.format(table, column, column)

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL replaces by UPDATE")
@pytest.mark.parametrize("table", triggers.APPEND_ONLY)
def test_no_row_takes_the_place_of_another(table):
    note(*[f"t:{n:04}" for n in range(260)])
    seal_all()
    sealing.sign_head(at=AT)

    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1")


def test_a_switched_off_trigger_is_noticed():
    if connection.vendor == "sqlite":
        pytest.skip("SQLite cannot switch a trigger off, only drop it")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER ALL")

    with pytest.raises(Refusal):
        triggers.check()


def test_a_dropped_trigger_is_noticed():
    triggers.check()
    on = "" if connection.vendor == "sqlite" else " ON ledger_entry"
    name = "update" if connection.vendor == "sqlite" else "change"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER ledger_entry_no_{name}{on}")

    with pytest.raises(Refusal) as refused:
        triggers.check()

    assert refused.value.code == "ledger.unprotected"


def test_numbers_rise_and_an_old_backup_gives_none_out_twice():
    first = numbers.take("test:1:20260306", highest_used=lambda: 0)
    assert numbers.take("test:1:20260306", highest_used=lambda: 0) == first + 1

    numbers.forget()
    Counter.objects.filter(series="test:1:20260306").update(value=0)
    assert numbers.take("test:1:20260306", highest_used=lambda: 0) > first + 1

    numbers.forget()
    Counter.objects.filter(series="test:1:20260306").update(value=0)
    for mark in (settings.DATA / "numbers").glob("*"):
        mark.unlink()
    assert numbers.take("test:1:20260306", highest_used=lambda: 5000) == 5001


def test_without_the_marks_beside_the_database_room_is_left_once():
    last = numbers.take("test:1:20260306", highest_used=lambda: 0)
    for mark in (settings.DATA / "numbers").glob("*"):
        mark.unlink()

    said = numbers.guard(at=AT), numbers.guard(at=AT)

    assert said == (True, False)
    assert numbers.take("test:1:20260306", highest_used=lambda: 0) > last + numbers.ROOM


@pytest.mark.parametrize("series", ["test:1:20260306", "test:2026", "test"])
def test_what_began_between_two_restores_is_left_out_by_both(series, settings, tmp_path):
    settings.DATA = tmp_path / "here"
    numbers.leave_room(1_000, at=AT)
    lost = numbers.take(series, highest_used=lambda: 0)

    Counter.objects.filter(series=series).delete()  # the backup is from before it began
    settings.DATA = tmp_path / "elsewhere"
    numbers.leave_room(1_000, at=AT)

    assert numbers.take(series, highest_used=lambda: 0) >= lost + 1_000


def test_a_day_after_the_restores_begins_at_one_and_a_year_does_not(settings, tmp_path):
    settings.DATA = tmp_path
    numbers.leave_room(1_000, at=AT)

    assert numbers.take("test:1:20260307", highest_used=lambda: 0) == 1
    assert numbers.take("test:2026", highest_used=lambda: 0) == 1_001
    assert numbers.take("test:2027", highest_used=lambda: 0) == 1


def test_who_waits_for_the_database_keeps_nobody_from_a_number_at_hand(
    django_capture_on_commit_callbacks,
):
    with django_capture_on_commit_callbacks(execute=True):
        first = numbers.take_within("test:b", highest_used=lambda: 0)
    got = []

    def meanwhile() -> int:
        # On SQLite whoever holds the database is the one who wants the number.
        other = Thread(target=lambda: got.append(numbers.take_within("test:b", highest_used=int)))
        other.start()
        other.join(timeout=5)
        return 0

    numbers.take("test:a", highest_used=meanwhile)

    assert got == [first + 1]


def test_the_next_block_is_taken_while_some_are_left(django_capture_on_commit_callbacks):
    @ledger.recorded
    def take():
        return numbers.take_within("low:2026", highest_used=lambda: 0, block=4)

    given = []
    for _ in range(7):
        with django_capture_on_commit_callbacks(execute=True):
            with CaptureQueriesContext(connection) as asked:
                given.append(take())
            counted = [q for q in asked.captured_queries if "ledger_counter" in q["sql"]]
            assert bool(counted) is (len(given) == 1)

    assert given == [1, 2, 3, 4, 5, 6, 7]
    assert Counter.objects.get(series="low:2026").value == 12


def test_a_small_difference_of_clocks_is_evened_out_and_a_large_one_refused():
    assert ledger.moment(AT - timedelta(seconds=5), last=AT) == AT
    with pytest.raises(Refusal) as refused:
        ledger.moment(AT - timedelta(minutes=5), last=AT)
    assert refused.value.code == "clock.set_back"
    assert refused.value.data["last"] == "2026-03-06 09:00:00"  # hall time


def seal_all() -> None:
    while sealing.seal():
        pass


def test_every_entry_gets_one_position_and_none_waits():
    note(*[f"s:{n}" for n in range(20)])

    seal_all()

    places = list(Position.objects.order_by("position").values_list("position", flat=True))
    assert places == list(range(1, len(places) + 1))
    assert len(places) == Entry.objects.count()
    assert not Pending.objects.exists()


def test_a_full_tile_and_a_proof_that_verifies():
    note(*[f"t:{n:04}" for n in range(300)])
    seal_all()
    head = sealing.sign_head(at=AT)
    assert head is not None
    assert Tile.objects.filter(level=0, number=0).exists()

    for place in (1, 2, 200, 256, 257, 300):
        entry = Position.objects.select_related("entry").get(position=place).entry
        proof = queries.inclusion_proof(entry)
        assert proof is not None
        leaf = merkle.leaf_hash(entry.text.encode())
        path = [bytes.fromhex(node) for node in proof["path"]]
        root = merkle.root_from_path(leaf, place - 1, proof["size"], path)
        assert (proof["position"], root.hex(), proof["root"]) == (place, head.root, head.root)
    assert sealing.sign_head(at=AT) is None


def test_an_export_of_what_was_recorded_is_whole():
    note("x:1", "x:1")
    seal_all()
    sealing.sign_head(at=AT)
    note("x:2")
    file = StringIO()

    counts = export.write(file, at=AT)

    summary = Summary()
    assert list(verify(file.getvalue().splitlines(), summary, signed_by=is_signed)) == []
    assert (summary.entries, summary.pending) == (counts["entries"], 1)
    assert summary.sealed == summary.entries


def test_an_export_puts_waiting_entries_in_the_order_of_their_chain():
    note("x:1")
    note("x:1")
    first, second = Pending.objects.filter(entry__subject="x:1").order_by("entry__version")
    # Written by two machines whose clocks differ.
    Pending.objects.filter(pk=first.pk).update(written_at=AT + timedelta(seconds=2))
    Pending.objects.filter(pk=second.pk).update(written_at=AT)
    file = StringIO()

    export.write(file, at=AT)

    assert list(verify(file.getvalue().splitlines(), Summary(), signed_by=is_signed)) == []


def test_two_clocks_do_not_turn_a_chain_round_when_it_is_sealed():
    note("x:1")
    note("x:1")
    first, second = Pending.objects.filter(entry__subject="x:1").order_by("entry__version")
    Pending.objects.filter(pk=first.pk).update(written_at=AT + timedelta(seconds=2))
    Pending.objects.filter(pk=second.pk).update(written_at=AT)

    seal_all()

    placed = Position.objects.filter(entry__subject="x:1").order_by("position")
    assert list(placed.values_list("entry__version", flat=True)) == [1, 2]


@pytest.fixture
def heard(monkeypatch):
    """Subscribe a listener that fails when told to, and one that never does."""
    told: dict[str, list[str]] = {"good": [], "bad": []}
    failing = {"now": False}

    def good(entry, at):
        told["good"].append(entry.subject)

    def bad(entry, at):
        if failing["now"]:
            raise RuntimeError("the outside is down")
        told["bad"].append(entry.subject)

    kinds = frozenset({"test.noted"})
    listeners = {"good": (good, kinds), "bad": (bad, kinds)}
    monkeypatch.setattr(feeds, "_listeners", lambda: listeners)
    return told, failing


def test_a_listener_that_fails_waits_and_holds_up_nobody_else(heard, caplog):
    told, failing = heard
    failing["now"] = True
    note("f:1")
    seal_all()

    feeds.announce(at=AT)
    feeds.announce(at=AT)  # too early to try again
    assert told == {"good": ["f:1"], "bad": []}
    assert Feed.objects.get(name="bad").failed_count == 1

    failing["now"] = False
    feeds.announce(at=AT + timedelta(minutes=1))
    feeds.announce(at=AT + timedelta(minutes=2))
    assert told == {"good": ["f:1"], "bad": ["f:1"]}


def test_a_listener_killed_after_its_change_hears_again_and_nothing_is_done_twice(monkeypatch):
    def listener(entry, at):
        Head.objects.create(subject=f"done:{entry.subject}")
        if at == AT:
            raise RuntimeError("killed here")

    monkeypatch.setattr(
        feeds, "_listeners", lambda: {"once": (listener, frozenset({"test.noted"}))}
    )
    note("f:1", "f:2")
    seal_all()

    for minutes in (0, 1, 2):
        feeds.announce(at=AT + timedelta(minutes=minutes))

    assert Head.objects.filter(subject__startswith="done:").count() == 2


def test_of_many_told_together_only_the_one_that_fails_waits(monkeypatch):
    @ledger.recorded
    def listener(entry, at):
        if entry.subject == "f:3":
            raise RuntimeError("not this one")
        ledger.record(Noted(subject=f"done:{entry.subject}"), by="tester", at=at)

    monkeypatch.setattr(
        feeds, "_listeners", lambda: {"some": (listener, frozenset({"test.noted"}))}
    )
    note("f:1", "f:2", "f:3", "f:4")
    seal_all()

    told = feeds.announce(at=AT)

    done = Head.objects.filter(subject__startswith="done:").order_by("subject")
    assert told == 2
    assert [head.subject for head in done] == ["done:f:1", "done:f:2"]


def test_a_listener_behind_another_worker_is_told_nothing_twice(heard):
    told, _ = heard
    note("f:1", "f:2")
    seal_all()
    feeds.announce(at=AT)
    feed = Feed.objects.get(name="good")

    entry = Entry.objects.select_related("place").get(subject="f:1")
    done = feeds._tell(feed.pk, lambda entry, at: told["good"].append("twice"), [entry], AT)

    assert not done
    assert told["good"] == ["f:1", "f:2"]


def test_a_lease_is_held_by_one_and_taken_over_when_it_runs_out():
    assert leases.hold("w", holder="a", at=AT)
    assert not leases.hold("w", holder="b", at=AT + timedelta(seconds=10))
    assert leases.hold("w", holder="a", at=AT + timedelta(seconds=20))
    assert leases.hold("w", holder="b", at=AT + timedelta(seconds=60))
    leases.release("w", holder="b", at=AT + timedelta(seconds=61))
    assert leases.hold("w", holder="a", at=AT + timedelta(seconds=62))


# --- The clock of a demo --------------------------------------------------------------------------


def test_the_clock_of_a_demo_may_run_faster_and_nowhere_else():
    row = Installation.objects.get()
    row.is_demo, row.clock_offset_seconds = True, 3600
    row.clock_rate, row.clock_from = 60, AT

    assert installation.offset_at(row, AT) == timedelta(hours=1)
    assert installation.offset_at(row, AT + timedelta(seconds=10)) == timedelta(seconds=3600 + 590)
    with refused("clock.not_a_demo"):
        installation.set_clock(timedelta(0), rate=60)
    with refused("clock.bad_rate"):
        installation.set_clock(timedelta(0), rate=601)
