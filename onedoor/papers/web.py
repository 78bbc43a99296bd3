"""How a paper is shown to whoever may read it: as a page, and as the PDF kept for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import segno
from django.http import FileResponse
from django.http.response import HttpResponseBase

from onedoor.files import web as files
from onedoor.papers import services as papers
from onedoor.papers.models import Paper
from onedoor.papers.rules.template import Block
from onedoor.papers.typesetting import Sheet


def page(paper: Paper, *, by: str, at: datetime) -> dict[str, Any]:
    """Return what ``papers/sheet.html`` shows; that somebody reads it goes on record."""
    papers.show(paper, form="page", by=by, at=at)
    return sheet_context(papers.sheet_of(paper)) | {"paper": paper}


def pdf(paper: Paper, *, by: str, at: datetime) -> HttpResponseBase:
    """Return the PDF of the paper for download; on record as well."""
    papers.show(paper, form="pdf", by=by, at=at)
    answer: FileResponse = files.download(papers.served(paper, at=at), name=f"{paper.number}.pdf")
    return answer


def sheet_context(sheet: Sheet) -> dict[str, Any]:
    """Return a sheet for a page: blocks with their codes drawn."""
    return {
        "sheet": sheet,
        "blocks": [(block, _qr(block)) for block in sheet.blocks],
        "qr": code(sheet.address),
    }


def _qr(block: Block) -> str:
    return code(block.address) if block.address else ""


def code(address: str) -> str:
    """Return the picture of a QR code that leads to an address."""
    return str(segno.make(address, error="m").svg_data_uri(scale=3, border=2))
