"""An official document (公文) as data: what is said, not how it is set.

Basis: 党政机关公文处理工作条例 9; GB/T 9704-2012. A text may hold no numbers of headings and of
attachments, no colon after the recipients: they are put where the standard wants them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from onedoor.kernel.errors import NotValid
from onedoor.kernel.terms import Term

LEVELS: Final = 4
LONGEST_NAME: Final = 200


class Form(Term):
    """How a document is laid out (公文格式)."""

    DOCUMENT = "document", "文件格式"
    LETTER = "letter", "信函格式"


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 4: 一、（一）1.（1）; ``text`` goes on in the same paragraph."""

    level: int
    title: str
    text: str = ""


@dataclass(frozen=True)
class Text:
    """A paragraph; ``lead`` are its first words, set apart (整改情况：)."""

    text: str
    lead: str = ""


@dataclass(frozen=True)
class Table:
    """A table; ``widths`` are shares of the line, equal where none are given."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""
    widths: tuple[int, ...] = ()


Piece = Heading | Text | Table


@dataclass(frozen=True)
class Attachment:
    """What goes with a document (附件); without a body of its own it is only named."""

    name: str
    body: tuple[Piece, ...] = ()
    is_landscape: bool = False


@dataclass(frozen=True)
class Imprint:
    """The foot of the last page (版记): who gets a copy, who printed it and when."""

    copies_to: tuple[str, ...] = ()
    printed_by: str = ""
    printed_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Document:
    """An official document. Without ``head`` it has no red head, as a report that is published."""

    title: str
    unit: str
    day: date
    body: tuple[Piece, ...]
    form: Form = Form.DOCUMENT
    head: str = ""
    number: str = ""
    recipients: tuple[str, ...] = ()
    signer: str = ""
    """签发人: only of a document to those above (上行文)."""
    copy_number: str = ""
    secrecy: str = ""
    urgency: str = ""
    attachments: tuple[Attachment, ...] = ()
    is_sealed: bool = True
    note: str = ""
    imprint: Imprint | None = None


def check(document: Document) -> None:
    """Refuse a document that cannot be set: without title, unit or text, or with broken parts."""
    for zh, value in (("标题", document.title), ("发文机关", document.unit)):
        if not value.strip():
            raise NotValid("official.lacks", "公文里没有%(element)s。", element=zh)
    if not document.body:
        raise NotValid("official.lacks", "公文里没有%(element)s。", element="正文")
    names = (document.title, document.unit, document.head, *(a.name for a in document.attachments))
    if longest := next((name for name in names if len(name) > LONGEST_NAME), ""):
        raise NotValid(
            "official.name_long",
            "“%(name)s…”太长，最多 %(most)s 个字。",
            name=longest[:20],
            most=LONGEST_NAME,
        )
    if document.copy_number and not (
        len(document.copy_number) == 6 and document.copy_number.isdigit()
    ):
        raise NotValid("official.copy_number", "份号是 6 位数字。")
    for piece in pieces(document):
        if isinstance(piece, Heading) and not 1 <= piece.level <= LEVELS:
            raise NotValid(
                "official.level", "标题只有四级，没有第 %(level)s 级。", level=piece.level
            )
        if isinstance(piece, Table):
            _check_table(piece)


def _check_table(table: Table) -> None:
    columns = len(table.head)
    if not columns or any(len(row) != columns for row in table.rows):
        raise NotValid("official.table", "表格每一行的格数要和表头一样。")
    if table.widths and (len(table.widths) != columns or min(table.widths) < 1):
        raise NotValid("official.table_widths", "表格的列宽要和表头一样多，都大于 0。")


def pieces(document: Document) -> Iterator[Piece]:
    """Yield every piece of the body and of the attachments."""
    yield from document.body
    for attachment in document.attachments:
        yield from attachment.body
