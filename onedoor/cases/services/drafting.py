"""What an applicant has typed and uploaded and not sent yet: kept, mended, dropped.

A draft is nobody's case: no entry in the ledger, no number, and only the device that made it
opens it. What is not sent within the county's days is deleted, its files with it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import IO, Any
from uuid import UUID

from django.db import IntegrityError, transaction

from onedoor.cases.county import online_rules
from onedoor.cases.inputs import plain
from onedoor.cases.models import Attachment, Case, Draft, DraftFile
from onedoor.cases.rules.online import channel_of
from onedoor.cases.rules.words import Channel
from onedoor.catalogue import queries as catalogue
from onedoor.catalogue.models import Material
from onedoor.catalogue.queries import VersionFacts
from onedoor.citizens.models import Citizen, Mandate
from onedoor.files import services as files
from onedoor.kernel import crypto
from onedoor.kernel.errors import NotFound, NotValid, Refusal

LONGEST = 500
"""More than any field takes; what is beyond it is not kept."""


@dataclass(frozen=True)
class Content:
    """What was typed: the applicant's fields as text, which originals will be brought, and for
    which materials the applicant will commit instead."""

    typed: Mapping[str, str] = field(default_factory=dict)
    brought: frozenset[int] = frozenset()
    committed: frozenset[int] = frozenset()

    def as_text(self) -> str:
        said = {
            "typed": dict(self.typed),
            "brought": sorted(self.brought),
            "committed": sorted(self.committed),
        }
        return json.dumps(said, ensure_ascii=False)


def content_of(draft: Draft | None) -> Content:
    """Return what a draft holds; nothing where there is none."""
    if draft is None or not str(draft.content):
        return Content()
    said = json.loads(str(draft.content))
    return Content(said["typed"], frozenset(said["brought"]), frozenset(said["committed"]))


def key_of(secret: str, about: str) -> str:
    """Return the key of the draft about one thing, kept for whoever holds the secret."""
    return sha256(f"{secret}:{about}".encode()).hexdigest()


def find_draft(key: str) -> Draft | None:
    return Draft.objects.select_related("case").filter(key=key).first()


def account_secret(citizen: Citizen) -> str:
    """Return the secret of an account's drafts: they are there on every device it signs in on."""
    return _secret_of(citizen.pk)


def _secret_of(account: UUID) -> str:
    return crypto.token(account, purpose="draft", version=1)


def about_of(code: str, mandate: Mandate | None) -> str:
    """Return what a draft of an item is about: written for another, it is one of its own."""
    return f"{mandate.code}:{code}" if mandate is not None else code


def find_own(citizen: Citizen, about: str) -> Draft | None:
    """Return the draft an account has about one thing, or one of those that became a part of it.

    Of several, what was not sent yet, the last touched first.
    """
    keys = [key_of(_secret_of(account), about) for account in citizen.ids()]
    found = Draft.objects.select_related("case").filter(key__in=keys).order_by("-touched_at")
    return min(found, key=lambda draft: draft.case_id is not None, default=None)


def drafts_of(citizen: Citizen) -> list[Draft]:
    """Return what somebody began and did not send, the last touched first; one statement."""
    mine = Draft.objects.filter(citizen__in=citizen.ids(), case__isnull=True)
    return list(mine.select_related("item", "mandate").order_by("-touched_at"))


def adopt(draft: Draft, key: str, citizen: Citizen) -> Draft:
    """Let what was begun before signing in go on in the account, unless it has such a draft."""
    with suppress(IntegrityError), transaction.atomic():
        Draft.objects.filter(pk=draft.pk, citizen__isnull=True).update(key=key, citizen=citizen)
        draft.key, draft.citizen = key, citizen
    return draft


def keep(
    key: str,
    *,
    version: VersionFacts,
    content: Content,
    at: datetime,
    citizen: Citizen | None = None,
    mandate: Mandate | None = None,
) -> Draft:
    """Keep what was typed under the key, instead of what was there, sent or not."""
    typed = {k: _kept(v) for k, v in content.typed.items()}
    text = replace(content, typed=typed).as_text()
    draft, is_new = Draft.objects.get_or_create(
        key=key,
        defaults={
            "item_id": version.item_id,
            "item_version": version.number,
            "content": text,
            "touched_at": at,
            "citizen": citizen,
            "mandate": mandate,
        },
    )
    if not is_new:
        draft.content, draft.touched_at, draft.case = text, at, None
        Draft.objects.filter(pk=draft.pk).update(content=text, touched_at=at, case=None)
    return draft


def find_answer(secret: str, case: Case) -> Draft | None:
    """Return what was uploaded to answer what is asked of this case now."""
    return find_draft(_answer_key(secret, case))


def begin_answer(secret: str, case: Case, *, at: datetime) -> Draft:
    """Return the draft that answers what is asked of this case now, made if there is none."""
    if (draft := find_answer(secret, case)) is not None:
        return draft
    facts = catalogue.version_facts(case.item, case.item_version)
    return keep(_answer_key(secret, case), version=facts, content=Content(), at=at)


def _answer_key(secret: str, case: Case) -> str:
    # What was promised outlives the steps of the review.
    occasion = "promised" if case.is_tolerant else str(case.version)
    return key_of(secret, f"{case.number}:{occasion}")


def _kept(text: str) -> str:
    return "".join(c for c in text[:LONGEST] if c.isprintable())


@transaction.atomic
def carry_over(draft: Draft, *, now: VersionFacts) -> None:
    """Let a draft follow its item to a new version: uploads stay with the materials that remain."""
    before = Material.objects.filter(
        version__item=now.item_id, version__number=draft.item_version
    ).values_list("order", "name")
    new = {m.name: m.order for m in now.materials}
    moved_to = {order: new[name] for order, name in before if name in new}
    held = list(draft.files.all())
    for row in held:
        if row.order in moved_to:
            DraftFile.objects.filter(pk=row.pk).update(order=moved_to[row.order])
        else:
            remove_file(draft, str(row.pk))
    content = content_of(draft)
    brought, committed = (
        frozenset(moved_to[o] for o in orders if o in moved_to)
        for orders in (content.brought, content.committed)
    )
    draft.content = Content(content.typed, brought, committed).as_text()
    draft.item_version = now.number
    Draft.objects.filter(pk=draft.pk).update(content=draft.content, item_version=now.number)


def note_brought(
    draft: Draft, brought: Iterable[int], *, committed: Iterable[int] = (), at: datetime
) -> None:
    """Note which originals will be brought to the window, and what is vouched for instead."""
    text = Content(content_of(draft).typed, frozenset(brought), frozenset(committed)).as_text()
    Draft.objects.filter(pk=draft.pk).update(content=text, touched_at=at)
    draft.content = text


@dataclass(frozen=True)
class Sent:
    """A file as it arrives: for which material, under which name."""

    order: int
    name: str
    content: IO[bytes]


def add_files(draft: Draft, sent: Iterable[Sent], *, at: datetime) -> list[tuple[Sent, Refusal]]:
    """Keep every file that can be kept; return those that were refused, and why.

    One bad file does not lose the others.
    """
    refused = []
    for each in sent:
        try:
            add_file(draft, order=each.order, name=each.name, content=each.content, at=at)
        except Refusal as refusal:
            refused.append((each, refusal))
    return refused


def add_file(draft: Draft, *, order: int, name: str, content: IO[bytes], at: datetime) -> DraftFile:
    """Keep a file for a material of a draft; refused beyond the county's numbers.

    What it is is told from its content, and an image that cannot be opened is refused at once.
    """
    name = plain("file", "".join(c for c in name if c.isprintable())[-200:], "文件名", most=200)
    _make_room(draft, order)
    stored = files.store(content, at=at)
    try:
        files.try_to_open(stored)
        with transaction.atomic():
            # The draft's row is locked: two requests at once do not pass the limit together.
            Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
            _make_room(draft, order)
            kept, _ = DraftFile.objects.get_or_create(
                draft=draft, order=order, file=stored, defaults={"name": name, "added_at": at}
            )
            Draft.objects.filter(pk=draft.pk).update(touched_at=at)
    except Refusal:
        files.forget([stored.pk])
        raise
    return kept


def add_held(draft: Draft, *, order: int, held: Attachment, at: datetime) -> None:
    """Hand in a file again that the same person handed in before; nothing is uploaded."""
    with transaction.atomic():
        Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
        _make_room(draft, order)
        DraftFile.objects.get_or_create(
            draft=draft,
            order=order,
            file=held.file,
            defaults={"name": held.name, "added_at": at},
        )
        Draft.objects.filter(pk=draft.pk).update(touched_at=at)


def _make_room(draft: Draft, order: int) -> None:
    rules = online_rules()
    there = list(DraftFile.objects.filter(draft=draft).values_list("order", flat=True))
    if there.count(order) >= rules.files_per_material:
        raise NotValid(
            "file.too_many",
            "一份材料最多传 %(most)s 个文件。可以把几页合成一个 PDF 再传。",
            field="file",
            most=rules.files_per_material,
        )
    if len(there) >= rules.files_per_case:
        raise NotValid(
            "file.too_many",
            "一次申请最多传 %(most)s 个文件。可以把几页合成一个 PDF 再传。",
            field="file",
            most=rules.files_per_case,
        )


def remove_file(draft: Draft, file_id: str) -> None:
    """Take a file back out of a draft."""
    try:
        row = draft.files.filter(pk=UUID(file_id)).first()
    except ValueError:
        row = None
    if row is None:
        raise NotFound("page.not_found", "没有这一页，或者不是给您看的。")
    row.delete()
    files.forget([row.file_id])


def given_files(draft: Draft | None) -> dict[int, list[DraftFile]]:
    """Return the draft's files by material; one statement."""
    found: dict[int, list[DraftFile]] = {}
    if draft is not None:
        for row in draft.files.select_related("file").order_by("order", "added_at"):
            found.setdefault(row.order, []).append(row)
    return found


def channels(
    materials: Iterable[Any],
    given: Mapping[int, list[DraftFile]],
    brought: frozenset[int],
    committed: frozenset[int] = frozenset(),
) -> dict[int, Channel]:
    """Return how each of the materials comes in, as the draft stands.

    What is vouched for does not come, unless a file of it is there all the same.
    """
    return {
        m.order: channel_of(
            m.form,
            m.necessity,
            is_uploaded=bool(given.get(m.order)),
            is_brought=m.order in brought,
        )
        if m.order not in committed or given.get(m.order)
        else Channel.NONE
        for m in materials
    }


def discard(draft: Draft) -> None:
    """Delete a draft at its owner's wish, and its files."""
    _delete([draft.pk])


def discard_all(citizen: Citizen) -> None:
    """Delete everything somebody began and did not send, and what told which drafts were theirs."""
    mine = Draft.objects.filter(citizen__in=citizen.ids())
    _delete(list(mine.filter(case__isnull=True).values_list("pk", flat=True)))
    mine.update(citizen=None)


def forget_drafts(*, at: datetime) -> int:
    """Delete the drafts nobody touched for the county's days, and their files; return how many."""
    days = timedelta(days=online_rules().draft_days)
    old = Draft.objects.filter(touched_at__lt=at - days).values_list("pk", flat=True)
    return _delete(list(old[:200]))


@transaction.atomic
def _delete(drafts: Collection[UUID]) -> int:
    if not drafts:
        return 0
    held = set(DraftFile.objects.filter(draft__in=drafts).values_list("file_id", flat=True))
    Draft.objects.filter(pk__in=drafts).delete()
    files.forget(held)
    return len(drafts)


def spend(draft: Draft, case: Case, *, at: datetime) -> None:
    """Empty a draft that was sent; its row stays to answer the form sent again."""
    DraftFile.objects.filter(draft=draft).delete()
    Draft.objects.filter(pk=draft.pk).update(case=case, content="", touched_at=at)
