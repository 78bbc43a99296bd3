"""Keep the search in step with the catalogue.

Every service that changes what the public may read calls ``refresh`` in its own transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import F

from onedoor.catalogue.models import Alias, Item, ItemVersion, SearchDoc, Shelf
from onedoor.catalogue.queries.browsing import life_events
from onedoor.catalogue.rules.life_events import By, places_of
from onedoor.catalogue.rules.search.titles import title, tokens
from onedoor.catalogue.rules.words import ItemState
from onedoor.catalogue.search import unit_token, words

PlacesOf = Sequence[tuple[By, str]]
BATCH = 500
_RANDOM_BITS = 48
_NO_MAIN_ITEM = "未分类"


@transaction.atomic
def refresh(items: Collection[UUID]) -> int:
    """Write these items anew, as they are in force now; return how many can be found."""
    words()  # teaches how names are read
    SearchDoc.objects.filter(item__in=items).delete()
    Shelf.objects.filter(item__in=items).delete()
    in_force = ItemVersion.objects.filter(item__in=items, pk=F("item__current_version"))
    versions = in_force.exclude(item__state=ItemState.CANCELLED.value).select_related("item")
    aliases: dict[UUID, list[str]] = {}
    for alias in Alias.objects.filter(item__in=items).order_by("text"):
        aliases.setdefault(alias.item_id, []).append(alias.text)
    found = list(versions)
    docs = [_doc(version, aliases.get(version.item_id, [])) for version in found]
    SearchDoc.objects.bulk_create(docs, batch_size=100)
    shelves = [
        Shelf(item_id=version.item_id, by=by.value, key=key)
        for version, doc in zip(found, docs, strict=True)
        for by, key in _places(version, aliases.get(version.item_id, []), doc)
    ]
    Shelf.objects.bulk_create(shelves, batch_size=300)
    return len(docs)


def rebuild() -> Iterator[int]:
    """Write the whole catalogue anew, some hundred items a transaction; yield how many are done."""
    done, last = 0, ""
    while batch := list(
        Item.objects.filter(code__gt=last, current_version__isnull=False)
        .order_by("code")
        .values_list("pk", "code")[:BATCH]
    ):
        done += refresh([pk for pk, _ in batch])
        last = batch[-1][1]
        yield done


def _places(version: ItemVersion, aliases: Sequence[str], doc: SearchDoc) -> PlacesOf:
    sound = doc.sounds.partition("\n")[0]
    return places_of(
        (version.name, *aliases),
        initials=sound,
        person_themes=version.person_topics,
        company_themes=version.company_topics,
        events=life_events(),
    )


def _doc(version: ItemVersion, aliases: Sequence[str]) -> SearchDoc:
    titles = list(dict.fromkeys(title(name) for name in (version.name, *aliases)))
    main_item = "" if version.main_item == _NO_MAIN_ITEM else version.main_item
    said = (main_item, version.result_name, version.person_topics, version.company_topics)
    beside = [text for text in said if text]
    return SearchDoc(
        item_id=version.item_id,
        # Short names have small numbers: SQLite reads its index in this order.
        number=(len(titles[0].text) << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS),
        titles="\n".join(each.text for each in titles),
        sounds="\n".join(" ".join(each.sounds) for each in titles),
        beside=" ".join(beside),
        tokens=" ".join(
            tokens(titles, beside, code=version.item.code, unit=unit_token(version.unit_id))
        ),
    )
