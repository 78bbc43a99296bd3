"""Reports laid out as other places do it: read the same way, and what does not add up is said."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from onedoor.kernel import clock
from onedoor.reports import queries
from onedoor.reports import services as reports
from onedoor.reports.rules.reading.marking import Part
from onedoor.reports.tests import elsewhere, given, samples
from onedoor.reports.tests.test_reading import claims, read, titles


def remarks(found: Any) -> list[str]:
    return [note["text"] for note in found.content["data_quality"]]


def test_a_page_copied_from_a_site_loses_its_navigation_and_page_numbers_only():
    found = read(elsewhere.PAGE.replace("\n", "\r\n").encode("gbk"))
    document = found.content["document"]

    assert document["title"] == "关于鹿鸣市2020年度本级预算执行审计查出问题整改情况的报告"
    assert document["speaker"] == "市审计局局长   样例"
    assert document["addressee"] == "主任、各位副主任、各位委员"
    assert [p.line for p in found.marks if p.part is Part.FURNITURE] == [1, 2, 4, 14]
    assert [i["category_l1"] for i in found.content["issues"]] == [
        "财政部门预算执行问题的整改情况",
        "财政部门预算执行问题的整改情况",
        "重点专项资金问题的整改情况",
    ]
    assert claims(found) == ["已整改", "正在整改", "已整改"]
    assert remarks(found) == [
        "总体情况写了 50 个问题，读到 3 个。",
        "原文的数对不上：写了查出 50 个，而 2＋1＝3。",
    ]


def test_who_leads_and_who_helps_is_kept_apart():
    found = read(elsewhere.ASIDES)
    told = [(i["responsible"]["lead_unit"], i["gaps"]) for i in found.content["issues"]]

    assert titles(found) == ["公共资源交易收费未公示", "老旧电梯维保台账不全", "窗口人员未轮训"]
    assert told == [
        ("交易中心", ["配合单位：财政局、市监局"]),
        ("市监局", ["还写了这些单位：住建局"]),
        ("政务局", []),
    ]
    assert claims(found) == ["已整改", "持续整改", "已整改"]


def test_several_fields_in_one_paragraph_are_parted_and_measures_are_no_findings():
    found = read(elsewhere.INLINE)
    first, second, third = found.content["issues"]

    assert first["responsible"]["lead_unit"] == "县机关事务中心"
    assert first["responsible"]["deadline"] == "2023年9月底前"
    assert second["amount_cny"] is None, "What was written off is not what was found."
    assert [m["label"] for m in third["response"]["measures"]] == ["①", "②"]
    assert third["response"]["result_text"].strip() == "该问题持续推进。"
    assert claims(found) == ["已整改", "正在整改", "持续整改"]
    assert found.content["document"]["attachments"] == ["附件：1.整改台账", "2.佐证材料目录"]
    assert found.content["unread"] == ["历史遗留项目资料缺失。"]
    assert "原文的数对不上：写了整改率 80%，而 2÷4＝50%。" in remarks(found)


def test_sections_named_after_what_was_done_are_read_and_a_vague_word_is_no_claim():
    found = read(elsewhere.PROSE)

    assert titles(found) == [
        "关于村级财务报账不及时问题",
        "关于扶贫资产未登记问题",
        "针对采购程序不规范的问题",
    ]
    assert claims(found) == ["已整改", "未明确", "未明确"]
    assert found.content["issues"][1]["amount_cny"] == 326_540
    assert len(found.unclear) == 2


def test_findings_without_a_title_or_a_section_are_all_read():
    found = read(elsewhere.LONE)

    assert [i["responsible"]["lead_unit"] for i in found.content["issues"]] == ["财务股", "办公室"]
    assert remarks(found) == ["没有读到标题。"]


def test_what_was_found_and_what_was_done_may_have_numbers_of_their_own():
    found = read(elsewhere.TIERED)
    issues = found.content["issues"]

    assert [i["category_l1"] for i in issues] == ["政策落实方面", "政策落实方面", "财务管理方面"]
    assert [i["amount_cny"] for i in issues] == [850_000, None, 20_000]
    assert issues[0]["response"]["lead_in"] == "（2）整改情况："
    assert claims(found) == ["已整改", "正在整改", "已整改"]
    counted = {(f["metric"], f["value"]) for f in found.content["facts"]}
    assert {("found", 6), ("rectified", 4), ("in_progress", 2)} <= counted


def test_a_table_s_words_units_and_sum_are_understood():
    title = samples.paragraph("松口县审计发现问题整改台账")
    found = read(samples.docx(title, samples.table(elsewhere.HEADED, *elsewhere.ROWS)))

    assert found.content["document"]["title"] == "松口县审计发现问题整改台账"
    assert claims(found) == ["已整改", "持续整改", "正在整改"]
    assert [i["responsible"]["lead_unit"] for i in found.content["issues"]] == [
        "住建局",
        "数据局",
        None,
    ]
    assert found.unclear == []


def test_a_table_over_two_pages_with_a_title_row_keeps_amounts_and_what_nobody_knows():
    head = ("序号", "审计发现的问题", "涉及金额（万元）", "整改结果", "备注")
    rows = samples.table(
        ("整改情况一览表", "", "", "", ""),
        head,
        ("一、资金管理", "", "", "", ""),
        ("1", "专项资金结转超两年", "1,260.5", "已整改", "已收回"),
        head,
        ("2", "非税收入滞留", "8", "整改中", ""),
    )
    first, second = read(samples.docx(rows)).content["issues"]

    assert (first["amount_cny"], second["amount_cny"]) == (12_605_000, 80_000)
    assert first["category_l1"] == second["category_l1"] == "资金管理"
    assert first["gaps"] == ["备注：已收回"]


def test_a_table_for_each_finding_has_its_names_at_the_left():
    rows = samples.table(
        ("存在问题", "公务接待无公函"),
        ("责任单位", "办公室", "整改时限", "2024年5月31日"),
        ("整改情况", "已补公函，完成整改。"),
    )
    (issue,) = read(samples.docx(samples.paragraph("甲镇整改情况报告"), rows)).content["issues"]

    assert issue["title"] == "公务接待无公函"
    assert issue["responsible"]["deadline"] == "2024年5月31日"
    assert issue["status"]["claimed"] == "已整改"


def test_an_annex_that_lists_the_findings_again_is_shown_and_not_counted_twice():
    text = [samples.paragraph(line) for line in elsewhere.TIERED.split("\n")]
    annex = samples.table(elsewhere.HEADED, *elsewhere.ROWS)
    found = read(samples.docx(*text, samples.paragraph("附件1"), annex))

    assert len(found.content["issues"]) == 3
    assert len(found.unclear) == 5
    assert all("住建局" not in (s["text"] or "") for s in found.content["next_steps"])


@pytest.mark.django_db
def test_a_limit_that_is_no_day_is_said_and_a_day_in_an_unpublished_year_is_kept():
    text = elsewhere.ASIDES.replace("2024年6月底前", "2031年6月底前")
    at = clock.at_local(date(2026, 3, 6), 10)
    reading = reports.read_report(text.encode(), name="a.txt", by=given.LEAD, at=at)

    first, second, third = queries.findings_of(
        reports.confirm_reading(reading, {}, by=given.LEAD, at=at)
    )

    assert (first.due_on, second.due_on) == (date(2031, 6, 30), None)
    assert "时限写的是“长期坚持”，不是日期" in [gap.text for gap in second.gaps.all()]
    assert "时限写的是“立行立改”，不是日期" in [gap.text for gap in third.gaps.all()]
