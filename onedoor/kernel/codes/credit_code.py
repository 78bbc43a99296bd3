"""Unified social credit code (统一社会信用代码), GB 32100-2015.

Registering department 1 · kind 1 · region 6 · organisation code 9 (GB 11714) · check 1.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from onedoor.kernel.codes import Remark, plain
from onedoor.kernel.errors import NotValid

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Without I, O, S, V, Z, so that nothing is misread."""
FIELD = "id_number"

_FORM = re.compile(rf"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}")
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


class CreditCode(NamedTuple):
    """A code in its written form, and what is odd about it."""

    value: str
    warnings: tuple[Remark, ...] = ()

    @property
    def organisation(self) -> str:
        """The nine characters of the organisation code in it."""
        return self.value[8:17]


def parse(text: str) -> CreditCode:
    """Return the code, or refuse. A wrong inner check is a remark: real codes have it.

    >>> parse("n2532502mf00000138").value
    'N2532502MF00000138'
    """
    value = plain(text).replace("-", "")
    if not _FORM.fullmatch(value) or check_character(value[:17]) != value[17]:
        raise NotValid(
            "credit_code.wrong",
            "统一社会信用代码应为18位字母和数字，请对照营业执照。",
            field=FIELD,
        )
    if is_organisation_code(value[8:17]):
        return CreditCode(value)
    remark = Remark(
        "credit_code.organisation", "代码中间的组织机构代码校验不符，请再对照一遍营业执照。"
    )
    return CreditCode(value, (remark,))


def check_character(body: str) -> str:
    """Return the check character of the first seventeen.

    >>> check_character("91110000600037341")
    'L'
    """
    total = sum(ALPHABET.index(c) * pow(3, place, 31) for place, c in enumerate(body))
    return ALPHABET[-total % 31]


def is_organisation_code(text: str) -> bool:
    """Say whether nine characters without a dash are an organisation code (GB 11714).

    >>> is_organisation_code("600037341"), is_organisation_code("600037342")
    (True, False)
    """
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", text):
        return False
    total = sum(
        int(c, 36) * weight for c, weight in zip(text[:8], _ORGANISATION_WEIGHTS, strict=True)
    )
    return "0123456789X"[-total % 11] == text[8]
