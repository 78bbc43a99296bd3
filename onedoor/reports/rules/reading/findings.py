"""A block of lines made into a finding: what was found and done, who, by when, what claimed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from onedoor.rectification.rules.words import Outcome
from onedoor.reports.rules.reading import figures
from onedoor.reports.rules.reading.lines import (
    AMOUNT_NAMES,
    ASIDE,
    CLASS_NAMES,
    CO_NAMES,
    DEADLINE_NAMES,
    LEADER_NAMES,
    OFFICER_NAMES,
    PROBLEM,
    RESPONSE,
    RESULT_NAMES,
    SECTION_NAMES,
    UNIT_NAMES,
    Level,
    Line,
    level_of,
    pieces,
)
from onedoor.reports.rules.reading.marking import Part, Place
from onedoor.reports.rules.reading.response import taken_apart

Labels = Callable[[str], Outcome | None]
UNSAID = "未明确"
_INSIDE = re.compile(r"[（(](?:责任单位|牵头单位)[:：](?P<unit>[^）)]+)[）)]")
_ANSWERS = re.compile(r"^(?:第?一是|首先)|目前|截至|已经|已(?!久)|正在|针对|整改|下一步")
_LONGEST_HEADING = 120
_LONGEST_RESULT = 15
"""A result in more words is a text, and is kept as the answer."""


@dataclass
class Block:
    """The lines of one finding, its category, and where its marks go."""

    lines: list[Line]
    category: str = ""
    marks: list[Place] = field(default_factory=list)


def issue(block: Block, number: int, labels: Labels) -> dict[str, Any]:
    """Return a finding as a report states one; every line of the block gets its mark."""
    here = f"/issues/{number - 1}"
    first, *rest = [Line(line.number, piece) for line in block.lines for piece in _parts(line.text)]
    mark = level_of(first.text)[1]
    heading, detail = _parted(first.text)
    block.marks.append(Place(first.number, Part.FINDING, f"{here}/finding"))
    details, answers, aside = ([detail] if detail else []), list[str](), dict[str, str]()
    again: list[str] = []
    heading_told = _beside(heading)
    aside |= heading_told
    if RESPONSE.match(detail):
        details, answers = [], [detail]
    at = first.number if answers else 0
    for line in rest:
        told = ASIDE.match(line.text)
        if told and not (told["name"] in RESULT_NAMES and len(told["value"]) > _LONGEST_RESULT):
            if told["name"] in aside:  # said twice: neither overwrites the other
                again.append(f"又写了{line.text.strip()}")
            aside.setdefault(told["name"], told["value"].strip())
            block.marks.append(Place(line.number, Part.ASIDE, f"{here}/responsible"))
        elif answers or RESPONSE.match(line.text):
            if at == line.number:
                answers[-1] += line.text
            else:
                answers.append(line.text)
            at = line.number
            block.marks.append(Place(line.number, Part.RESPONSE, f"{here}/response"))
        else:
            details.append(line.text)
            block.marks.append(Place(line.number, Part.DETAIL, f"{here}/finding/detail"))
    title = _title(_FIELDS.sub("", heading) if heading_told else heading, mark)
    if title in (heading, mark) and details:  # only a number; what was found stands below it
        title = figures.sentences(PROBLEM.sub("", details[0]))[0].rstrip("。:： ")
    if not answers:
        details, answers = _guessed(heading, details)
        if answers:
            block.marks.append(Place(first.number, Part.INFERRED, f"{here}/response"))
    return made(
        number,
        label=mark,
        heading=heading,
        title=title,
        detail="\n".join(details),
        answer="\n".join(answers),
        aside=aside,
        category=block.category,
        labels=labels,
        notes=again,
    )


_FIELDS = re.compile(r"\s*[（(](?P<told>[^（）()]{2,80}[:：][^（）()]{1,80})[）)]\s*[。:：]?$")


def _parts(text: str) -> list[str]:
    """Return what a line says piece by piece; what a heading tells in brackets stays with it."""
    return [text] if _beside(text) else pieces(text)


def _beside(heading: str) -> dict[str, str]:
    """Return what a heading tells in brackets: （金额：3万元；责任单位：甲局）; nothing else."""
    match = _FIELDS.search(heading)
    parts = re.split("[；;]", match["told"]) if match else []
    told = [ASIDE.match(part.strip()) for part in parts]
    return {t["name"]: t["value"].strip() for t in told if t} if all(told) else {}


def made(
    number: int,
    *,
    label: str,
    heading: str,
    title: str,
    detail: str,
    answer: str,
    aside: dict[str, str],
    category: str,
    labels: Labels,
    amount: int | str | None = None,
    notes: Sequence[str] = (),
) -> dict[str, Any]:
    """Return a finding from its parts; what is not said is null, and a gap says so."""
    told = taken_apart(answer)
    whole = f"{heading}{detail}\n{answer}"
    due = _of(aside, DEADLINE_NAMES)
    inside = _INSIDE.search(whole)
    unit = _of(aside, UNIT_NAMES) or (inside["unit"].strip() if inside else "")
    unit, others = _units(unit)
    gaps = [f"还写了这些单位：{'、'.join(others)}"] if others else []
    beside = (*CO_NAMES, *SECTION_NAMES, "整改目标")
    gaps += [f"{name}：{aside[name].rstrip('；;')}" for name in beside if name in aside]
    gaps += notes
    amount = amount or _amount(_of(aside, AMOUNT_NAMES)) or _amount(_told(heading, detail))
    given = _of(aside, CLASS_NAMES)
    return {
        "id": f"R-{number:03d}",
        "seq": number,
        "seq_label": label or None,
        "title": title[:500],
        "category_l1": aside.get("问题类别") or category or None,
        "amount_cny": amount,
        "finding": {"heading": heading, "detail": detail},
        "responsible": {
            "lead_unit": unit or None,
            "units_inferred": [],
            "leader": _of(aside, LEADER_NAMES) or None,
            "officer": _of(aside, OFFICER_NAMES) or None,
            "deadline": due or None,
            "stated": bool(unit),
        },
        "rectification_type": {"value": given or None, "stated": bool(given)},
        "response": told,
        "status": _status(told, answer, _of(aside, RESULT_NAMES), labels),
        "facts": [*figures.amounts(whole), *figures.counts(whole)],
        "linked_rules": [],
        "gaps": gaps,
    }


def _status(told: dict[str, Any], answer: str, result: str, labels: Labels) -> dict[str, Any]:
    """Return what is claimed: the result that is stated, else the last sentences that claim one."""
    if result:
        outcome = labels(result.rstrip("。")) or _outcome(figures.claim_of(result))
        label = outcome.zh if outcome else result[:50]
        return {"claimed": label, "claim_quote": result, "claim_is_explicit": True}
    for sentence in reversed(figures.sentences(answer)[-3:]):
        if claim := figures.claim_of(sentence):
            return {
                "claimed": claim.outcome.zh,
                "claim_quote": claim.quote,
                "claim_is_explicit": True,
            }
    return {"claimed": UNSAID, "claim_quote": None, "claim_is_explicit": False}


def _outcome(claim: figures.Claim | None) -> Outcome | None:
    return claim.outcome if claim else None


def _parted(text: str) -> tuple[str, str]:
    """Part the first line at its first full stop, if that is near: heading and what follows.

    >>> _parted("(一)超范围。多付3万元。"), _parted("1.超范围")
    (('(一)超范围。', '多付3万元。'), ('1.超范围', ''))
    """
    stop = text.find("。")
    if 0 <= stop < _LONGEST_HEADING:
        return text[: stop + 1], text[stop + 1 :]
    return text, ""


def _title(heading: str, mark: str) -> str:
    title = PROBLEM.sub("", heading.removeprefix(mark).strip())
    return title.rstrip("。:：；;").strip() or heading


def _guessed(heading: str, details: Sequence[str]) -> tuple[list[str], list[str]]:
    """Without a word that begins the answer: what follows the finding from “已”, “目前” on.

    Only where the heading says by itself what was wrong; else all of it is the finding.
    """
    if not re.search("问题|不|未|超|违|漏|少|多|欠|滞后|闲置", heading):
        return list(details), []
    for n, text in enumerate(details):
        if level_of(text)[0] is Level.FOURTH:
            return list(details[:n]), list(details[n:])
        found = figures.sentences(text)
        for k, sentence in enumerate(found):
            if _ANSWERS.search(sentence):
                before, after = "".join(found[:k]), "".join(found[k:])
                return [*details[:n], *([before] if before else [])], [after, *details[n + 1 :]]
    return list(details), []


def _told(heading: str, detail: str) -> str:
    """Return what tells of the finding: numbered lines below it may be measures already."""
    lines = [x for x in detail.split("\n") if level_of(x)[0] is Level.NONE or "问题" in x[:8]]
    return heading + "\n".join(lines)


def _amount(text: str) -> int | str | None:
    """Return the amount a text names; none where it names several, for nobody knows which.

    What was taken back is not what was found.

    >>> _amount("补贴审核不严，追回5.5万元"), _amount("未收回借款5.5万元")
    (None, 55000)
    """
    found = figures.amounts(text)
    if len(found) != 1 or _BACK.search(text[: text.find(found[0]["quote"])]):
        return None
    value: int | str = found[0]["value"]
    return value


_BACK = re.compile(
    r"(?<![未欠应少漏])(?:追回|收回|退还|退回|清退|归还|补缴|缴回|追缴|挽回|罚款)[^，,。；;]{0,8}$"
)


_LEADS = re.compile(r"[（(](?:牵头|主责|主办)(?:单位)?[）)]")
_ROLE = re.compile(r"[（(](?:牵头|主责|主办|配合|协助|协办)(?:单位)?[）)]")


def _units(text: str) -> tuple[str, list[str]]:
    """Part the units of a finding: who leads, by what is said or by standing first, and others.

    >>> _units("财政局（配合）、住建局（牵头）"), _units("")
    (('住建局', ['财政局']), ('', []))
    """
    named = [name.strip() for name in re.split("[、，,；;\n]|\\s{2,}", text) if name.strip()]
    lead = next((name for name in named if _LEADS.search(name)), named[0] if named else "")
    others = [_ROLE.sub("", name) for name in named if name is not lead]
    return _ROLE.sub("", lead), others


def _of(aside: dict[str, str], names: Sequence[str]) -> str:
    return next((aside[name].rstrip("。；;") for name in names if name in aside), "")
