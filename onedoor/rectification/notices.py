"""The letters of rectification as official documents (整改文书): served, urged, answered, closed.

A letter is written by the step that calls for it and kept from then on under its number, whatever
becomes of the finding; what is not sent yet is a draft in the ledger's present words.
Basis: 审计法 52; 党政机关公文处理工作条例 9.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotFound
from onedoor.kernel.money import yuan
from onedoor.papers import queries as papers
from onedoor.papers.models import Letter as Sent
from onedoor.papers.rules.official import Document, Form, Heading, Piece, Text
from onedoor.rectification import handed_in, wordings
from onedoor.rectification.models import Extension, Finding, Supervision, UpwardMatter
from onedoor.rectification.rules.lifecycle import State
from onedoor.rectification.rules.words import Decision, LetterKind, Rung

TITLES = {
    Rung.REMIND: "审计整改提醒函",
    Rung.URGE: "审计整改督办函",
    Rung.TALK: "审计整改约谈通知书",
    Rung.CIRCULAR: "关于审计整改逾期情况的通报",
    Rung.TRANSFER: "审计整改移送处理书",
}
ASKED = {
    Rung.REMIND: "时限将到，请按时整改并报送佐证。",
    Rung.URGE: "请立即整改，书面说明逾期的原因、下一步措施和完成日期。",
    Rung.TALK: "请单位主要负责人前来说明情况，带整改的佐证。时间和地点另行电话通知。",
    Rung.CIRCULAR: "现予通报，并按规定计入考核。",
    Rung.TRANSFER: "现按规定移送，请依法处理，并把处理结果函告我们。",
}
TRANSFERRED_TO = "受移送机关"
DRAFT = "草稿，还没有发出"


class Letter(NamedTuple):
    """A letter there is of a finding: its kind, which of them, its title, what it is about.

    ``sent`` is what went out; without it the letter is a draft.
    """

    kind: LetterKind
    place: int
    title: str
    row: Any = None
    sent: Sent | None = None


def letters(finding: Finding) -> list[Letter]:
    """Return the letters that what is on record calls for, in the order of the work."""
    found: list[Letter] = []
    counted: defaultdict[LetterKind, int] = defaultdict(int)
    for kind, title, row, sent in _called_for(finding):
        counted[kind] += 1
        found.append(Letter(kind, counted[kind], title, row, sent))
    return found


def _called_for(finding: Finding) -> Iterator[tuple[LetterKind, str, Any, Sent | None]]:
    out: defaultdict[str, dict[str, Sent]] = defaultdict(dict)
    for sent in papers.letters_about([finding.subject]):
        out[sent.kind][sent.about] = sent

    def all_of(kind: LetterKind) -> Iterator[tuple[LetterKind, str, Any, Sent | None]]:
        yield from ((kind, kind.zh, None, sent) for sent in out[kind.value].values())

    yield from all_of(LetterKind.SERVICE)
    yield from all_of(LetterKind.PLAN)
    if finding.standing is State.ISSUED and finding.measures.exists():
        yield LetterKind.PLAN, LetterKind.PLAN.zh, None, None
    for urged in finding.supervisions.order_by("taken_on", "number"):
        title = f"{TITLES[urged.what]} {urged.number}"
        sent_so = out[LetterKind.SUPERVISION.value].get(urged.number)
        yield LetterKind.SUPERVISION, title, urged, sent_so
    asked = finding.extensions.order_by("asked_at")
    decided = asked.exclude(decision=Decision.WAITING.value)
    upward = finding.upward.order_by("sent_on", "addressee")
    requests = ((LetterKind.ASKED, asked), (LetterKind.EXTENSION, decided))
    for kind, rows in (*requests, (LetterKind.UPWARD, upward)):
        yield from ((kind, kind.zh, row, out[kind.value].get(str(row.pk))) for row in rows)
    yield from all_of(LetterKind.CLAIM)
    yield from all_of(LetterKind.CLOSING)


def letter_with(finding: Finding, kind: str, place: int) -> Letter:
    """Return a letter of a finding, or refuse one that there is not."""
    found = next((x for x in letters(finding) if (x.kind.value, x.place) == (kind, place)), None)
    if found is None:
        raise NotFound("finding.no_letter", "没有这份文书。")
    return found


def document_of(finding: Finding, letter: Letter, *, unit: str, on: date) -> Document:
    """Return a letter as it went out, or its draft as a document of a unit."""
    if letter.sent is not None:
        return papers.document_of(letter.sent)
    return replace(_MAKE[letter.kind](finding, letter.row, unit, on), note=DRAFT)


def written(
    finding: Finding, kind: LetterKind, row: Any, *, unit: str, signer: str, on: date
) -> Document:
    """Return a letter as a unit sends it now: under its head, to those above with who signs it."""
    document = _MAKE[kind](finding, row, unit, on)
    if kind is LetterKind.UPWARD:
        return replace(document, head=f"{unit}文件", signer=signer)
    return replace(document, form=Form.LETTER, head=unit)


def _document(title: str, unit: str, to: str, on: date, body: Iterator[Piece]) -> Document:
    return Document(title=title, unit=unit, recipients=(to,), day=on, body=tuple(body))


def _service(finding: Finding, row: None, unit: str, on: date) -> Document:
    def body() -> Iterator[Piece]:
        yield Text(f"{finding.project.title}查出的下列问题，请你单位整改。")
        yield from wordings.problem(finding)
        yield Heading(1, "要求")
        yield Text(f"整改类型是{finding.kind.zh}，{wordings.day(finding.due_on)}以前整改到位。")
        yield Text("主要负责人是整改第一责任人。整改措施、进展和佐证在审计整改台账里报送。")
        for amount in finding.amounts.order_by("kind"):
            yield Text(f"{amount.what.zh}{yuan(amount.due_fen)}。")

    day = finding.served_on or on
    return _document(LetterKind.SERVICE.zh, unit, wordings.unit(finding), day, body())


def _supervision(finding: Finding, row: Supervision, unit: str, on: date) -> Document:
    day = max(row.taken_on, on)

    def body() -> Iterator[Piece]:
        # Not the rung's offset: a rung may be taken, and signed, later than it was reached.
        days = (day - row.deadline_on).days
        late = f"，已逾期{days}天" if days > 0 else ""
        yield from wordings.problem(finding)
        yield Heading(1, "整改情况")
        yield Text(
            f"整改时限是{wordings.day(row.deadline_on)}{late}，现在是“{finding.standing.zh}”。"
        )
        yield Heading(1, "要求")
        if row.clue:
            yield Text(f"{row.clue}。", lead="线索类型：")
        yield Text(ASKED[row.what])
        yield Text(f"{row.number}。", lead="督办号：")
        if row.reply_due_on:
            yield Text(f"请在{wordings.day(row.reply_due_on)}以前书面答复。")

    is_transfer = row.what is Rung.TRANSFER
    to = row.addressee or TRANSFERRED_TO if is_transfer else wordings.unit(finding)
    return _document(TITLES[row.what], unit, to, day, body())


def _extension(finding: Finding, row: Extension, unit: str, on: date) -> Document:
    def body() -> Iterator[Piece]:
        yield Text(f"你单位关于问题{finding.number}“{finding.title}”延期整改的申请收悉。")
        yield Text(row.reason, lead="申请的理由：")
        yield Text(
            f"{row.standing.zh}延期到{wordings.day(row.until)}。{row.opinion}", lead="批复："
        )

    day = day_of(row.decided_at) if row.decided_at else on
    return _document(LetterKind.EXTENSION.zh, unit, wordings.unit(finding), day, body())


def _letter_up(finding: Finding, row: UpwardMatter, unit: str, on: date) -> Document:
    def body() -> Iterator[Piece]:
        yield from wordings.problem(finding)
        yield Heading(1, "请示事项")
        yield Text(row.request)
        yield Text(row.basis, lead="依据：")
        yield Text(f"妥否，请在{wordings.day(row.answer_due_on)}以前批复。")

    return _document("关于审计整改涉及上级事权事项的请示", unit, row.addressee, row.sent_on, body())


def _closing(finding: Finding, row: None, unit: str, on: date) -> Document:
    def body() -> Iterator[Piece]:
        yield from wordings.problem(finding)
        yield Heading(1, "整改和核验")
        for measure in finding.measures.order_by("sequence"):
            yield Text(measure.text, lead=f"措施{measure.sequence}：")
        for evidence in finding.evidence.order_by("sequence"):
            judged = f"{evidence.title}，{evidence.standing.zh}。"
            yield Text(judged, lead=f"佐证{evidence.sequence}：")
        for amount in finding.amounts.order_by("kind"):
            done, rest = yuan(amount.done_fen), yuan(amount.rest_fen)
            told = f"应处理{yuan(amount.due_fen)}，已处理{done}，未处理{rest}。"
            yield Text(told, lead=f"{amount.what.zh}：")
        yield Heading(1, "结论")
        yield Text(f"认定为{finding.result.zh}，两人签字，准予销号。")

    day = day_of(finding.closed_at) if finding.closed_at else on
    return _document(LetterKind.CLOSING.zh, unit, wordings.unit(finding), day, body())


_MAKE: dict[LetterKind, Callable[[Finding, Any, str, date], Document]] = {
    LetterKind.SERVICE: _service,
    LetterKind.PLAN: handed_in.plan,
    LetterKind.SUPERVISION: _supervision,
    LetterKind.ASKED: handed_in.extension,
    LetterKind.EXTENSION: _extension,
    LetterKind.UPWARD: _letter_up,
    LetterKind.CLAIM: handed_in.claim,
    LetterKind.CLOSING: _closing,
}
