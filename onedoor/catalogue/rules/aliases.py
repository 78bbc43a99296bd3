"""What people call an item (常用叫法): a short list of short texts."""

from __future__ import annotations

import re

from onedoor.catalogue.rules.cells import unreadable
from onedoor.catalogue.rules.search.text import normal
from onedoor.kernel.errors import NotValid

MOST, LONGEST = 30, 60
_BETWEEN = re.compile(r"[\n\r、，,；;|]+")


def read_aliases(text: str) -> tuple[str, ...]:
    """Return the names a text lists, each once, in their order; refuse what nobody could type.

    >>> read_aliases("开饭店、办餐饮证；开饭店")
    ('开饭店', '办餐饮证')
    """
    found: dict[str, str] = {}
    for part in _BETWEEN.split(text):
        name = " ".join(part.split())
        if not name:
            continue
        if wrong := unreadable(name):
            raise NotValid(
                "alias.unreadable",
                "常用叫法里有不能识别的字符 %(point)s。",
                field="aliases",
                point=wrong,
            )
        if len(name) > LONGEST:
            raise NotValid(
                "alias.too_long",
                "常用叫法太长：每个最多 %(limit)s 个字。",
                field="aliases",
                limit=LONGEST,
            )
        if not normal(name):
            raise NotValid(
                "alias.no_words", "常用叫法“%(name)s”里没有字。", field="aliases", name=name
            )
        found.setdefault(normal(name), name)
    if len(found) > MOST:
        raise NotValid(
            "alias.too_many", "常用叫法太多：最多 %(limit)s 个。", field="aliases", limit=MOST
        )
    return tuple(found.values())
