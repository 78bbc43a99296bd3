"""Five places, five shapes: nothing is invented, nothing is lost without a word."""

from __future__ import annotations

from typing import Any

import pytest

from onedoor.reports.rules.reading.draft import Draft
from onedoor.reports.tests import five
from onedoor.reports.tests.test_reading import claims, read, titles


def amounts(found: Draft) -> list[Any]:
    return [issue["amount_cny"] for issue in found.content["issues"]]


def remarks(found: Draft) -> list[str]:
    return [note["text"] for note in found.content["data_quality"]]


def test_parts_by_word_hold_categories_and_these_hold_the_findings():
    found = read(five.PARTS)

    assert [i["category_l1"] for i in found.content["issues"]] == [
        "县本级预算执行方面",
        "县本级预算执行方面",
        "重点民生资金方面",
        "重点民生资金方面",
    ]
    assert claims(found) == ["已整改", "正在整改", "已整改", "未整改"]
    assert amounts(found) == [12_864_000, 62_000_000, None, None]
    assert [(f["metric"], f["value"]) for f in found.content["facts"]] == [
        ("in_progress", 6),
        ("rectified", 21),
        ("found", 27),
        ("amount", 346_000_000),
    ]
    assert remarks(found) == ["总体情况写了 27 个问题，读到 4 个。"]
    [step] = found.content["next_steps"]
    assert step["text"].startswith("一是压实整改责任。")
    assert found.content["unread"] == []


def test_numbered_fields_are_fields_and_so_many_put_right_are_not_all():
    found = read(five.DEEP)
    first, second = found.content["issues"]
    result = "3.整改结果：已收回1,530万元，余下850万元正在执行。"

    assert titles(found) == ["土地出让金征收不到位", "不动产登记超期"]
    assert [i["responsible"]["leader"] for i in (first, second)] == ["样例丙", "样例丁"]
    due = [i["responsible"]["deadline"] for i in (first, second)]
    assert due == ["2024年12月31日前", "立行立改"]
    assert [i["gaps"] for i in (first, second)] == [
        ["责任科室：开发利用科"],
        ["责任科室：登记中心"],
    ]
    assert claims(found) == ["未明确", "已整改17项"]
    assert result in first["response"]["measures"][-1]["text"]
    assert found.content["unread"] == ["诉讼周期较长，执行到位率不确定。"]
    assert found.content["document"]["signature"] == "长坪市自然资源局"


def test_the_unit_of_amounts_stands_above_the_table_and_one_without_a_unit_is_shown():
    found = read(five.TABLED)

    assert amounts(found) == [365_000, 12_040_000, None, None]
    assert claims(found) == ["已整改", "正在整改", "已整改", "未整改"]
    units = [i["responsible"]["lead_unit"] for i in found.content["issues"]]
    assert units == ["住建局", "住建局", "数据局", "国资中心"]
    assert found.content["unread"] == ["注：部分整改按未完成统计。"]
    unsaid = read(five.tabled(unit=""))
    assert amounts(unsaid) == [None] * 4
    assert [i["gaps"] for i in unsaid.content["issues"][:2]] == [
        ["涉及金额：36.50"],
        ["备注：跨年度", "涉及金额：1,204.00"],
    ]


def test_counts_by_unit_are_no_findings():
    found = read(five.COUNTED)

    assert found.content["issues"] == []
    assert "（3）县水务局（3项）：已整改2项，未整改1项。" in found.content["document"]["overview"]
    assert found.content["unread"] == ["芦川县审计整改工作领导小组办公室"]
    assert "总体情况写了 12 个问题，读到 0 个。" in remarks(found)


def test_headings_in_brackets_and_numbers_in_three_manners():
    found = read(five.MIXED)

    assert titles(found) == [
        "村集体资金坐收坐支43.8万元",
        "“一事一议”项目未公示",
        "机动地承包合同不规范",
    ]
    assert claims(found) == ["基本整改", "正在整改", "已整改"]
    assert amounts(found) == [438_000, None, None]
    assert found.content["unread"] == ["本公示期为七天，联系人样例戊。"]


def test_what_is_said_twice_of_a_finding_does_not_overwrite_what_was_said_first():
    told = (
        "关于样例审计整改情况的报告",
        "1.甲问题",
        "整改情况：已退。",
        "状态：整改中",
        "状态：已完成",
    )
    found = read("\n".join(told))

    assert claims(found) == ["正在整改"]
    assert found.content["issues"][0]["gaps"] == ["又写了状态：已完成"]


@pytest.mark.parametrize("name", sorted(five.ALL))
def test_every_line_is_marked_understood_or_not(name):
    source = five.ALL[name]
    found = read(source)

    marked = {place.line for place in found.marks}
    if isinstance(source, str):
        told = {n for n, line in enumerate(source.split("\n"), 1) if line.strip()}
        assert told <= marked
    assert not found.content["unread"] or any("没有读懂" in text for text in remarks(found))
