from __future__ import annotations

import re

import pytest

from onedoor.kernel.errors import (
    NotAllowed,
    NotFound,
    NotSignedIn,
    NotValid,
    Refusal,
    TooLarge,
    TooOften,
    WrongType,
)
from onedoor.kernel.messages import E_NUMBERS
from onedoor.kernel.terms import Term


class Colour(Term):
    GREEN = "green", "正常"
    RED = "red", "超时"


def test_a_refusal_carries_all_a_reader_needs():
    refusal = Refusal("case.gone", "办件%(number)s已办结。", basis="许可法42", number="7")
    assert str(refusal) == "办件7已办结。"
    assert (refusal.code, refusal.text, refusal.basis, refusal.data) == (
        "case.gone",
        "办件%(number)s已办结。",
        "许可法42",
        {"number": "7"},
    )


def test_a_sentence_without_data_may_hold_a_percent_sign():
    assert str(Refusal("a.b", "已完成 100%。")) == "已完成 100%。"


def test_data_from_outside_is_never_a_format():
    assert str(Refusal("a.b", "“%(v)s”不行。", v="%(x)s %d")) == "“%(x)s %d”不行。"


@pytest.mark.parametrize(
    ("kind", "status"),
    [(NotAllowed, 403), (NotSignedIn, 401), (NotFound, 404), (Refusal, 409)],
)
def test_each_kind_has_its_status(kind: type[Refusal], status: int):
    assert kind("a.b", "不行。").status == status


def test_what_is_not_valid_names_its_field():
    for kind, status in ((NotValid, 422), (TooLarge, 413), (WrongType, 415)):
        refusal = kind("a.b", "不行。", field="phone")
        assert (refusal.field, refusal.status) == ("phone", status)
        assert isinstance(refusal, Refusal)


def test_too_often_says_when_the_door_opens_again():
    refusal = TooOften("a.b", "试得太多，请%(n)s秒后再来。", retry_after=60, n=60)
    assert (refusal.status, refusal.retry_after, str(refusal)) == (
        429,
        60,
        "试得太多，请60秒后再来。",
    )


def test_message_numbers_are_of_one_form_and_belong_to_one_code():
    assert len(set(E_NUMBERS.values())) == len(E_NUMBERS)
    assert all(re.fullmatch(r"E\d{3}", number) for number in E_NUMBERS.values())


def test_a_term_is_stored_in_english_and_read_in_chinese():
    assert (Colour.RED, Colour.RED.zh, f"{Colour.RED}") == ("red", "超时", "red")
    assert Colour("green") is Colour.GREEN
    assert [each.zh for each in Colour] == ["正常", "超时"]


def test_an_unknown_term_is_an_error():
    with pytest.raises(ValueError, match="blue"):
        Colour("blue")
