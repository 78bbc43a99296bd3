"""National codes: identity numbers, credit codes, project codes, index numbers, telephones.

Each module has ``parse``: it returns the code in its one written form, or refuses with the field.
What is doubtful but may be true (an inner check digit, a region) is a remark, never a refusal.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple


class Remark(NamedTuple):
    """Something to look at again, with a stable code and a sentence."""

    code: str
    text: str


def plain(text: str) -> str:
    """Return a code as typed without widths, spaces and invisible signs, in capitals.

    >>> plain("　５３２５ 02x\u200b")
    '532502X'
    """
    kept = unicodedata.normalize("NFKC", text)
    return "".join(c for c in kept if unicodedata.category(c)[0] not in "ZC").upper()
