"""Files that came with an application: kept, and put to the materials they are of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from onedoor.cases.models import Attachment, CaseMaterial, DraftFile
from onedoor.cases.rules.words import Channel, MaterialState
from onedoor.files import services as files
from onedoor.files.models import StoredFile
from onedoor.ledger.rules.chain import Fact


@dataclass(frozen=True)
class Upload:
    """A stored file under the name its owner gave it."""

    file: StoredFile
    name: str


def uploaded(sent: UploadedFile[Any] | None, *, at: datetime) -> Upload | None:
    """Keep a file that came with a form or from a program, if one did."""
    if sent is None or sent.file is None:
        return None
    return Upload(files.store(sent.file, at=at), sent.name or "")


def state_of(channel: Channel) -> str:
    is_here = channel in (Channel.UPLOAD, Channel.WINDOW)
    return (MaterialState.OK if is_here else MaterialState.MISSING).value


def sent_facts(
    came: Mapping[int, Channel], uploads: Mapping[int, Sequence[Upload]]
) -> dict[str, Fact]:
    """Return what the ledger keeps of what was sent: how each came, and each file's digest."""
    return {
        "channels": {str(order): channel.value for order, channel in came.items()},
        "files": [
            {"order": order, "file": upload.file.digest}
            for order, given in sorted(uploads.items())
            for upload in given
        ],
    }


def attach_all(
    rows: Mapping[int, CaseMaterial], uploads: Mapping[int, Sequence[Upload]], *, at: datetime
) -> None:
    Attachment.objects.bulk_create(
        [
            Attachment(case_material=rows[order], file=upload.file, name=upload.name, added_at=at)
            for order, given in uploads.items()
            for upload in given
        ]
    )


def uploads_of(given: Mapping[int, Sequence[DraftFile]]) -> dict[int, list[Upload]]:
    return {o: [Upload(row.file, str(row.name)) for row in rows] for o, rows in given.items()}
