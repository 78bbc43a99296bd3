"""Reports of more places: what is there is read, what is not stays empty, no line is lost."""

from __future__ import annotations

from typing import Any

import pytest

from onedoor.reports import sources
from onedoor.reports.tests import six
from onedoor.reports.tests.test_reading import claims, read, titles


def amounts(found: Any) -> list[Any]:
    return [issue["amount_cny"] for issue in found.content["issues"]]


def about(found: Any) -> list[tuple[Any, Any]]:
    told = (issue["responsible"] for issue in found.content["issues"])
    return [(each["lead_unit"], each["deadline"]) for each in told]


def test_an_outline_in_figures_is_read_and_numbers_parted_by_spaces_are_whole():
    found = read(six.OUTLINE)

    assert found.content["disclosure"] == {
        "column": "审计整改公告",
        "index_no": "AB1234567/2022-00018",
        "publisher": "南屏县审计局",
        "written_date": "2022-10-08",
        "validity": "有效",
    }
    assert found.content["document"]["title"].startswith("南屏县2021年度")
    assert [i["category_l1"] for i in found.content["issues"]] == [
        "财政管理审计方面",
        "财政管理审计方面",
        "民生审计方面",
    ]
    assert amounts(found) == [12_368_000, 30_000_000, None], "a range is no amount"
    assert claims(found) == ["已整改", "阶段性整改", "已办结"], "own words are kept as they are"
    assert found.unclear == []


def test_a_letter_s_first_level_lines_are_its_findings_with_what_their_brackets_tell():
    found = read(six.LETTER)

    assert titles(found) == [
        "关于违规转分包问题",
        "关于质量保证金逾期未退问题",
        "关于项目结算久拖不决问题",
    ]
    assert amounts(found) == [8_700_000, 452_000, None]
    assert about(found) == [
        ("县交通运输局", "2024年3月底"),
        ("县交通运输局", "2024年4月15日前"),
        ("县审计局", "持续推进"),
    ]
    assert found.content["issues"][2]["gaps"] == ["还写了这些单位：县交通运输局"]
    assert claims(found) == ["已整改", "未整改", "未明确"]
    document = found.content["document"]
    assert (document["signature"], document["written_date"]) == ("县交通运输局", "2024年5月6日")
    assert found.unclear == []


def test_cards_with_a_number_alone_are_named_after_what_was_found():
    found = read(six.CARDS)

    assert titles(found) == ["某医院重复收费，涉及基金21.6万元", "村卫生室药品加成未取消"]
    assert [i["seq_label"] for i in found.content["issues"]] == ["问题1", "问题2"]
    assert claims(found) == ["已整改", "正在整改"]
    assert amounts(found) == [216_000, None]
    assert "原因：系统校验规则缺失。" in found.content["issues"][0]["finding"]["detail"]


def test_ordinals_part_findings_and_fields_apart_by_spaces_do_not_run_together():
    found = read(six.ORDINALS)
    told = [issue["responsible"]["leader"] for issue in found.content["issues"]]

    assert told == ["样例庚", "样例辛", "样例庚"]
    assert found.content["issues"][0]["gaps"] == ["责任站所：财政所"]
    assert claims(found) == ["已整改", "未明确", "未明确"], "handed on is not put right"


def test_lists_are_headings_reasons_are_no_findings_and_what_came_back_is_not_what_was_found():
    found = read(six.LISTS)

    assert [i["category_l1"] for i in found.content["issues"]] == [
        "已整改问题清单",
        "已整改问题清单",
        "未整改问题清单",
    ]
    assert amounts(found) == [None, None, None]
    assert found.content["unread"] == ["（二）未整改原因：1项涉诉，1项待上级明确政策。"]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_table_copied_as_text_is_a_table(ending):
    found = read(six.COPIED.replace("\n", ending).encode("gb18030"))

    assert titles(found) == ["超标准采购办公家具3.6万元", "项目资金拨付滞后"]
    assert about(found) == [("县发改局", None), ("县财政局", None)]
    assert found.content["issues"][1]["gaps"] == [
        "还写了这些单位：县住建局",
        "备注：延期至2025年3月",
    ]


def test_marks_of_layout_are_no_words_and_lines_keep_their_numbers():
    found = read(six.MARKED)

    assert found.content["document"]["title"] == "关于玉沙县审计反馈问题整改情况的报告"
    assert titles(found) == ["违规设置投标门槛"]
    assert claims(found) == ["已整改"]
    assert [s["text"] for s in found.content["next_steps"]] == ["按月调度。"]
    lines = sources.lines_of(six.MARKED.encode())
    assert [line.number for line in lines] == list(range(1, len(six.MARKED.splitlines()) + 1))


@pytest.mark.parametrize("text", [v for k, v in vars(six).items() if k.isupper()])
def test_no_line_is_lost_without_a_mark_and_no_word_is_made_up(text):
    found = read(text)
    lines = sources.lines_of(text.encode())

    marked = {place.line for place in found.marks}
    assert marked >= {line.number for line in lines if line.text.strip() or any(line.cells)}
    for issue in found.content["issues"]:
        bare = text.replace("**", "")
        told = [issue["title"], *issue["responsible"].values(), issue["status"]["claim_quote"]]
        assert all(word in bare for word in told if isinstance(word, str))
