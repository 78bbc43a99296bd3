"""Telephone numbers of the mainland: a mobile one, or a landline with its area code."""

from __future__ import annotations

import re
from typing import NamedTuple

from onedoor.kernel.codes import plain
from onedoor.kernel.errors import NotValid

FIELD = "phone"

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
# Area codes: 010 and 02x have three digits, all others four.
_LANDLINE = re.compile(r"(010|02[0-9]|0[3-9][0-9]{2})([0-9]{7,8})")
_BETWEEN = str.maketrans(dict.fromkeys("-‐‑‒–—―−()", ""))


class Phone(NamedTuple):
    """A number as it is written and dialled."""

    value: str
    is_mobile: bool


def parse(text: str) -> Phone:
    """Return the number, or refuse; how it was grouped and +86 do not matter.

    >>> parse("138 0000-0001").value, parse("(0873)0000202").value, parse("+86 13800000001").value
    ('13800000001', '0873-0000202', '13800000001')
    """
    digits = plain(text).translate(_BETWEEN)
    digits = re.sub(r"^(?:\+86|0086)", "", digits)
    if _MOBILE.fullmatch(digits):
        return Phone(digits, is_mobile=True)
    landline = _LANDLINE.fullmatch(digits)
    if landline:
        return Phone(f"{landline[1]}-{landline[2]}", is_mobile=False)
    if digits.startswith("0") or re.fullmatch(r"[2-9][0-9]{6,7}", digits):
        raise NotValid("phone.wrong", "座机请写区号和号码，如 0873-0000202。", field=FIELD)
    raise NotValid("phone.wrong", "手机号应为11位数字。", field=FIELD)
