"""A report put into words: lines of text from its structure, by its own layout or the usual one.

The usual layout is that of the county's report of 2021: the fields of the disclosure page, the
title, the general progress, every finding with its response, the next steps.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, NamedTuple

from onedoor.reports.rules.document import Content, part, said, title_of

NUMERALS = "一二三四五六七八九十"


class Style(StrEnum):
    """What a line is, for whoever sets it."""

    FIELD = "field"
    TITLE = "title"
    HEADING = "h1"
    FINDING = "issue_finding"
    TEXT = "p"
    LEAD = "p_lead"


class Line(NamedTuple):
    """One paragraph: its style and its pieces, the first of which may be its heading."""

    style: Style
    pieces: tuple[str, ...]

    @property
    def text(self) -> str:
        return "".join(self.pieces)


def text(content: Content) -> str:
    """Return the report as text: fields of the page and paragraphs, one a line."""
    lines = [line.text for line in (*fields(content), *body(content))]
    return "\n".join([*lines, *_tables(content)])


def _tables(content: Content) -> Iterator[str]:
    """Yield the tables after the text, a row a line, cells apart by tabs."""
    for n, table in enumerate(tables(content), 1):
        yield f"附件{n} {table.name}"
        yield from ("\t".join(row) for row in (table.head, *table.rows))


class Annex(NamedTuple):
    """A table that goes with a report."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]


def tables(content: Content) -> list[Annex]:
    """Return the tables of a report: rows as long as the head, other rows left out."""
    found = []
    for each in content.get("tables") or []:
        head = tuple(str(cell) for cell in each.get("head") or ()) if isinstance(each, dict) else ()
        if not head:
            continue
        rows = tuple(
            tuple(" ".join(str(cell).split()) for cell in row)
            for row in each.get("rows") or ()
            if isinstance(row, list) and len(row) == len(head)
        )
        widths = tuple(each.get("widths") or ())
        is_set = len(widths) == len(head) and all(isinstance(w, int) and w > 0 for w in widths)
        found.append(Annex(said(each, "name") or "附表", head, rows, widths if is_set else ()))
    return found


def fields(content: Content) -> list[Line]:
    """Return the lines of the disclosure page: the report's own, else as the site has them."""
    told = part(content, "disclosure")
    if not told:
        return []
    own = part(told, "render").get("lines")
    if isinstance(own, list):
        return [Line(Style.FIELD, (str(line),)) for line in own]
    found = [f"- {said(told, 'column')}".rstrip()]
    for label, name in _FIELDS:
        found += ["-", f"{label}{said(told, name)}"]
    return [Line(Style.FIELD, (line,)) for line in found]


_FIELDS = (
    ("索引号", "index_no"),
    ("发布机构", "publisher"),
    ("文号", "doc_no"),
    ("发布日期", "publish_date"),
    ("时效性", "validity"),
)


def body(content: Content) -> list[Line]:
    """Return the paragraphs: by the report's own layout where it has one."""
    layout = part(content, "render").get("body")
    rows = list(_by_layout(content, layout)) if isinstance(layout, list) else list(_usual(content))
    return [line for line in rows if line.text]


def unresolved(content: Content) -> list[str]:
    """Return the pointers of the report's layout that lead nowhere."""
    layout = part(content, "render").get("body")
    rows = [row for row in layout if isinstance(row, dict)] if isinstance(layout, list) else []
    pointers = [str(p) for row in rows for p in row.get("from") or [] if "text" not in row]
    return [pointer for pointer in pointers if _found(content, pointer) is None]


def _by_layout(content: Content, layout: list[Any]) -> Iterator[Line]:
    for row in layout:
        if not isinstance(row, dict):
            continue
        style = _style(row.get("style"))
        if isinstance(row.get("text"), str):
            yield Line(style, (row["text"],))
            continue
        pieces = [_found(content, str(p)) or () for p in row.get("from") or []]
        yield Line(style, tuple("".join(piece) for piece in pieces if piece))


def _style(value: object) -> Style:
    return next((style for style in Style if style == value), Style.TEXT)


def _found(content: Content, pointer: str) -> tuple[str, ...] | None:
    """Return the texts a pointer leads to, ``*`` running over a list; none if it leads nowhere.

    >>> _found({"a": [{"t": "甲"}, {"t": "乙"}]}, "/a/*/t")
    ('甲', '乙')
    """
    values: list[Any] = [content]
    for token in pointer.lstrip("/").split("/"):
        token = token.replace("~1", "/").replace("~0", "~")
        values = [each for value in values for each in _inside(value, token)]
    if not values and "*" not in pointer:
        return None
    return tuple("" if value is None else str(value) for value in values)


def _inside(value: Any, token: str) -> list[Any]:
    if isinstance(value, list):
        if token == "*":
            return value
        return [value[int(token)]] if token.isdecimal() and int(token) < len(value) else []
    return [value[token]] if isinstance(value, dict) and token in value else []


def _usual(content: Content) -> Iterator[Line]:
    yield Line(Style.TITLE, (title_of(content),))
    sections = [
        ("总体推进情况", _overview(content)),
        ("具体问题整改情况及结果", list(_findings(content))),
        ("下一步整改措施和计划", list(_next_steps(content))),
    ]
    number = 0
    for heading, lines in sections:
        if any(line.text for line in lines):
            yield Line(Style.HEADING, (f"{NUMERALS[number]}、{heading}",))
            yield from lines
            number += 1


def _overview(content: Content) -> list[Line]:
    told = said(content, "document", "overview")
    return [Line(Style.TEXT, (each,)) for each in told.split("\n") if each]


def _findings(content: Content) -> Iterator[Line]:
    for n, issue in enumerate(content.get("issues") or [], 1):
        heading = said(issue, "finding", "heading")
        if not heading and said(issue, "title"):
            label = said(issue, "seq_label") or f"({numeral(n)})"
            heading = f"{label}{said(issue, 'title')}。"
        yield Line(Style.FINDING, (heading, said(issue, "finding", "detail")))
        response = part(issue, "response")
        measures = [said(m, "text") for m in response.get("measures") or []]
        pieces = (said(response, "lead_in"), *measures, said(response, "result_text"))
        yield Line(Style.TEXT, tuple(p for p in pieces if p))


def _next_steps(content: Content) -> Iterator[Line]:
    for step in content.get("next_steps") or []:
        pieces = (said(step, "heading"), said(step, "text"))
        yield Line(Style.LEAD, tuple(p for p in pieces if p))


def numeral(number: int) -> str:
    """Return a number as headings count.

    >>> [numeral(n) for n in (1, 10, 11, 20, 35)]
    ['一', '十', '十一', '二十', '三十五']
    """
    if number > 99:
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{NUMERALS[tens - 1]}十"
    return head + (NUMERALS[ones - 1] if ones else "")
