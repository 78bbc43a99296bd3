"""A version before it is published: written by an editor, whole, for somebody else to look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime

from django.db import IntegrityError, transaction

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor, Role
from onedoor.catalogue import judging, queries
from onedoor.catalogue.events import ItemSubmitted
from onedoor.catalogue.models import Item, ItemVersion, Material
from onedoor.catalogue.rules.content import Content, MaterialContent
from onedoor.catalogue.rules.content_columns import columns
from onedoor.catalogue.rules.situations import faults
from onedoor.catalogue.rules.words import ItemState, Origin, VersionStatus
from onedoor.catalogue.services.states import locked
from onedoor.kernel.errors import NotAllowed, Refusal
from onedoor.ledger import services as ledger


@dataclass(frozen=True, kw_only=True)
class Written:
    """What an editor wrote: the content, from when it shall count, why less is asked for."""

    content: Content
    plan_on: date | None = None
    reduction_source: str = ""
    reduction_basis: str = ""


def material_rows(content: Content, version: ItemVersion) -> Iterator[Material]:
    """Return the rows of a version's materials, in the order they are listed."""
    for order, one in enumerate(content.materials, start=1):
        said = {f.name: getattr(one, f.name) for f in fields(MaterialContent)}
        yield Material(version=version, order=order, **said)


@ledger.recorded
def new_item(
    code: str, *, unit: Organisation, parent_code: str = "", by: Actor, at: datetime
) -> Item:
    """Open an item nobody has yet; it is applied for once a version of it is published."""
    require_editor(by, unit)
    item = Item(code=code, unit=unit, parent_code=parent_code)
    try:
        with transaction.atomic():
            item.save(force_insert=True)
    except IntegrityError:
        raise Refusal(
            "catalogue.code_taken", "编码 %(item)s 已经有了，请直接编辑。", item=code
        ) from None
    return item


@ledger.recorded
def save_draft(code: str, written: Written, *, seen: str, by: Actor, at: datetime) -> ItemVersion:
    """Keep what an editor wrote as the item's draft; ``seen`` is what it was written on top of.

    Refused when somebody else has saved meanwhile: nothing of theirs is overwritten unseen; and
    while the questions it asks (情形引导) do not lead every applicant to an end.
    """
    item = locked(code)
    require_editor(by, item.unit)
    if item.state == ItemState.CANCELLED.value:
        raise Refusal("catalogue.cancelled", "事项 %(item)s 已经取消，不能再发布。", item=code)
    for fault in faults(written.content.situations, {m.name for m in written.content.materials}):
        raise fault  # nobody could walk through it, not even whoever looks at the preview
    base = queries.latest(item)
    if seen != queries.seen_token(base):
        raise changed_meanwhile(code)
    if base is not None and base.status == VersionStatus.DRAFT.value:
        version = base
        version.materials.all().delete()
    else:
        version = ItemVersion(item=item, number=_next_number(item), unit=item.unit)
        version.status = VersionStatus.DRAFT.value
    for name, value in columns(written.content).items():
        setattr(version, name, value)
    version.origin = Origin.EDITED.value
    version.plan_on = written.plan_on
    version.reduction_source = written.reduction_source
    version.reduction_basis = written.reduction_basis
    version.edited_by, version.edited_at = by.ref, at
    version.content_digest = written.content.digest(code=code, unit=item.unit.code)
    version.save()
    Material.objects.bulk_create(list(material_rows(written.content, version)))
    return version


@ledger.recorded
def submit(code: str, *, seen: str, by: Actor, at: datetime) -> ItemVersion:
    """Hand the draft in; refused while anything must be changed, all of it named at once."""
    item = locked(code)
    require_editor(by, item.unit)
    draft = queries.latest(item)
    if draft is None or draft.status != VersionStatus.DRAFT.value:
        raise changed_meanwhile(code)
    if seen != queries.seen_token(draft) or draft.edited_by != by.ref:
        raise changed_meanwhile(code)
    if closed := judging.closed_gates([draft], at=at).get(draft.pk):
        raise closed
    waiting = ItemVersion.objects.filter(item=item, status=VersionStatus.SUBMITTED.value)
    waiting.update(status=VersionStatus.SUPERSEDED.value)
    draft.status = VersionStatus.SUBMITTED.value
    draft.save(update_fields=["status"])
    event = ItemSubmitted(subject=f"item:{code}", number=draft.number, content=draft.content_digest)
    ledger.record(event, by=by.ref, at=at)
    return draft


def require_editor(by: Actor, unit: Organisation) -> None:
    """Refuse whoever may not edit this unit's items."""
    if not by.holds(Role.EDITOR, unit.pk):
        raise NotAllowed("catalogue.not_editor", "这件事由“事项编辑”岗位做。请找系统管理员开通。")


def changed_meanwhile(code: str) -> Refusal:
    """Return the refusal of what was written on top of something that is no longer there."""
    return Refusal(
        "catalogue.draft_changed",
        "您打开以后，事项 %(item)s 有人改过。请看过新的内容再保存。",
        item=code,
    )


def _next_number(item: Item) -> int:
    last = ItemVersion.objects.filter(item=item).order_by("-number").first()
    return last.number + 1 if last else 1
