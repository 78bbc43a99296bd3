"""Case numbers and aliases: every slip of a finger is noticed."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from onedoor.cases.rules import numbers


@given(
    st.integers(1, 999),
    st.dates(date(2020, 1, 1), date(2099, 12, 31)),
    st.integers(1, 99_999),
    st.integers(0, 21),
    st.sampled_from("0123456789"),
)
def test_every_wrong_digit_of_a_case_number_is_noticed(unit, day, serial, place, digit):
    number = numbers.case_number("532502", unit, day, serial)

    assert numbers.is_case_number(number)
    if number[place] != digit:
        wrong = number[:place] + digit + number[place + 1 :]
        assert not numbers.is_case_number(wrong)


@given(st.integers(0, 7), st.sampled_from(numbers.ALPHABET), st.integers(0, 6))
def test_every_wrong_character_and_swap_in_an_alias_is_noticed(place, character, swap):
    alias = numbers.new_alias()

    assert numbers.is_alias(alias)
    if alias[place] != character:
        assert not numbers.is_alias(alias[:place] + character + alias[place + 1 :])
    if alias[swap] != alias[swap + 1] and swap < 6:
        swapped = alias[:swap] + alias[swap + 1] + alias[swap] + alias[swap + 2 :]
        assert not numbers.is_alias(swapped)


def test_what_somebody_types_is_read_kindly():
    assert numbers.normal(" 5325 02-014-20211101-00012-6 ") == "53250201420211101000126"
    assert numbers.normal("o1l0-abcd") == "0110ABCD"
    assert numbers.normal("５３") == "53"
