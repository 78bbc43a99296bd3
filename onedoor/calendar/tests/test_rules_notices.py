"""What cannot be a year's notice is refused, with a sentence that names the place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onedoor.calendar import queries
from onedoor.calendar.rules.notices import from_layout
from onedoor.calendar.rules.working_days import Kind
from onedoor.calendar.tests.given import NEW_YEAR, PAPER, SHARED, layout
from onedoor.kernel.errors import NotValid


def encoded(table: object) -> bytes:
    return json.dumps(table, ensure_ascii=False).encode()


def refusal_of(data: bytes) -> NotValid:
    with pytest.raises(NotValid) as refused:
        from_layout(data, source="2027.json")
    assert str(refused.value).startswith("2027.json：")
    return refused.value


def test_a_year_is_read_with_its_papers():
    notice = from_layout(encoded(layout()), source="2027.json")
    assert (notice.year, notice.is_known, notice.is_local) == (2027, True, False)
    assert [paper.url for paper in notice.papers] == [PAPER]
    assert [(str(day.date), day.kind, day.name) for day in notice.days] == [
        ("2027-01-01", Kind.OFF, "元旦"),
        ("2027-01-04", Kind.OFF, "元旦"),
        ("2027-01-09", Kind.WORK, "元旦"),
    ]


def test_order_unknown_keys_and_a_byte_order_mark_do_not_matter():
    table = layout(days=reversed(NEW_YEAR)) | {"$schema": "x", "note": None}
    assert from_layout(b"\xef\xbb\xbf" + encoded(table), source="x") == from_layout(
        encoded(layout()), source="x"
    )


def test_a_year_without_papers_is_not_out_yet():
    notice = from_layout(encoded(layout(days=[], papers=[])), source="2028.json")
    assert not notice.is_known


def test_days_of_the_december_before_belong_to_the_year():
    notice = from_layout(encoded(layout(days=[("元旦", "2026-12-31", True)])), source="x")
    assert str(notice.days[0].date) == "2026-12-31"


def test_a_file_in_gbk_is_named_as_such():
    refusal = refusal_of(json.dumps(layout(), ensure_ascii=False).encode("gbk"))
    assert refusal.code == "calendar.not_utf8"
    assert "GBK" in str(refusal)


def test_half_a_file_is_refused_at_any_length():
    whole = json.dumps(layout(), ensure_ascii=True).encode()
    for length in range(len(whole)):
        assert refusal_of(whole[:length]).code == "calendar.not_json"


@pytest.mark.parametrize(
    "day",
    [
        "2027-02-29",
        "2027-13-01",
        "2027-01-32",
        "2027-1-1",
        "20270101",
        "2027-W01-1",
        "01/01/2027",
        "",
        "明天",
        20270101,
        None,
        ["2027-01-01"],
    ],
)
def test_an_impossible_date_is_refused(day: Any):
    refusal = refusal_of(encoded(layout(days=[("元旦", day, True)])))
    assert refusal.code == "calendar.date"


def test_a_sentence_can_be_shown_whatever_stood_in_the_file():
    refusal = refusal_of(encoded_loosely(layout(days=[("元旦", "\x1b[2J\ud800", True)])))
    assert str(refusal).isprintable()


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (layout(days=[*NEW_YEAR, NEW_YEAR[0]]), "calendar.day_twice"),
        (layout(days=[*NEW_YEAR, ("元旦", "2027-01-01", False)]), "calendar.day_twice"),
        (layout(days=[("元旦", "2026-11-30", True)]), "calendar.other_year"),
        (layout(days=[("元旦", "2028-02-01", True)]), "calendar.other_year"),
        (layout(year=1999), "calendar.year"),
        (layout(year=2200), "calendar.year"),
        (layout() | {"year": "2027"}, "calendar.year"),
        (layout() | {"year": True}, "calendar.year"),
        (layout() | {"year": 2027.0}, "calendar.year"),
        ({"papers": [], "days": []}, "calendar.year"),
        (layout() | {"papers": PAPER}, "calendar.layout"),
        (layout() | {"papers": [1]}, "calendar.layout"),
        (layout(papers=[PAPER + "\0"]), "calendar.layout"),
        (layout(papers=[PAPER + "\ud800"]), "calendar.layout"),
        (layout(papers=[PAPER + "x" * 500]), "calendar.layout"),
        (layout() | {"days": {}}, "calendar.layout"),
        (layout() | {"days": ["2027-01-01"]}, "calendar.layout"),
        (
            layout() | {"days": [{"date": "2027-01-01", "isOffDay": 1, "name": "x"}]},
            "calendar.layout",
        ),
        (layout() | {"days": [{"date": "2027-01-01", "isOffDay": True}]}, "calendar.layout"),
        (layout(days=[("", "2027-01-01", True)]), "calendar.layout"),
        (layout(days=[("节" * 33, "2027-01-01", True)]), "calendar.layout"),
        (layout(days=[("元\n旦", "2027-01-01", True)]), "calendar.layout"),
        (layout(papers=[]), "calendar.no_paper"),
        (layout(papers=[" "]), "calendar.no_paper"),
        (layout(days=[]), "calendar.no_days"),
        ([layout()], "calendar.layout"),
        ("2027", "calendar.layout"),
        (None, "calendar.layout"),
    ],
)
def test_what_is_no_calendar_is_refused(table: object, code: str):
    assert refusal_of(encoded_loosely(table)).code == code


@pytest.mark.parametrize(
    "data",
    [
        b'{"year": 2027, "year": 2026, "papers": [], "days": []}',
        b'{"year": ' + b"9" * 5000 + b', "papers": [], "days": []}',
        b"[" * 100_000,
    ],
    ids=["a key twice", "an endless number", "endless brackets"],
)
def test_tricks_are_refused(data: bytes):
    assert refusal_of(data).code in ("calendar.layout", "calendar.not_json")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["name", "date", "isOffDay", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.fixed_dictionaries({"year": st.just(2027) | JSON, "papers": JSON, "days": JSON}))
def test_any_json_is_read_or_refused(table: object):
    read_or_refused(encoded_loosely(table))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes):
    read_or_refused(data)


def encoded_loosely(table: object) -> bytes:
    return json.dumps(table).encode()


def read_or_refused(data: bytes) -> None:
    try:
        from_layout(data, source="2027.json")
    except NotValid as refusal:
        assert "%(" not in str(refusal)  # noqa: PT017  # either answer is right


# --- The pack -----------------------------------------------------------------------------------


def test_every_year_of_the_pack_names_its_paper():
    for notice in queries.national_notices():
        assert notice.is_known
        for paper in notice.papers:
            assert paper.number.startswith("国办发明电〔")
            assert paper.url.startswith(("http://www.gov.cn/", "https://www.gov.cn/"))
            assert paper.issued_on is not None
            assert paper.issued_on.year in (notice.year - 1, notice.year)


@pytest.mark.parametrize("year", range(2019, 2028))
def test_the_pack_says_what_others_publish(year: int):
    path = SHARED / f"{year}.json"
    if not path.exists():
        pytest.skip(f"no {path.name} beside the checkout to compare with")
    theirs = from_layout(path.read_bytes(), source=path.name)
    ours = {notice.year: notice for notice in queries.national_notices()}.get(year)
    if ours is None:
        assert not theirs.is_known
        return
    assert [(d.date, d.kind) for d in ours.days] == [(d.date, d.kind) for d in theirs.days]
