"""The register of the letters of rectification (文书登记簿): which went out, to whom, by whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from onedoor.kernel.clock import day_of
from onedoor.rectification import notices
from onedoor.rectification.ledgers.reading import Cells, Sheet, Whole
from onedoor.rectification.models import Finding
from onedoor.rectification.rules.lifecycle import BEFORE, State
from onedoor.rectification.rules.words import LetterKind, Rung

LETTERS = ("文书", "文号", "问题编号", "主送", "成文日期", "签发人")


def register(wholes: Sequence[Whole]) -> Sheet:
    """Return every letter there is of these findings (文书登记簿), in the order of the work."""
    return Sheet("文书登记簿", LETTERS, (line for w in wholes for line in _registered(w)))


def _registered(w: Whole) -> Iterator[Cells]:
    f = w.finding
    if f.standing not in BEFORE and f.unit:
        yield (LetterKind.SERVICE.zh, f.number, f.number, w.unit, f.served_on, "")
        if w.measures:
            yield (LetterKind.PLAN.zh, "", f.number, _to(f), None, "")
    for s in w.supervisions:
        to = notices.TRANSFERRED_TO if s.what is Rung.TRANSFER else w.unit
        signer = w.name(s.issued_by) or ("系统" if s.issued_by else notices.DRAFT)
        yield (notices.TITLES[s.what], s.number, f.number, to, s.taken_on, signer)
    for e in w.extensions:
        asked = day_of(e.asked_at)
        yield (LetterKind.ASKED.zh, "", f.number, _to(f), asked, w.name(e.asked_by))
        if e.decided_at:
            day = day_of(e.decided_at)
            yield (LetterKind.EXTENSION.zh, "", f.number, w.unit, day, w.name(e.decided_by))
    for u in w.upward:
        yield (LetterKind.UPWARD.zh, "", f.number, u.addressee, u.sent_on, "")
    if f.submitted_at:
        yield (LetterKind.CLAIM.zh, "", f.number, _to(f), day_of(f.submitted_at), "")
    if f.standing in (State.CLOSED, State.RECHECK) and f.closed_at:
        signer = w.name(w.signatures[-1].signer) if w.signatures else ""
        yield (LetterKind.CLOSING.zh, "", f.number, w.unit, day_of(f.closed_at), signer)


def _to(finding: Finding) -> str:
    return finding.project.audit_body or "整改牵头单位"
