"""A report as an official document: headings without their numbers, which the standard sets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotFound
from onedoor.papers import services as papers
from onedoor.papers.rules.official import Attachment, Document, Heading, Piece, Table, Text
from onedoor.papers.typesetting import official
from onedoor.reports import queries
from onedoor.reports.contents import day
from onedoor.reports.models import Edition, Report
from onedoor.reports.rules import rendering
from onedoor.reports.rules.document import name_of, said
from onedoor.reports.rules.publishing import contents
from onedoor.reports.rules.rendering import Line, Style

_FIRST = re.compile(r"^[一二三四五六七八九十]+、")
_SECOND = re.compile(r"^[（(][一二三四五六七八九十]+[）)]")
_LEAD = re.compile(r"^(整改[^，。:：]{0,6}[:：])")


def document_of(report: Report) -> Document:
    """Return a report as a document without a red head, as one that is published has none."""
    content = report.content
    issuer = name_of(content, said(content, "document", "issuer_id"))
    publisher = said(content, "disclosure", "publisher")
    written = day(said(content, "document", "written_date")) or report.published_on
    pieces = [piece for line in rendering.body(content) for piece in _pieces(line)]
    addressee = said(content, "document", "addressee").rstrip("：:")
    return Document(
        title=report.title,
        unit=issuer or publisher or "—",
        day=written or _made_on(report),
        body=tuple(pieces) or (Text(report.title),),
        number=said(content, "document", "doc_no"),
        recipients=(addressee,) if addressee else (),
        attachments=tuple(
            Attachment(t.name, (Table(t.head, t.rows, widths=t.widths),), is_landscape=True)
            for t in rendering.tables(content)
            if t.rows
        ),
        is_sealed=False,
    )


def document_of_edition(edition: Edition) -> Document:
    """Return a published edition as a document: its own words, whatever its report says."""
    pieces = [p for line in contents.lines_of(edition.paragraphs) for p in _pieces(line)]
    return Document(
        title=edition.title,
        unit=edition.publisher_name,
        day=edition.formed_on,
        body=tuple(pieces),
        number=edition.doc_number,
        attachments=tuple(
            Attachment(t["name"], (_table(t),), is_landscape=True) for t in edition.tables
        ),
        is_sealed=False,
    )


def _table(told: Mapping[str, Any]) -> Table:
    rows = tuple(tuple(map(str, row)) for row in told["rows"])
    return Table(tuple(told["head"]), rows, widths=tuple(told["widths"]))


def _made_on(report: Report) -> date:
    return day_of(report.made_at)


def _pieces(line: Line) -> Iterator[Piece]:
    if line.style is Style.TITLE:
        return
    first, *rest = line.text.split("\n")
    if line.style is Style.HEADING and _FIRST.match(first):
        yield Heading(1, _FIRST.sub("", first))
    elif line.style in (Style.FINDING, Style.LEAD) and _SECOND.match(first):
        title = line.pieces[0].rstrip("。\n")
        yield Heading(2, _SECOND.sub("", title), first[len(line.pieces[0]) :])
    elif lead := _LEAD.match(first):
        yield Text(first[lead.end() :], lead=lead[1])
    else:
        yield Text(first)
    yield from (Text(each) for each in rest if each)


def pdf(report: Report) -> bytes:
    """Return the report as PDF/A after GB/T 9704; the same report gives the same bytes."""
    return official.pdf(document_of(report))


def docx(report: Report) -> bytes:
    """Return the report as docx after GB/T 9704."""
    return official.docx(document_of(report))


TYPES = {
    "txt": "text/plain; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
MAKE: dict[str, Callable[[Report], bytes]] = {"txt": queries.text_of, "docx": docx, "pdf": pdf}


def file_of_edition(
    edition: Edition, form: str, *, at: datetime, by: str = ""
) -> tuple[str, bytes]:
    """Return the media type and the bytes of a published edition, or refuse."""
    _known(form)
    if form == "txt":
        return TYPES[form], edition.text.encode()
    return TYPES[form], papers.file_of(document_of_edition(edition), form, at=at, by=by)


def file_of(report: Report, form: str, *, at: datetime, by: str = "") -> tuple[str, bytes]:
    """Return the media type and the bytes of a report in one of its forms, or refuse."""
    _known(form)
    if form == "txt":
        return TYPES[form], queries.text_of(report)
    return TYPES[form], papers.file_of(document_of(report), form, at=at, by=by)


def _known(form: str) -> None:
    if form not in TYPES:
        raise NotFound("page.not_found", "没有这一页，或者不是给您看的。")
