"""Citizen identity number (公民身份号码), GB 11643: region 6 · birth date 8 · order 3 · check 1.

The region is where the number was first issued, by the divisions of that day: it says nothing
about today's and is never a reason to refuse. Residence permits and the cards of foreign
permanent residents have numbers of the same make.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from onedoor.kernel.codes import Remark, iso7064, plain
from onedoor.kernel.errors import NotValid
from onedoor.kernel.terms import Term

LENGTH = 18
FIELD = "id_number"

_FORM = re.compile(r"[0-9]{17}[0-9X]")
_OLDEST = 120
# Provinces, then Taiwan, Hong Kong and Macao, residence permits, foreign permanent residents.
_REGIONS = frozenset(
    {*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55)}
    | {*range(61, 66), 71, 81, 82, 83, *range(90, 100)}
)


class IdKind(Term):
    """Which document carries the number, as far as its first digits tell."""

    CITIZEN = "citizen", "居民身份证"
    RESIDENCE = "residence", "港澳台居民居住证"
    FOREIGNER = "foreigner", "外国人永久居留身份证"


class CitizenId(NamedTuple):
    """A number in its written form, and what can be read from it."""

    value: str
    birth_date: date
    warnings: tuple[Remark, ...] = ()

    @property
    def region(self) -> str:
        return self.value[:6]

    @property
    def kind(self) -> IdKind:
        """The document: residence permits begin with 81, 82 or 83, a foreigner's card with 9."""
        if self.value[:2] in ("81", "82", "83"):
            return IdKind.RESIDENCE
        return IdKind.FOREIGNER if self.value[0] == "9" else IdKind.CITIZEN


def parse(text: str, *, on: date) -> CitizenId:
    """Return the number, or refuse; nobody is born after ``on``.

    >>> parse("５３２５０２ 19900101 1235", on=date(2026, 1, 5)).value
    '532502199001011235'
    """
    value = plain(text)
    if len(value) != LENGTH:
        raise NotValid("id.length", "身份证号应为18位，您填了%(n)s位。", field=FIELD, n=len(value))
    if not _FORM.fullmatch(value) or iso7064.mod_11_2(value[:17]) != value[17]:
        raise NotValid(
            "id.wrong",
            "身份证号不对，请对照证件再看一遍，最后一位可能是 X。",
            field=FIELD,
        )
    born = _birth_date(value[6:14])
    if born is None or born > on:
        raise NotValid(
            "id.birth_date",
            "身份证号里的出生日期%(written)s不对，请对照证件再看一遍。",
            field=FIELD,
            written=f"{value[6:10]}-{value[10:12]}-{value[12:14]}",
        )
    return CitizenId(value, born, tuple(_remarks(value, born, on)))


def _birth_date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def _remarks(value: str, born: date, on: date) -> list[Remark]:
    remarks = []
    if int(value[:2]) not in _REGIONS:
        remarks.append(Remark("id.region", "身份证号的前两位不是常见的地区，请再看一遍证件。"))
    if on.year - born.year > _OLDEST:
        remarks.append(Remark("id.age", "按身份证号算已超过120岁，请再看一遍证件。"))
    return remarks
