"""Half-width punctuation: corrected inside Chinese text, and nowhere else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onedoor.papers.rules import template
from onedoor.papers.rules.punctuation import corrected
from onedoor.papers.rules.template import Block, Part

ANYTHING = st.text(alphabet="一事项项号,;:?!.()[]\"'1202 aZ《》（）“”，。:/@_-%`\n", max_size=60)
KEPT = st.sampled_from(
    [
        "1,099.5",
        "9:00",
        "532502-002-20260306-00001-0",
        "https://a.example/x?y=1,2&z=(3);4:5",
        "www.example.cn/a;b",
        "mu.ga+1@example.cn",
        "GB/T 9704-2012",
        "《办法(试行)》",
        "f(x, y)",
        "0873-0000202",
        "A3.pdf",
        "3.14",
    ]
)
HAN = st.text(alphabet="开远市事项（）《》，。", min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("整改情况:一是推进,二是加强;完毕.", "整改情况：一是推进，二是加强；完毕。"),
        ("(一)部分部门(含下属)未进驻", "（一）部分部门（含下属）未进驻"),
        ("共41家单位, 1,099项,9:00开门", "共41家单位，1,099项，9:00开门"),
        ("云政办发[2016]9号", "云政办发〔2016〕9号"),
        ('推进"放管服"改革!', "推进“放管服”改革！"),
        ("见https://a.example/x,1;请看", "见https://a.example/x,1；请看"),
        ("邮箱:mu@example.cn,电话:0873-0000202.", "邮箱：mu@example.cn，电话：0873-0000202."),
        ("Zoë O’Neill (Jr.), 3.5%", "Zoë O’Neill (Jr.), 3.5%"),
        ("第1.2条和附件.pdf", "第1.2条和附件.pdf"),
        ("等等...", "等等..."),
    ],
)
def test_marks_that_touch_chinese_text_are_made_full_width(written, printed):
    assert corrected(written) == printed


@settings(max_examples=400, deadline=None)
@given(ANYTHING)
def test_nothing_but_marks_and_the_blank_after_them_is_changed(text):
    once = corrected(text)

    assert corrected(once) == once
    assert [c for c in once if c.isalnum()] == [c for c in text if c.isalnum()]
    assert len(once) <= len(text)


@settings(max_examples=200, deadline=None)
@given(HAN, KEPT, HAN)
def test_numbers_addresses_and_codes_inside_chinese_text_stay_as_they_are(before, kept, after):
    if kept.endswith("》"):
        kept = "《办法（试行）》"

    assert corrected(before + kept + after) == before + kept + after


@given(st.text(alphabet="aZ09,.;:?!()[]\"' -/@", max_size=60))
def test_a_text_without_chinese_is_left_alone(text):
    assert corrected(text) == text


def test_what_is_put_into_a_paper_is_corrected_where_it_is_set():
    _, blocks = template.fill("= 题\n{理由}", {"理由": "地址不一致,见附件(1)."})

    assert blocks == (Block("text", text=(Part("地址不一致，见附件（1）。"),)),)
