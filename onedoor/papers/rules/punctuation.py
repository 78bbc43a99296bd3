"""Half-width punctuation inside Chinese text made full width, as an official paper has it.

Numbers, times, addresses of the web and of mail, file names and codes stay as they are: only a
mark that touches Chinese text is changed, and nothing but marks and the blank after them is.
Basis: GB/T 15834 (标点符号用法).
"""

from __future__ import annotations

import re

_HAN = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_CHINESE = _HAN + "\u3001\u3002\u3008-\u3015\uff01-\uff1f“”‘’㎡℃…—"
_KEPT = re.compile(
    r"(?:https?://|www\.)[!-~]*[A-Za-z0-9/=&#_)-]"  # addresses of the web
    r"|[\w.+-]+@[A-Za-z0-9.-]+"  # and of mail
    r"|`[^`]*`",
    re.ASCII,
)
_WIDE = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
_MARK = re.compile(
    rf"(?<=[{_CHINESE}])([,;:?!]) ?|([,;:?!]) ?(?=[{_HAN}《“（])",
)
_STOP = re.compile(rf"(?<=[{_HAN}》”）])\.(?=$|[\s{_HAN}”’）《“（])")
_ROUND = re.compile(r"\(([^()\n]*)\)")
_YEAR = re.compile(rf"(?<=[{_HAN}])[\[(（【](\d{{4}})[\])）】](?=第?\d+号)")
_QUOTED = re.compile(r'"([^"\n]*)"')
_TOUCHES = re.compile(f"[{_CHINESE}]")


def corrected(text: str) -> str:
    """Return the text with the punctuation of Chinese.

    >>> corrected('整改情况:41家单位, 1,099项(9:00至17:00),见https://a.cn/?b=(1).')
    '整改情况：41家单位，1,099项（9:00至17:00），见https://a.cn/?b=(1).'
    >>> corrected('云政办发[2016]9号"放管服"改革.')
    '云政办发〔2016〕9号“放管服”改革。'
    """
    if text.isascii():
        return text
    kept = [m[0] for m in _KEPT.finditer(text)]
    # What is kept stands as one private character meanwhile, so that marks see their neighbours.
    holder = next(c for c in map(chr, range(0xE000, 0xF900)) if c not in text)
    held = _KEPT.sub(holder, text)
    while (better := _corrected(held)) != held:
        held = better
    pieces = held.split(holder)
    return "".join(p + k for p, k in zip(pieces, [*kept, ""], strict=True))


def _corrected(text: str) -> str:
    text = _YEAR.sub(r"〔\1〕", text)
    while (wider := _ROUND.sub(_round, text)) != text:
        text = wider
    text = _QUOTED.sub(_quotes, text)
    text = _STOP.sub("。", text)
    return _MARK.sub(lambda m: _WIDE[m[1] or m[2]], text)


def _round(found: re.Match[str]) -> str:
    return f"（{found[1]}）" if _is_chinese(found) else found[0]


def _quotes(found: re.Match[str]) -> str:
    return f"“{found[1]}”" if _is_chinese(found) else found[0]


def _is_chinese(pair: re.Match[str]) -> bool:
    """Say whether a pair of marks holds Chinese text, or follows it; f(x) is left alone."""
    before, after = pair.string[: pair.start()][-1:], pair.string[pair.end() :][:1]
    beside = before if before.strip() else after
    return _TOUCHES.search(pair[1] + beside) is not None
