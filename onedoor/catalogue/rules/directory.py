"""A line of the basic directory (基本目录): from cells to a checked ``BasicLine``, or why not.

The state and the province own the directory; a county takes it in and never changes a line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields

from onedoor.catalogue.rules.cells import Cell, Row, half_width
from onedoor.catalogue.rules.code_sets import CodeSets
from onedoor.catalogue.rules.item_types import ItemTypes
from onedoor.catalogue.rules.spellings import ITEM_STATES
from onedoor.catalogue.rules.words import ItemState
from onedoor.kernel.errors import NotValid

NAME_LIMIT = 1000
_CODE = re.compile(r"[0-9A-Z]{8,12}")
_ASIDE = re.compile(r"[（(〔\[][^（）()]*[）)〕\]]")


@dataclass(frozen=True, kw_only=True)
class BasicLine:
    """What the directory says of one item; ``version`` is nothing where the file does not say."""

    code: str
    name: str
    item_type: str
    legal_basis: str = ""
    use_level: str = ""
    state: ItemState = ItemState.IN_USE
    version: int | None = None


SAID = tuple(f.name for f in fields(BasicLine) if f.name not in ("code", "version"))
"""What makes a line another one."""


def read_basic(
    cells: Mapping[str, Cell], names: Mapping[str, str], *, types: ItemTypes, sets: CodeSets
) -> BasicLine | tuple[NotValid, ...]:
    """Return the line one row states, or every reason why it cannot be taken.

    The directory also lists what an office does of its own accord (处罚、强制): it is taken in too.
    """
    row = Row(cells, names)
    code = half_width(row.required("code", 20)).upper()
    if code and not _CODE.fullmatch(code):
        row.fault(
            "bad_basic_code",
            "基本编码“%(value)s”不对，应是 12 位（旧编码 10 位）的数字和大写字母。",
            "code",
            value=code,
        )
    word = sets.translated("item_type", half_width(row.required("item_type", 100)))
    found = types.find(word)
    if word and found is None:
        row.fault(
            "unknown_type",
            "事项类型“%(value)s”不认识。认识的有：%(known)s。",
            "item_type",
            value=word[:20],
            known=types.listed(),
        )
    version = row.count("version", 99_999)
    if version == 0:
        row.fault("version_zero", "版本从 1 开始。", "version")
    line = BasicLine(
        code=code,
        name=row.required("name", NAME_LIMIT),
        item_type=found.code if found else "",
        legal_basis=row.long_text("legal_basis"),
        use_level=row.codes("use_level", sets),
        state=row.word("state", ITEM_STATES, ItemState.IN_USE),
        version=version,
    )
    return tuple(row.faults) or line


def is_named_alike(ours: str, main_item: str, theirs: str) -> bool:
    """Say whether an item is called what the directory calls it, but for what stands in brackets.

    >>> is_named_alike("食品经营许可（新办）", "", "食品经营许可")
    True
    >>> is_named_alike("变更地址", "食品经营许可", "食品经营许可（含变更）")
    True
    >>> is_named_alike("食品生产许可", "", "食品经营许可")
    False
    """
    return _bare(theirs) in (_bare(ours), _bare(main_item))


def _bare(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name)
    return re.sub(r"\s", "", _ASIDE.sub("", plain)) or re.sub(r"\s", "", plain)
