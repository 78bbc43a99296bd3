"""How a citation of Chinese law is said in English: as a whole, or not at all.

What is not understood to its last character is left as it is: half a translation misleads.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_N = "([零〇一二两三四五六七八九十百千]{1,9})"
_CITED = re.compile(r"《(?:中华人民共和国)?([^《》]+)》")
_PLACE = re.compile(rf"第{_N}条(?:第{_N}款)?(?:第[（(]?{_N}[）)]?项)?")
_BETWEEN = re.compile(r"[、，；。,;\s和及]*")


def number(text: str) -> int:
    """Return a number written in Chinese.

    >>> number("四十二"), number("十"), number("一百零八")
    (42, 10, 108)
    """
    total, digit = 0, 0
    for c in text:
        if c in _UNITS:
            total, digit = total + (digit or 1) * _UNITS[c], 0
        else:
            digit = _DIGITS[c]
    return total + digit


def english(text: str, names: Mapping[str, str]) -> str:
    """Return a citation in English, or nothing where a word of it is not known.

    >>> names = {"行政许可法": "Administrative Licensing Law"}
    >>> english("《行政许可法》第四十二条第一款、第四十四条", names)
    'Administrative Licensing Law, Art. 42(1), Art. 44'
    >>> english("《行政许可法》第四十二条和县里的规定", names), english("《水法》", names)
    ('', '')
    """
    said: list[str] = []
    at = 0
    while at < len(text):
        if title := _CITED.match(text, at):
            name, at = names.get(title[1], ""), title.end()
            if not name:
                return ""
            said.append(("; " if said else "") + name)
        elif said and (place := _PLACE.match(text, at)):
            said.append(f", Art. {_place(place)}")
            at = place.end()
        elif between := _BETWEEN.match(text, at):
            if between.end() == at:
                return ""
            at = between.end()
    return "".join(said)


def _place(found: re.Match[str]) -> str:
    article, *rest = (number(each) for each in found.groups() if each)
    return f"{article}" + "".join(f"({each})" for each in rest)
