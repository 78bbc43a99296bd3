"""Money as whole fen (分). No fraction of a fen exists, and no float touches it."""

from __future__ import annotations

import re

from onedoor.kernel.errors import NotValid

_AMOUNT = re.compile(r"(\d{1,12})(?:\.(\d{1,2}))?")


def fen(yuan: str) -> int:
    """Return the fen of an amount written in yuan.

    >>> fen("12.5"), fen("0.01"), fen("200")
    (1250, 1, 20000)
    """
    match = _AMOUNT.fullmatch(yuan.strip())
    if match is None:
        raise NotValid(
            "money.not_an_amount", "“%(value)s”不是金额，请写成 12.50 这样。", value=yuan
        )
    whole, part = match.groups()
    return int(whole) * 100 + int((part or "0").ljust(2, "0"))


def yuan(amount: int) -> str:
    """Return the amount as people read it.

    >>> yuan(1250), yuan(20000), yuan(-50)
    ('12.50元', '200元', '-0.50元')
    """
    whole, part = divmod(abs(amount), 100)
    sign = "-" if amount < 0 else ""
    return f"{sign}{whole}.{part:02d}元" if part else f"{sign}{whole}元"
