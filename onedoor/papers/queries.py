"""What may be asked about papers: which there are, how they read, whether they are genuine."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import IO
from uuid import UUID

from django.db import connection
from django.db.models import Max, Q, QuerySet

from onedoor.accounts.models import Organisation
from onedoor.kernel.errors import NotFound
from onedoor.ledger import queries as ledger
from onedoor.ledger.rules.chain import Link
from onedoor.papers import pack, record
from onedoor.papers.models import Letter, Paper, Rendering, Template
from onedoor.papers.rules import numbers, official_data, template
from onedoor.papers.rules.contents import Contents, Element, Words, elements
from onedoor.papers.rules.kinds import Kind
from onedoor.papers.rules.official import Document
from onedoor.papers.rules.registry import CONTENTS
from onedoor.papers.rules.sealing import HANDED
from onedoor.papers.rules.template import Block
from onedoor.papers.rules.words import Compared, Standing, TemplateState
from onedoor.seals import queries as seals

KEPT_SECONDS = 2.0
"""For so long a process goes on with the template it knows: publishing takes this long."""

ENDED = {Kind.REVOCATION: Standing.REVOKED, Kind.CANCELLATION: Standing.CANCELLED}
"""What a paper is worth once a later one of this kind took back what it granted."""

_templates: dict[tuple[str, str], tuple[float, Template]] = {}
_unit_words: dict[str, dict[UUID, str]] = {}


def forget() -> None:
    """Drop what this process keeps of templates and units."""
    _templates.clear()
    _unit_words.clear()


def contents_of(kind: Kind) -> type[Contents]:
    return CONTENTS[kind]


def elements_of(kind: Kind) -> dict[str, Element]:
    """Return what may be named in the template of a kind, and what must be."""
    return dict(elements(CONTENTS[kind]))


def in_force(kind: Kind) -> Template | None:
    """Return the template papers of this kind are made with now; None before the first."""
    key = (str(connection.settings_dict["NAME"]), kind.value)
    kept = _templates.get(key)
    if kept is not None and time.monotonic() - kept[0] < KEPT_SECONDS:
        return kept[1]
    published = Template.objects.filter(kind=kind.value, state=TemplateState.PUBLISHED.value)
    found = published.order_by("-number").first()
    if found is not None:
        _templates[key] = (time.monotonic(), found)
    return found


def versions(kind: Kind) -> QuerySet[Template]:
    """Return every version of a template, the latest first."""
    return Template.objects.filter(kind=kind.value).order_by("-number")


def template_rows() -> list[tuple[Kind, Template | None, Template | None]]:
    """Return every kind with its template in force and its draft; one statement."""
    drafts: dict[str, Template] = {}
    valid: dict[str, Template] = {}
    for row in Template.objects.order_by("published_at", "number"):
        into = drafts if row.state == TemplateState.DRAFT.value else valid
        into[row.kind] = row
    return [(kind, valid.get(kind.value), drafts.get(kind.value)) for kind in Kind]


def unit_word(unit_id: UUID) -> str:
    """Return the word a unit has in its numbers; asked of the database when a unit is new."""
    name = str(connection.settings_dict["NAME"])
    if unit_id not in _unit_words.get(name, {}):
        rows = list(Organisation.objects.all())
        words = numbers.unit_words(
            (numbers.Unit(o.code, o.sequence, o.short_name or o.name) for o in rows),
            pack.words().units,
        )
        _unit_words[name] = {o.pk: words[o.code] for o in rows}
    return _unit_words[name][unit_id]


def highest_serial(unit_id: UUID, kind: Kind, year: int) -> int:
    """Return the highest serial that papers of that unit, kind and year carry, 0 if none."""
    rows = Paper.objects.filter(unit=unit_id, kind=kind.value, year=year)
    return int(rows.aggregate(most=Max("serial"))["most"] or 0)


def letters_about(subjects: Iterable[str]) -> QuerySet[Letter]:
    """Return the letters that went out about these subjects, the first first."""
    rows = Letter.objects.filter(subject__in=list(subjects)).select_related("unit")
    return rows.order_by("issued_at", "id")


def highest_letter(unit_id: UUID | None, word: str, year: int) -> int:
    """Return the highest serial that letters of that unit, word and year carry, 0 if none."""
    mine = Q(unit=unit_id) if unit_id else Q(unit__isnull=True)
    rows = Letter.objects.filter(mine, word=word, year=year)
    return int(rows.aggregate(most=Max("serial"))["most"] or 0)


def document_of(letter: Letter) -> Document:
    """Return a letter as it went out, whatever became since of what it is about."""
    return official_data.read(json.loads(str(letter.contents)))


def links() -> Iterable[tuple[str, Link]]:
    """Yield where the own row of each paper and letter says its chain stands."""
    rows = Paper.objects.order_by("number").values_list("number", "version", "head")
    for number, version, head in rows.iterator():
        yield f"paper:{number}", Link(version, head)
    sent = Letter.objects.order_by("number").values_list("number", "version", "head")
    for number, version, head in sent.iterator():
        yield f"letter:{number}", Link(version, head)


def of(subject: str) -> QuerySet[Paper]:
    """Return the papers about a subject, oldest first."""
    papers = Paper.objects.filter(subject=subject).select_related("unit", "template")
    return papers.order_by("step", "issued_at")


def with_code(code: str) -> Paper:
    """Return the paper with this verification code, or refuse."""
    beside = ("unit", "template", "replaced_by")
    paper = Paper.objects.select_related(*beside).filter(code=code).first()
    if paper is None:
        raise NotFound(
            "paper.unknown_code",
            "没有这个验证码的文书。可能是抄错了，也可能是别处出具的；查不到不等于是假的。",
        )
    return paper


def standing(paper: Paper) -> Standing:
    """Return what the paper is worth now; one statement.

    What takes back a decision takes back the certificate that rests on it.
    """
    later = Paper.objects.filter(Q(replaces=paper.pk) | _ends(paper))
    kinds = set(later.values_list("kind", flat=True))
    ended = [stands for kind, stands in ENDED.items() if kind.value in kinds]
    return ended[0] if ended else Standing.REPLACED if kinds else Standing.VALID


def ending_of(paper: Paper) -> Paper | None:
    """Return the decision that took back what the paper granted or certifies, if there is one."""
    return Paper.objects.filter(_ends(paper)).first()


def _ends(paper: Paper) -> Q:
    mine = Q(ends=paper.pk)
    return mine | Q(ends__subject=paper.subject) if paper.what is Kind.CERTIFICATE else mine


@dataclass(frozen=True)
class Page:
    """A paper as it reads: page and PDF are made of this."""

    title: str
    blocks: tuple[Block, ...]


def is_erased(paper: Paper) -> bool:
    """Say whether what the paper said was disposed of with the file it belonged to."""
    return not str(paper.contents)


def words_of(paper: Paper) -> Words:
    if is_erased(paper):
        raise NotFound("paper.erased", "保管期满，这份文书的内容已经销毁，只留文号和摘要。")
    said: Words = json.loads(str(paper.contents))
    return said


def page_of(paper: Paper) -> Page:
    """Return a paper as it reads, with the template it was made with."""
    return Page(*template.fill(paper.template.text, words_of(paper)))


def is_decision_sealed(subject: str) -> bool:
    """Say whether nothing that goes to the applicant of a case still waits for its seal."""
    return seals.is_all_sealed(subject, kinds=tuple(kind.value for kind in HANDED))


def is_ending_sealed(subject: str) -> bool:
    """Say whether nothing that ended a licence still waits for its seal."""
    return seals.is_all_sealed(subject, kinds=tuple(kind.value for kind in ENDED))


def is_intact(paper: Paper) -> bool:
    """Say whether the record still gives the digests it was issued with."""
    return record.is_intact(paper)


def compared(paper: Paper, content: IO[bytes]) -> Compared:
    """Say whether a file is, byte for byte, the PDF that was kept for this paper, and which."""
    kept = Rendering.objects.filter(paper=paper).values_list("file__digest", flat=True).first()
    sealed = seals.sealed_file(paper.number)
    hashed = sha256(content.read(sealed.size) if sealed else b"")
    begins_sealed = sealed is not None and f"sha256:{hashed.hexdigest()}" == sealed.digest
    rest = content.read(1024 * 1024)
    if begins_sealed:
        return Compared.ADDED if rest else Compared.SEALED
    while rest:
        hashed.update(rest)
        rest = content.read(1024 * 1024)
    found = f"sha256:{hashed.hexdigest()}"
    if found == kept:
        return Compared.UNSEALED if seals.request_of(paper.number) else Compared.SAME
    use = seals.use_of(paper.number)
    if use is not None and found == use.approved:
        return Compared.UNSEALED  # the sealed one, cut off where its seal begins
    earlier = {step.facts.get("before") for step in ledger.history(f"paper-seal:{paper.number}")}
    return Compared.EARLIER if found in earlier else Compared.OTHER
