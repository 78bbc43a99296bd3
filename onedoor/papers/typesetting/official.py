"""An official document as PDF and as docx: the same words, the same layout, the same bytes."""

from __future__ import annotations

from typing import Any

from onedoor.papers.rules import official, official_text, title
from onedoor.papers.rules.official import Document, Piece, Table
from onedoor.papers.rules.official_text import Face
from onedoor.papers.typesetting import compiler, official_docx

SOURCE = "official.typ"


def pdf(document: Document) -> bytes:
    """Return the PDF/A, or refuse what cannot be set, naming a character no font has."""
    official.check(document)
    return compiler.compiled(SOURCE, _plain(official_text.punctuated(document)))


def docx(document: Document) -> bytes:
    """Return the docx with the official typefaces by name; the office's computers have them."""
    official.check(document)
    return official_docx.docx(official_text.punctuated(document))


def _plain(document: Document) -> dict[str, Any]:
    printed, printed_on = official_text.printed(document)
    return {
        "form": document.form.value,
        "title": title.lines(document.title),
        "unit": document.unit,
        "day": (document.day.year, document.day.month, document.day.day),
        "date": official_text.day(document),
        "head": document.head,
        "number": document.number,
        "signer": document.signer,
        "corner": _corner(document),
        "recipients": official_text.recipients(document),
        "body": _body(document.body),
        "named": official_text.attachment_names(document),
        "sealed": document.is_sealed,
        "note": f"（{document.note}）" if document.note else "",
        "attached": [
            {
                "mark": official_text.attachment_mark(document, index),
                "title": title.lines(each.name),
                "landscape": each.is_landscape,
                "body": _body(each.body),
            }
            for index, each in enumerate(document.attachments)
            if each.body
        ],
        "copies": official_text.copies(document),
        "printed": printed,
        "printed-on": printed_on,
        "fonts": compiler.fonts(),
    }


def _corner(document: Document) -> list[tuple[str, str]]:
    """Return what stands in the upper left corner: 份号, 密级, 紧急程度."""
    said = (
        (document.copy_number, Face.FANG),
        (document.secrecy, Face.HEI),
        (document.urgency, Face.HEI),
    )
    return [(text, face.value) for text, face in said if text]


def _body(body: tuple[Piece, ...]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for each in official_text.paragraphs(body):
        if isinstance(each, Table):
            found.append(
                {
                    "kind": "table",
                    "title": each.title,
                    "head": each.head,
                    "rows": each.rows,
                    "widths": each.widths,
                }
            )
            continue
        found.append(
            {
                "kind": "text",
                "level": each.level,
                "alone": each.level > 0 and len(each.runs) == 1,
                "long": sum(len(run.text) for run in each.runs),
                "runs": [(run.text, run.face.value) for run in each.runs],
            }
        )
    return found
