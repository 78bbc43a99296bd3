"""A hundred thousand synthetic items for the benchmark of the search, and what is asked of it."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice, product

from django.db import connection, transaction

from onedoor.accounts.models import Organisation
from onedoor.catalogue.models import Item, ItemVersion
from onedoor.catalogue.rules.search.titles import Title, title
from onedoor.catalogue.services.searching import refresh

SEED = 20260306
BATCH = 250
_PLACES = """
农村 城镇 企业 个人 公路 水利 电力 铁路 林业 渔业 畜牧 旅游 学校 医院 养老 社区 园区 港口 矿山 民航
边境 民族 外资 合资 高校 军队 司法 金融 邮政 通信 广电 出版 体育 气象 地震 海洋 测绘 粮食 供销 烟草
"""
_FOR = _PLACES.split()
_WHAT = ("（新办）", "（变更）", "（延续）", "（注销）", "补办")


def names() -> Iterator[str]:
    """Yield names made from the demo county's: for whom × what × which."""
    published = ItemVersion.objects.filter(status="published").order_by("name")
    stems = dict.fromkeys(
        name.partition("（")[0] for name in published.values_list("name", flat=True)
    )
    for what, whom, stem in product(_WHAT, _FOR, stems):
        yield f"{whom}{stem}{what}"


def fill(wanted: int) -> int:
    """Make the catalogue hold so many items in force; return how many there are."""
    there = ItemVersion.objects.filter(status="published").count()
    units = list(Organisation.objects.filter(items__isnull=False).distinct())
    fresh = list(islice(names(), max(wanted - there, 0)))
    random.Random(SEED).shuffle(fresh)
    for start in range(0, len(fresh), BATCH):
        _make(fresh[start : start + BATCH], start, units)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return ItemVersion.objects.filter(status="published").count()


@transaction.atomic
def _make(batch: Sequence[str], start: int, units: Sequence[Organisation]) -> None:
    now = datetime.now(UTC)
    items, versions = [], []
    for number, name in enumerate(batch, start):
        unit = units[number % len(units)]
        item = Item(code=f"BENCH-{number:06d}", unit=unit)
        items.append(item)
        versions.append(
            ItemVersion(
                item=item,
                number=1,
                status="published",
                unit=unit,
                name=name,
                item_type="01",
                edited_by="bench:editor",
                edited_at=now,
                published_by="bench:publisher",
                published_at=now,
                effective_at=now,
                content_digest="sha256:" + "0" * 64,
            )
        )
    Item.objects.bulk_create(items)
    ItemVersion.objects.bulk_create(versions, batch_size=100)
    for item, version in zip(items, versions, strict=True):
        item.current_version = version
    Item.objects.bulk_update(items, ["current_version"], batch_size=300)
    refresh([item.pk for item in items])


_PLAIN = """
身份证丢了怎么补办 开饭店要办什么食品许可 养老保险转到外地怎么办理 公积金怎么提前取出来 给孩子上户口
残疾证到期了怎么换 房子过户要什么材料 去外地住院怎么报销 村里盖房要什么手续 公司注销怎么办
学校食堂食品许可到期了 农村低保怎么申请 货车营运证丢了怎么办 开药店要哪些手续
"""
_MADE = "{}丢了怎么补办 {}到期了怎么办 我想办{}要带什么 外地人在本地怎么办{} {}换地址了要改吗"
_QUESTIONS = f"{_PLAIN} {_MADE}".split()


def asked(count: int) -> dict[str, list[str]]:
    """Return what is asked, by kind, always the same."""
    chance = random.Random(SEED)
    known = list(
        ItemVersion.objects.filter(status="published")
        .order_by("name")
        .values_list("name", flat=True)
    )
    chosen = [title(chance.choice(known)) for _ in range(count)]
    found: dict[str, list[str]] = {"names": [], "sounds": [], "questions": [], "slips": []}
    for one in chosen:
        start = chance.randrange(max(len(one.text) - 1, 1))
        part = one.text[start : start + chance.choice((2, 3, 4, 6))]
        found["names"].append(chance.choice((one.text, part)))
        sounds = one.sounds[start : start + chance.choice((2, 3, 4, 5))]
        letters = one.initials[start : start + chance.choice((2, 3, 4, 6))]
        found["sounds"].append(chance.choice(("".join(sounds), letters, one.initials)))
        stem = one.text[2:8]
        found["questions"].append(chance.choice(_QUESTIONS).format(stem))
        found["slips"].append(_slipped(one, chance))
    return found


def _slipped(one: Title, chance: random.Random) -> str:
    """Return a name or its sound with one letter wrong, missing or exchanged."""
    text = chance.choice((one.text[:12], "".join(one.sounds[:6])))
    at = chance.randrange(len(text) - 1)
    wrong = "x" if text.isascii() else "的"
    return chance.choice(
        (
            text[:at] + wrong + text[at + 1 :],
            text[:at] + text[at + 1 :],
            text[:at] + text[at + 1] + text[at] + text[at + 2 :],
        )
    )


def scan_ms() -> float:
    """Return within how many ms a plain LIKE scan finds a name, 19 times of 20: the baseline."""
    taken = []
    for text in asked(40)["names"]:
        began = time.perf_counter()
        found = ItemVersion.objects.filter(status="published", name__icontains=text)
        list(found.select_related("item", "unit").order_by("name")[:20])
        taken.append(1000 * (time.perf_counter() - began))
    return sorted(taken)[37]
