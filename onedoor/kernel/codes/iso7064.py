"""Check characters of ISO 7064 (GB/T 17710): what to write behind a body of digits or letters."""

from __future__ import annotations

_DIGITS = "0123456789"
_LETTERS = _DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def mod_11_2(body: str) -> str:
    """Return the check character of a body of digits: 0–9 or X.

    >>> mod_11_2("0794"), mod_11_2("079")
    ('0', 'X')
    """
    check = 0
    for value in _values(body, _DIGITS):
        check = (check + value) * 2 % 11
    return "0123456789X"[(1 - check) % 11]


def mod_11_10(body: str) -> str:
    """Return the check digit of a body of digits.

    >>> mod_11_10("0794")
    '5'
    """
    return _hybrid(body, _DIGITS)


def mod_37_36(body: str) -> str:
    """Return the check character of a body of digits and capitals.

    >>> mod_37_36("A12425GABC1234002")
    'M'
    """
    return _hybrid(body, _LETTERS)


def _hybrid(body: str, alphabet: str) -> str:
    modulus = len(alphabet)
    check = modulus
    for value in _values(body, alphabet):
        check = (check + value) % modulus or modulus
        check = check * 2 % (modulus + 1)
    return alphabet[(1 - check) % modulus]


def _values(body: str, alphabet: str) -> list[int]:
    if not body:
        raise ValueError("an empty body has no check character")
    return [alphabet.index(character) for character in body]
