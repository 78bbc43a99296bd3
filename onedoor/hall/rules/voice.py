"""What a board says aloud (语音叫号): numbers only, as they are read in a hall. Pure."""

from __future__ import annotations

from typing import NamedTuple

_DIGITS = dict(zip("0123456789", "零幺二三四五六七八九", strict=True))
_COUNTED = "零一二三四五六七八九"


class Said(NamedTuple):
    """A call as it is said: whole, and short for when several wait to be said."""

    long: str
    short: str


def said(number: str, window: int) -> Said:
    """Return how a number is called to a window; 1 is read 幺, which is not taken for 7.

    >>> said("A013", 12).long, said("F107", 21).short
    ('请 A 零 幺 三号，到十二号窗口。', 'F 幺 零 七，二十一号窗口。')
    """
    read = " ".join(_DIGITS.get(sign, sign) for sign in number)
    to = f"{counted(window)}号窗口"
    return Said(f"请 {read}号，到{to}。", f"{read}，{to}。")


def counted(number: int) -> str:
    """Return a number of a window as it is counted; from 100 on digit by digit.

    >>> [counted(n) for n in (5, 10, 12, 20, 21, 105)]
    ['五', '十', '十二', '二十', '二十一', '一零五']
    """
    if not 0 < number < 100:
        return "".join(_COUNTED[int(sign)] for sign in str(number))
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else _COUNTED[tens]) + "十" if tens else ""
    return head + (_COUNTED[ones] if ones else "")
