"""What may be done with papers: issue one, show one, change how a kind is worded."""

from __future__ import annotations

import io
import secrets
from datetime import date, datetime
from enum import Enum
from functools import partial

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor, Role
from onedoor.files import services as files
from onedoor.files.models import StoredFile
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, NotFound, Refusal
from onedoor.kernel.rows import new
from onedoor.kernel.written import insert
from onedoor.ledger import numbers as series
from onedoor.ledger import queries as ledger_queries
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import GENESIS, digest
from onedoor.papers import pack, queries, record, typesetting
from onedoor.papers.events import PaperIssued, PaperShown, TemplatePublished
from onedoor.papers.models import Paper, Rendering, Template
from onedoor.papers.rules import checking, numbers
from onedoor.papers.rules import template as templates
from onedoor.papers.rules.contents import Contents, example, worded
from onedoor.papers.rules.kinds import LICENCE, RECEIPTS, Kind, setting_of
from onedoor.papers.rules.sealing import SEALS
from onedoor.papers.rules.words import TemplateState
from onedoor.seals import queries as seals_queries
from onedoor.seals import services as seals
from onedoor.seals.rules.words import RequestState

BLOCK = 10
"""Numbers a process takes at once: half as many again at most are left unused when it stops."""

UNSEALED = "未用印"
VOID_UNSEALED = "没有电子印章的无效"
"""What a draft says of itself while its seal is awaited."""


class Stage(Enum):
    """How a paper stands to the seal: it needs none here, waits for it, or has it."""

    NONE = (UNSEALED, f"{UNSEALED}：以窗口盖章的纸质件为准。")
    AWAITED = (VOID_UNSEALED, f"{VOID_UNSEALED}，用印情况看上面的网址。")
    SEALED = ("", "本件用电子印章，用印情况看上面的网址。")

    def __init__(self, mark: str, note: str) -> None:
        self.mark, self.note = mark, note


@ledger.recorded
def issue(
    contents: Contents,
    *,
    unit: Organisation,
    subject: str,
    by: Actor,
    at: datetime,
    step: int | None = None,
    matter: str = LICENCE,
    one_seal: bool = False,
    replaces: Paper | None = None,
    ends: Paper | None = None,
) -> Paper:
    """Issue a paper in the transaction of the step that calls for it, or refuse what it lacks.

    Its number, words, template, digests and code are fixed from here on. The PDF is made later.
    Where its unit is under the one seal, or what it is about (``one_seal``), the request to seal
    it is written with it; not while that seal is one of rubber, pressed at the window.
    ``matter`` is the type of the item it is about, for its number.
    ``ends`` is the paper that granted what this one takes back: whoever verifies it is told.
    """
    kind = contents.kind
    words = contents.words()
    template = queries.in_force(kind) or _national(kind, at=at)
    year = day_of(at).year
    serial = series.take_within(
        f"paper-{unit.pk}-{kind.value}:{year}",
        highest_used=lambda: queries.highest_serial(unit.pk, kind, year),
        block=BLOCK,
    )
    if serial > numbers.HIGHEST:
        raise Refusal("paper.numbers_used_up", "%(year)s年的文号用完了。", year=year)
    said = pack.words()
    paper = new(
        Paper,
        number=numbers.number(
            said.place, queries.unit_word(unit.pk), said.word(kind, matter), year, serial
        ),
        kind=kind.value,
        unit_id=unit.pk,
        year=year,
        serial=serial,
        subject=subject,
        step=step,
        template=template,
        contents=record.canonical(words),
        code=secrets.token_hex(16),
        issued_at=at,
        issued_by=by.ref,
        replaces=replaces,
        ends=ends,
    )
    paper.digest, paper.sm3 = record.digests(paper, template)
    event = PaperIssued(
        subject=f"paper:{paper.number}",
        paper=kind.value,
        unit=unit.code,
        about=subject,
        step=step,
        template=template.digest,
        digest=paper.digest,
        sm3=paper.sm3,
        replaces=replaces.number if replaces else "",
        ends=ends.number if ends else "",
    )
    paper.version, paper.head = ledger.record(event, by=by.ref, at=at, after=GENESIS)
    insert([paper])
    is_under = one_seal or unit.code in pack.words().sealed_units
    if kind in SEALS and is_under and not seals_queries.is_by_hand(SEALS[kind], on=day_of(at)):
        seals.ask(
            SEALS[kind],
            paper=paper.number,
            paper_kind=paper.kind,
            digest=paper.digest,
            subject=subject,
            step=step,
            unit=unit,
            approver=by.ref,
            at=at,
        )
    return paper


@ledger.recorded
def show(paper: Paper, *, form: str, by: str, at: datetime) -> None:
    """Record that somebody reads a paper, page or PDF, and with it an applicant's data.

    Basis: 个人信息保护法 51.
    """
    event = PaperShown(subject=f"paper-access:{paper.number}", form=form)
    ledger.record(event, by=by, at=at)


def address_of(paper: Paper) -> str:
    """Return where anybody can verify the paper."""
    return settings.PUBLIC_URL + reverse("papers:verify", args=[paper.code])


def stage_of(paper: Paper) -> Stage:
    """Return how the paper stands to the seal now."""
    asked = seals_queries.request_of(paper.number)
    if asked is None:
        return Stage.NONE
    return Stage.SEALED if asked.standing is RequestState.SEALED else Stage.AWAITED


def notes_of(paper: Paper, stage: Stage) -> tuple[str, ...]:
    """Return the lines beside the code at the foot of a paper."""
    notes = (
        "扫码或打开下面的网址，核对这份文书是不是真的：",
        address_of(paper),
        f"国密摘要 {paper.sm3[4:20]}…　{stage.note}",
    )
    head = ledger_queries.head_at(paper.issued_at) if paper.what in RECEIPTS else ""
    return (*notes, f"台账树头 {head}，能证明这之前的台账没有改过。") if head else notes


def sample(kind: Kind, text: str) -> typesetting.Sheet:
    """Return how an invented paper would look with this template."""
    title, blocks = templates.fill(text, example(queries.contents_of(kind)))
    address = settings.PUBLIC_URL + reverse("papers:verify", args=["0" * 32])
    day = date(2026, 3, 6)
    return typesetting.Sheet(
        title=title,
        number=numbers.number("样", "例", pack.words().word(kind, LICENCE), day.year, 1),
        unit="样例单位",
        date=worded(day),
        day=(day.year, day.month, day.day),
        blocks=blocks,
        address=address,
        notes=("样例，不是真的文书。",),
        mark="样例",
        setting=setting_of(kind),
    )


def sheet_of(paper: Paper) -> typesetting.Sheet:
    """Return a paper as it is set, with what it says of its seal now."""
    return sheet_at(paper, stage_of(paper))


def sheet_at(paper: Paper, stage: Stage) -> typesetting.Sheet:
    """Return a paper as it is set at a stage; what goes under the seal speaks of no lack of it."""
    page, day = queries.page_of(paper), day_of(paper.issued_at)
    return typesetting.Sheet(
        title=page.title,
        number=paper.number,
        unit=paper.unit.name,
        date=worded(day),
        day=(day.year, day.month, day.day),
        blocks=page.blocks,
        address=address_of(paper),
        notes=notes_of(paper, stage),
        mark=stage.mark,
        setting=setting_of(paper.what),
    )


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


# --- Templates ----------------------------------------------------------------------------------


def _national(kind: Kind, *, at: datetime) -> Template:
    """Return the product's own template as the first version, or as the next when it changed."""
    text = pack.template(kind)
    latest = Template.objects.filter(kind=kind.value).order_by("-number").first()
    made = Template(
        kind=kind.value,
        number=latest.number + 1 if latest else 1,
        text=text,
        digest=digest(text.encode()),
        state=TemplateState.PUBLISHED.value,
        edited_by="system",
        edited_at=at,
        published_by="system",
        published_at=at,
    )
    Template.objects.bulk_create([made], ignore_conflicts=True)
    return Template.objects.get(kind=kind.value, number=made.number)


def load_national(*, at: datetime) -> int:
    """Bring in the templates of this release where the office has none of its own."""
    count = 0
    for kind in Kind:
        latest = queries.in_force(kind)
        if latest is None or (latest.edited_by == "system" and latest.text != pack.template(kind)):
            _national(kind, at=at)
            count += 1
    queries.forget()
    return count


def check_template(kind: Kind, text: str) -> None:
    """Refuse a template that cannot be read, leaves out what must be said, or cannot be printed.

    Once it is saved, nothing in it can stop a paper.
    """
    checking.check(text, queries.elements_of(kind))
    typesetting.pdf(sample(kind, text))


@ledger.recorded
def save_template(kind: Kind, *, text: str, by: Actor, at: datetime) -> Template:
    """Keep a draft of how a kind is worded, or refuse with the sentence that says what is wrong."""
    if not by.holds(Role.EDITOR):
        raise NotAllowed("paper.not_editor", "模板全中心共用，由中心的事项编辑来写。")
    text = "\n".join(line.rstrip() for line in text.splitlines()).strip() + "\n"
    check_template(kind, text)
    if queries.in_force(kind) is None:
        _national(kind, at=at)
    latest = queries.versions(kind)[0]
    is_draft = latest.state == TemplateState.DRAFT.value
    draft = Template(
        kind=kind.value,
        number=latest.number if is_draft else latest.number + 1,
        text=text,
        digest=digest(text.encode()),
        state=TemplateState.DRAFT.value,
        edited_by=by.ref,
        edited_at=at,
    )
    if is_draft:
        draft.pk = latest.pk
        changed = Template.objects.filter(pk=latest.pk, state=TemplateState.DRAFT.value).update(
            text=text, digest=draft.digest, edited_by=by.ref, edited_at=at
        )
        if not changed:
            raise _published_meanwhile()
    else:
        Template.objects.bulk_create([draft])
    return draft


@ledger.recorded
def publish_template(kind: Kind, *, digest_seen: str, by: Actor, at: datetime) -> Template:
    """Bring a draft into force: by somebody else than its editor, and only as they saw it."""
    if not by.holds(Role.PUBLISHER):
        raise NotAllowed("paper.not_publisher", "模板全中心共用，由中心的事项发布岗来发布。")
    versions = list(queries.versions(kind))
    draft = next((v for v in versions if v.state == TemplateState.DRAFT.value), None)
    if draft is None:
        raise NotFound("paper.no_draft", "这份模板没有等发布的草稿。")
    if draft.edited_by == by.ref:
        raise NotAllowed("paper.own_draft", "自己写的模板要由另一个人发布。")
    checking.check(draft.text, queries.elements_of(kind))
    changed = Template.objects.filter(
        pk=draft.pk, state=TemplateState.DRAFT.value, digest=digest_seen
    ).update(
        # A release may have brought a version in since the draft was begun: this one follows it.
        number=draft.number if versions[0] == draft else versions[0].number + 1,
        state=TemplateState.PUBLISHED.value,
        published_by=by.ref,
        published_at=at,
    )
    if not changed:
        raise _published_meanwhile()
    event = TemplatePublished(
        subject=f"paper-template:{kind.value}",
        number=draft.number,
        text=draft.digest,
        edited_by=draft.edited_by,
    )
    ledger.record(event, by=by.ref, at=at)
    queries.forget()
    return Template.objects.get(pk=draft.pk)


def _published_meanwhile() -> Refusal:
    return Refusal("paper.template_changed", "这份草稿刚被别人改过或发布了，请看过再办。")
