"""A report comes in whole, gives its own text back, and says what it lacks."""

from __future__ import annotations

import json

import pytest

from onedoor.kernel.errors import NotAllowed, NotFound, NotValid
from onedoor.ledger import queries as ledger
from onedoor.rectification.models import Finding
from onedoor.rectification.rules.lifecycle import State
from onedoor.rectification.rules.words import GapKind, Outcome
from onedoor.reports import queries
from onedoor.reports import services as reports
from onedoor.reports.models import Report
from onedoor.reports.rules import rendering
from onedoor.reports.rules.words import TaskState
from onedoor.reports.tests import given

pytestmark = pytest.mark.django_db

needs_published = pytest.mark.skipif(
    not given.PUBLISHED.exists(), reason="The published report lies beside the checkout only."
)


@needs_published
def test_the_published_report_comes_back_byte_for_byte():
    kept = reports.import_report(given.PUBLISHED.read_bytes(), by=given.LEAD, at=given.AT)

    assert queries.text_of(kept.report) == given.PUBLISHED_TEXT.read_bytes()
    assert not kept.report.remarks.filter(code="TEXT_DIFFERS_FROM_SOURCE").exists()


@needs_published
def test_the_published_report_needs_no_layout_of_its_own():
    content = json.loads(given.PUBLISHED.read_text(encoding="utf-8"))
    del content["render"], content["disclosure"]["render"]

    assert rendering.text(content).encode() == given.PUBLISHED_TEXT.read_bytes()


@needs_published
def test_the_published_report_opens_four_findings_with_their_claims_and_gaps():
    kept = reports.import_report(given.PUBLISHED.read_bytes(), by=given.LEAD, at=given.AT)
    found = list(queries.findings_of(kept.report))

    assert [f.claim for f in found] == [
        Outcome.RECTIFIED,
        Outcome.NONE,
        Outcome.IN_PROGRESS,
        Outcome.IN_PROGRESS,
    ]
    assert {f.standing for f in found} == {State.DRAFT}
    assert {f.result for f in found} == {Outcome.NONE}, "a claim is no verdict"
    for finding in found:
        flagged = {gap.what for gap in finding.gaps.all()}
        assert {GapKind.MISSING_RESPONSIBLE, GapKind.MISSING_DEADLINE} <= flagged
        assert finding.unit is None
        assert finding.due_on is None
    assert {t.standing for t in kept.report.tasks.all()} == {TaskState.TO_BREAK_DOWN}
    assert kept.report.remarks.filter(code="INDEX_NUMBER_CHECK").exists()


def test_a_report_of_another_place_gives_the_usual_text():
    lines = queries.text_of(given.kept()).decode().split("\n")

    assert lines[:5] == [
        "虚县人民政府关于2023年度审计查出问题整改情况的报告",
        "一、总体推进情况",
        "虚县对审计查出的问题逐项整改。",
        "二、具体问题整改情况及结果",
        "(一)样例问题1。有3家单位没有按时办。",
    ]
    assert lines[5] == "整改情况:一是补办手续。二是收回资金2.5万元。该项问题已整改到位。"
    assert lines[-2:] == ["三、下一步整改措施和计划", "(一)加强监管。每季度检查一次。"]


def test_a_layout_of_its_own_is_followed():
    layout = [
        {"style": "h1", "text": "壹 问题"},
        {"style": "p", "from": ["/issues/0/title", "/issues/0/response/measures/*/text"]},
        {"style": "p", "from": ["/issues/9/title"]},
    ]
    report = given.kept(given.invented(given.issue(1), render={"body": layout}))

    assert (
        queries.text_of(report).decode() == "壹 问题\n样例问题1一是补办手续。二是收回资金2.5万元。"
    )
    assert report.remarks.get(code="POINTER_LEADS_NOWHERE").text == "/issues/9/title"


@pytest.mark.parametrize("missing", ["document", "next_steps", "organisations"])
def test_a_missing_section_is_left_out(missing):
    content = given.invented()
    del content[missing]

    report = given.kept(content)

    assert queries.findings_of(report).count() == 6
    assert "None" not in queries.text_of(report).decode()


def test_sections_are_numbered_as_they_stand():
    content = given.invented(document={"title": "虚县报告"})

    text = queries.text_of(given.kept(content)).decode()

    assert "一、具体问题整改情况及结果" in text
    assert "二、下一步整改措施和计划" in text
    assert "总体推进情况" not in text


def test_the_same_report_again_changes_nothing():
    first = given.kept()
    entries = ledger.history(first.subject)

    again = reports.import_report(given.as_bytes(given.invented()), by=given.LEAD, at=given.AT)

    assert not again.is_new
    assert again.report == first
    assert Finding.objects.count() == 6
    assert ledger.history(first.subject) == entries


def test_a_corrected_report_follows_the_first_and_overwrites_no_finding():
    first = given.kept(given.invented(given.issue(1)))
    second = given.kept(given.invented(given.issue(1, title="改过的标题"), given.issue(2)))

    assert second.supersedes == first
    assert Finding.objects.get(code="XC-01").title == "样例问题1"
    assert queries.findings_of(second).count() == 2
    assert queries.report_with("latest") == second


def test_a_word_nobody_knows_is_kept_and_flagged_and_no_outcome_is_guessed():
    report = given.kept(given.invented(given.issue(1, status={"claimed": "动真碰硬"})))
    finding = queries.findings_of(report).get()

    assert (finding.claim, finding.claim_label) == (Outcome.NONE, "动真碰硬")
    assert finding.gaps.get(kind=GapKind.UNKNOWN_LABEL.value).text == "动真碰硬"


def test_two_findings_with_one_code_stay_two():
    report = given.kept(given.invented(given.issue(1), given.issue(1)))

    assert queries.findings_of(report).count() == 2


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff\xfe", "report.not_json"),
        (b"[]", "report.not_object"),
        (b"{}", "report.schema"),
        (given.as_bytes({"schema": "onedoor.rectification-report/1"}), "report.empty"),
        (given.as_bytes(given.invented(issues={})), "report.shape"),
        (given.as_bytes(given.invented(issues=["甲"])), "report.shape"),
        (
            given.as_bytes(given.invented(given.issue(1, response={"measures": [1]}))),
            "report.shape",
        ),
        (given.as_bytes(given.invented(next_steps=[{"text": "a\x00b"}])), "report.characters"),
        (b'{"a":' * 200_000, "report.not_json"),
        (b" " * (10 * 1024 * 1024 + 1), "report.too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_report_is_refused_whole(data, code):
    with pytest.raises(NotValid) as refused:
        reports.import_report(data, by=given.LEAD, at=given.AT)

    assert refused.value.code == code
    assert not Report.objects.exists()


def test_only_those_who_keep_reports_bring_one_in():
    with pytest.raises(NotAllowed):
        given.kept(by=given.STRANGER)

    assert not Finding.objects.exists()


def test_there_is_no_latest_report_before_the_first():
    with pytest.raises(NotFound):
        queries.report_with("latest")
