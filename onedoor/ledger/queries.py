"""What may be asked of the ledger: a subject's history, the head, proofs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils.module_loading import import_string

from onedoor.ledger.models import Entry, Head, Pending, Position, Tile, Tree, TreeHead
from onedoor.ledger.rules import merkle
from onedoor.ledger.rules.chain import Link
from onedoor.ledger.sealing import HEAD_EVERY, TILE, unpack

Aggregates = Callable[[], Iterable[tuple[str, Link]]]


@dataclass(frozen=True)
class Recorded:
    """One entry as a reader sees it."""

    subject: str
    version: int
    kind: str
    actor: str
    at: datetime
    facts: dict[str, Any]
    digest: str


def read(entry: Entry) -> Recorded:
    return Recorded(
        entry.subject,
        entry.version,
        entry.kind,
        entry.actor,
        entry.at,
        json.loads(entry.text)["facts"],
        entry.digest,
    )


def history(subject: str) -> list[Recorded]:
    """Return what happened to a subject, oldest first; one statement."""
    return [read(entry) for entry in Entry.objects.filter(subject=subject).order_by("version")]


def told_of(subjects: Iterable[str], *, kind: str) -> Iterable[Recorded]:
    """Yield the entries of one kind about these subjects, a few hundred subjects a statement."""
    listed = list(subjects)
    for first in range(0, len(listed), 500):
        rows = Entry.objects.filter(subject__in=listed[first : first + 500], kind=kind)
        yield from map(read, rows.order_by("subject", "version"))


def actors(subjects: Iterable[str]) -> dict[str, set[str]]:
    """Return who did something to each of these subjects, by ref; one statement."""
    found: dict[str, set[str]] = {subject: set() for subject in subjects}
    rows = Entry.objects.filter(subject__in=list(found)).order_by()
    for subject, actor in rows.values_list("subject", "actor").distinct():
        found[subject].add(actor)
    return found


@cache
def aggregates() -> tuple[Aggregates, ...]:
    """Return the functions that tell where the chains kept in other apps' rows stand."""
    return tuple(import_string(settings.LEDGER_AGGREGATES))


def rows() -> Iterable[tuple[str, Link]]:
    """Yield every subject with the link its own row holds, to be compared with its last entry."""
    for head in Head.objects.order_by("subject").iterator():
        yield head.subject, Link(head.version, head.digest)
    for links in aggregates():
        yield from links()


@dataclass(frozen=True)
class State:
    """The ledger in a few figures."""

    size: int
    pending: int
    head_size: int
    head_root: str
    head_at: datetime | None


def state() -> State:
    tree = Tree.objects.first()
    head = TreeHead.objects.order_by("-size").first()
    return State(
        size=tree.size if tree else 0,
        pending=Pending.objects.count(),
        head_size=head.size if head else 0,
        head_root=head.root if head else "",
        head_at=head.at if head else None,
    )


SHORT = 24
"""So many characters of a head's root are printed: enough that nobody finds another ledger."""


def head_at(at: datetime) -> str:
    """Return the newest head signed by then as a paper prints it; empty where there was none."""
    head = TreeHead.objects.filter(at__lte=at).order_by("-size").first()
    return f"{head.size}:{head.root[:SHORT]}" if head else ""


@dataclass(frozen=True)
class Proven:
    """How far the chain of a subject is under a signed head: the last entry that is, the rest."""

    sealed: Entry | None
    waiting: tuple[Entry, ...]
    retry_after: int
    """In how many seconds the next head is due; 0 when nothing waits for it."""


def proven(subject: str, *, at: datetime) -> Proven:
    """Return what of a subject is sealed by now; its entries are sealed in their order."""
    head = TreeHead.objects.order_by("-size").first()
    placed = Position.objects.filter(entry__subject=subject, position__lte=head.size if head else 0)
    last = placed.select_related("entry").order_by("-position").first()
    after = last.entry.version if last else 0
    waiting = tuple(Entry.objects.filter(subject=subject, version__gt=after).order_by("version"))
    since = (at - head.at).total_seconds() if head else 0.0
    left = min(max(int(HEAD_EVERY - since), 1), int(HEAD_EVERY))  # a demo's clock may be moved
    return Proven(last.entry if last else None, waiting, left if waiting else 0)


Known = dict[tuple[int, int], bytes]
"""Roots of subtrees [first, last) worked out already: proofs under one head share them."""


def inclusion_proof(entry: Entry) -> dict[str, Any] | None:
    """Return the proof that an entry is in the last signed tree; None while it is not yet.

    Keys: position (from 1), size, root, at, signature, path (hex hashes, leaf upwards).
    """
    head = TreeHead.objects.order_by("-size").first()
    place = Position.objects.filter(entry=entry).first()
    return _proof(place.position if place else None, head, {})


def proofs_about(subjects: Sequence[str]) -> list[tuple[Entry, dict[str, Any]]] | None:
    """Return the entries about these subjects, chain by chain, each with its proof.

    All under one tree head; None while any of them is not yet under it.
    """
    head = TreeHead.objects.order_by("-size").first()
    found: list[tuple[Entry, dict[str, Any]]] = []
    known: Known = {}
    for first in range(0, len(subjects), 500):
        entries = Entry.objects.filter(subject__in=subjects[first : first + 500])
        for entry in entries.annotate(at_place=F("place__position")).order_by("subject", "version"):
            proof = _proof(entry.at_place, head, known)
            if proof is None:
                return None
            found.append((entry, proof))
    return found


def are_under_head(subjects: Sequence[str]) -> bool:
    """Return whether the newest head has all there is about these subjects, some hundred."""
    head = TreeHead.objects.order_by("-size").first()
    entries = Entry.objects.filter(subject__in=subjects)
    return head is not None and not entries.exclude(place__position__lte=head.size).exists()


def _proof(position: int | None, head: TreeHead | None, known: Known) -> dict[str, Any] | None:
    if position is None or head is None or position > head.size:
        return None
    path = _path(position - 1, 0, head.size, known)
    return {
        "position": position,
        "size": head.size,
        "root": head.root,
        "at": head.at.isoformat(),
        "signature": head.signature,
        "path": [node.hex() for node in path],
    }


def _path(index: int, first: int, last: int, known: Known) -> list[bytes]:
    """Return the audit path of leaf ``index`` within the subtree of leaves [first, last)."""
    if last - first <= TILE:
        return merkle.inclusion_path(index - first, _leaves(first, last))
    split = first + (1 << ((last - first - 1).bit_length() - 1))
    if index < split:
        return [*_path(index, first, split, known), _node(split, last, known)]
    return [*_path(index, split, last, known), _node(first, split, known)]


def _node(first: int, last: int, known: Known) -> bytes:
    """Return the root of leaves [first, last), from complete tiles where they reach."""
    if (first, last) not in known:
        known[first, last] = _root(first, last, known)
    return known[first, last]


def _root(first: int, last: int, known: Known) -> bytes:
    width = last - first
    if width >= TILE and width & (width - 1) == 0 and first % width == 0:
        level, span = 0, TILE
        while span * TILE <= width:
            level, span = level + 1, span * TILE
        tiles = Tile.objects.filter(
            level=level, number__gte=first // span, number__lt=last // span
        ).order_by("number")
        nodes = [merkle.root_of(unpack(bytes(t.hashes))) for t in tiles]
        return merkle.root_of(nodes)
    if width > TILE:
        split = first + (1 << ((width - 1).bit_length() - 1))
        return merkle.node_hash(_node(first, split, known), _node(split, last, known))
    return merkle.root_of(_leaves(first, last))


def _leaves(first: int, last: int) -> list[bytes]:
    places = Position.objects.filter(position__gt=first, position__lte=last).order_by("position")
    return [bytes(leaf) for leaf in places.values_list("leaf", flat=True)]
