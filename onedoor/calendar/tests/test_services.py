"""Loading and importing: nothing half, nothing twice, nothing forgotten."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from onedoor.calendar import queries, services
from onedoor.calendar.models import Day, Notice, NoticeDay, Revision
from onedoor.calendar.rules.working_days import FIRST_DAY
from onedoor.calendar.services import Outcome
from onedoor.calendar.tests.given import (
    NEW_YEAR,
    PAPER,
    SHARED,
    every_day,
    layout,
    nothing_loaded,
    written,
)
from onedoor.kernel.errors import NotValid, TooLarge
from onedoor.ledger.models import Entry

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 5, 2, 0, tzinfo=UTC)
BY = "person:test"
CORRECTED = [*NEW_YEAR[:1], ("元旦", "2027-01-05", True)]


def imported(*paths: Path) -> Outcome:
    return services.import_calendar(paths, by=BY, at=AT)


def counts() -> list[int]:
    return [model.objects.count() for model in (Revision, Notice, NoticeDay, Day, Entry)]


def assert_rows_match_the_calendar() -> None:
    calendar = queries.in_force()
    rows = list(Day.objects.order_by("date"))
    assert [row.date for row in rows] == every_day(FIRST_DAY, calendar.last_day)
    for row in rows:
        special = calendar.special(row.date)
        assert (row.is_working, row.is_confirmed, row.ordinal, row.name) == (
            calendar.is_working_day(row.date),
            calendar.is_confirmed(row.date),
            calendar.ordinal(row.date),
            special.name if special else "",
        )


# --- The national pack --------------------------------------------------------------------------


def test_the_pack_is_loaded_once():
    nothing_loaded()
    first = services.load_national(at=AT)
    assert first.created == tuple(range(2019, 2027))
    assert first.first_changed == FIRST_DAY
    before = counts()
    again = services.load_national(at=AT)
    assert (again.created, again.changed, again.first_changed) == ((), (), None)
    assert counts() == before
    assert queries.version() == 1
    assert_rows_match_the_calendar()


def test_before_anything_is_loaded_the_pack_answers():
    nothing_loaded()
    assert queries.version() == 0
    assert queries.working_days() is queries.national()


def test_the_rows_say_the_same_as_the_pack():
    nothing_loaded()
    services.load_national(at=AT)
    rows, pack = queries.in_force(), queries.national()
    assert rows.known_years == pack.known_years
    for day in every_day(date(2018, 1, 1), date(2029, 12, 31)):
        assert rows.special(day) == pack.special(day)


def test_every_special_day_points_at_the_notice_that_sets_it():
    extended = Day.objects.get(date=date(2020, 2, 1))
    assert extended.notice is not None
    assert extended.notice.number == "国办发明电〔2020〕1号"
    assert Day.objects.get(date=date(2026, 3, 4)).notice is None


# --- A new year ---------------------------------------------------------------------------------


def test_a_new_year_becomes_known(tmp_path: Path):
    assert not queries.working_days().is_confirmed(date(2027, 1, 4))
    number = queries.version()
    outcome = imported(written(tmp_path, layout()))
    assert outcome == Outcome(1, created=(2027,), first_changed=date(2027, 1, 1))
    calendar = queries.working_days()
    assert queries.version() == number + 1
    assert calendar.is_confirmed(date(2027, 1, 4))
    assert not calendar.is_working_day(date(2027, 1, 4))
    assert calendar.is_working_day(date(2027, 1, 9))
    assert_rows_match_the_calendar()


def test_the_import_is_recorded_with_who_and_what(tmp_path: Path):
    imported(written(tmp_path, layout()))
    entry = Entry.objects.get(subject="calendar:2027")
    assert entry.kind == "calendar.changed"
    for fact in (BY, PAPER, "2027-01-01"):
        assert fact in entry.text


def test_the_same_file_again_changes_nothing(tmp_path: Path):
    path = written(tmp_path, layout())
    imported(path)
    before = counts()
    assert imported(path) == Outcome(1, unchanged=(2027,))
    assert counts() == before


def test_the_same_days_in_another_order_change_nothing(tmp_path: Path):
    imported(written(tmp_path, layout()))
    again = imported(written(tmp_path, layout(days=reversed(NEW_YEAR)), "again.json"))
    assert again.unchanged == (2027,)


def test_a_year_that_is_not_out_stays_provisional(tmp_path: Path):
    before = counts()
    outcome = imported(written(tmp_path, layout(papers=[], days=[])))
    assert outcome == Outcome(1, unknown=(2027,))
    assert counts() == before
    assert not queries.working_days().is_confirmed(date(2027, 1, 4))


def test_an_empty_year_does_not_take_a_known_one_away(tmp_path: Path):
    imported(written(tmp_path, layout()))
    imported(written(tmp_path, layout(papers=[], days=[]), "empty.json"))
    assert queries.working_days().is_confirmed(date(2027, 1, 4))


# --- A correction -------------------------------------------------------------------------------


def test_a_correction_is_a_new_version_and_the_earlier_stays(tmp_path: Path):
    imported(written(tmp_path, layout()))
    outcome = imported(written(tmp_path, layout(days=CORRECTED, papers=[PAPER, PAPER + "?2"])))
    assert outcome.changed == (2027,)
    assert outcome.first_changed == date(2027, 1, 4)
    versions = Notice.objects.filter(year=2027).values_list("version", flat=True)
    assert sorted(versions) == [1, 2, 2]
    calendar = queries.working_days()
    assert calendar.is_working_day(date(2027, 1, 4))
    assert not calendar.is_working_day(date(2027, 1, 5))
    assert_rows_match_the_calendar()


def test_a_correction_of_the_pack_is_not_undone_by_the_pack(tmp_path: Path):
    corrected = layout(year=2026, days=[("元旦", "2026-01-01", True)])
    assert imported(written(tmp_path, corrected, "2026.json")).changed == (2026,)
    services.load_national(at=AT)
    assert queries.working_days().is_working_day(date(2026, 2, 16))


def test_a_first_import_keeps_what_the_pack_answered(tmp_path: Path):
    nothing_loaded()
    outcome = imported(written(tmp_path, layout()))
    assert outcome.created == (2027,)
    assert queries.in_force().known_years == tuple(range(2019, 2028))
    assert_rows_match_the_calendar()


def test_a_paper_that_is_known_keeps_its_number(tmp_path: Path):
    known = next(n for n in queries.national_notices() if n.year == 2026)
    days = [(d.name, str(d.date), d.kind == "off") for d in known.days[:-1]]
    table = layout(year=2026, days=days, papers=[known.papers[0].url])
    imported(written(tmp_path, table, "2026.json"))
    latest = Notice.objects.filter(year=2026).order_by("-version").first()
    assert latest is not None
    assert latest.number == known.papers[0].number


# --- The place's own days -----------------------------------------------------------------------


def test_local_days_stand_over_the_nation_and_survive_its_next_notice(tmp_path: Path):
    imported(written(tmp_path, layout()))
    own = layout(days=[("地方节日", "2027-11-02", True)], papers=["https://www.example.cn/own.htm"])
    services.import_local_calendar([written(tmp_path, own, "own.json")], by=BY, at=AT)
    imported(written(tmp_path, layout(days=CORRECTED)))
    calendar = queries.working_days()
    assert not calendar.is_working_day(date(2027, 11, 2))
    assert not calendar.is_working_day(date(2027, 1, 5))
    assert_rows_match_the_calendar()


# --- All or nothing -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (json.dumps(layout(), ensure_ascii=False).encode("gbk"), "calendar.not_utf8"),
        (json.dumps(layout()).encode()[:150], "calendar.not_json"),
        (json.dumps(layout(days=[*NEW_YEAR, NEW_YEAR[0]])).encode(), "calendar.day_twice"),
        (json.dumps(layout(days=[("元旦", "2027-02-30", True)])).encode(), "calendar.date"),
        (b"", "calendar.not_json"),
    ],
    ids=["gbk", "half", "a day twice", "no such date", "empty"],
)
def test_a_bad_file_keeps_the_good_ones_out(tmp_path: Path, data: bytes, code: str):
    written(tmp_path, layout(year=2028, days=[("元旦", "2028-01-03", True)]), "2028.json")
    (tmp_path / "2029.json").write_bytes(data)
    before = counts()
    with pytest.raises(NotValid) as refused:
        imported(tmp_path)
    assert refused.value.code == code
    assert "2029.json" in str(refused.value)
    assert counts() == before
    assert not queries.working_days().is_confirmed(date(2028, 1, 3))


def test_a_year_in_two_files_is_refused(tmp_path: Path):
    written(tmp_path, layout(), "a.json")
    written(tmp_path, layout(), "b.json")
    with pytest.raises(NotValid, match=r"a\.json和b\.json") as refused:
        imported(tmp_path)
    assert refused.value.code == "calendar.year_twice"


def test_what_is_not_there_is_refused(tmp_path: Path):
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(NotValid) as refused:
            imported(path)
        assert refused.value.code == "calendar.no_file"


def test_a_file_that_is_far_too_large_is_refused(tmp_path: Path):
    (tmp_path / "2027.json").write_bytes(b" " * (services.MOST_BYTES + 1))
    with pytest.raises(TooLarge) as refused:
        imported(tmp_path)
    assert refused.value.code == "calendar.too_large"


def test_the_folder_others_publish_changes_no_day():
    if not SHARED.is_dir():
        pytest.skip("no folder of calendars beside the checkout to import")
    nothing_loaded()
    services.load_national(at=AT)
    outcome = imported(SHARED)
    assert outcome.unknown == (2027,)
    assert outcome.first_changed is None
