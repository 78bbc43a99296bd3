"""Case number, alias, query code (办件编号、短号、查询码).

The number is for archives, the alias for the phone, the query code proves the receipt is yours.
"""

from __future__ import annotations

import secrets
import unicodedata
from datetime import date

from onedoor.kernel.codes import iso7064

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so that nothing is misread."""

HIGHEST = 99_999
"""The last serial of a unit's day: the number has five digits for it."""

_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0"})


def case_number(division: str, unit: int, day: date, serial: int) -> str:
    """Return division (6) · unit (3) · day (8) · serial (5) · check (0–9 or X).

    >>> case_number("532502", 14, date(2021, 11, 1), 12)
    '53250201420211101000126'
    """
    body = f"{division[:6]}{unit:03d}{day:%Y%m%d}{serial:05d}"
    return body + iso7064.mod_11_2(body)


def is_case_number(text: str) -> bool:
    """Say whether a text has the form of a case number and its check character is right."""
    return len(text) == 23 and text[:-1].isdigit() and iso7064.mod_11_2(text[:-1]) == text[-1]


def grouped(number: str) -> str:
    """Return a case number as people read it: 532502-014-20211101-00012-6."""
    parts = (number[:6], number[6:9], number[9:17], number[17:22], number[22:])
    return "-".join(parts) if len(number) == 23 else number


def new_alias() -> str:
    """Return seven random characters and their check character.

    The check is Crockford's, the value modulo 37; values whose check needs one of its five
    extra signs are drawn again. Every single wrong character and every swap of two neighbours
    is noticed.
    """
    while True:
        value = secrets.randbits(35)
        if value % 37 < 32:
            return _characters(value) + ALPHABET[value % 37]


def _characters(value: int) -> str:
    return "".join(ALPHABET[value >> shift & 31] for shift in range(30, -1, -5))


def normal(text: str) -> str:
    """Return what somebody typed as a number or an alias in its stored form."""
    plain = unicodedata.normalize("NFKC", text).upper()
    kept = "".join(c for c in plain if c.isalnum())
    return kept if len(kept) == 23 else kept.translate(_READ_AS)


def is_alias(text: str) -> bool:
    """Say whether a text has the form of an alias and its check character is right.

    >>> is_alias("0000011")
    False
    """
    if len(text) != 8 or any(c not in ALPHABET for c in text):
        return False
    value = 0
    for c in text[:7]:
        value = value << 5 | ALPHABET.index(c)
    return value % 37 == ALPHABET.index(text[7])
