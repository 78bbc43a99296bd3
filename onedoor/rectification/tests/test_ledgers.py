"""The workbook read back: every ledger with its columns, and what the rows say."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from onedoor.accounts.rules import Role
from onedoor.kernel import clock
from onedoor.papers.rules.official import Table, Text
from onedoor.rectification import ledgers, notices, summary
from onedoor.rectification import services as rectification
from onedoor.rectification.ledgers import books, lists, reading
from onedoor.rectification.models import Finding, Recommendation
from onedoor.rectification.queries import advice
from onedoor.rectification.queries import lists as query
from onedoor.rectification.rules.words import EvidenceKind, MoneyKind, Outcome, RectificationClass
from onedoor.rectification.tests import given
from onedoor.rectification.tests.test_advice import adopt, advised
from onedoor.rectification.tests.test_views import signed_in

pytestmark = pytest.mark.django_db
TODAY = clock.day_of(given.AT)
HALF = timedelta(minutes=30)


def book(at=given.AT, by=given.LEAD) -> dict[str, list[dict[str, Any]]]:
    """Return every sheet as its lines by column."""
    found = Finding.objects.select_related("project", "unit").order_by("number")
    advised = Recommendation.objects.select_related("project", "unit")
    made = ledgers.workbook(found, advised, actor=by, at=at)
    sheets: dict[str, Any] = {}
    for sheet in load_workbook(BytesIO(made)):
        heads, *lines = sheet.iter_rows(values_only=True)
        sheets[sheet.title] = [dict(zip(heads, line, strict=True)) for line in lines]
    return sheets


def test_every_ledger_of_the_county_is_a_sheet_with_its_columns():
    found = Finding.objects.none()
    none = Recommendation.objects.none()
    made = ledgers.workbook(found, none, actor=given.LEAD, at=given.AT)
    heads = {
        sheet.title: [cell.value for cell in next(sheet.rows)]
        for sheet in load_workbook(BytesIO(made))
    }

    assert list(heads) == [
        "问题清单",
        "措施清单",
        "责任清单",
        "整改台账",
        "整改情况表",
        "推进表",
        "金额台账",
        "督办台账",
        "移送台账",
        "回头看台账",
        "延期台账",
        "上级事权台账",
        "对账销号单",
        "文书登记簿",
        "审计建议台账",
        "任务清单",
        "公告台账",
        "公开台账",
    ]
    assert heads["问题清单"][:6] == [
        "序号",
        "编号",
        "审计项目",
        "审计报告文号",
        "报告日期",
        "送达日",
    ]
    assert heads["问题清单"][-3:] == ["整改时限", "涉及年度", "是否屡审屡犯"]
    assert heads["措施清单"] == list(lists.MEASURES)
    assert heads["责任清单"][1:4] == ["责任单位", "配合单位", "责任领导"]
    assert heads["移送台账"] == list(books.TRANSFERRED)
    assert {"建章立制", "问责人数", "未完成原因", "下一步", "预计完成"} <= set(heads["整改台账"])


def test_a_finding_stands_in_every_list_with_what_it_has():
    finding = given.issued("1", co_units=[given.unit("水务局")], leader="领导示例")
    finding = given.step(rectification.start, finding, given.officer())
    given.step(
        rectification.add_measure,
        finding,
        given.officer(),
        text="补公示",
        goal="10个窗口",
        milestones=((TODAY + timedelta(days=3), "半数"),),
    )
    given.step(
        rectification.add_amount, finding, given.AUDITOR, kind=MoneyKind.REMIT, due_fen=10_050
    )
    amount = finding.amounts.get()
    amount.finding = given.reload(finding)
    seen = amount.finding.version
    rectification.pay(
        amount, fen=50, on=TODAY, voucher="记-1", seen=seen, by=given.officer(), at=given.AT
    )
    row = advised()
    adopt(row)
    told = book()

    [problem] = [r for r in told["问题清单"] if r["编号"] == finding.number]
    assert (problem["金额（元）"], problem["送达日"].date()) == (100.5, TODAY)
    assert (problem["审计意见、建议"], problem["是否屡审屡犯"]) == (row.text, "否")
    [measure] = told["措施清单"]
    assert (measure["状态"], measure["目标"]) == ("未开始", "10个窗口")
    assert measure["阶段目标"] == f"{TODAY + timedelta(days=3)} 半数（未完成）"
    duty = next(r for r in told["责任清单"] if r["问题编号"] == finding.number)
    assert (duty["配合单位"], duty["责任领导"]) == ("水务局", "领导示例")
    whole = next(r for r in told["整改台账"] if r["编号"] == finding.number)
    assert (whole["已上缴（元）"], whole["未处理（元）"]) == (0.5, 100)
    assert whole["下一步"] == f"{TODAY + timedelta(days=3)} 半数"
    [money] = told["金额台账"]
    assert money["凭证"] == f"{TODAY} 记-1 0.50元"
    [said] = told["审计建议台账"]
    assert (said["采纳情况"], said["文号"]) == ("采纳", "虚市监〔2026〕3号")


def test_what_is_late_asked_sent_up_and_transferred_stands_in_its_book():
    finding = given.working("1", days=10)
    given.step(
        rectification.ask_extension,
        finding,
        given.head(),
        until=TODAY + timedelta(days=40),
        text="等批复",
    )
    given.step(
        rectification.send_up,
        finding,
        given.LEAD,
        addressee="虚州局",
        basis="条例",
        text="请开放接口",
    )
    for day in (3, 10, 70):
        rectification.climb(given.reload(finding), at=given.after(day))
    told = book(given.after(80))

    assert [(r["督办方式"], r["逾期天数"], r["签发人"]) for r in told["督办台账"]] == [
        ("提醒", 0, "系统"),
        ("督办", 0, "未签发"),
    ]
    [moved] = told["移送台账"]
    assert (moved["问题编号"], moved["签发人"]) == (finding.number, "未签发")
    [asked] = told["延期台账"]
    assert (asked["理由"], asked["批复"]) == ("等批复", "待批")
    [up] = told["上级事权台账"]
    assert (up["主送"], up["答复"]) == ("虚州局", "待复")
    [progress] = told["推进表"]
    assert (progress["逾期天数"], progress["主要原因"]) == (70, "等批复")


def test_what_came_of_urging_and_transfer_stands_in_their_books_with_who_was_held_to_account():
    finding = given.issued("1", days=3)
    for day in (3, 63):
        rectification.climb(given.reload(finding), at=given.after(day))
    for row in finding.supervisions.order_by("number"):
        for service, more in (
            (rectification.sign_supervision, {"addressee": "虚县纪委监委", "clue": "虚报"}),
            (rectification.conclude, {"text": "已处理", "persons": 1}),
        ):
            row.finding = given.reload(finding)
            seen = row.finding.version
            service(row, seen=seen, by=given.LEAD, at=given.after(64), **more)

    told = book(given.after(64))

    [urged], [moved] = told["督办台账"], told["移送台账"]
    assert (urged["督办方式"], urged["结果"]) == ("督办", "已处理")
    assert (moved["受移送机关"], moved["线索类型"]) == ("虚县纪委监委", "虚报")
    assert (moved["处理结果"], moved["处理人数"]) == ("已处理", 1)
    assert moved["反馈日"].date() == given.after(64).date()
    [whole] = told["整改台账"]
    assert whole["问责人数"] == 2


def test_of_what_is_closed_the_form_of_progress_tells_the_result_and_what_shows_it():
    finding = given.closed("1")
    told = book()

    [progress] = told["推进表"]
    assert (progress["整改结果"], progress["证明材料"]) == ("已整改", "补办的手续")
    assert (progress["整改情况"], progress["完成时限"]) == (None, None)
    [closed] = told["对账销号单"]
    assert (closed["问题编号"], closed["认定日"].date()) == (finding.number, TODAY)
    assert [r["结论"] for r in told["回头看台账"]] == ["未到期"] * 3


def test_the_workbook_takes_as_many_statements_for_many_as_for_one(django_assert_max_num_queries):
    for n in range(4):
        given.working(str(n))

    with django_assert_max_num_queries(24):
        assert len(book()["措施清单"]) == 4


def test_the_report_to_government_and_congress_tells_the_classes_apart():
    given.closed("1")
    late = given.working("2", days=5)
    Finding.objects.filter(pk=late.pk).update(rectification_class=RectificationClass.STAGED.value)
    given.step(rectification.add_amount, late, given.AUDITOR, kind=MoneyKind.REMIT, due_fen=500)
    found = Finding.objects.select_related("project", "unit").order_by("number")
    told = summary.document(found, advice.visible(given.LEAD), unit="虚县整改办", at=given.after(9))
    words = "".join(p.text for p in told.body if isinstance(p, Text))
    classes, units = (p for p in told.body if isinstance(p, Table))

    assert told.recipients == ("本级人民政府", "本级人民代表大会常务委员会")
    assert "共2个问题，已核验销号或不再适用1个，没有销号1个，其中逾期1个" in words
    assert [(r[0], r[5], r[6]) for r in classes.rows] == [
        ("立行立改", "100.0%", "0"),
        ("分阶段整改", "0.0%", "1"),
    ]
    assert units.rows == ((given.unit().name, "2", "1", "1", "0"),)
    assert "应处理5元，已处理0元" in words
    [rest] = told.attachments[0].body
    assert isinstance(rest, Table)
    assert rest.rows[0][0] == late.number


def test_the_workbook_and_the_papers_leave_for_staff_the_report_for_the_side_alone():
    given.working()
    auditor, officer = signed_in(Role.AUDITOR), signed_in(Role.OFFICER, "市监局")

    assert auditor.get(reverse("rectification:workbook")).content.startswith(b"PK")
    assert auditor.get(reverse("rectification:paper")).content.startswith(b"%PDF")
    for form, magic in (("pdf", b"%PDF"), ("docx", b"PK")):
        address = reverse("rectification:summary", args=[form])
        assert auditor.get(address).content.startswith(magic)
        assert officer.get(address).status_code == 403
    assert auditor.get("/oversight/summary.exe").status_code == 404


def test_a_regulation_that_was_approved_counts_as_one():
    finding = given.working()
    given.step(
        rectification.add_evidence,
        finding,
        given.officer(),
        given.upload("rule"),
        measure=finding.measures.get(),
        kind=EvidenceKind.REGULATION,
        title="公示办法",
    )
    given.judged(finding.evidence.get())
    given.step(rectification.submit, finding, given.head(), claimed=Outcome.RECTIFIED, text="好了")

    [row] = book()["整改台账"]
    assert (row["建章立制"], row["整改情况（自述）"]) == ("公示办法", "好了")


def test_officers_of_other_units_get_of_a_finding_only_what_everybody_reads():
    finding = given.issued(
        "1", co_units=[given.unit("水务局")], leader="领导示例", officer="经办示例"
    )
    given.step(rectification.start, finding, given.officer())
    Finding.objects.update(is_public=True, phone="13800000001")

    strangers = book(by=given.of(Role.OFFICER, "政务局"))

    assert all(not lines for name, lines in strangers.items() if name != "公开台账")
    [line] = strangers["公开台账"]
    assert line["编号"] == finding.number
    assert not {"领导示例", "经办示例", "13800000001"} & set(map(str, line.values()))
    for insider in (given.officer(), given.of(Role.OFFICER, "水务局"), given.SUPERVISOR):
        [line] = book(by=insider)["责任清单"]
        assert (line["责任领导"], line["联系电话"]) == ("领导示例", "13800000001")


def test_the_register_holds_every_letter_that_went_out_under_its_number():
    finding = given.closed("1")
    given.step(
        rectification.ask_extension,
        given.working("2"),
        given.head(),
        until=TODAY + timedelta(days=60),
        text="要等批复",
    )

    lines = book()["文书登记簿"]

    for each in Finding.objects.all():
        pages = [x.sent.number for x in notices.letters(each) if x.sent]
        own = [line["文号"] for line in lines if line["问题编号"] == each.number]
        assert own == pages
    last = next(line for line in lines if line["文书"] == "对账销号单")
    assert (last["问题编号"], last["成文日期"].date()) == (finding.number, TODAY)
    assert len(last["SHA-256"]) == len(last["SM3"]) == 64


def test_the_number_of_the_notice_stands_in_the_form_and_a_draft_in_the_register_has_none():
    finding = given.issued("1", days=3)
    for day in (3, 63):
        rectification.climb(given.reload(finding), at=given.after(day))
    told = book(given.after(63))

    [form] = told["整改情况表"]
    sent, *drafts = told["文书登记簿"]
    assert (form["整改通知书号"], form["问题编号"]) == (sent["文号"], finding.number)
    assert [(d["文号"], d["签发人"]) for d in drafts] == [(None, notices.DRAFT)] * 2
    [moved] = told["移送台账"]
    assert (moved["移送书号"], moved["督办号"]) == (None, drafts[1]["督办号"])


def test_ledgers_are_read_in_batches(monkeypatch):
    for n in range(5):
        given.issued(str(n))
    monkeypatch.setattr(reading, "BATCH", 2)
    rows = list(Finding.objects.order_by("number"))

    with CaptureQueriesContext(connection) as asked:
        wholes = reading.read(rows)

    assert [w.finding.number for w in wholes] == [row.number for row in rows]
    # No statement names more findings than a batch holds, whatever the database would take.
    assert all(str(query["sql"]).count('finding_id" IN') <= 1 for query in asked)
    assert len(asked) <= 3 * 12


def test_days_open_are_counted_by_the_legal_day():
    given.drafted()
    # 0:30 on 7 March in Shanghai is still 6 March in UTC.
    Finding.objects.update(opened_at=clock.at_local(TODAY + timedelta(days=1), 0) + HALF)

    ages = dict(query.ages(Finding.objects.all(), on=TODAY + timedelta(days=91)))

    assert ages == {"0–90": 1, "91–180": 0, "181–365": 0, ">365": 0}
