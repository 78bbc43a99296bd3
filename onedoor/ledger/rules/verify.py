"""Verify an exported ledger without a database: standard library, and a signature check given in.

Reads lines of JSON as ``onedoor ledger export`` writes them, and yields faults in the order a
reader should look at them. What it proves: no entry was changed, dropped or reordered up to the
last signed head; each row of the database stood where its last entry says. What it cannot prove:
that an entry not yet under a head was always there, and that the key in the file is the office's
(compare it with one you got earlier, or give a head that left the machine).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from onedoor.ledger.rules import chain, merkle
from onedoor.ledger.rules.chain import GENESIS, Link

CheckSignature = Callable[[str, bytes, str], bool]
"""(public key hex, signed bytes, signature hex) → is it good."""


class Fault(NamedTuple):
    """What is wrong, and where: the first thing a reader should look at."""

    where: str
    what: str


@dataclass
class Summary:
    """What was read: counts, and the last head that agreed."""

    entries: int = 0
    pending: int = 0
    heads: int = 0
    rows: int = 0
    sealed: int = 0
    public_key: str = ""
    installation: str = ""
    last_root: str = ""
    chains: dict[str, Link] = field(default_factory=dict)
    """Where each subject's chain ends; what is left once the rows are read has no row."""


def verify(
    lines: Iterable[str],
    summary: Summary,
    *,
    signed_by: CheckSignature,
    public_key: str = "",
    known_heads: Iterable[tuple[int, str]] = (),
) -> Iterator[Fault]:
    """Yield what is wrong with an export; nothing when it is whole. Fills ``summary``."""
    frontier: list[bytes] = []
    kept = dict(known_heads)
    ended = False
    rest = iter(lines)
    for number, line in enumerate(rest, start=1):
        where = f"line {number}"
        data = _read(line)
        if data is None:
            yield Fault(where, "not a whole line of JSON: the file is cut off or damaged")
            return
        if ended or ("onedoor_ledger" in data) != (number == 1):
            yield Fault(where, "it does not belong here: a file has one first and one last line")
            return
        if number == 1:
            if data["onedoor_ledger"] != 1:
                yield Fault(where, "exported by another version of the ledger")
                return
            summary.public_key, summary.installation = data["public_key"], data["installation"]
            if public_key and public_key != summary.public_key:
                yield Fault(where, "signed with another key than the one you gave")
        elif "position" in data or "pending" in data:
            if "position" in data:
                expected = summary.entries + 1
                if data["position"] != expected:
                    what = _misplaced(expected, data["position"], rest)
                    yield Fault(f"position {expected}", what)
                    return
                summary.entries += 1
                leaf = merkle.leaf_hash(data["text"].encode())
                frontier = merkle.append(frontier, summary.entries - 1, leaf)
                if summary.entries in kept:
                    root = merkle.root(frontier).hex()
                    if not root.startswith(kept.pop(summary.entries)):
                        yield Fault(
                            f"head of {summary.entries}",
                            "differs from the head you kept: history was rewritten",
                        )
                where = f"position {summary.entries}"
            else:
                summary.pending += 1
                where = f"pending entry {summary.pending}"
            yield from _entry(where, data, summary)
        elif "head" in data:
            summary.heads += 1
            yield from _head(data, frontier, summary, signed_by)
        elif "row" in data:
            summary.rows += 1
            yield from _row(data, summary)
        else:
            ended = True
            read = {
                "entries": summary.entries,
                "pending": summary.pending,
                "heads": summary.heads,
                "rows": summary.rows,
            }
            for name, count in read.items():
                if data["end"].get(name) != count:
                    yield Fault("end", f"{data['end'].get(name)} {name} were written, {count} read")
    if not ended:
        yield Fault("end", "the last line is missing: the file is cut off")
    else:
        for subject, link in summary.chains.items():
            yield Fault(f"row {subject}", f"missing: its entries go up to version {link.version}")
    for size in kept:
        yield Fault(f"head of {size}", "the head you kept covers more entries than are here")


_SHAPES: dict[str, dict[str, type]] = {
    "onedoor_ledger": {"onedoor_ledger": int, "public_key": str, "installation": str},
    "position": {"position": int, "digest": str, "text": str},
    "pending": {"digest": str, "text": str},
    "head": {"head": int, "root": str, "at": str, "signature": str},
    "row": {"row": str, "version": int, "digest": str},
    "end": {"end": dict},
}
"""The lines of a file: the name that tells them apart, and what each holds."""


def _read(line: str) -> dict[str, Any] | None:
    """Return a line with its shape checked; None when it is none of ours."""
    try:
        data = json.loads(line)
        line.encode()
        str(data.get("text", "")).encode()
        shape = next(shape for name, shape in _SHAPES.items() if name in data)
    except (ValueError, AttributeError, RecursionError, StopIteration):
        return None
    whole = all(isinstance(data.get(name), kind) for name, kind in shape.items())
    return data if whole else None


def _misplaced(expected: int, found: int, rest: Iterator[str]) -> str:
    """Say whether an entry is missing or only stands elsewhere in the file."""
    if found < expected:
        return f"repeated or reordered: position {found} comes again"
    mark = f'"position":{expected},'
    if any(mark in line[:40] for line in rest):
        return f"reordered: position {found} stands before it"
    return f"missing: the file goes on with position {found}"


def _entry(where: str, data: dict[str, Any], summary: Summary) -> Iterator[Fault]:
    text, written = data["text"], data["digest"]
    if chain.digest(text.encode()) != written:
        yield Fault(where, "changed: the text is not the one that was hashed")
        return
    try:
        entry = json.loads(text)
        subject, version, previous = entry["subject"], entry["version"], entry["previous"]
        head = summary.chains.get(subject, GENESIS)
        if type(version) is not int:
            raise TypeError
    except (ValueError, KeyError, TypeError, RecursionError):
        yield Fault(where, "the text is not an entry")
        return
    where = f"{where} ({subject} version {version})"
    if entry.get("installation") != summary.installation:
        yield Fault(where, "it comes from another installation")
    if version != head.version + 1:
        what = "missing" if version > head.version + 1 else "reordered or repeated"
        yield Fault(where, f"{what}: version {head.version + 1} was expected here")
    elif previous != head.digest:
        yield Fault(where, "it does not follow the entry before it")
    summary.chains[subject] = Link(version, written)


def _head(
    data: dict[str, Any], frontier: list[bytes], summary: Summary, signed_by: CheckSignature
) -> Iterator[Fault]:
    size, root = data["head"], data["root"]
    where = f"head of {size}"
    if size != summary.entries:
        yield Fault(where, f"missing: {size} entries were signed, {summary.entries} are here")
        return
    if merkle.root(frontier).hex() != root:
        yield Fault(where, "the entries up to it are not the ones that were signed")
        return
    try:
        text = chain.canonical({"size": size, "root": root, "at": data["at"]}).encode()
    except ValueError:
        text = b""
    if not signed_by(summary.public_key, text, data["signature"]):
        yield Fault(where, "the signature is wrong")
        return
    summary.sealed, summary.last_root = size, root


def _row(data: dict[str, Any], summary: Summary) -> Iterator[Fault]:
    subject, version = data["row"], data["version"]
    last = summary.chains.pop(subject, GENESIS)
    if version > last.version:
        yield Fault(f"row {subject}", f"version {version} has no such entry")
    elif version < last.version:
        what = f"version {version} stands behind its last entry, version {last.version}"
        yield Fault(f"row {subject}", what)
    elif data["digest"] != last.digest:
        yield Fault(f"row {subject}", f"version {version} differs from its entry")
