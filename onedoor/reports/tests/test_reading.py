"""Reports of other places are read without inventing anything; what cannot be read says so."""

from __future__ import annotations

import os
import time
import tracemalloc
from datetime import date

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from onedoor.kernel.errors import NotAllowed, NotFound, NotValid, Refusal
from onedoor.kernel.tests.refusing import refused
from onedoor.rectification import pack
from onedoor.rectification.models import Finding
from onedoor.rectification.rules.words import Outcome
from onedoor.reports import queries, sources
from onedoor.reports import services as reports
from onedoor.reports.models import Reading
from onedoor.reports.rules import rendering
from onedoor.reports.rules.reading import draft
from onedoor.reports.rules.reading.lines import Line
from onedoor.reports.rules.reading.marking import Part
from onedoor.reports.rules.words import ReadingState
from onedoor.reports.tests import given, samples

LABELS = pack.rulebook(date(2026, 1, 1)).outcome_of


def read(text: str | bytes) -> draft.Draft:
    data = text if isinstance(text, bytes) else text.encode()
    return draft.read(sources.lines_of(data), LABELS)


def claims(found: draft.Draft) -> list[str]:
    return [issue["status"]["claimed"] for issue in found.content["issues"]]


def titles(found: draft.Draft) -> list[str]:
    return [issue["title"] for issue in found.content["issues"]]


@pytest.mark.skipif(not given.PUBLISHED_TEXT.exists(), reason="It lies beside the checkout only.")
def test_the_published_report_is_read_whole_and_gives_its_text_back():
    found = read(given.PUBLISHED_TEXT.read_bytes())

    assert rendering.text(found.content).encode() == given.PUBLISHED_TEXT.read_bytes()
    assert claims(found) == ["已整改", "未明确", "未明确", "未明确"]
    assert found.unclear == []


def test_a_city_s_report_has_categories_counts_and_amounts():
    found = read(samples.CITY)
    content = found.content

    assert content["document"]["title"].startswith("关于江临市2022年度市级预算执行")
    assert content["document"]["addressee"] == "主任、各位副主任、秘书长、各位委员"
    assert content["document"]["signature"] == "江临市审计局"
    assert [i["category_l1"] for i in content["issues"]] == [
        "市级财政管理审计查出问题的整改情况",
        "市级财政管理审计查出问题的整改情况",
        "重大政策措施落实审计查出问题的整改情况",
        "重大政策措施落实审计查出问题的整改情况",
    ]
    assert claims(found) == ["已整改", "正在整改", "已整改", "未整改"]
    assert [i["amount_cny"] for i in content["issues"]] == [None, 2_563_000, None, None]
    assert len(content["issues"][2]["response"]["measures"]) == 2
    figures = {(f["metric"], f["value"]) for f in content["facts"]}
    assert {("found", 86), ("rectified", 78), ("in_progress", 8)} <= figures
    assert ("amount", 125_000_000) in figures
    assert "COUNT_DIFFERS" in {note["code"] for note in content["data_quality"]}
    assert [s["heading"] for s in content["next_steps"]] == [
        "（一）压实整改责任。",
        "（二）加强成果运用。",
    ]


def test_fields_beside_a_finding_are_taken_as_they_are():
    first, second = read(samples.SCHOOL).content["issues"]

    assert first["responsible"] | {"units_inferred": []} == {
        "lead_unit": "后勤处",
        "units_inferred": [],
        "leader": None,
        "officer": "样例甲",
        "deadline": "2024年9月30日",
        "stated": True,
    }
    assert first["gaps"] == ["还写了这些单位：资产处"]
    assert [m["label"] for m in first["response"]["measures"]] == ["（1）", "（2）"]
    assert first["status"]["claimed"] == "已整改", "“已完成” is another place's word for it"
    assert second["status"]["claimed"] == "动真碰硬", "an unknown word is kept, not translated"


def test_answers_in_the_same_paragraph_are_parted_and_a_promise_is_no_claim():
    found = read(samples.BUREAU)

    assert titles(found) == ["河长制经费使用不规范", "项目竣工决算滞后"]
    assert claims(found) == ["已整改", "未明确"]


def test_a_district_s_parts_and_circled_numbers_are_read_and_the_rest_is_marked():
    found = read(samples.DISTRICT)

    assert found.content["disclosure"]["index_no"] == "11332500002645240D/2021-28038"
    assert titles(found) == ["中介服务机构超范围收费", "惠企政策知晓率低"]
    assert [m["label"] for m in found.content["issues"][0]["response"]["measures"]] == list("①②③")
    assert claims(found) == ["已整改", "未明确"]
    assert found.content["unread"] == ["这一部分说的是别的事。"]
    assert [place.part for place in found.unclear] == [Part.UNCLEAR]


def test_a_table_is_read_by_the_names_of_its_columns():
    file = samples.docx(
        samples.paragraph("甲县审计查出问题整改情况表的报告"),
        samples.table(
            (
                "序号",
                "问题类别",
                "存在问题",
                "整改措施",
                "责任单位",
                "整改时限",
                "整改结果",
                "备注",
            ),
            (
                "1",
                "资金类",
                "欠缴非税收入20万元。",
                "补缴。",
                "财政局",
                "2024年6月30日",
                "整改完成",
                "",
            ),
            ("2", "^", "项目进度慢。", "约谈施工方。", "住建局", "年底前", "推进中", ""),
            ("", "", "", "", "", "", "", "另附说明"),
        ),
    )
    found = read(file)

    assert titles(found) == ["欠缴非税收入20万元", "项目进度慢"]
    assert claims(found) == ["已整改", "正在整改"]
    assert [i["responsible"]["lead_unit"] for i in found.content["issues"]] == ["财政局", "住建局"]
    assert [i["category_l1"] for i in found.content["issues"]] == ["资金类", "资金类"]
    assert len(found.unclear) == 1


def test_numbers_that_word_counts_by_itself_are_seen():
    file = samples.docx(
        samples.paragraph("乙市关于审计整改情况的报告"),
        samples.paragraph("总体情况", level=0),
        samples.paragraph("全市高度重视。"),
        samples.paragraph("具体问题整改情况", level=0),
        samples.paragraph("超标准接待。", level=1),
        samples.paragraph("整改情况：已退回。该问题已整改。"),
        samples.paragraph("账目不清。", level=1),
        samples.paragraph("整改情况：正在核对。"),
        numbering=samples.COUNTED,
    )
    found = read(file)

    assert [i["seq_label"] for i in found.content["issues"]] == ["（一）", "（二）"]
    assert claims(found) == ["已整改", "未明确"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_usual_encodings_are_read(encoding):
    assert len(titles(read(samples.BUREAU.encode(encoding)))) == 2


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.4 scan", "report.is_scan"),
        (b"\xff\xd8\xff\xe0 picture", "report.is_scan"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "report.old_word"),
        (b"<html><body>page</body></html>", "report.is_page"),
        (b"", "report.no_words"),
        (b"\x00\x01\x02\x80\xff" * 50, "report.not_text"),
        (b"PK\x03\x04 cut off", "report.damaged"),
        (samples.docx(), "report.no_words"),
        (samples.docx(more={"word/media/scan.png": b"x" * 1000}), "report.no_words"),
        (b"a" * (50 * 1024 * 1024 + 1), "report.source_too_large"),
        (samples.docx(samples.paragraph("甲" * 11_000_000)), "report.part_too_large"),
        (samples.docx("<w:p/>" * 1_500_001), "report.part_too_large"),
        (samples.docx(f"<w:p>{'<w:r>' * 9000}{'</w:r>' * 9000}</w:p>"), "report.damaged"),
        (samples.docx(f"{'<w:sdt>' * 9000}{'</w:sdt>' * 9000}"), "report.damaged"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_gets_a_plain_answer(data, code):
    with pytest.raises(NotValid) as refused:
        sources.lines_of(data)

    assert refused.value.code == code


def test_entities_in_a_docx_are_refused_and_never_expanded():
    import io
    import zipfile

    bomb = '<!DOCTYPE a [<!ENTITY b "' + "x" * 100 + '">]><a>&b;</a>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", bomb)

    with pytest.raises(NotValid) as refused:
        sources.lines_of(file.getvalue())
    assert refused.value.code == "report.damaged"


def test_pictures_of_forty_megabytes_do_not_matter():
    import os

    text = [samples.paragraph(line) for line in samples.BUREAU.split("\n")]
    file = samples.docx(*text, more={"word/media/1.png": os.urandom(40 * 1024 * 1024)})
    began = time.perf_counter()

    assert len(titles(read(file))) == 2
    assert time.perf_counter() - began < 3


@examples(st.text(max_size=400))
def test_any_text_is_placed_line_by_line_or_marked(text):
    lines = [Line(n, part) for n, part in enumerate(text.splitlines(), 1)]

    found = draft.read(lines, LABELS)

    marked = {place.line for place in found.marks}
    assert marked >= {line.number for line in lines if line.text.strip()}


@pytest.mark.django_db
def test_a_draft_opens_nothing_until_a_person_confirms_it():
    reading = reports.read_report(
        samples.SCHOOL.encode(), name="school.txt", by=given.LEAD, at=given.AT
    )
    again = reports.read_report(
        samples.SCHOOL.encode(), name="other.txt", by=given.LEAD, at=given.AT
    )

    assert again == reading
    assert not Finding.objects.exists()
    report = reports.confirm_reading(
        reading, {1: {"unit": "市监局"}, 2: {"claimed": "正在整改"}}, by=given.LEAD, at=given.AT
    )

    first, second = queries.findings_of(report)
    assert first.unit is not None
    assert (first.claim, first.due_on) == (Outcome.RECTIFIED, date(2024, 9, 30))
    assert (second.claim, second.due_on) == (Outcome.IN_PROGRESS, date(2024, 12, 31))
    assert Reading.objects.get().standing is ReadingState.CONFIRMED
    with pytest.raises(Refusal):
        reports.confirm_reading(reading, {}, by=given.LEAD, at=given.AT)


@pytest.mark.django_db
def test_a_finding_that_is_none_is_left_out():
    reading = reports.read_report(
        samples.BUREAU.encode(), name="bureau.txt", by=given.LEAD, at=given.AT
    )

    report = reports.confirm_reading(reading, {2: {"keep": False}}, by=given.LEAD, at=given.AT)

    assert [f.title for f in queries.findings_of(report)] == ["河长制经费使用不规范"]


@pytest.mark.django_db
def test_a_text_that_is_no_report_is_said_to_be_none():
    with pytest.raises(NotFound):
        reports.read_report(
            ("今天天气很好，适合出门走一走看一看。" * 3).encode(),
            name="x",
            by=given.LEAD,
            at=given.AT,
        )
    with pytest.raises(NotAllowed):
        reports.read_report(samples.CITY.encode(), name="x", by=given.STRANGER, at=given.AT)


def test_a_docx_of_forty_megabytes_of_pictures_is_read_for_its_words():
    words = [samples.paragraph(line) for line in samples.BUREAU.splitlines()]
    data = samples.docx(*words, more={"word/media/hall.png": os.urandom(40 * 1024 * 1024)})

    tracemalloc.start()
    lines = sources.lines_of(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert len(data) > 40 * 1024 * 1024
    assert [line.text for line in lines] == samples.BUREAU.splitlines()
    assert peak < 5 * 1024 * 1024


@pytest.mark.parametrize(
    ("level", "start", "cut"),
    [("999999999", "1", 0), ("-1", "1", 0), ("x", "1", 0), ("0", "x", 0), ("0", "1", 400)],
)
def test_a_document_made_to_be_counted_for_ever_or_damaged_is_refused_or_read(level, start, cut):
    numbering = (
        f'<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="{level}"><w:start w:val="{start}"/>'
        '<w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    )
    counted = (
        f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr></w:pPr>'
        "<w:r><w:t>一段足够长的文字，像一份报告里会有的那样，这里写满三十个字。</w:t></w:r></w:p>"
    )
    data = bytearray(samples.docx(counted, numbering=numbering))
    if cut:  # bytes in the middle of what is packed
        data[60:70] = b"\x00" * 10

    if level == "x" or start == "x" or cut:
        with refused("report.damaged"):
            sources.lines_of(bytes(data))
    else:
        assert len(sources.lines_of(bytes(data))) == 1
