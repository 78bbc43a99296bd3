"""Identifiers of licences: published ones verify, and every slip of the pen is noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onedoor.cases.rules.licence_ids import Identifier, kind_of, read

CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

identifiers = st.builds(
    lambda kind, number, issuer, serial, version: Identifier(
        f"{kind}{number:03d}", issuer, serial, version
    ),
    st.text(CHARACTERS, min_size=18, max_size=18),
    st.integers(1, 999),
    st.text(CHARACTERS, min_size=1, max_size=18),
    st.text(CHARACTERS, min_size=1, max_size=32),
    st.integers(0, 999),
)


@pytest.mark.parametrize(
    "published",
    [
        "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
        "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9",
        "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0",
    ],
)
def test_published_identifiers_are_read_and_written_again(published):
    assert str(read(published)) == published


@given(identifiers)
def test_what_is_written_is_read_as_it_was(identifier):
    assert read(str(identifier)) == identifier
    assert read(str(identifier).lower()) == identifier


@given(identifiers, st.data())
def test_one_wrong_character_is_noticed(identifier, data):
    text = str(identifier)
    places = [n for n in range(len("1.2.156.3005.2."), len(text)) if text[n] != "."]
    place = data.draw(st.sampled_from(places))
    other = data.draw(st.sampled_from([c for c in CHARACTERS if c != text[place]]))

    assert read(text[:place] + other + text[place + 1 :]) is None


def test_a_unit_without_such_a_code_has_no_kind():
    assert kind_of("市监局", 1) == kind_of("11532502DEM0000224", 1000) == ""
