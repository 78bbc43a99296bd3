"""Whether a package is whole, told from the package alone; the first fault is the one to look at.

Standard library and the ledger's own rules. Every file has the digest its manifest states, the
manifest is signed, every entry has the digest it was chained by and leads to a signed tree head,
and every written reason is the one its entry holds the digest of.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, NamedTuple

from onedoor.ledger.rules import chain, merkle

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
ENTRIES, PROCESS = "ledger/entries.jsonl", "process.json"
FORMAT = "onedoor-archive/1"
CHUNK = 1024 * 1024
LARGEST = 16 * 1024 * 1024
"""Of what is read at once: manifest, signature, entries, process."""

WITH_NOTE = (
    "case.moved",
    "licence.ended",
    "finding.moved",
    "finding.changed",
    "recommendation.made",
    "recommendation.answered",
)
"""Entries that hold the digest of a written reason."""

UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    ValueError,
    NotImplementedError,
    EOFError,
    RuntimeError,
)
"""What reading a ZIP raises where its bytes were changed."""

NOT_OURS = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)
"""What reading JSON raises that somebody else made up."""

CheckSignature = Callable[[str, bytes, str], bool]


class Fault(NamedTuple):
    """Where a package is not what it was, and how."""

    where: str
    what: str


class Listed(NamedTuple):
    """A file as the manifest lists it."""

    path: str
    size: int
    sha256: str


@dataclass
class Package:
    """What was read of a package."""

    number: str = ""
    public_key: str = ""
    files: int = 0
    entries: int = 0


def signed_text(manifest: bytes) -> bytes:
    """Return the bytes that are signed for a manifest: never those of anything else we sign."""
    return FORMAT.encode() + b"\n" + manifest


def verify(
    content: IO[bytes], package: Package, *, signed_by: CheckSignature, public_key: str = ""
) -> Iterator[Fault]:
    """Yield what is wrong with a package, in the order of its manifest."""
    try:
        archive = zipfile.ZipFile(content)
    except UNREADABLE:
        yield Fault("package", "not a whole ZIP file: cut off, or something else")
        return
    with archive:
        names = Counter(archive.namelist())
        for name in sorted(name for name, count in names.items() if count > 1):
            yield Fault(name, "there twice")
        manifest = _small(archive, MANIFEST)
        if manifest is None:
            yield Fault(MANIFEST, "missing or unreadable")
            return
        if fault := _unsigned(archive, manifest, package, signed_by, public_key):
            yield fault
            return
        listed = _listed(manifest, package)
        if listed is None:
            yield Fault(MANIFEST, "signed, but not the manifest of an archived case")
            return
        if not {ENTRIES, PROCESS} < {each.path for each in listed}:
            yield Fault(MANIFEST, "names no entries, no reasons or nothing that they are about")
        for each in listed:
            package.files += 1
            if fault := _differs(archive, each):
                yield fault
        for name in sorted(set(names) - {each.path for each in listed} - {MANIFEST, SIGNATURE}):
            yield Fault(name, "not in the manifest: added later")
        yield from _unproven(archive, package, signed_by)


def _listed(manifest: bytes, package: Package) -> list[Listed] | None:
    """Return the files of a manifest, None where somebody signed something else."""
    try:
        told = json.loads(manifest)
        package.number = str(told["archive"]["number"])
        return [Listed(str(f["path"]), int(f["size"]), str(f["sha256"])) for f in told["files"]]
    except NOT_OURS:
        return None


def _small(archive: zipfile.ZipFile, name: str) -> bytes | None:
    try:
        with archive.open(name) as file:
            data = file.read(LARGEST + 1)
    except (KeyError, *UNREADABLE):
        return None
    return data if len(data) <= LARGEST else None


def _unsigned(
    archive: zipfile.ZipFile,
    manifest: bytes,
    package: Package,
    signed_by: CheckSignature,
    public_key: str,
) -> Fault | None:
    signature = _small(archive, SIGNATURE)
    if signature is None:
        return Fault(SIGNATURE, "missing or unreadable")
    try:
        told = json.loads(signature)
        package.public_key = str(told["public_key"])
        is_signed = signed_by(package.public_key, signed_text(manifest), str(told["signature"]))
    except NOT_OURS:
        is_signed = False
    if not is_signed:
        return Fault(MANIFEST, "changed: the signature is not that of this manifest")
    if public_key and public_key != package.public_key:
        return Fault(SIGNATURE, "signed with another key than the one you know")
    return None


def _differs(archive: zipfile.ZipFile, told: Listed) -> Fault | None:
    name, hashed, size = told.path, hashlib.sha256(), 0
    try:
        with archive.open(name) as file:
            while chunk := file.read(CHUNK):
                size += len(chunk)
                if size > told.size:
                    return Fault(name, "changed: longer than it was")
                hashed.update(chunk)
    except KeyError:
        return Fault(name, "missing")
    except UNREADABLE:
        return Fault(name, "changed: it can no longer be read")
    if size != told.size or f"sha256:{hashed.hexdigest()}" != told.sha256:
        return Fault(name, "changed: it is not the file that was archived")
    return None


def _unproven(
    archive: zipfile.ZipFile, package: Package, signed_by: CheckSignature
) -> Iterator[Fault]:
    text = _small(archive, ENTRIES)
    if text is None:
        yield Fault(ENTRIES, "missing or unreadable")
        return
    heads: dict[str, chain.Link] = {}
    notes: dict[str, str] = {}
    for number, line in enumerate(text.decode(errors="replace").splitlines(), start=1):
        where = f"{ENTRIES} line {number}"
        package.entries += 1
        try:
            row = json.loads(line)
            entry = json.loads(row["text"])
            fault = _broken(row, entry, heads, package, signed_by)
            if entry["kind"] in WITH_NOTE and (note := entry["facts"]["note"]):
                notes[f"{entry['subject']} {entry['version']}"] = str(note)
        except NOT_OURS:
            yield Fault(where, "not an entry")
            continue
        if fault:
            yield Fault(where, fault)
    if not package.entries:
        yield Fault(ENTRIES, "holds no entry: nothing here is proven by a ledger")
    yield from _unwritten(archive, notes)


def _broken(
    row: dict[str, Any],
    entry: dict[str, Any],
    heads: dict[str, chain.Link],
    package: Package,
    signed_by: CheckSignature,
) -> str:
    """Return what is wrong with an entry, empty where nothing is."""
    text, proof = row["text"].encode(), row["proof"]
    if chain.digest(text) != row["digest"]:
        return "changed: the text is not the one that was hashed"
    before = heads.get(entry["subject"], chain.GENESIS)
    if (entry["version"], entry["previous"]) != (before.version + 1, before.digest):
        return f"{entry['subject']}: it does not follow the entry before it"
    heads[entry["subject"]] = chain.Link(entry["version"], row["digest"])
    path = [bytes.fromhex(node) for node in proof["path"]]
    root = merkle.root_from_path(
        merkle.leaf_hash(text), proof["position"] - 1, proof["size"], path
    ).hex()
    at = chain.instant(datetime.fromisoformat(proof["at"]))
    signed = chain.canonical({"size": proof["size"], "root": proof["root"], "at": at})
    if root != proof["root"]:
        return "it is not under the tree head it names"
    if not signed_by(package.public_key, signed.encode(), proof["signature"]):
        return "the signature of its tree head is wrong"
    return ""


def _unwritten(archive: zipfile.ZipFile, notes: dict[str, str]) -> Iterator[Fault]:
    """Yield the written reasons that are not those whose digests the entries hold."""
    told = _small(archive, PROCESS)
    try:
        rows = json.loads(told or b"")["notes"]
        found = {row["of"]: chain.salted(row["text"], row["salt"]) for row in rows}
    except NOT_OURS:
        yield Fault(PROCESS, "its written reasons cannot be read")
        return
    for where, digest in notes.items():
        if found.get(where) != digest:
            yield Fault(PROCESS, f"the reason of {where} is not the one that was recorded")
