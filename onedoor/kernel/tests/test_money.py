from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onedoor.kernel.errors import NotValid
from onedoor.kernel.money import fen, yuan


@given(st.integers(0, 99_999_999_999_999))
def test_what_is_shown_can_be_read_back(amount: int):
    assert fen(yuan(amount).removesuffix("元")) == amount


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("0", 0),
        ("0.1", 10),
        ("0.29", 29),
        ("1.10", 110),
        (" 12.5 ", 1250),
        ("999999999999.99", 10**14 - 1),
    ],
)
def test_an_amount_is_exact_to_the_fen(written: str, amount: int):
    assert fen(written) == amount


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "1.",
        ".5",
        "1.234",
        "-1",
        "+1",
        "1e3",
        "1,000",
        "12元",
        "NaN",
        "0x10",
        "1" * 13,
        "1\n2",
    ],
)
def test_what_is_no_amount_is_refused(written: str):
    with pytest.raises(NotValid) as refused:
        fen(written)
    assert refused.value.code == "money.not_an_amount"
    assert refused.value.data == {"value": written}
