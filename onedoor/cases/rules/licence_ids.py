"""The identifier of an electronic licence (电子证照标识): its shape, and its check character.

``root . type . issuer . serial . version . check``, as GB/T 36904 describes it. Written here in
that shape, so that it can be handed on; it is entered in no national directory.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from onedoor.kernel.codes import iso7064

ROOT = "1.2.156.3005.2"
"""What every identifier begins with."""

_SHAPE = re.compile(
    re.escape(ROOT)
    + r"\.([0-9A-Z]{18}\d{3})\.([0-9A-Z]{1,18})\.([0-9A-Z]{1,32})\.(\d{3})\.([0-9A-Z])"
)
_UNIT = re.compile(r"[0-9A-Z]{18}")
HIGHEST = 999
"""Of a unit's kinds of licences, and of the versions of one licence."""


class Identifier(NamedTuple):
    """What an identifier says: which kind of licence, whose, which one, in which version."""

    kind: str
    issuer: str
    serial: str
    version: int

    def __str__(self) -> str:
        """Return it as it is written, with its check character.

        >>> str(Identifier("11100000000013338W009", "11330105002500287C", "2025052201", 2))[-6:]
        '.002.0'
        """
        parts = (self.kind, self.issuer, self.serial, f"{self.version:03d}")
        return ".".join((ROOT, *parts, iso7064.mod_37_36("".join(parts))))


def kind_of(unit: str, number: int) -> str:
    """Return the code of a kind of licence (证照类型代码): the body that defines it, its number.

    Empty where the body's code is none that an identifier can hold.

    >>> kind_of("11100000000013338W", 11), kind_of("market", 11)
    ('11100000000013338W011', '')
    """
    return f"{unit}{number:03d}" if _UNIT.fullmatch(unit) and 0 < number <= HIGHEST else ""


def read(text: str) -> Identifier | None:
    """Return what an identifier says, or nothing where its shape or check character is wrong.

    >>> read("1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U").version
    1
    >>> read("1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.V")
    """
    found = _SHAPE.fullmatch(text.strip().upper())
    if found is None:
        return None
    said = Identifier(found[1], found[2], found[3], int(found[4]))
    return said if str(said).endswith(found[5]) else None
