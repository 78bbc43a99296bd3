"""Words no guide may hold (空话、兜底条款), read from the national pack."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass


@dataclass(frozen=True)
class PlainWords:
    """Patterns: of materials that name no paper, of words that say nothing, of doubtful ones.

    ``named_rule`` is what names a rule one can look up; the others are telephone numbers, without
    area code: for people in need, for everything, and typed only to fill the box.
    """

    catch_all: re.Pattern[str]
    vague: re.Pattern[str]
    doubtful: re.Pattern[str]
    named_rule: re.Pattern[str]
    emergency: re.Pattern[str]
    general: re.Pattern[str]
    placeholder: re.Pattern[str]


def read_words(text: str) -> PlainWords:
    """Return the patterns a pack lists.

    >>> words = read_words("[catch_all]\\nreject=['其他材料']\\n[vague]\\nreject=['有关部门']")
    >>> bool(words.catch_all.search("其他材料")), bool(words.doubtful.search("什么都行"))
    (True, False)
    """
    pack = tomllib.loads(text)

    def pattern(table: str, weight: str) -> re.Pattern[str]:
        return re.compile("|".join(pack.get(table, {}).get(weight, [])) or r"(?!)")

    return PlainWords(
        catch_all=pattern("catch_all", "reject"),
        vague=pattern("vague", "reject"),
        doubtful=pattern("vague", "warn"),
        named_rule=pattern("basis", "named"),
        emergency=pattern("phones", "emergency"),
        general=pattern("phones", "general"),
        placeholder=pattern("phones", "placeholder"),
    )
