"""What may be done with papers: issue or send one, show one, change how a kind is worded."""

from onedoor.papers.services.issuing import BLOCK, issue
from onedoor.papers.services.keeping import erase, pdf_of, served, show
from onedoor.papers.services.sending import send
from onedoor.papers.services.setting import Stage, address_of, sample, sheet_at, sheet_of, stage_of
from onedoor.papers.services.typesets import DOCX, WAYS, file_of
from onedoor.papers.services.wording import (
    check_template,
    load_national,
    publish_template,
    save_template,
)

__all__ = [
    "BLOCK",
    "DOCX",
    "WAYS",
    "Stage",
    "address_of",
    "check_template",
    "erase",
    "file_of",
    "issue",
    "load_national",
    "pdf_of",
    "publish_template",
    "sample",
    "save_template",
    "send",
    "served",
    "sheet_at",
    "sheet_of",
    "show",
    "stage_of",
]
