"""Give every entry its position, keep the tree, sign its head (定位、封存、签名).

One sealer at a time, holding a lease. An entry that commits late gets a later position, so a feed
that reads positions never misses it.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction

from onedoor.kernel import crypto
from onedoor.kernel.rows import new
from onedoor.kernel.written import insert
from onedoor.ledger.models import Pending, Position, Tile, Tree, TreeHead
from onedoor.ledger.rules import chain, merkle

HEAD_EVERY = 60.0
"""Seconds between two signed heads: so long an entry may wait for its proof."""

BATCH = 2000
TILE = 256


def seal() -> int:
    """Give positions to the entries that wait for one, and return how many there were."""
    with transaction.atomic():
        Tree.objects.bulk_create([Tree()], ignore_conflicts=True)
        tree = Tree.objects.select_for_update().get()
        waiting = _in_order(
            list(
                Pending.objects.select_related("entry").order_by(
                    "written_at", "entry__version", "entry__subject"
                )[:BATCH]
            )
        )
        if not waiting:
            return 0
        leaves = [merkle.leaf_hash(p.entry.text.encode()) for p in waiting]
        insert(
            [
                new(Position, position=tree.size + n, entry_id=p.entry_id, leaf=leaf)
                for n, (p, leaf) in enumerate(zip(waiting, leaves, strict=True), start=1)
            ]
        )
        frontier = unpack(bytes(tree.frontier))
        for n, leaf in enumerate(leaves):
            frontier = merkle.append(frontier, tree.size + n, leaf)
        size = tree.size + len(leaves)
        Tree.objects.filter(pk=tree.pk).update(size=size, frontier=b"".join(frontier))
        _fill_tiles(tree.size, size)
        for start in range(0, len(waiting), 500):
            Pending.objects.filter(pk__in=[p.pk for p in waiting[start : start + 500]]).delete()
    return len(waiting)


def _in_order(waiting: list[Pending]) -> list[Pending]:
    """Return them so that the versions of one subject rise, whatever two machines' clocks said."""
    if len(waiting) == BATCH:
        subjects = {p.entry.subject for p in waiting}
        taken = {p.pk for p in waiting}
        lowest: dict[str, int] = {}
        for p in Pending.objects.select_related("entry").filter(entry__subject__in=subjects):
            if p.pk not in taken:
                version = p.entry.version
                lowest[p.entry.subject] = min(version, lowest.get(p.entry.subject, version))
        waiting = [
            p for p in waiting if p.entry.version < lowest.get(p.entry.subject, p.entry.version + 1)
        ]
    by_subject: dict[str, list[Pending]] = {}
    for p in waiting:
        by_subject.setdefault(p.entry.subject, []).append(p)
    turns = {s: iter(sorted(ps, key=lambda p: p.entry.version)) for s, ps in by_subject.items()}
    return [next(turns[p.entry.subject]) for p in waiting]


def unpack(hashes: bytes) -> list[bytes]:
    return [hashes[i : i + 32] for i in range(0, len(hashes), 32)]


def _fill_tiles(before: int, size: int) -> None:
    """Write the tiles that became complete between the two sizes, level by level."""
    level, span = 0, TILE
    while size // span > before // span:
        for number in range(before // span, size // span):
            if level == 0:
                first = number * TILE
                places = Position.objects.filter(
                    position__gt=first, position__lte=first + TILE
                ).order_by("position")
                nodes = [bytes(leaf) for leaf in places.values_list("leaf", flat=True)]
            else:
                below = Tile.objects.filter(
                    level=level - 1, number__gte=number * TILE, number__lt=(number + 1) * TILE
                ).order_by("number")
                nodes = [merkle.root_of(unpack(bytes(t.hashes))) for t in below]
            Tile.objects.create(level=level, number=number, hashes=b"".join(nodes))
        level, span = level + 1, span * TILE


def sign_head(*, at: datetime) -> TreeHead | None:
    """Sign the tree as it stands, unless that size is signed already; return the new head."""
    tree = Tree.objects.first()
    if tree is None or tree.size == 0 or TreeHead.objects.filter(size=tree.size).exists():
        return None
    root = merkle.root(unpack(bytes(tree.frontier))).hex()
    at = at.astimezone(UTC)
    signature = crypto.signing_key("ledger").sign(head_text(tree.size, root, at)).hex()
    head, _ = TreeHead.objects.get_or_create(
        size=tree.size, defaults={"root": root, "at": at, "signature": signature}
    )
    return head


def head_text(size: int, root: str, at: datetime) -> bytes:
    """Return the bytes that are signed for a tree head."""
    return chain.canonical({"size": size, "root": root, "at": chain.instant(at)}).encode()
