"""Canonical text, digests and the chain of one subject's entries.

Standard library only. The text of an entry is stored as it was hashed; the digest of an entry
is ``sha256:`` of its text, and the text holds the digest of the entry before it.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import NamedTuple

Fact = str | int | bool | None | date | list["Fact"] | dict[str, "Fact"]

VERSION = 1

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class Link(NamedTuple):
    """Where a subject's chain stands: its last entry's version and digest."""

    version: int
    digest: str


GENESIS = Link(0, "")


def digest(data: bytes) -> str:
    """Return the digest with its name before it.

    >>> digest(b"")[:20]
    'sha256:e3b0c44298fc1'
    """
    return "sha256:" + hashlib.sha256(data).hexdigest()


def salted(text: str, salt: str) -> str:
    """Return the digest that stands for a free text in a fact, so that the text can be erased."""
    return digest(f"{salt}\n{unicodedata.normalize('NFC', text)}".encode())


def instant(at: datetime) -> str:
    """Return an instant as the ledger writes it: UTC, microseconds, Z.

    >>> instant(datetime(2026, 3, 5, 1, 30, tzinfo=UTC))
    '2026-03-05T01:30:00.000000Z'
    """
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def canonical(value: Fact) -> str:
    """Return the one text of a value: sorted keys, NFC, integers only, no control characters.

    >>> canonical({"b": 1, "a": ["é", None, True]})
    '{"a":["é",null,true],"b":1}'
    """
    return json.dumps(
        _plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def _plain(value: Fact) -> object:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        text = _composed(value)
        if _CONTROL.search(text):
            raise ValueError("A fact may not hold control characters.")
        return text
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {_key(key): _plain(item) for key, item in value.items()}
    raise ValueError(f"A fact may not be a {type(value).__name__}.")


def _key(key: str) -> str:
    if not isinstance(key, str):
        raise ValueError("The name of a fact is a text.")
    return _composed(key)


def _composed(text: str) -> str:
    return text if type(text) is str and text.isascii() else unicodedata.normalize("NFC", str(text))


def entry_text(
    *,
    subject: str,
    after: Link,
    kind: str,
    schema: int,
    actor: str,
    at: datetime,
    facts: Mapping[str, Fact],
    installation: str,
) -> str:
    """Return the canonical text of the entry that follows ``after`` in its subject's chain."""
    return canonical(
        {
            "v": VERSION,
            "installation": installation,
            "subject": subject,
            "version": after.version + 1,
            "previous": after.digest,
            "kind": kind,
            "schema": schema,
            "actor": actor,
            "at": instant(at),
            "facts": dict(facts),
        }
    )
