"""How a paper is shown to whoever may read it: as a page, and as the PDF kept for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import segno
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext, gettext_noop

from onedoor.files import web as files
from onedoor.papers import services as papers
from onedoor.papers.models import Paper
from onedoor.papers.rules.template import Block
from onedoor.papers.typesetting import Sheet

ON_PAGE = gettext_noop("网页上没有印章，请用盖了章的 PDF")


def page(paper: Paper, *, by: str, at: datetime) -> dict[str, Any]:
    """Return what ``papers/sheet.html`` shows; that somebody reads it goes on record."""
    papers.show(paper, form="page", by=by, at=at)
    sheet = papers.sheet_of(paper)
    if papers.stage_of(paper) is papers.Stage.SEALED:
        sheet = replace(sheet, mark=gettext(ON_PAGE))
    return sheet_context(sheet) | {"paper": paper}


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
