"""Index number (索引号) of published government information: front code / year - serial.

The front is the publisher's organisation code without its dash, on newer sites the credit code.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from onedoor.kernel.codes import Remark, credit_code, plain
from onedoor.kernel.errors import NotValid

FIELD = "index_number"

_FORM = re.compile(
    r"(?P<organisation>[0-9A-Z]{8}[0-9X]|[0-9A-HJ-NPQRTUWXY]{18})"
    r"/(?P<year>[0-9]{4})-(?P<serial>[0-9]{5,6})"
)


class IndexNumber(NamedTuple):
    """A number in its written form and its parts."""

    value: str
    organisation: str
    year: int
    serial: int
    warnings: tuple[Remark, ...] = ()


def parse(text: str) -> IndexNumber:
    """Return the number, or refuse. A wrong check digit of the publisher is a remark.

    >>> parse("000014348/2021-01295")[1:4]
    ('000014348', 2021, 1295)
    """
    value = plain(text)
    match = _FORM.fullmatch(value)
    if match is None:
        raise NotValid(
            "index_number.wrong",
            "索引号应写成 000014348/2021-01295 这样：机构代码/年份-流水号。",
            field=FIELD,
        )
    organisation = match["organisation"]
    remarks = () if _is_right(organisation) else (_REMARK,)
    return IndexNumber(value, organisation, int(match["year"]), int(match["serial"]), remarks)


_REMARK = Remark("index_number.check", "索引号里机构代码的校验位不符，请再对照一遍。")


def _is_right(organisation: str) -> bool:
    if len(organisation) == 9:
        return credit_code.is_organisation_code(organisation)
    return credit_code.check_character(organisation[:17]) == organisation[17]
