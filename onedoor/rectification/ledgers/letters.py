"""The register of the letters of rectification (文书登记簿): which went out, to whom, by whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from onedoor.kernel.clock import day_of
from onedoor.rectification import notices
from onedoor.rectification.ledgers.reading import Cells, Sheet, Whole
from onedoor.rectification.rules.words import LetterKind, Rung
from onedoor.rectification.wordings import NO_OFFICE

LETTERS = (
    "文书",
    "文号",
    "问题编号",
    "督办号",
    "发文单位",
    "主送",
    "成文日期",
    "签发人",
    "SHA-256",
    "SM3",
)


def register(wholes: Sequence[Whole]) -> Sheet:
    """Return every letter that went out and every draft that waits for a signature (文书登记簿)."""
    return Sheet("文书登记簿", LETTERS, (line for w in wholes for line in _registered(w)))


def _registered(w: Whole) -> Iterator[Cells]:
    urged = {s.number: s for s in w.supervisions}
    for x in w.letters:
        yield (
            x.title,
            x.number,
            w.finding.number,
            x.about if x.kind == LetterKind.SUPERVISION.value else "",
            x.unit.name if x.unit else NO_OFFICE,
            x.recipient,
            day_of(x.issued_at),
            w.name(x.issued_by) or "系统",
            x.digest.partition(":")[2],
            x.sm3.partition(":")[2],
        )
        urged.pop(x.about, None)
    for s in urged.values():
        to = notices.TRANSFERRED_TO if s.what is Rung.TRANSFER else w.unit
        title = notices.TITLES[s.what]
        yield (title, "", w.finding.number, s.number, "", to, s.taken_on, notices.DRAFT, "", "")
