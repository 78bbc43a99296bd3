"""The answer to a finding taken apart: how it begins, its measures, what it claims at its end."""

from __future__ import annotations

import re
from typing import Any

from onedoor.reports.rules.reading import figures
from onedoor.reports.rules.reading.lines import RESPONSE

_ORDINAL = re.compile(
    r"(?<![^。；;:：，,\n\s])(?:第?[一二三四五六七八九十]{1,2}是|第[一二三四五六七八九十]{1,2}，|"
    r"首先|其次|再次|最后)(?=[^否])"
)
_LABEL = re.compile(
    r"^(?:第?[一二三四五六七八九十]{1,2}(?:是|，)|首先|其次|再次|最后|[①-⑳]|\d{1,2}[.、]|[（(]\d{1,2}[）)])"
)
_ITEM = re.compile(r"(?m)(?=[①-⑳])|^(?=\d{1,2}[.、．](?!\d)|[（(]\d{1,2}[）)])")
_TOLD = re.compile(r"(?<=\n)(?:整改)?(?:进度|成效|效果|结果)\s*[:：]")
_RESULT = re.compile(r"整改|(?:该|此|本)项?(?:问题|事项)")


def taken_apart(text: str) -> dict[str, Any]:
    """Return lead, measures and result of an answer; together they are its text again.

    >>> found = taken_apart("整改情况:一是补办。二是收回。该问题已整改到位。")
    >>> found["lead_in"], [m["text"] for m in found["measures"]], found["result_text"]
    ('整改情况:', ['一是补办。', '二是收回。'], '该问题已整改到位。')
    """
    starts = [m.start() for m in _ORDINAL.finditer(text)]
    if len(starts) < 2:
        starts = [m.start() for m in _ITEM.finditer(text)]
    lead_in = RESPONSE.match(text)
    starts = [start for start in starts if lead_in is None or start >= lead_in.end()]
    if not starts:
        lead, rest = _without_measures(text)
        return {"lead_in": lead, "measures": [], "result_text": rest}
    ends = [*starts[1:], len(text)]
    parts = [text[a:b] for a, b in zip(starts, ends, strict=True)]
    parts[-1], result = _result_of(parts[-1])
    measures = [{"label": _label(part), "title": None, "text": part} for part in parts]
    return {"lead_in": text[: starts[0]], "measures": measures, "result_text": result}


def _label(part: str) -> str | None:
    match = _LABEL.match(part)
    return match[0] if match else None


def _result_of(text: str) -> tuple[str, str]:
    """Part the last measure from what is claimed, or told under a name of its own, after it."""
    if told := _TOLD.search(text):
        return text[: told.start()], text[told.start() :]
    found = figures.sentences(text)
    while len(found) > 1 and figures.claim_of(found[-1]) and _RESULT.search(found[-1]):
        cut = len(text) - len(found[-1])
        return text[:cut], text[cut:]
    return text, ""


def _without_measures(text: str) -> tuple[str, str]:
    """Without numbered measures the first words are the lead, the rest is what came of it."""
    match = re.match(r"^[^。:：]{0,16}[:：]", text)
    return (match[0], text[match.end() :]) if match else ("", text)
