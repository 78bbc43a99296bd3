"""The words of an official document as they stand on the page: numbered, punctuated, in runs.

The PDF and the docx are both made from these, so that they say the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from onedoor.papers.rules import official
from onedoor.papers.rules.contents import worded
from onedoor.papers.rules.official import Document, Heading, Piece, Table, Text
from onedoor.papers.rules.punctuation import corrected

_DIGITS = "零一二三四五六七八九"
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
_ENDS = tuple("。！？；：，、”）")


class Face(StrEnum):
    """A typeface (字体): 仿宋 for what is said, 黑体 and 楷体 for headings."""

    FANG = "fang"
    HEI = "hei"
    KAI = "kai"


class Run(NamedTuple):
    """Words in one typeface."""

    text: str
    face: Face = Face.FANG


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the body; ``level`` is 0 for what is no heading."""

    runs: tuple[Run, ...]
    level: int = 0


FACES = {1: Face.HEI, 2: Face.KAI, 3: Face.FANG, 4: Face.FANG}


def punctuated(document: Document) -> Document:
    """Return the document with the punctuation of Chinese, number and date as they are.

    What cannot be printed is dropped; a line that was broken in a paragraph begins another.
    """
    return replace(
        document,
        title="\n".join(_said(line) for line in document.title.split("\n")),
        unit=_said(document.unit),
        head=_said(document.head),
        number=_plain(document.number),
        recipients=tuple(map(_said, document.recipients)),
        body=_punctuated(document.body),
        attachments=tuple(
            replace(a, name=_said(a.name), body=_punctuated(a.body)) for a in document.attachments
        ),
        note=_said(document.note),
    )


def _plain(text: str) -> str:
    return " ".join(_CONTROLS.sub("", text).split("\n")).strip()


def _said(text: str) -> str:
    return corrected(_plain(text))


def _punctuated(body: Sequence[Piece]) -> tuple[Piece, ...]:
    found: list[Piece] = []
    for piece in body:
        if isinstance(piece, Table):
            rows = tuple(tuple(map(_said, row)) for row in piece.rows)
            head = tuple(map(_said, piece.head))
            found.append(replace(piece, head=head, rows=rows, title=_said(piece.title)))
            continue
        first, *rest = [s for s in map(_said, piece.text.split("\n")) if s] or [""]
        if isinstance(piece, Heading):
            found.append(Heading(piece.level, _said(piece.title), first))
        else:
            found.append(Text(first, _said(piece.lead)))
        found += map(Text, rest)
    return tuple(found)


def paragraphs(body: Sequence[Piece]) -> Iterator[Paragraph | Table]:
    """Yield what stands in the body, headings with their marks, tables as they are."""
    for piece, mark in zip(body, marks(body), strict=True):
        if isinstance(piece, Table):
            yield piece
        elif isinstance(piece, Text):
            runs = (Run(piece.lead, Face.KAI), Run(piece.text))
            yield Paragraph(tuple(r for r in runs if r.text))
        else:
            yield Paragraph(tuple(_heading(piece, mark)), piece.level)


def _heading(piece: Heading, mark: str) -> Iterator[Run]:
    title = mark + piece.title
    if piece.text and not title.endswith(_ENDS):
        title += "。"
    yield Run(title, FACES[piece.level])
    if piece.text:
        yield Run(piece.text)


def marks(body: Sequence[Piece]) -> list[str]:
    """Return the mark before each piece: that of a heading counts within the one above it.

    >>> marks((Heading(1, "甲"), Heading(2, "乙"), Text("丙"), Heading(2, "丁"), Heading(3, "戊")))
    ['一、', '（一）', '', '（二）', '1.']
    """
    counts = [0] * (official.LEVELS + 1)
    found = []
    for piece in body:
        if not isinstance(piece, Heading):
            found.append("")
            continue
        level = piece.level
        counts[level] += 1
        counts[level + 1 :] = [0] * (official.LEVELS - level)
        n = counts[level]
        found.append((f"{hanzi(n)}、", f"（{hanzi(n)}）", f"{n}.", f"（{n}）")[level - 1])
    return found


def hanzi(number: int) -> str:
    """Return a number below a thousand in characters.

    >>> [hanzi(n) for n in (3, 10, 12, 20, 45, 108, 110)]
    ['三', '十', '十二', '二十', '四十五', '一百零八', '一百一十']
    """
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    found = _DIGITS[hundreds] + "百" if hundreds else ""
    if tens:
        found += ("" if number < 20 else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        found += "零"
    return found + (_DIGITS[ones] if ones else "")


def recipients(document: Document) -> str:
    """Return the line of those it is addressed to (主送机关), empty without any."""
    return "，".join(document.recipients) + "：" if document.recipients else ""


def attachment_names(document: Document) -> list[tuple[str, str]]:
    """Return the list of attachments (附件说明): each line its mark and its name.

    >>> from datetime import date
    >>> from onedoor.papers.rules.official import Attachment
    >>> one, two = Attachment("整改台账"), Attachment("事项清单")
    >>> said = dict(title="题", unit="单位", day=date(2026, 3, 6), body=(Text("文"),))
    >>> attachment_names(Document(**said, attachments=(one,)))
    [('附件：', '整改台账')]
    >>> attachment_names(Document(**said, attachments=(one, two)))
    [('附件：1.', '整改台账'), ('2.', '事项清单')]
    """
    names = [a.name.rstrip("。；，.;,") for a in document.attachments]
    if len(names) == 1:
        return [("附件：", names[0])]
    return [(f"{'附件：' if n == 1 else ''}{n}.", name) for n, name in enumerate(names, start=1)]


def attachment_mark(document: Document, index: int) -> str:
    """Return what stands at the top of an attachment's first page: 附件, or 附件2."""
    return "附件" if len(document.attachments) == 1 else f"附件{index + 1}"


def day(document: Document) -> str:
    """Return the date under a document."""
    return worded(document.day)


def copies(document: Document) -> str:
    """Return the line of those who get a copy (抄送), empty without any."""
    imprint = document.imprint
    return f"抄送：{'，'.join(imprint.copies_to)}。" if imprint and imprint.copies_to else ""


def printed(document: Document) -> tuple[str, str]:
    """Return who printed it and when, for the last line of the foot (版记)."""
    imprint = document.imprint
    if imprint is None or not imprint.printed_by:
        return "", ""
    return imprint.printed_by, f"{worded(imprint.printed_on or document.day)}印发"
