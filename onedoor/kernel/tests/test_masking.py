from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onedoor.kernel import masking

NUMBERS = st.text("0123456789X", min_size=5, max_size=20)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("李敏", "李*"), ("阿普·木嘎", "阿****"), ("欧阳示例", "欧***"), ("𠮷示例", "𠮷**"), ("", "")],
)
def test_a_name_keeps_its_first_character(name: str, shown: str):
    assert masking.name(name) == shown


def test_a_rare_character_is_one_character():
    assert masking.name("㑇𬭎") == "㑇*"


def test_an_identity_number_hides_the_birth_date():
    assert masking.id_number("532502196501010016") == "532502********0016"


@given(NUMBERS)
def test_a_number_keeps_its_length_and_hides_some(number: str):
    shown = masking.id_number(number)
    assert len(shown) == len(number)
    assert "*" in shown


@given(st.text(max_size=4))
def test_a_very_short_number_is_hidden_whole(number: str):
    assert masking.id_number(number) == "****"


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13800000001", "138****0001"),
        ("0873-0000202", "087****0202"),
        ("110", "****"),
        ("", "****"),
    ],
)
def test_a_phone_number_hides_its_middle(phone: str, shown: str):
    assert masking.phone(phone) == shown


def test_an_address_is_cut_to_the_county():
    assert masking.address("云南省开远市示例路1号2单元") == "云南省开远市******"
    assert masking.address("") == ""
