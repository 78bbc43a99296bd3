"""What may be asked about the probe of online addresses: when, and which items fail since when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from onedoor.catalogue.models import ItemVersion, LinkProbe, ProbeNight
from onedoor.catalogue.rules.links import Answer


@dataclass(frozen=True)
class Failing:
    """An item promised online that cannot be reached there, and the first night it could not."""

    version: ItemVersion
    address: str
    answer: Answer
    status: int
    since: date


def last_night() -> ProbeNight | None:
    """Return the last night that was probed to its end."""
    return ProbeNight.objects.filter(concluded_at__isnull=False).order_by("-day").first()


def failing_items() -> list[UUID]:
    """Return the items found failing in the last night."""
    night = last_night()
    rows = LinkProbe.objects.filter(night=night, is_failing=True) if night else ()
    return [row.item_id for row in rows]


def failing(units: Collection[object] | None) -> list[Failing]:
    """Return what fails of these units, or of all, and is still promised at that address."""
    return _listed(units, is_failing=True)


def doubtful(units: Collection[object] | None) -> list[Failing]:
    """Return the addresses that shut programs out: somebody has to look."""
    return _listed(units, answer=Answer.DOUBTFUL.value)


def _listed(units: Collection[object] | None, **said: object) -> list[Failing]:
    night = last_night()
    if night is None:
        return []
    found = LinkProbe.objects.filter(night=night, **said).select_related(
        "item__current_version__unit", "item__unit"
    )
    if units is not None:
        found = found.filter(item__unit__in=list(units))
    rows = [row for row in found.order_by("item__unit__sequence", "item__code") if _stands(row)]
    since = _since([row.item_id for row in rows], night.day)
    return [
        Failing(
            version=version,
            address=row.address,
            answer=Answer(row.answer) if row.answer else Answer.SILENT,
            status=row.status,
            since=since[row.item_id],
        )
        for row in rows
        if (version := row.item.current_version) is not None
    ]


def _stands(row: LinkProbe) -> bool:
    """Say whether the item is still promised at the address that was asked."""
    now = row.item.current_version
    return now is not None and bool(now.is_online) and now.online_url == row.address


def _since(items: Collection[UUID], night: date) -> dict[UUID, date]:
    """Return the first night of each item's present failing, as far as nights are kept."""
    since, over = dict.fromkeys(items, night), set[UUID]()
    rows = LinkProbe.objects.filter(item__in=list(items), night__concluded_at__isnull=False)
    for item, day, is_failing in rows.order_by("-night__day").values_list(
        "item", "night__day", "is_failing"
    ):
        if item not in over:
            if is_failing:
                since[item] = day
            else:
                over.add(item)
    return since
