"""What a form says of a field that was left empty."""

from django import forms
from django.utils.translation import override

from onedoor.kernel.forms import Form
from onedoor.kernel.templatetags.onedoor import labelled


class Asked(Form):
    name = forms.CharField(label="姓名")
    kind = forms.ChoiceField(label="类型", choices=[("a", "甲")])
    sure = forms.BooleanField(label="我看过")
    code = forms.CharField(label="查询码", error_messages={"required": "请填写 6 位查询码。"})
    note = forms.CharField(label="备注", required=False)


def test_what_was_left_empty_is_named_with_what_to_do():
    assert Asked({}).errors == {
        "name": ["请填写姓名。"],
        "kind": ["请选择类型。"],
        "sure": ["请勾选“我看过”。"],
        "code": ["请填写 6 位查询码。"],
    }


def test_it_is_said_in_the_language_of_the_reader():
    with override("en"):
        assert Asked({}).errors["name"] == ["Enter 姓名."]


def test_a_summary_repeats_no_label_that_the_sentence_says_already():
    form = Asked({"name": "甲"})
    assert labelled("请填写姓名。", form["name"]) == "请填写姓名。"
    assert labelled("最多 100 个字。", form["name"]) == "姓名：最多 100 个字。"
    with override("en"):
        assert labelled("Too long.", form["name"]) == "姓名: Too long."
