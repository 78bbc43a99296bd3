"""An official document: its words, and where they stand on the page that comes out."""

import io
import json
import shutil
import time
import zipfile
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from onedoor.kernel.errors import NotValid, Refusal
from onedoor.papers.rules import official, official_data, official_text, title
from onedoor.papers.rules.official import (
    Attachment,
    Document,
    Form,
    Heading,
    Imprint,
    Table,
    Text,
)
from onedoor.papers.tests.positions import MM, pages
from onedoor.papers.typesetting import official as typesetting

LEFT, RIGHT, TOP, BOTTOM = 28 * MM, (210 - 26) * MM, 37 * MM, (297 - 35) * MM
ZI = 156 * MM / 28
LETTER = Document(
    title="关于审计发现问题整改情况的报告",
    unit="开远市政务服务管理局",
    day=date(2021, 3, 31),
    body=(Text("现将有关情况报告如下。"),),
    head="开远市政务服务管理局文件",
    number="开政服发〔2021〕12号",
    recipients=("红河州优化营商环境领导小组办公室",),
)
LEDGER = Table(("序号", "问题"), (("1", "信息孤岛"),))
poppler = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="poppler's pdftotext reads the positions"
)


def found(words, text):
    return next(w for w in words if w[0] == text)


@poppler
def test_a_full_page_has_22_lines_of_28_characters_within_the_margins():
    document = replace(LETTER, head="", body=(Text("测" * 3000),))

    second = pages(typesetting.pdf(document))[1]

    lines = [w for w in second if w[0].startswith("测")]
    assert [len(w[0]) for w in lines] == [28] * 22
    for _, left, _, right, _ in lines:
        assert left == pytest.approx(LEFT, abs=0.5)
        assert right == pytest.approx(RIGHT, abs=0.5)
    pitches = {round(b[2] - a[2], 1) for a, b in pairwise(lines)}
    assert pitches == {round(1.875 * ZI, 1)}
    # The middle of the first and of the last line: half a character within the margins.
    assert (lines[0][2] + lines[0][4]) / 2 == pytest.approx(TOP + ZI / 2, abs=4)
    assert (lines[-1][2] + lines[-1][4]) / 2 == pytest.approx(BOTTOM - ZI / 2, abs=4)


@poppler
def test_page_numbers_stand_at_the_outer_edge_below_the_text():
    document = replace(LETTER, body=(Text("测" * 1500),))

    first, second, *_ = pages(typesetting.pdf(document))

    odd, even = [[w for w in page if w[2] > BOTTOM + 5] for page in (first, second)]
    assert "".join(w[0] for w in odd) == "—1—"
    assert "".join(w[0] for w in even) == "—2—"
    assert odd[-1][3] == pytest.approx(RIGHT - ZI, abs=1)
    assert even[0][1] == pytest.approx(LEFT + ZI, abs=1)


@poppler
def test_the_number_is_centred_and_that_of_a_report_to_those_above_stands_left():
    down = pages(typesetting.pdf(LETTER))[0]
    up = pages(typesetting.pdf(replace(LETTER, signer="普木嘎")))[0]

    centred, left = found(down, LETTER.number), found(up, LETTER.number)
    assert (centred[1] + centred[3]) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=1)
    assert left[1] == pytest.approx(LEFT + ZI, abs=1)
    assert found(up, "签发人：普木嘎")[3] == pytest.approx(RIGHT - ZI, abs=1)


@poppler
@pytest.mark.parametrize(("unit", "edge"), [("开远市政务服务管理局", 4), ("市府办", 4), ("局", 4)])
def test_over_the_seal_the_date_ends_four_characters_from_the_edge(unit, edge):
    page = pages(typesetting.pdf(replace(LETTER, unit=unit)))[0]

    day, name = found(page, "2021年3月31日"), found(page, unit)
    assert day[3] == pytest.approx(RIGHT - edge * ZI, abs=2.5)
    assert (name[1] + name[3]) / 2 == pytest.approx((day[1] + day[3]) / 2, abs=1)
    assert name[2] < day[2]


@poppler
def test_without_a_seal_the_date_begins_two_characters_after_the_name():
    page = pages(typesetting.pdf(replace(LETTER, is_sealed=False)))[0]

    day, name = found(page, "2021年3月31日"), found(page, LETTER.unit)
    assert name[3] == pytest.approx(RIGHT - 2 * ZI, abs=1)
    assert day[1] == pytest.approx(name[1] + 2 * ZI, abs=1)


@poppler
def test_the_foot_is_at_the_bottom_of_the_last_page_after_the_attachments():
    document = replace(
        LETTER,
        attachments=(Attachment("整改台账", (LEDGER,), is_landscape=True), Attachment("清单")),
        imprint=Imprint(("市委办公室", "市人大常委会办公室"), "市政务服务管理局办公室"),
    )

    *_, attached, last = pages(typesetting.pdf(document))

    assert "附件1" in [w[0] for w in attached]
    foot = found(last, "2021年3月31日印发")
    assert BOTTOM - 1.5 * ZI < foot[4] < BOTTOM + 1
    assert found(last, "抄送：市委办公室，市人大常委会办公室。")[4] < foot[4]
    assert found(last, "市政务服务管理局办公室")[1] == pytest.approx(LEFT + 14, abs=1)


@poppler
def test_a_letter_has_its_number_at_the_right_and_none_on_its_first_page():
    letter = replace(LETTER, form=Form.LETTER, head="开远市政务服务管理局", body=LETTER.body * 30)

    first, second, *_ = pages(typesetting.pdf(letter))

    assert found(first, LETTER.number)[3] == pytest.approx(RIGHT, abs=1)
    assert not [w for w in first if w[0] == "—"]
    assert [w for w in second if w[0] == "2"]


def test_the_same_document_gives_the_same_bytes():
    assert typesetting.pdf(LETTER) == typesetting.pdf(LETTER)


def test_a_character_no_font_has_is_named_and_nothing_is_printed():
    assert typesetting.pdf(replace(LETTER, body=(Text("玥旻喆堃祎芃犇䶮"),)))
    with pytest.raises(Refusal, match=r"“𠮷”（U\+20BB7）.*ONEDOOR_FONTS"):
        typesetting.pdf(replace(LETTER, recipients=("𠮷野家",)))


@pytest.mark.parametrize("field", ["title", "unit", "head"])
def test_a_name_of_200_characters_stays_within_the_page(field):
    changed: dict[str, Any] = {field: "开远市各族人民政务服务管理局办公室" * 11}
    document = replace(LETTER, **changed)

    for page in pages(typesetting.pdf(document)) if shutil.which("pdftotext") else []:
        assert all(w[1] >= LEFT - 1 and w[3] <= RIGHT + 1 and w[4] < 297 * MM for w in page)


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ({"title": " "}, "official.lacks"),
        ({"unit": ""}, "official.lacks"),
        ({"body": ()}, "official.lacks"),
        ({"title": "长" * 201}, "official.name_long"),
        ({"copy_number": "12"}, "official.copy_number"),
        ({"body": (Heading(5, "第五级"),)}, "official.level"),
        ({"body": (Table(("甲",), (("一", "二"),)),)}, "official.table"),
        ({"body": (replace(LEDGER, widths=(1,)),)}, "official.table_widths"),
    ],
)
def test_what_cannot_be_set_is_refused(broken, code):
    with pytest.raises(NotValid) as told:
        official.check(replace(LETTER, **broken))

    assert told.value.code == code


def test_a_document_is_kept_as_data_and_comes_back_as_it_was():
    whole = replace(
        LETTER,
        form=Form.LETTER,
        signer="普木嘎",
        copy_number="000001",
        secrecy="内部",
        urgency="加急",
        note="此件公开发布",
        body=(Heading(1, "甲", "乙"), Text("丙", lead="丁："), LEDGER),
        attachments=(Attachment("台账", (LEDGER,), is_landscape=True), Attachment("清单")),
        imprint=Imprint(("市委办",), "市府办", date(2026, 3, 6)),
    )

    for document in (LETTER, whole):
        kept = json.loads(json.dumps(official_data.told(document), ensure_ascii=False))
        assert official_data.read(kept) == document


def test_headings_are_numbered_within_the_one_above_and_go_on_as_text():
    body = (
        Heading(1, "总体"),
        Heading(2, "发现", "整改了"),
        Heading(1, "下一步"),
        Heading(2, "甲"),
    )

    said = [
        "".join(run.text for run in each.runs)
        for each in official_text.paragraphs(body)
        if not isinstance(each, Table)
    ]

    assert said == ["一、总体", "（一）发现。整改了", "二、下一步", "（一）甲"]


def test_half_width_punctuation_is_corrected_in_every_part_and_nowhere_else():
    document = replace(
        LETTER,
        body=(Text("共1,099项(见附件),9:00起.", lead="整改情况:"),),
        attachments=(Attachment("台账(试行)", (replace(LEDGER, head=("序号", "问题:甲")),)),),
    )

    said = official_text.punctuated(document)

    assert said.body == (Text("共1,099项（见附件），9:00起。", lead="整改情况："),)
    assert said.attachments[0].name == "台账（试行）"
    assert said.attachments[0].body == (replace(LEDGER, head=("序号", "问题：甲")),)
    assert (said.number, said.day) == (document.number, document.day)


@pytest.mark.parametrize(
    "words",
    [
        "开远市优化营商环境领导小组办公室关于2019年—2020年度审计调查发现问题整改落实情况报告",
        "开远市人民政府关于印发《开远市投资审批中介超市服务管理制度（试行）》的通知",
    ],
)
def test_the_title_is_broken_between_words(words):
    lines = title.lines(words)

    assert "".join(lines) == words
    assert all(title.width(line) <= title.NARROW for line in lines)
    for a, b in pairwise(lines):
        assert a[-1] + b[0] not in ("审计", "整改", "问题", "服务", "管理", "关于")
        assert b[0] not in "》，、的"


# --- docx -----------------------------------------------------------------------------------------

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WHOLE = replace(
    LETTER,
    body=(Heading(1, "总体"), Heading(2, "发现", "整改了"), LEDGER, Text("结束。")),
    attachments=(Attachment("整改台账", (LEDGER,), is_landscape=True), Attachment("清单")),
    imprint=Imprint(("市委办公室",), "市政务服务管理局办公室"),
)


def parts(content):
    """Return the parts of a docx as XML; each must be well formed."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: fromstring(archive.read(name)) for name in archive.namelist()}


def test_the_docx_says_the_same_and_has_the_grid_and_the_margins():
    made = parts(typesetting.docx(WHOLE))
    document = made["word/document.xml"]

    said = "".join(t.text for t in document.iter(f"{W}t"))
    for words in ("一、总体", "（一）发现。整改了", "附件：1.整改台账", "抄送：市委办公室。"):
        assert words in said
    pages = [(s.find(f"{W}pgSz"), s.find(f"{W}pgMar"), s.find(f"{W}docGrid"))
             for s in document.iter(f"{W}sectPr")]  # fmt: skip
    assert [p[0].get(f"{W}w") for p in pages] == ["11906", "16838", "11906"]
    edges = [round(int(pages[-1][1].get(W + e)) / 1440 * 25.4) for e in
             ("top", "bottom", "left", "right")]  # fmt: skip
    assert edges == [37, 35, 28, 26]
    for *_, grid in pages:
        line, space = int(grid.get(f"{W}linePitch")) / 20, int(grid.get(f"{W}charSpace")) / 4096
        assert grid.get(f"{W}type") == "linesAndChars"
        assert (225 * MM) // line == 22
        assert round(156 * MM / (16 + space)) == 28


def test_the_docx_names_the_official_typefaces_and_numbers_its_pages_by_fields():
    made = parts(typesetting.docx(WHOLE))

    east = {f.get(f"{W}eastAsia") for f in made["word/styles.xml"].iter(f"{W}rFonts")}
    east |= {f.get(f"{W}eastAsia") for f in made["word/document.xml"].iter(f"{W}rFonts")}
    assert {"方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"} <= east
    assert made["word/settings.xml"].find(f"{W}evenAndOddHeaders") is not None
    for name in ("footer-odd", "footer-even", "footer-odd-turned", "footer-even-turned"):
        fields = [i.text.strip() for i in made[f"word/{name}.xml"].iter(f"{W}instrText")]
        assert fields == ["PAGE"], name


def test_the_docx_is_the_same_twice_and_50_pages_are_made_at_once():
    long = replace(LETTER, body=tuple(Text("测" * 612) for _ in range(50)))

    began = time.perf_counter()
    once = typesetting.docx(long)

    assert time.perf_counter() - began < 3
    assert typesetting.docx(long) == once


def test_what_cannot_be_printed_is_left_out_and_a_broken_line_begins_a_paragraph():
    document = replace(LETTER, body=(Text("甲\x00乙<&>\ufffe丙\n丁"),))
    odd = typesetting.docx(document)

    assert typesetting.pdf(document)
    assert official_text.punctuated(document).body == (Text("甲乙<&>丙"), Text("丁"))
    assert "甲乙<&>丙" in "".join(t.text for t in parts(odd)["word/document.xml"].iter(f"{W}t"))
