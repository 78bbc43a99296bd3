"""What an edition says: paragraphs in pieces, tables, fields; where a word stands in it.

A paragraph is ``[style, [pieces]]`` as the report has it, so that an official document can be set
from it; a place is ``paragraph/3``, ``table/0/4/2`` (row 0 is the head), or the name of a field.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from onedoor.reports.rules.rendering import Annex, Line, Style

Paragraphs = list[list[Any]]
Tables = list[dict[str, Any]]
SCANNED = (
    "title",
    "column",
    "doc_number",
    "topic",
    "genre",
    "audience",
    "keywords",
    "summary",
    "change_reason",
)
"""Fields people type, beside the text: all of them, a program may send any words in any."""
_HEADING = re.compile(r"^[一二三四五六七八九十]+、")
_FINDING = re.compile(r"^[（(][一二三四五六七八九十]+[）)]")


def paragraphs_of(lines: Iterable[Line]) -> Paragraphs:
    """Return the lines of a report as paragraphs, its title apart; a break begins another one."""
    found: Paragraphs = []
    for line in lines:
        if line.style in (Style.TITLE, Style.FIELD):
            continue
        if "\n" not in line.text:
            found.append([line.style.value, [p for p in line.pieces if p]])
            continue
        first, *rest = (part.strip() for part in line.text.split("\n"))
        found.append(_typed(first) if first else ["p", [""]])
        found += [[Style.TEXT.value, [part]] for part in rest if part]
    return [p for p in found if "".join(p[1]).strip()]


def tables_of(annexes: Iterable[Annex]) -> Tables:
    return [
        {
            "name": a.name,
            "head": list(a.head),
            "rows": [list(row) for row in a.rows],
            "widths": list(a.widths),
        }
        for a in annexes
        if a.rows
    ]


def text_of(paragraphs: Paragraphs) -> str:
    """Return the paragraphs as a person edits them, one a line."""
    return "\n".join("".join(pieces) for _, pieces in paragraphs)


def retyped(paragraphs: Paragraphs, text: str) -> Paragraphs:
    """Return the paragraphs as a person left them; one that was not touched keeps its pieces.

    >>> retyped([["p_lead", ["（一）甲。", "乙"]]], "（一）甲。乙\\n一、丙")
    [['p_lead', ['（一）甲。', '乙']], ['h1', ['一、丙']]]
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    before = ["".join(pieces).strip() for _, pieces in paragraphs]
    made: Paragraphs = []
    matcher = difflib.SequenceMatcher(None, before, lines, autojunk=False)
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag == "equal":
            made += paragraphs[first:last]
        else:
            made += [_typed(line) for line in lines[start:end]]
    return made


def _typed(line: str) -> list[Any]:
    if _HEADING.match(line):
        return [Style.HEADING.value, [line]]
    if _FINDING.match(line):
        head, stop, rest = line.partition("。")
        pieces = [head + stop, rest] if rest else [line]
        return [Style.LEAD.value, pieces]
    return [Style.TEXT.value, [line]]


def places(
    fields: Mapping[str, str], paragraphs: Paragraphs, tables: Tables
) -> Iterator[tuple[str, str]]:
    """Yield every text of an edition with its place."""
    yield from ((name, fields[name]) for name in SCANNED if fields.get(name))
    for n, (_, pieces) in enumerate(paragraphs):
        yield f"paragraph/{n}", "".join(pieces)
    for n, table in enumerate(tables):
        yield f"table/{n}", table["name"]
        for r, row in enumerate((table["head"], *table["rows"])):
            for c, cell in enumerate(row):
                if cell:
                    yield f"table/{n}/{r}/{c}", str(cell)


def text_at(fields: Mapping[str, str], paragraphs: Paragraphs, tables: Tables, place: str) -> str:
    """Return the text at a place; empty where there is no such place any more."""
    name, *numbers = place.split("/")
    at = [int(n) for n in numbers]
    try:
        if name == "paragraph":
            return "".join(paragraphs[at[0]][1])
        if name == "table":
            table = tables[at[0]]
            return str([table["head"], *table["rows"]][at[1]][at[2]] if at[1:] else table["name"])
    except IndexError:
        return ""
    return fields.get(name, "")


def put(
    fields: dict[str, str], paragraphs: Paragraphs, tables: Tables, place: str, text: str
) -> None:
    """Write a text of the same length at a place."""
    name, *numbers = place.split("/")
    at = [int(n) for n in numbers]
    if name == "paragraph":
        paragraphs[at[0]][1] = _cut(text, paragraphs[at[0]][1])
    elif name == "table" and at[1:]:
        [tables[at[0]]["head"], *tables[at[0]]["rows"]][at[1]][at[2]] = text
    elif name == "table":
        tables[at[0]]["name"] = text
    else:
        fields[name] = text


def _cut(text: str, like: Sequence[str]) -> list[str]:
    """Return a text cut where the pieces it replaces were cut."""
    cut, start = [], 0
    for piece in like:
        cut.append(text[start : start + len(piece)])
        start += len(piece)
    return cut


def lines_of(paragraphs: Paragraphs) -> list[Line]:
    """Return the paragraphs as the lines an official document is set from."""
    return [Line(Style(style), tuple(pieces)) for style, pieces in paragraphs]


def published_text(
    labelled: Iterable[tuple[str, str]], title: str, paragraphs: Paragraphs, tables: Tables
) -> str:
    """Return the whole as plain text: the fields of the page, title, paragraphs, tables."""
    lines = [f"{label}：{value}" for label, value in labelled]
    lines += ["", title, "", *("".join(pieces) for _, pieces in paragraphs)]
    for n, table in enumerate(tables, 1):
        lines += ["", f"附件{n} {table['name']}"]
        lines += ["\t".join(map(str, row)) for row in (table["head"], *table["rows"])]
    return "\n".join(lines) + "\n"
