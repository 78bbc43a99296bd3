"""What is typed, as the search reads it: small letters, simplified characters, nothing else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

LONGEST = 50
"""So many characters of a question are read; nobody needs more, and the cost stays bounded."""
READ_AT_MOST = 400

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_OTHER = re.compile(f"[^{HAN}a-z0-9]+")
_RUNS = re.compile(f"[{HAN}]+|[a-z0-9]+")


def normal(text: str, simplified: Mapping[int, str] | None = None) -> str:
    """Return the text in its plainest form; whatever is neither Chinese nor ASCII divides.

    >>> normal("ＫＴＶ　《开办》\\0许可“*”")
    'ktv 开办 许可'
    """
    plain = unicodedata.normalize("NFKC", text[:READ_AT_MOST]).lower()
    if simplified:
        plain = plain.translate(simplified)
    return _OTHER.sub(" ", plain).strip()


def asked(text: str, simplified: Mapping[int, str] | None = None) -> str:
    """Return what is read of a question: its plain form, not longer than the longest.

    >>> len(asked("许" * 10_000))
    50
    """
    return normal(text, simplified)[:LONGEST].strip()


def runs(text: str) -> list[str]:
    """Return the stretches of Chinese and of Latin letters in a plain text, in their order.

    >>> runs("开办ktv 许可")
    ['开办', 'ktv', '许可']
    """
    return _RUNS.findall(text)


def is_latin(text: str) -> bool:
    """Say whether the text has letters or digits of a keyboard only."""
    return text.isascii()
