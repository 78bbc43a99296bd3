"""The linter of texts finds what it is for, and its exceptions run out."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest

from tools import words
from tools.words import Fault, Said, faults, judged

RULES = tomllib.loads(words.RULES.read_text())["words"]


@pytest.mark.parametrize(
    ("text", "kind", "rule"),
    [
        ("法律法规规定的其他材料", "item", "banned"),
        ("请联系有关部门", "text", "banned"),
        ("请稍后再试", "text", "banned"),
        ("点击这里", "text", "banned"),
        ("办成啦！", "message", "banned"),
        ("请填写姓名,再提交", "text", "marks"),
        ("许可证(正本)带来", "item", "marks"),
        ("5 个工作日内办结", "text", "date"),
        ("{item}，5个工作日内办结", "message", "date"),
        ("您" * 41, "item", "long"),
        ("确定", "button", "button"),
        ("删掉我填的所有内容", "button", "button"),
    ],
)
def test_what_tells_people_nothing_is_found(text, kind, rule):
    assert rule in {fault.rule for fault in faults(Said("here", text, kind, True), RULES)}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("%(d)s前办好（%(n)s 个工作日）", "text"),
        ("3月12日前办好（5个工作日）", "text"),
        ("提交申请", "button"),
        ("没有提交成功。您填的内容已保存，请再点一次“提交”。", "text"),
        ("请 10:40 后再试，或打 0873-0000101。", "text"),
        ("阿普·木嘎", "text"),
        ("材料相关性说明", "item"),
    ],
)
def test_what_says_what_it_means_is_left_alone(text, kind):
    assert list(faults(Said("here", text, kind, True), RULES)) == []


def test_long_sentences_and_buttons_of_staff_are_theirs():
    assert list(faults(Said("here", "您" * 41, "text", False), RULES)) == []
    assert list(faults(Said("here", "批准销毁，不能恢复", "button", False), RULES)) == []


def test_an_exception_needs_a_reason_a_day_and_a_fault():
    fault = Fault("button", Said("a.html", "确定", "button", True), "?")
    one = {"rule": "button", "text": "确定", "reason": "因为", "until": date(2027, 1, 1)}

    assert judged([fault], [one], today=date(2027, 1, 1)) == []
    assert "over since" in judged([fault], [one], today=date(2027, 1, 2))[0]
    assert "no reason" in judged([fault], [one | {"reason": " "}], today=date(2026, 1, 1))[0]
    assert "needed no more" in judged([], [one], today=date(2026, 1, 1))[0]
    assert judged([fault], [], today=date(2026, 1, 1)) == [str(fault)]


def test_pages_of_the_public_are_told_from_those_of_staff():
    public = words.public_templates()

    assert "onedoor/portal/templates/portal/home.html" in public
    assert "onedoor/catalogue/templates/catalogue/hit.html" in public  # included
    assert "onedoor/cases/templates/cases/inbox.html" not in public


def test_buttons_and_messages_are_read():
    assert "提交申请" in {said.text for said in words.buttons()}
    assert all("【" not in said.text for said in words.told())
