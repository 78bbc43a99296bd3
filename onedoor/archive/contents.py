"""What the package of a closed case holds: facts, process, papers, materials, entries with proofs.

Only read here, never in a request. Personal data stand in it in full: that is what it is kept for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any

from django.db.models import Q

from onedoor.archive.models import ArchiveFile
from onedoor.archive.rules.verify import ENTRIES, PROCESS
from onedoor.archive.writing import Writer
from onedoor.cases import queries as cases
from onedoor.cases.models import (
    Case,
    EndServing,
    Entrusting,
    Forwarding,
    Leaving,
    Licence,
    LicenceNote,
    Note,
)
from onedoor.files import services as files
from onedoor.files.rules.sniff import ENDINGS
from onedoor.kernel.errors import Refusal
from onedoor.ledger import queries as ledger
from onedoor.ledger.models import Entry
from onedoor.papers import queries as papers_queries
from onedoor.papers import services as papers
from onedoor.papers.models import Paper

README = """这是一件办结的办件的电子档案。

manifest.json 列出每个文件和它的摘要（SHA-256、SM3），manifest.sig 是对它的签名。
case.json 是办件的基本信息，process.json 是办理过程和写下的理由，papers 里是文书，
materials 里是申请材料，ledger/entries.jsonl 是总台账里的记录和存证证明。

不用数据库就能核对：onedoor verify archive 这个文件
"""


def ready(file: ArchiveFile) -> str:
    """Return why a case cannot be packed yet, empty where it can: a seal or a tree head awaited."""
    case = file.case
    is_ended_unsealed = not papers_queries.is_ending_sealed(f"licence:{case.number}")
    if is_ended_unsealed or not papers_queries.is_decision_sealed(case.number):
        return "archive.seal_awaited"
    if not ledger.are_under_head(_subjects(case)):
        return "archive.proof_awaited"
    return ""


def fill(writer: Writer, file: ArchiveFile, *, at: datetime) -> None:
    """Write everything that belongs to the case."""
    case = file.case
    # Read before the rest: whatever is recorded from here on is not in this package.
    proven = ledger.proofs_about(_subjects(case))
    if proven is None:
        raise Refusal("archive.proof_awaited", "总台账还有记录没有签名树头，过一会儿再归档。")
    writer.text("README.txt", "说明", README)
    writer.json("case.json", "办件基本信息", _facts(case))
    writer.json(PROCESS, "办理过程", _process(case))
    for number, paper in enumerate(_papers(case), start=1):
        name = f"papers/{number:02d}-{_plain(paper.number)}"
        stored = papers.served(paper, at=at)
        _store(writer, f"{name}.pdf", f"{paper.what.zh} {paper.number}", stored.digest)
        writer.json(f"{name}.json", f"{paper.what.zh} {paper.number} 的记录", _record(paper))
    for path, title, digest in _materials(case):
        _store(writer, path, title, digest)
    lines = [
        json.dumps(
            {"text": e.text, "digest": e.digest, "proof": proof},
            ensure_ascii=False,
            sort_keys=True,
        )
        for e, proof in proven
    ]
    writer.text(ENTRIES, "总台账里的记录和存证证明", "\n".join(lines) + "\n")


def _store(writer: Writer, path: str, title: str, digest: str) -> None:
    if not files.is_whole(digest):
        raise Refusal("archive.file_lost", "文件 %(path)s 读不出来，不能归档。", path=path)
    with files.opened(digest) as content:
        opened: IO[bytes] = content
        writer.add(path, title, opened)


def about(file: ArchiveFile, *, edition: int) -> dict[str, Any]:
    """Return what the manifest says of the file itself (DA/T 85: 元数据)."""
    case = file.case
    return {
        "number": file.number,
        "title": f"{case.item_version.name} {case.number}",
        "responsible": case.unit.name,
        "responsible_code": case.unit.code,
        "year": file.year,
        "closed_on": file.closed_on.isoformat(),
        "retention": file.term.zh,
        "kept_until": file.kept_until.isoformat() if file.kept_until else "",
        "edition": edition,
    }


def _facts(case: Case) -> dict[str, Any]:
    one, version = case.applicant, case.item_version
    moments = (
        "submitted_at",
        "received_at",
        "complete_at",
        "accepted_at",
        "decided_at",
        "announced_on",
        "ended_at",
    )
    licence = Licence.objects.filter(case=case).first()
    return {
        "number": case.number,
        "alias": case.alias,
        "item": case.item.code,
        "item_name": version.name,
        "item_type": version.item_type,
        "item_version": version.number,
        "unit": case.unit.name,
        "unit_code": case.unit.code,
        "status": case.state.zh,
        "outcome": case.result.zh,
        "applicant": {
            "kind": one.kind,
            "name": one.name,
            "id_type": one.id_type,
            "id_number": one.id_number,
            "phone": one.phone,
            "address": one.address,
            "agent": one.agent,
        },
        **{name: getattr(case, name).isoformat() for name in moments if getattr(case, name)},
        "licence": licence
        and {
            "number": licence.number,
            "identifier": licence.identifier,
            "valid_from": licence.valid_from.isoformat(),
            "valid_to": licence.valid_to.isoformat() if licence.valid_to else "",
            "state": licence.standing.zh,
            "ended_on": licence.ended_on.isoformat() if licence.ended_on else "",
        },
        "materials": [
            {
                "order": row.order,
                "name": row.material.name,
                "state": row.found.zh,
                "originals": row.originals,
                "copies": row.copies,
            }
            for row in case.materials.select_related("material").order_by("order")
        ],
    }


def _process(case: Case) -> dict[str, Any]:
    steps = [
        {
            "version": step.version,
            "at": step.at.isoformat(),
            "step": step.step,
            "action": step.action.zh,
            "status": step.status.zh,
            "by": step.actor_name,
            "for": step.acting_for,
            "note": step.note,
            "basis": step.basis,
            "due": step.due,
        }
        for step in cases.timeline(case)
    ]
    return {"steps": steps, "notes": list(_notes(case))}


def _notes(case: Case) -> Iterator[dict[str, str]]:
    """Yield every written reason with the salt that leads to the digest its entry holds."""
    for note in Note.objects.filter(case=case).order_by("version"):
        text = f"{note.text}\n{note.basis}"
        yield {"of": f"{case.subject} {note.version}", "text": text, "salt": note.salt}
    ended = LicenceNote.objects.select_related("licence").filter(licence__case=case).first()
    if ended is not None:
        entries = Entry.objects.filter(subject=ended.licence.subject, kind="licence.ended")
        for version in entries.values_list("version", flat=True):
            subject = ended.licence.subject
            yield {"of": f"{subject} {version}", "text": str(ended.text), "salt": ended.salt}


def _papers(case: Case) -> list[Paper]:
    about_it = Q(subject=case.number) | Q(subject=f"licence:{case.number}")
    found = Paper.objects.filter(about_it).select_related("unit", "template")
    return list(found.order_by("issued_at", "number"))


def _record(paper: Paper) -> dict[str, Any]:
    return {
        "number": paper.number,
        "kind": paper.what.zh,
        "issued_at": paper.issued_at.isoformat(),
        "code": paper.code,
        "digest": paper.digest,
        "sm3": paper.sm3,
        "says": json.loads(str(paper.contents)),
    }


def _materials(case: Case) -> Iterator[tuple[str, str, str]]:
    """Yield path, title and digest of what was handed in, and of what a procedure ended with."""
    for row in case.materials.select_related("material").order_by("order"):
        attached = row.attachments.select_related("file").order_by("added_at", "file__digest")
        for number, each in enumerate(attached, start=1):
            path = f"materials/{row.order:02d}-{number:02d}{ENDINGS[each.file.media_type]}"
            yield path, f"{row.material.name}：{each.name}", each.file.digest
    ended = case.pauses.filter(document__isnull=False).select_related("document")
    for number, pause in enumerate(ended.order_by("first_on", "kind"), start=1):
        assert pause.document is not None
        path = f"materials/procedure-{number:02d}{ENDINGS[pause.document.media_type]}"
        yield path, f"{pause.procedure.zh}：{pause.document_name}", pause.document.digest
    sent = Forwarding.objects.filter(case=case).select_related("document").first()
    if sent is not None and sent.document is not None:
        path = f"materials/reply{ENDINGS[sent.document.media_type]}"
        yield path, f"{sent.body}：{sent.document_name}", sent.document.digest
    left = Leaving.objects.filter(case=case).select_related("document").first()
    if left is not None and left.document is not None:
        path = f"materials/left{ENDINGS[left.document.media_type]}"
        yield path, f"留置送达：{left.document_name}", left.document.digest
    asked = Entrusting.objects.filter(case=case, document__isnull=False).select_related("document")
    for number, proof in enumerate(asked.order_by("sent_at"), start=1):
        assert proof.document is not None
        path = f"materials/entrusted-{number:02d}{ENDINGS[proof.document.media_type]}"
        yield path, f"委托送达：{proof.document_name}", proof.document.digest
    of_end = EndServing.objects.filter(licence__case=case, document__isnull=False)
    for serving in of_end.select_related("document"):
        assert serving.document is not None
        path = f"materials/end-served{ENDINGS[serving.document.media_type]}"
        yield path, f"{serving.by_way.zh}：{serving.document_name}", serving.document.digest


def _subjects(case: Case) -> list[str]:
    """Return what the ledger calls the case, its licence and its papers."""
    subjects = [case.subject, f"licence:{case.number}", f"case-serving:{case.number}"]
    return [*subjects, *(f"paper:{paper.number}" for paper in _papers(case))]


def _plain(number: str) -> str:
    return re.sub(r"[^\w-]", "-", number)
