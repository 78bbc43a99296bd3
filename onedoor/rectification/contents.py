"""What a package of findings holds: facts, evidence files, written reasons, entries with proofs.

Laid out as the package of an archived case, so that the same command verifies it. Words of the
public (群众反映) stay in the house. Only read here, by the worker.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import IO, Any

from onedoor.archive.rules.verify import ENTRIES, PROCESS
from onedoor.archive.writing import Writer
from onedoor.files import services as files
from onedoor.files.rules.sniff import ENDINGS
from onedoor.ledger import queries as ledger
from onedoor.ledger.models import Entry
from onedoor.papers.models import Letter
from onedoor.papers.queries import letters_about
from onedoor.rectification.ledgers.reading import Whole, read
from onedoor.rectification.models import (
    AdoptionAnswer,
    EvidenceRevision,
    Finding,
    Note,
    Recommendation,
)

README = """这是审计整改的问题，连同佐证文件和总台账里的存证证明。

manifest.json 列出每个文件和它的摘要（SHA-256、SM3），manifest.sig 是对它的签名。
findings 里每个问题一个文件，evidence 里是佐证的原件，letters.json 是发出的文书和它的两个摘要，
recommendations.json 是审计建议，
process.json 是写下的意见和理由，ledger/entries.jsonl 是总台账里的记录和存证证明。
佐证的原件读不出来的，在问题的文件里写明 lost。

不用数据库就能核对：onedoor verify archive 这个文件
"""


def findings_of(numbers: Sequence[str]) -> list[Finding]:
    rows = Finding.objects.filter(number__in=numbers).select_related("project", "unit")
    return list(rows.order_by("number"))


Proven = list[tuple[Entry, dict[str, Any]]]


def proven(numbers: Sequence[str]) -> Proven | None:
    """Return what is recorded about these findings, each entry with its proof.

    None while any of it is not yet under a signed tree head.
    """
    return ledger.proofs_about(_about(numbers))


def is_all(numbers: Sequence[str], told: Proven) -> bool:
    """Say whether nothing was recorded about these findings since their proofs were read."""
    return Entry.objects.filter(subject__in=_about(numbers)).count() == len(told)


def _about(numbers: Sequence[str]) -> list[str]:
    sent = [f"letter:{x.number}" for x in letters_about(f"finding:{n}" for n in numbers)]
    return [*_subjects(numbers, _advice(findings_of(numbers))), *sent]


def fill(writer: Writer, numbers: Sequence[str], told: Proven) -> None:
    """Write everything that belongs to the findings, with the proofs that were read before."""
    rows = findings_of(numbers)
    advice = _advice(rows)
    revisions = _revisions(rows)
    writer.text("README.txt", "说明", README)
    for whole in read(rows):
        number = whole.finding.number
        shown = [_file(writer, each) for each in revisions.get(number, ())]
        facts = _facts(whole) | {"evidence": shown}
        writer.json(f"findings/{number}.json", f"问题 {number}", facts)
    sent = letters_about(row.subject for row in rows)
    writer.json("letters.json", "发出的文书", [_letter(each) for each in sent])
    writer.json("recommendations.json", "审计建议", [_advised(row) for row in advice])
    writer.json(PROCESS, "写下的意见和理由", {"notes": list(_notes(rows, advice))})
    lines = [
        json.dumps(
            {"text": e.text, "digest": e.digest, "proof": proof},
            ensure_ascii=False,
            sort_keys=True,
        )
        for e, proof in told
    ]
    writer.text(ENTRIES, "总台账里的记录和存证证明", "\n".join(lines) + "\n")


def _advice(rows: Sequence[Finding]) -> list[Recommendation]:
    pairs = {(row.project_id, row.unit_id) for row in rows}
    found = Recommendation.objects.filter(project__in={project for project, _ in pairs})
    told = found.select_related("unit", "project").order_by("number")
    return [each for each in told if (each.project_id, each.unit_id) in pairs]


def _subjects(numbers: Sequence[str], advice: Sequence[Recommendation]) -> list[str]:
    return [f"finding:{number}" for number in numbers] + [row.subject for row in advice]


def _revisions(rows: Sequence[Finding]) -> dict[str, list[EvidenceRevision]]:
    found: dict[str, list[EvidenceRevision]] = {}
    kept = EvidenceRevision.objects.filter(evidence__finding__in=[row.pk for row in rows])
    told = kept.select_related("evidence__finding", "evidence__measure", "file")
    for each in told.order_by("evidence__sequence", "number"):
        found.setdefault(each.evidence.finding.number, []).append(each)
    return found


def _file(writer: Writer, row: EvidenceRevision) -> dict[str, Any]:
    """Put a version of a piece of evidence into the package, and return what is told of it."""
    evidence = row.evidence
    name = f"{evidence.sequence:02d}-{row.number}{ENDINGS[row.file.media_type]}"
    path = f"evidence/{evidence.finding.number}/{name}"
    is_there = files.is_whole(row.file.digest)
    if is_there:
        with files.opened(row.file.digest) as content:
            opened: IO[bytes] = content
            writer.add(path, evidence.title, opened)
    return {
        "path": path if is_there else "",
        "lost": not is_there,
        "sha256": row.file.digest,
        "title": evidence.title,
        "kind": evidence.what.zh,
        "measure": evidence.measure.sequence if evidence.measure else None,
        "state": evidence.standing.zh,
        "reason": evidence.reason,
        "name": row.name,
        "dated_on": row.dated_on,
        "uploaded_at": row.uploaded_at.isoformat(),
    }


_FINDING = (
    "number",
    "code",
    "title",
    "heading",
    "detail",
    "basis",
    "category",
    "subcategory",
    "severity",
    "rectification_class",
    "leader",
    "section",
    "officer",
    "served_on",
    "claimed",
    "claim_label",
    "claim_result",
    "state",
    "outcome",
    "reopened_count",
    "version",
)


def _facts(whole: Whole) -> dict[str, Any]:
    row = whole.finding
    moments = ("opened_at", "submitted_at", "recognised_at", "closed_at")
    return (
        {name: getattr(row, name) for name in _FINDING}
        | {name: value.isoformat() for name in moments if (value := getattr(row, name))}
        | {
            "project": {"key": row.project.key, "title": row.project.title},
            "unit": whole.unit,
            "co_units": [each.unit.name for each in whole.co_units],
            "deadline_on": row.due_on,
            "measures": [_measure(each) for each in whole.measures],
            "amounts": [
                {"kind": a.what.zh, "due_fen": a.due_fen, "done_fen": a.done_fen}
                for a in whole.amounts
            ],
            "extensions": [{"until": e.until, "decision": e.standing.zh} for e in whole.extensions],
            "supervisions": [
                {"number": s.number, "rung": s.what.zh, "taken_on": s.taken_on}
                for s in whole.supervisions
            ],
            "rechecks": [
                {"due_on": r.due_on, "state": r.standing.zh, "done_on": r.done_on}
                for r in whole.rechecks
            ],
            "signatures": [
                {"place": s.place, "outcome": s.outcome, "signer": whole.name(s.signer)}
                for s in whole.signatures
            ],
        }
    )


def _letter(row: Letter) -> dict[str, Any]:
    """Return a letter with all its digests are of, so that they can be recomputed elsewhere."""
    names = ("number", "kind", "subject", "about", "code", "issued_by", "digest", "sm3")
    return {name: getattr(row, name) for name in names} | {
        "unit": row.unit.name if row.unit else "",
        "unit_id": str(row.unit_id or ""),
        "issued_at": row.issued_at.isoformat(),
        "document": json.loads(str(row.contents)),
    }


def _measure(row: Any) -> dict[str, Any]:
    names = ("sequence", "text", "goal", "mark", "due_on", "progress")
    return {name: getattr(row, name) for name in names} | {
        "milestones": [
            {"due_on": s.due_on, "text": s.text, "done_on": s.done_on}
            for s in sorted(row.milestones.all(), key=lambda s: (s.due_on, s.text))
        ]
    }


def _advised(row: Recommendation) -> dict[str, Any]:
    return {
        "number": row.number,
        "unit": row.unit.name,
        "text": row.text,
        "adoption": row.standing.zh,
        "answers": [
            {"version": a.version, "adoption": a.what.zh, "reason": a.reason, "made": a.made}
            for a in row.answers.order_by("version")
        ],
    }


def _notes(rows: Sequence[Finding], advice: Sequence[Recommendation]) -> Iterator[dict[str, str]]:
    """Yield what people wrote with the salt that leads to the digest its entry holds."""
    kept = Note.objects.filter(finding__in=[row.pk for row in rows]).select_related("finding")
    for note in kept.order_by("finding__number", "version"):
        of = f"{note.finding.subject} {note.version}"
        yield {"of": of, "text": str(note.text), "salt": note.salt}
    for row in advice:
        yield {"of": f"{row.subject} 1", "text": row.text, "salt": row.salt}
    given = AdoptionAnswer.objects.filter(recommendation__in=[row.pk for row in advice])
    for each in given.select_related("recommendation").order_by("recommendation", "version"):
        of = f"{each.recommendation.subject} {each.version}"
        yield {"of": of, "text": each.said, "salt": each.salt}
