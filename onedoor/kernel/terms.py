"""Enumerations that carry their Chinese term."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """A word of the field: stored in English, shown in Chinese.

    >>> class Light(Term):
    ...     GREEN = "green", "正常"
    >>> Light.GREEN, Light.GREEN.zh, Light("green") is Light.GREEN
    (<Light.GREEN: 'green'>, '正常', True)
    """

    zh: str

    def __new__(cls, value: str, zh: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.zh = zh
        return member
