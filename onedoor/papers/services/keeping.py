"""What becomes of an issued paper: its PDF, who reads it, its end."""

from __future__ import annotations

import io
from datetime import datetime
from functools import partial

from django.db import IntegrityError, transaction

from onedoor.files import services as files
from onedoor.files.models import StoredFile
from onedoor.ledger import services as ledger
from onedoor.papers import typesetting
from onedoor.papers.events import PaperShown
from onedoor.papers.models import Paper, Rendering
from onedoor.papers.services.setting import sheet_of
from onedoor.seals import queries as seals_queries


@ledger.recorded
def show(paper: Paper, *, form: str, by: str, at: datetime) -> None:
    """Record that somebody reads a paper, page or PDF, and with it an applicant's data.

    Basis: 个人信息保护法 51.
    """
    event = PaperShown(subject=f"paper-access:{paper.number}", form=form)
    ledger.record(event, by=by, at=at)


def served(paper: Paper, *, at: datetime) -> StoredFile:
    """Return the PDF that is given out: the sealed one as soon as there is one."""
    return seals_queries.sealed_file(paper.number) or pdf_of(paper, at=at)


@ledger.recorded
def erase(subject: str, *, at: datetime) -> None:
    """Erase what the papers about a subject say, and their PDFs; part of a disposal.

    Number, kind, date and digests stay: whoever verifies one learns that its time is over.
    """
    about = Paper.objects.filter(subject=subject)
    made = Rendering.objects.filter(paper__in=about)
    loose = list(made.values_list("file", flat=True))
    made.delete()
    transaction.on_commit(partial(files.forget, loose))
    for paper in about:
        if (sealed := seals_queries.sealed_file(paper.number)) is not None:
            files.wipe(sealed, at=at)
    about.update(contents=b"")


def pdf_of(paper: Paper, *, at: datetime) -> StoredFile:
    """Return the paper's PDF without a seal, made at the first reading and kept by its digest."""
    kept = Rendering.objects.filter(paper=paper).select_related("file").first()
    if kept is not None:
        return kept.file
    stored = files.store(io.BytesIO(typesetting.pdf(sheet_of(paper))), at=at)
    try:
        with transaction.atomic():
            Rendering.objects.create(paper=paper, file=stored, made_at=at)
    except IntegrityError:  # somebody read it at the same moment; theirs is kept
        return Rendering.objects.select_related("file").get(paper=paper).file
    return stored
