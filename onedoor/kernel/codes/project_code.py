"""Project code (投资项目统一代码) in both generations, each 24 characters with its hyphens.

Since November 2020 (GB/T 40058-2021): month of issue · region · guiding department · kind ·
random and check. Before: year · region · industry · kind · serial. Old codes stay valid.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from onedoor.kernel.codes import Remark, iso7064, plain
from onedoor.kernel.errors import NotValid
from onedoor.kernel.terms import Term

FIELD = "project_code"

_NEW = re.compile(r"2[0-9](?:0[1-9]|1[0-2])-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}")
_OLD = re.compile(r"20(?:1[5-9]|2[01])-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{5,6}")
_FIRST_MONTH = "2009"
# Every sign that an input method offers for a hyphen, besides the full-width one.
_HYPHENS = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))


class Generation(Term):
    OLD = "old", "旧版"
    NEW = "new", "新版"


class CheckDigit(Term):
    """How the last digit fits. The standard does not print the rule: never a reason to refuse."""

    OK = "ok", "校验相符"
    MISMATCH = "mismatch", "校验不符"
    NOT_APPLICABLE = "n/a", "没有校验位"


class ProjectCode(NamedTuple):
    """A code in its written form. Nothing about the kind of approval is read from it."""

    value: str
    generation: Generation
    warnings: tuple[Remark, ...] = ()

    @property
    def region(self) -> str:
        return self.value[5:11]

    @property
    def check_digit(self) -> CheckDigit:
        if self.generation is Generation.OLD:
            return CheckDigit.NOT_APPLICABLE
        return CheckDigit.MISMATCH if self.warnings else CheckDigit.OK


def parse(text: str) -> ProjectCode:
    """Return the code, or refuse. A wrong check digit is a remark.

    >>> parse("2111-532502-04-01-123456")[:2]
    ('2111-532502-04-01-123456', <Generation.NEW: 'new'>)
    >>> parse("２０２０－３３０３２７－４８－０１－１６７３６０").generation.zh
    '旧版'
    """
    value = plain(text).translate(_HYPHENS)
    if _OLD.fullmatch(value):
        return ProjectCode(value, Generation.OLD)
    if not _NEW.fullmatch(value) or value[:4] < _FIRST_MONTH:
        raise NotValid(
            "project_code.wrong",
            "项目代码应为24位，如 2111-532502-04-01-123456，请对照备案证或批复。",
            field=FIELD,
        )
    digits = value.replace("-", "")
    if iso7064.mod_11_10(digits[:-1]) == digits[-1]:
        return ProjectCode(value, Generation.NEW)
    remark = Remark("project_code.check", "项目代码的校验位不符，请再对照一遍。")
    return ProjectCode(value, Generation.NEW, (remark,))
