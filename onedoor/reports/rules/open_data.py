"""The data sets everybody may take (开放数据), and what each of their columns means.

Files, dictionary and the page of open data all follow these tables.
"""

from __future__ import annotations

from typing import NamedTuple

from onedoor.kernel.terms import Term


class Dataset(Term):
    """A data set (数据集)."""

    FINDINGS = "findings", "审计整改公开台账"
    INFORMATION = "information", "公开的政府信息"
    FIGURES = "figures", "公开信息里的数字"


class Type(Term):
    """What the values of a column are (类型)."""

    TEXT = "text", "文字"
    DATE = "date", "日期"
    INTEGER = "integer", "整数"


class Column(NamedTuple):
    """A column: its key in the files, its type and unit, and what it means in two languages."""

    key: str
    type: Type
    zh: str
    en: str
    means_zh: str
    means_en: str
    unit: str = ""


T, D, N = Type.TEXT, Type.DATE, Type.INTEGER
_BLANK_ZH, _BLANK_EN = "没有就空着", "empty where there is none"

# fmt: off
COLUMNS: dict[Dataset, tuple[Column, ...]] = {
    Dataset.FINDINGS: (
        Column("number", T, "编号", "number", "问题在台账里的编号", "its number in the ledger"),
        Column("project", T, "审计项目", "audit", "查出问题的审计项目", "the audit that found it"),
        Column("title", T, "问题", "finding", "问题的标题；像号码和姓名的字已遮住", "its title; what looks like a number or name of a person is masked"),
        Column("category", T, "问题类别", "category", f"一级类别，{_BLANK_ZH}", f"first level, {_BLANK_EN}"),
        Column("subcategory", T, "二级类别", "subcategory", f"二级类别，{_BLANK_ZH}", f"second level, {_BLANK_EN}"),
        Column("class", T, "整改类型", "class", "立行立改、分阶段整改或持续整改", "at once, by stages or continued"),
        Column("unit", T, "责任单位", "responsible unit", f"单位全称，{_BLANK_ZH}", f"full name, {_BLANK_EN}"),
        Column("deadline", D, "整改时限", "deadline", f"年-月-日，{_BLANK_ZH}", f"year-month-day, {_BLANK_EN}"),
        Column("state", T, "状态", "state", "整改到哪一步", "how far it is"),
        Column("claimed", T, "自述", "claimed", "责任单位自己说的结果，没有核验", "what the unit says of itself, not verified"),
        Column("verified", T, "核验", "verified", "责任单位以外的人认定的结果，没有认定就空着", "what others than the unit found, empty until they did"),
        Column("opened_on", D, "登记日期", "entered on", "年-月-日", "year-month-day"),
        Column("closed_on", D, "销号日期", "closed on", f"年-月-日，{_BLANK_ZH}", f"year-month-day, {_BLANK_EN}"),
        Column("reopened", N, "重开次数", "times reopened", "销号以后又重开了几次", "how often it was opened again after closing", "次 times"),
    ),
    Dataset.INFORMATION: (
        Column("index_number", T, "索引号", "index number", "机构代码/年份-流水号，不会给第二条信息", "code of the publisher/year-serial, never given twice"),
        Column("title", T, "标题", "title", "主标题", "main title"),
        Column("column", T, "栏目", "column", "发布的栏目", "where it is published"),
        Column("publisher", T, "发布机构", "publisher", "机构全称", "full name"),
        Column("doc_number", T, "文号", "document number", _BLANK_ZH, _BLANK_EN),
        Column("formed_on", D, "成文日期", "made on", "形成的日期，更正的是变更的日期", "when it was made, of a correction when it changed"),
        Column("published_on", D, "发布日期", "published on", "年-月-日", "year-month-day"),
        Column("validity", T, "时效性", "validity", "有效、失效、废止或已修改", "in force, expired, repealed or amended"),
        Column("topic", T, "主题分类", "subject", _BLANK_ZH, _BLANK_EN),
        Column("genre", T, "体裁分类", "kind", _BLANK_ZH, _BLANK_EN),
        Column("edition", N, "版本", "edition", "第几版；更正一次加一", "one more with each correction", "版 editions"),
        Column("digest", T, "摘要", "digest", "正文 TXT 文件的 SHA-256", "SHA-256 of the text file"),
        Column("address", T, "地址", "address", "公开页在本站的路径", "path of its page on this site"),
    ),
    Dataset.FIGURES: (
        Column("index_number", T, "索引号", "index number", "数字所在的信息", "the information the figure stands in"),
        Column("edition", N, "版本", "edition", "第几版", "which edition", "版 editions"),
        Column("published_on", D, "发布日期", "published on", "年-月-日", "year-month-day"),
        Column("code", T, "代码", "code", "同一个数字在各份信息里一样", "the same for the same figure everywhere"),
        Column("label", T, "名称", "label", "数字叫什么", "what the figure is called"),
        Column("value", T, "值", "value", "公开时的值，连同单位", "as published, with its unit", "写在值里 in the value"),
        Column("query", T, "取数口径", "query", "怎么数的", "how it was counted"),
        Column("at", T, "统计时间", "counted at", "ISO 8601，带时区", "ISO 8601 with offset"),
    ),
}
# fmt: on


def dictionary(dataset: Dataset) -> list[dict[str, str]]:
    """Return the data dictionary of a set: field, type, meaning, unit, in Chinese and English.

    >>> dictionary(Dataset.FINDINGS)[0]["field"]
    'number'
    """
    return [
        {
            "field": c.key,
            "type": c.type.value,
            "zh": c.zh,
            "en": c.en,
            "means_zh": c.means_zh,
            "means_en": c.means_en,
            "unit": c.unit,
        }
        for c in COLUMNS[dataset]
    ]
