"""What editors and publishers have before them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from onedoor.accounts.rules import Actor, Role
from onedoor.catalogue.models import GuideReport, Item, ItemVersion, StateOrder
from onedoor.catalogue.rules.gates_of_guides import CHECKED_WITHIN
from onedoor.catalogue.rules.turns import TurnStatus
from onedoor.catalogue.rules.words import ItemState, ReportStatus, VersionStatus
from onedoor.kernel.errors import NotFound, Refusal


def awaiting_publication() -> QuerySet[ItemVersion]:
    """Return the versions handed in and not yet published, the oldest first."""
    return (
        ItemVersion.objects.filter(status=VersionStatus.SUBMITTED.value)
        .select_related("item", "unit")
        .annotate(material_count=Count("materials"))
        .order_by("edited_at", "item__code")
    )


def latest(item: Item) -> ItemVersion | None:
    """Return what an editor goes on from: the last version that was not put aside."""
    found = ItemVersion.objects.filter(item=item).exclude(status=VersionStatus.SUPERSEDED.value)
    return found.select_related("item", "unit").order_by("-number").first()


def seen_token(version: ItemVersion | None) -> str:
    """Return what tells one state of a version from the next, for whoever writes on top of it."""
    if version is None:
        return "new"
    return (
        f"{version.number}:{version.status}:{version.content_digest.removeprefix('sha256:')[:16]}"
    )


def editable(text: str, units: frozenset[UUID] | None) -> QuerySet[Item]:
    """Return the items of these units, found by name or code, those with a draft first."""
    found = Item.objects.exclude(state=ItemState.CANCELLED.value)
    if units is not None:
        found = found.filter(unit__in=list(units))
    if text:
        named = ItemVersion.objects.filter(name__icontains=text).values("item")
        found = found.filter(Q(code__icontains=text) | Q(pk__in=named))
    newest = ItemVersion.objects.filter(item=OuterRef("pk")).order_by("-number")
    drafts = newest.filter(status__in=[VersionStatus.DRAFT.value, VersionStatus.REJECTED.value])
    return (
        found.select_related("unit")
        .annotate(
            newest_name=Subquery(newest.values("name")[:1]),
            newest_status=Subquery(newest.values("status")[:1]),
            has_draft=Exists(drafts),
        )
        .order_by("-has_draft", "newest_name", "code")
    )


def unchecked(items: QuerySet[Item], *, on: date) -> QuerySet[Item]:
    """Return those whose guide in force nobody went through within the last 180 days."""
    stale = Q(current_version__checked_on__isnull=True) | Q(
        current_version__checked_on__lt=on - CHECKED_WITHIN
    )
    return items.filter(stale, current_version__isnull=False)


def faulty(items: QuerySet[Item]) -> QuerySet[Item]:
    """Return those whose guide in force did not pass the gates when last looked through."""
    return items.filter(check_of_guide__faults__gt=0, current_version__isnull=False)


def asked_turns() -> QuerySet[StateOrder]:
    """Return the changes of state that wait for a second person, the oldest first."""
    found = StateOrder.objects.filter(status=TurnStatus.ASKED.value)
    known = ("item__current_version", "item__unit", "successor__current_version")
    return found.select_related(*known).order_by("asked_at")


def turn_key(text: str) -> UUID:
    """Return a key given in an address, or refuse."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("catalogue.no_such_turn", "没有这个状态变更。") from None


def open_reports(actor: Actor) -> QuerySet[GuideReport]:
    """Return what readers reported about the guides this editor answers for, by due date."""
    found = GuideReport.objects.filter(status=ReportStatus.OPEN.value)
    units = actor.units_of((Role.EDITOR,))
    if units is not None:
        found = found.filter(item__unit__in=list(units))
    return found.select_related("item__current_version").order_by("answer_by", "reported_at")


def not_waiting(code: str) -> Refusal:
    """Return the refusal of what is no longer there to be published."""
    return Refusal(
        "catalogue.not_waiting",
        "事项 %(item)s 的这一版已不在待发布里，可能有人先发布或又改了。请刷新再看。",
        item=code,
    )


def predecessors(versions: Sequence[ItemVersion]) -> Iterator[tuple[ItemVersion, ItemVersion]]:
    """Return each version with the last one that was in force before it, where there was one."""
    were = ItemVersion.objects.filter(
        item__in=[version.item_id for version in versions], published_at__isnull=False
    ).order_by("number")
    by_item: dict[UUID, list[ItemVersion]] = {}
    for one in were:
        by_item.setdefault(one.item_id, []).append(one)
    for version in versions:
        earlier = [v for v in by_item.get(version.item_id, ()) if v.number < version.number]
        if earlier:
            yield version, earlier[-1]
