"""National codes: what is right passes, what is one character off does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from onedoor.kernel.codes import (
    citizen_id,
    credit_code,
    index_number,
    iso7064,
    phone,
    plain,
    project_code,
)
from onedoor.kernel.codes.citizen_id import IdKind
from onedoor.kernel.codes.project_code import CheckDigit, Generation
from onedoor.kernel.errors import NotValid

ON = date(2026, 1, 5)
DIGITS = "0123456789"
LETTERS = DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def digits(least: int, most: int | None = None) -> st.SearchStrategy[str]:
    return st.text(DIGITS, min_size=least, max_size=most or least)


@st.composite
def citizen_ids(draw: st.DrawFn) -> str:
    born = draw(st.dates(date(1900, 1, 1), ON))
    body = f"{draw(digits(6))}{born:%Y%m%d}{draw(digits(3))}"
    return body + iso7064.mod_11_2(body)


@st.composite
def credit_codes(draw: st.DrawFn) -> str:
    alphabet = credit_code.ALPHABET
    head, tail = (draw(st.text(alphabet, min_size=n, max_size=n)) for n in (2, 9))
    body = head + draw(digits(6)) + tail
    return body + credit_code.check_character(body)


@st.composite
def project_codes(draw: st.DrawFn) -> str:
    month = f"{draw(st.integers(21, 29))}{draw(st.integers(1, 12)):02d}"
    parts = [month, draw(digits(6)), draw(digits(2)), draw(digits(2)), draw(digits(5))]
    return "-".join(parts) + iso7064.mod_11_10("".join(parts))


def refusal_of(parse: Callable[[], Any]) -> NotValid:
    with pytest.raises(NotValid) as refused:
        parse()
    return refused.value


def refused_or_none(parse: Callable[[], Any]) -> NotValid | None:
    try:
        parse()
    except NotValid as refusal:
        return refusal
    return None


# --- ISO 7064 -----------------------------------------------------------------------------------

SYSTEMS = [
    (iso7064.mod_11_2, DIGITS, DIGITS + "X"),
    (iso7064.mod_11_10, DIGITS, DIGITS),
    (iso7064.mod_37_36, LETTERS, LETTERS),
]


@pytest.mark.parametrize(("check", "alphabet", "checks"), SYSTEMS)
@given(data=st.data())
def test_a_check_character_notices_every_single_error(
    check: Callable[[str], str], alphabet: str, checks: str, data: st.DataObject
):
    body = data.draw(st.text(alphabet, min_size=1, max_size=24))
    place = data.draw(st.integers(0, len(body) - 1))
    other = data.draw(st.sampled_from(alphabet.replace(body[place], "")))
    assert check(body) in checks
    assert check(body[:place] + other + body[place + 1 :]) != check(body)


@given(digits(2, 24), st.data())
def test_mod_11_2_notices_every_swap_of_neighbours(body: str, data: st.DataObject):
    place = data.draw(st.integers(0, len(body) - 2))
    swapped = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
    assume(swapped != body)
    assert iso7064.mod_11_2(swapped) != iso7064.mod_11_2(body)


@pytest.mark.parametrize(("check", "alphabet", "checks"), SYSTEMS)
def test_what_has_no_check_character_is_a_bug_of_the_caller(
    check: Callable[[str], str], alphabet: str, checks: str
):
    for body in ("", "一", "1 2", "１"):
        with pytest.raises(ValueError):  # noqa: PT011  # str.index has no message of ours
            check(body)


# --- Citizen identity number --------------------------------------------------------------------


@given(citizen_ids())
def test_a_right_identity_number_is_taken(number: str):
    found = citizen_id.parse(number, on=ON)
    assert found.value == number
    assert f"{found.birth_date:%Y%m%d}".rjust(8, "0") == number[6:14]
    assert found.region == number[:6]
    assert citizen_id.parse(found.value, on=ON) == found


@given(citizen_ids(), st.data())
def test_one_wrong_character_of_an_identity_number_is_noticed(number: str, data: st.DataObject):
    place = data.draw(st.integers(0, 17))
    signs = (DIGITS + "X" if place == 17 else DIGITS).replace(number[place], "")
    wrong = number[:place] + data.draw(st.sampled_from(signs)) + number[place + 1 :]
    assert refusal_of(lambda: citizen_id.parse(wrong, on=ON)).code == "id.wrong"


@given(citizen_ids(), st.data())
def test_two_swapped_digits_of_an_identity_number_are_noticed(number: str, data: st.DataObject):
    place = data.draw(st.integers(0, 15))
    assume(number[place] != number[place + 1])
    wrong = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert refusal_of(lambda: citizen_id.parse(wrong, on=ON)).code == "id.wrong"


def test_how_an_identity_number_was_typed_does_not_matter():
    body = next(b for n in range(99) if iso7064.mod_11_2(b := f"532502199001011{n:02d}") == "X")
    typed = f"　{body[:6]} {body[6:14]}\t{body[14:]}ｘ\u200b ".translate(
        {ord(d): ord(d) + 0xFEE0 for d in DIGITS}
    )
    assert citizen_id.parse(typed, on=ON).value == body + "X"


@pytest.mark.parametrize("length", [0, 1, 15, 17, 19, 40])
def test_the_wrong_length_is_said_with_the_number_typed(length: int):
    refusal = refusal_of(lambda: citizen_id.parse("1" * length, on=ON))
    assert (refusal.code, refusal.field) == ("id.length", "id_number")
    assert str(refusal) == f"身份证号应为18位，您填了{length}位。"


@pytest.mark.parametrize(
    "born", ["19900230", "19901301", "19900100", "00000101", "20260106", "21000101"]
)
def test_an_impossible_or_future_birth_date_is_refused(born: str):
    body = f"532502{born}001"
    refusal = refusal_of(lambda: citizen_id.parse(body + iso7064.mod_11_2(body), on=ON))
    assert (refusal.code, refusal.field) == ("id.birth_date", "id_number")


def test_who_was_born_today_has_a_number():
    body = f"532502{ON:%Y%m%d}001"
    number = body + iso7064.mod_11_2(body)
    assert citizen_id.parse(number, on=ON).birth_date == ON
    assert refusal_of(lambda: citizen_id.parse(number, on=ON - timedelta(days=1)))


@pytest.mark.parametrize(
    "region", ["532502", "532503", "810000", "830000", "911101", "000000", "999999"]
)
def test_a_region_is_never_an_error(region: str):
    body = region + "19650101001"
    assert citizen_id.parse(body + iso7064.mod_11_2(body), on=ON).region == region


@pytest.mark.parametrize(
    ("region", "kind"),
    [
        ("532502", IdKind.CITIZEN),
        ("710000", IdKind.CITIZEN),
        ("810000", IdKind.RESIDENCE),
        ("820000", IdKind.RESIDENCE),
        ("830000", IdKind.RESIDENCE),
        ("911101", IdKind.FOREIGNER),
    ],
)
def test_the_first_digits_tell_the_document(region: str, kind: IdKind):
    body = region + "19900101001"
    assert citizen_id.parse(body + iso7064.mod_11_2(body), on=ON).kind is kind


def test_an_odd_region_and_a_very_old_person_are_remarks():
    body = "00000018990101001"
    found = citizen_id.parse(body + iso7064.mod_11_2(body), on=ON)
    assert [each.code for each in found.warnings] == ["id.region", "id.age"]
    assert citizen_id.parse("532502196501010016", on=ON).warnings == ()


# --- Credit code --------------------------------------------------------------------------------


@given(credit_codes())
def test_a_right_credit_code_is_taken(code: str):
    found = credit_code.parse(code.lower())
    assert found.value == code
    assert found.organisation == code[8:17]
    assert len(found.warnings) <= 1


@given(credit_codes(), st.data())
def test_one_wrong_character_of_a_credit_code_is_noticed(code: str, data: st.DataObject):
    place = data.draw(st.integers(0, 17))
    wrong = (
        code[:place]
        + data.draw(st.sampled_from(LETTERS.replace(code[place], "")))
        + code[place + 1 :]
    )
    assert refusal_of(lambda: credit_code.parse(wrong)).code == "credit_code.wrong"


@given(credit_codes(), st.integers(0, 16))
def test_two_swapped_neighbours_of_a_credit_code_are_noticed(code: str, place: int):
    assume(code[place] != code[place + 1])
    wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert refusal_of(lambda: credit_code.parse(wrong)).code == "credit_code.wrong"


def test_known_codes_pass_without_a_remark():
    assert credit_code.parse("91110000600037341L").warnings == ()


@pytest.mark.parametrize("prefix", ["N1", "N2", "Y1", "A1", "11", "51", "91", "92"])
def test_the_registering_department_may_be_a_letter(prefix: str):
    body = f"{prefix}532502MF0000013"
    assert credit_code.parse(body + credit_code.check_character(body)).value.startswith(prefix)


def test_a_wrong_inner_check_is_a_remark_alone():
    found = credit_code.parse("91532502MA0DRAW162")
    assert [each.code for each in found.warnings] == ["credit_code.organisation"]


@pytest.mark.parametrize(
    "text", ["", "9111000060003734", "91110000600037341O", "9" * 18, "开" * 18]
)
def test_what_is_no_credit_code_is_refused(text: str):
    refusal = refusal_of(lambda: credit_code.parse(text))
    assert (refusal.code, refusal.field) == ("credit_code.wrong", "id_number")


# --- Project code -------------------------------------------------------------------------------


@given(project_codes())
def test_a_right_project_code_has_no_remark(code: str):
    assert project_code.parse(code) == (code, Generation.NEW, ())


@given(project_codes(), st.sampled_from(DIGITS))
def test_a_wrong_check_digit_of_a_project_is_a_remark(code: str, digit: str):
    found = project_code.parse(code[:-1] + digit)
    assert bool(found.warnings) == (digit != code[-1])


@pytest.mark.parametrize(
    ("code", "generation"),
    [
        ("2009-532502-04-01-123456", Generation.NEW),
        ("2012-532502-04-01-123456", Generation.NEW),
        ("2111-532502-04-01-123456", Generation.NEW),
        ("2015-532502-04-01-123456", Generation.OLD),
        ("2021-532502-04-01-123456", Generation.OLD),
        ("2017-130000-01-01-00001", Generation.OLD),
    ],
)
def test_the_two_generations_do_not_overlap(code: str, generation: Generation):
    assert project_code.parse(code).generation is generation


@pytest.mark.parametrize(
    ("code", "check"),
    [
        ("2509-320193-89-01-544060", CheckDigit.OK),
        ("2603-141124-89-05-346948", CheckDigit.OK),
        ("2411-130202-89-01-637015", CheckDigit.OK),
        ("2411-130202-89-01-637016", CheckDigit.MISMATCH),
        ("2020-330327-48-01-167360", CheckDigit.NOT_APPLICABLE),
    ],
)
def test_the_check_digit_is_judged_where_there_is_one(code: str, check: CheckDigit):
    assert project_code.parse(code).check_digit is check


@pytest.mark.parametrize("hyphen", "-－—–−‐")
def test_any_hyphen_will_do(hyphen: str):
    code = "2111-532502-04-01-123456"
    found = project_code.parse(f" {code.replace('-', hyphen)} ")
    assert (found.value, found.region) == (code, "532502")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2008-532502-04-01-123456",
        "2014-532502-04-01-123456",
        "2022-532502-04-01-123456",
        "2100-532502-04-01-123456",
        "2113-532502-04-01-123456",
        "2111-532502-04-01-12345",
        "211153250204-01-123456",
        "2111-532502-04-01-1234567",
    ],
)
def test_what_is_no_project_code_is_refused(text: str):
    refusal = refusal_of(lambda: project_code.parse(text))
    assert (refusal.code, refusal.field) == ("project_code.wrong", "project_code")


# --- Index number -------------------------------------------------------------------------------


def test_an_index_number_has_three_parts():
    found = index_number.parse(" ０00014348／2021-01295 ")
    assert found[:4] == ("000014348/2021-01295", "000014348", 2021, 1295)


@pytest.mark.parametrize(
    ("text", "is_right"),
    [
        ("600037341/2021-00001", True),
        ("000014348/2021-01295", False),
        ("11332500002645240D/2021-28038", True),
        ("11332500002645240E/2021-28038", False),
    ],
)
def test_a_wrong_check_of_the_publisher_is_a_remark(text: str, is_right: bool):
    codes = [each.code for each in index_number.parse(text).warnings]
    assert codes == ([] if is_right else ["index_number.check"])


@pytest.mark.parametrize(
    "text", ["", "000014348", "000014348/2021-1", "00001434-8/2021-01295", "云审2021-1"]
)
def test_what_is_no_index_number_is_refused(text: str):
    refusal = refusal_of(lambda: index_number.parse(text))
    assert (refusal.code, refusal.field) == ("index_number.wrong", "index_number")


# --- Telephone ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "value", "is_mobile"),
    [
        ("13800000001", "13800000001", True),
        ("１３８ ００００ ０００１", "13800000001", True),
        ("138-0000-0001", "13800000001", True),
        ("+86 138 0000 0001", "13800000001", True),
        ("0086-13800000001", "13800000001", True),
        ("0873-0000202", "0873-0000202", False),
        ("（0873）0000202", "0873-0000202", False),
        ("08730000202", "0873-0000202", False),
        ("0871-63000000", "0871-63000000", False),
        ("010-12345678", "010-12345678", False),
    ],
)
def test_a_phone_number_is_taken_as_people_write_it(typed: str, value: str, is_mobile: bool):
    assert phone.parse(typed) == (value, is_mobile)
    assert phone.parse(value).value == value


@pytest.mark.parametrize(
    "typed", ["", "1380000000", "138000000012", "12345678901", "138O0000001", "电话", "110"]
)
def test_what_is_no_mobile_number_is_refused(typed: str):
    refusal = refusal_of(lambda: phone.parse(typed))
    assert (refusal.code, refusal.field, str(refusal)) == (
        "phone.wrong",
        "phone",
        "手机号应为11位数字。",
    )


@pytest.mark.parametrize("typed", ["0000202", "7120202", "0873-000020", "0873-000020202"])
def test_who_leaves_out_the_area_code_is_told(typed: str):
    refusal = refusal_of(lambda: phone.parse(typed))
    assert (refusal.code, refusal.field) == ("phone.wrong", "phone")
    assert "区号" in str(refusal)


# --- All of them --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "parse",
    [
        lambda text: citizen_id.parse(text, on=ON),
        credit_code.parse,
        project_code.parse,
        index_number.parse,
        phone.parse,
    ],
    ids=["id", "credit", "project", "index", "phone"],
)
@given(text=st.one_of(st.text(max_size=40), st.text(LETTERS + "-/²½٣①Ⅷ", max_size=30)))
def test_whatever_is_typed_is_taken_or_refused_with_its_field(
    parse: Callable[[str], Any], text: str
):
    refusal = refused_or_none(lambda: parse(text))
    assert refusal is None or (refusal.field and "%(" not in str(refusal))


@given(st.text(LETTERS + "xｘ０９－ 　\u200b-·"))
def test_a_plain_code_is_plain(text: str):
    assert plain(plain(text)) == plain(text)
