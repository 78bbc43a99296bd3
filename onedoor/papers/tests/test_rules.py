"""What a paper must say, how a template is read and refused, how a number is worded."""

from contextlib import suppress
from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onedoor.kernel.errors import NotValid
from onedoor.papers import pack
from onedoor.papers.rules import arriving, checking, kinds, numbers, procedures, road, template
from onedoor.papers.rules.contents import elements, example, sample, worded
from onedoor.papers.rules.kinds import Kind
from onedoor.papers.rules.registry import CONTENTS
from onedoor.papers.rules.template import Block, Part

GRANT = elements(road.Grant)
TEXT = pack.template(Kind.GRANT)


def refused(text, kind=Kind.GRANT):
    with pytest.raises(NotValid) as told:
        checking.check(text, elements(CONTENTS[kind]))
    assert told.value.field == "text"
    return told.value


def test_every_kind_has_contents_a_word_and_a_template():
    assert set(CONTENTS) == set(kinds.WORDS) == set(Kind)
    assert len(set(kinds.WORDS.values())) == len(Kind)


@pytest.mark.parametrize("kind", Kind, ids=lambda k: k.value)
def test_a_national_template_says_everything_the_law_wants_said(kind):
    text = pack.template(kind)

    checking.check(text, elements(CONTENTS[kind]))
    title, blocks = template.fill(text, example(CONTENTS[kind]))
    assert title
    assert blocks


@pytest.mark.parametrize("kind", Kind, ids=lambda k: k.value)
def test_a_paper_without_one_of_its_mandatory_contents_is_refused(kind):
    whole = sample(CONTENTS[kind])
    wanted = [f for f in fields(whole) if f.metadata["required"]]

    assert wanted
    for field in wanted:
        empty = () if isinstance(getattr(whole, field.name), tuple) else " "
        with pytest.raises(NotValid) as told:
            replace(whole, **{field.name: empty}).words()
        assert told.value.code in {"paper.lacks", "paper.one_surveyor"}


@pytest.mark.parametrize("kind", [Kind.REJECTION, Kind.REFUSAL])
def test_a_refusal_names_law_reason_and_both_remedies_with_their_limits(kind):
    text = "".join(
        str(part) for part in template.fill(pack.template(kind), sample(CONTENTS[kind]).words())
    )

    for said in ("60 日", "行政复议", "人民政府", "6 个月", "行政诉讼", "人民法院", "第十二条"):
        assert said in text, said


def test_a_survey_needs_two_persons():
    survey = sample(procedures.Survey)

    with pytest.raises(NotValid, match="两名"):
        replace(survey, surveyors=survey.surveyors[:1]).words()
    with pytest.raises(NotValid, match="两名"):
        replace(survey, surveyors=survey.surveyors[:1] * 2).words()


def test_a_row_of_a_table_is_checked_as_well():
    gap = arriving.PromisedRow(name=" ", form="复印件")

    with pytest.raises(NotValid, match="名称"):
        replace(sample(procedures.Promise), materials=(gap,)).words()


# --- Templates ------------------------------------------------------------------------------------


def test_a_template_that_leaves_out_what_must_be_said_is_refused_by_name():
    answer = refused(TEXT.replace(": 准予内容 | {准予内容}\n", ""))

    assert answer.code == "paper.template_lacks"
    assert "准予内容" in str(answer)


def test_what_must_be_said_may_not_depend_on_something_else():
    answer = refused(
        TEXT.replace(": 准予内容 | {准予内容}\n", "{如有 附加条件}\n{准予内容}\n{完}\n")
    )

    assert answer.code == "paper.template_lacks"


def test_what_is_always_there_may_stand_under_its_own_condition():
    checking.check(
        TEXT.replace(": 准予内容 | {准予内容}\n", "{如有 准予内容}\n{准予内容}\n{完}\n"), GRANT
    )


@pytest.mark.parametrize(
    ("line", "code", "named"),
    [
        ("{申请者}", "paper.template_unknown", "申请者"),
        ("{如有 申请者}\n{完}", "paper.template_unknown", "申请者"),
        ("{}", "paper.template_unknown", "“”"),
        ("{申请人.__class__}", "paper.template_unknown", "__class__"),
        ("{如有 附加条件}\n有", "paper.template_unclosed", "如有"),
        ("{完}", "paper.template_unopened", "完"),
        ("{否则}", "paper.template_unopened", "否则"),
        ("有{如有 附加条件}无{完}", "paper.template_inline", "自己占一行"),
        (": 没有竖线", "paper.template_halves", "|"),
        ("{申请人", "paper.template_unpaired", "没有配对"),
        ("**重要", "paper.template_unpaired", "没有配对"),
        ("{每个 申请人}\n{完}", "paper.template_no_table", "申请人"),
        ("= 又一个标题", "paper.template_title", "标题"),
    ],
)
def test_a_template_that_cannot_be_read_is_refused_with_line_and_reason(line, code, named):
    answer = refused(TEXT + line + "\n")

    assert answer.code == code
    assert named in str(answer)


def test_a_table_is_not_put_in_as_a_text_and_a_row_knows_its_own_fields_only():
    text = pack.template(Kind.RECEIPT)

    assert refused(text + "{材料}", Kind.RECEIPT).code == "paper.template_table"
    inside = text + "{每个 材料}\n{申请人}\n{完}"
    assert refused(inside, Kind.RECEIPT).code == "paper.template_unknown"


def test_an_endless_template_is_refused():
    assert refused("长" * 20_001).code == "paper.template_long"


def test_what_is_put_in_is_never_read_as_markup():
    words = dict(example(road.Grant)) | {"申请人": "# {事项} **粗** {完}\n= 假标题"}

    title, blocks = template.fill("= 真标题\n{申请人}", words)

    assert title == "真标题"
    assert blocks == (Block("text", text=(Part("# {事项} **粗** {完}\n= 假标题"),)),)


def test_a_row_of_facts_without_its_fact_is_not_there():
    _, blocks = template.fill(
        "= 题\n: 附加条件 | {附加条件}\n: 申请人 | {申请人}", {"申请人": "甲"}
    )

    assert blocks == (Block("facts", rows=(("申请人", (Part("甲"),)),)),)


def test_conditions_and_repeats_lay_out_what_there_is():
    text = "= 题\n{如有 表}\n{每个 表}\n- **{名}**\n{完}\n{否则}\n没有\n{完}"

    assert template.fill(text, {"表": [{"名": "甲"}, {"名": "乙"}]})[1] == (
        Block("list", items=((Part("甲", True),), (Part("乙", True),))),
    )
    assert template.fill(text, {"表": []})[1] == (Block("text", text=(Part("没有"),)),)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="={}#:-|*@_ 如有每个否则完申请人材料\n", max_size=80))
def test_whatever_somebody_writes_is_read_or_refused(text):
    # Any other error would be a bug of ours.
    with suppress(NotValid):
        checking.check(text, GRANT)


# --- Numbers --------------------------------------------------------------------------------------


def test_units_get_words_of_their_own_and_keep_them_when_another_comes():
    market = numbers.Unit("b", 2, "市监局")
    words = numbers.unit_words([numbers.Unit("a", 1, "政务局"), market], {"a": "政"})

    later = numbers.unit_words(
        [market, numbers.Unit("a", 1, "政务局"), numbers.Unit("c", 9, "市监局")], {"a": "政"}
    )

    assert words == {"a": "政", "b": "市监"}
    assert later == words | {"c": "市监9"}


def test_a_date_is_worded_without_noughts():
    assert worded(date(2026, 1, 2)) == "2026年1月2日"
