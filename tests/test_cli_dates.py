"""``onedoor due`` and ``onedoor import calendar``, as an operator calls them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from onedoor.calendar import queries
from onedoor.cli import main

SPRING = """\
2021-02-18
2021-02-05 星期五 — 起始日，不计
2021-02-06 星期六 — 周末，不计
2021-02-07 星期日 第1天 调休上班，计入（春节）
2021-02-08 星期一 第2天 计入
2021-02-09 星期二 第3天 计入
2021-02-10 星期三 第4天 计入
2021-02-11 星期四 — 放假，不计（春节）
2021-02-12 星期五 — 放假，不计（春节）
2021-02-13 星期六 — 放假，不计（春节）
2021-02-14 星期日 — 放假，不计（春节）
2021-02-15 星期一 — 放假，不计（春节）
2021-02-16 星期二 — 放假，不计（春节）
2021-02-17 星期三 — 放假，不计（春节）
2021-02-18 星期四 第5天 计入
"""


def due(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert main(["due", *arguments]) == 0
    return capsys.readouterr().out.splitlines()


@pytest.mark.django_db
def test_a_last_day_is_printed_with_how_it_was_counted(capsys: pytest.CaptureFixture[str]):
    assert due(capsys, "--from", "2021-02-05", "--days", "5") == SPRING.splitlines()


@pytest.mark.django_db
def test_a_year_without_a_notice_is_said_to_be_provisional(capsys: pytest.CaptureFixture[str]):
    lines = due(capsys, "--from", "2026-12-30", "--days", "3")
    assert lines[0] == "2027-01-05（暂定）"
    assert "2027年" in lines[1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "first"),
    [
        ("--days 5 --suspend 2021-02-08..2021-02-09", "2021-02-19"),
        (
            "--days 5 --suspend 2021-02-08..2021-02-09 --suspend 2021-02-08..2021-02-10",
            "2021-02-20",
        ),
        ("--days 1 --suspend 2021-02-08..", "2021-02-07"),
        ("--days 5 --suspend 2021-02-08..", "暂停计时：还没有恢复，算不出截止日期"),
        ("--days 5 --unit ND", "2021-02-10"),
        ("--days 6 --unit ND", "2021-02-18"),
        ("--days 9 --unit H", "2021-02-07 10:00"),
        ("--days 1 --unit M", "2021-03-05"),
        ("--days 1 --unit Y", "2022-02-07"),
        ("--days 0", "2021-02-05"),
    ],
)
def test_units_and_pauses(capsys: pytest.CaptureFixture[str], arguments: str, first: str):
    assert due(capsys, "--from", "2021-02-05", *arguments.split())[0] == first


@pytest.mark.django_db
@pytest.mark.parametrize(
    "arguments",
    ["--days -1", "--days 99999999999", "--days 5 --suspend 2021-02-09..2021-02-08"],
)
def test_what_cannot_be_counted_is_refused(capsys: pytest.CaptureFixture[str], arguments: str):
    assert main(["due", "--from", "2021-02-05", *arguments.split()]) == 1
    assert "。" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        "--from 2021-02-30 --days 5",
        "--from 2021-W05-5 --days 5",
        "--from 2021-02-05 --days x",
        "--from 2021-02-05 --days 5 --unit D",
        "--from 2021-02-05 --days 5 --suspend 2021-02-05",
        "--days 5",
    ],
)
def test_wrong_usage_is_told_apart(arguments: str):
    with pytest.raises(SystemExit) as left:
        main(["due", *arguments.split()])
    assert left.value.code == 2


@pytest.mark.parametrize("content", [None, b"", b"no database" * 100])
def test_no_database_is_needed(tmp_path: Path, content: bytes | None):
    database = tmp_path / "office.sqlite3"
    if content is not None:
        database.write_bytes(content)
    environment = os.environ | {"DEBUG": "1", "ONEDOOR_DATA": str(tmp_path)}
    environment |= {"DATABASE_URL": f"sqlite:///{database}"}
    done = subprocess.run(
        [sys.executable, "-m", "onedoor", "due", "--from", "2021-02-05", "--days", "5"],
        env=environment,
        cwd=Path(__file__).resolve().parents[1],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stdout) == (0, SPRING), done.stderr
    assert database.exists() == (content is not None)


@pytest.mark.django_db
def test_a_year_is_imported_and_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "2027.json"
    days = [{"name": "元旦", "date": "2027-01-01", "isOffDay": True}]
    table = {"year": 2027, "papers": ["https://www.example.cn/2027.htm"], "days": days}
    path.write_text(json.dumps(table))
    assert main(["import", "calendar", str(path)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "新增 1 年：2027",
        "2027-01-01起有工作日变动，在办件的时限会重新计算。",
        "read=1 created=1 changed=0 unchanged=0 unknown=0",
    ]
    assert main(["import", "calendar", str(tmp_path)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "没有变化 1 年：2027",
        "工作日没有变动。",
        "read=1 created=0 changed=0 unchanged=1 unknown=0",
    ]
    assert queries.working_days().is_confirmed(date(2027, 1, 4))


@pytest.mark.django_db
def test_the_place_itself_may_arrange_days(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "own.json"
    days = [{"name": "地方节日", "date": "2026-11-03", "isOffDay": True}]
    table = {"year": 2026, "papers": ["https://www.example.cn/own.htm"], "days": days}
    path.write_text(json.dumps(table))

    assert main(["import", "calendar", "--local", str(path)]) == 0

    assert capsys.readouterr().out.splitlines() == [
        "新增 1 年：2026",
        "2026-11-03起有工作日变动，在办件的时限会重新计算。",
        "read=1 created=1 changed=0 unchanged=0 unknown=0",
    ]
    calendar = queries.working_days()
    assert not calendar.is_working_day(date(2026, 11, 3))
    assert not calendar.is_working_day(date(2026, 10, 1)), "the nation's days stay"


@pytest.mark.django_db
@pytest.mark.parametrize("by", ["nobody-of-this-name", "clerk"])
def test_only_an_administrator_imports_a_calendar(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], by: str
):
    assert main(["import", "calendar", str(tmp_path), "--by", by]) == 1
    assert "accounts.no_such_person" in (error := capsys.readouterr().err) or (
        "calendar.not_allowed" in error
    )


@pytest.mark.django_db
def test_a_bad_file_is_refused_with_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "2027.json").write_bytes("工作日".encode("gbk"))
    assert main(["import", "calendar", str(tmp_path)]) == 1
    assert "2027.json" in capsys.readouterr().err
