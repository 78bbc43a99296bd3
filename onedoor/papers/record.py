"""The canonical text of a paper, and its two digests: computed the same way now and ever."""

from __future__ import annotations

import json
import unicodedata
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.hashes import SM3, Hash

from onedoor.ledger.rules.chain import digest, instant
from onedoor.papers.models import Letter, Paper, Template


class Digests(NamedTuple):
    """What stands for a paper: SHA-256 for everybody, SM3 beside it (国密)."""

    sha256: str
    sm3: str


def canonical(value: Any) -> str:
    """Return the one text of what a paper says: sorted keys, NFC."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return unicodedata.normalize("NFC", text)


def digests(paper: Paper, template: Template) -> Digests:
    """Return the digests of a paper as its record stands; its code makes them unguessable."""
    text = canonical(
        {
            "number": paper.number,
            "kind": paper.kind,
            "unit": str(paper.unit_id),
            "subject": paper.subject,
            "step": paper.step,
            "template": template.digest,
            "contents": json.loads(str(paper.contents)),
            "code": paper.code,
            "issued_at": instant(paper.issued_at),
            "issued_by": paper.issued_by,
        }
    )
    return _hashed(text)


def of_letter(letter: Letter) -> Digests:
    """Return the digests of a letter as its record stands; its code makes them unguessable."""
    return _hashed(
        canonical(
            {
                "number": letter.number,
                "kind": letter.kind,
                "unit": str(letter.unit_id or ""),
                "subject": letter.subject,
                "about": letter.about,
                "contents": json.loads(str(letter.contents)),
                "code": letter.code,
                "issued_at": instant(letter.issued_at),
                "issued_by": letter.issued_by,
            }
        )
    )


def _hashed(text: str) -> Digests:
    hashed = Hash(SM3())
    hashed.update(text.encode())
    return Digests(digest(text.encode()), "sm3:" + hashed.finalize().hex())


def is_intact(paper: Paper) -> bool:
    """Say whether the record still gives the digests it was issued with, its template its own."""
    if digest(paper.template.text.encode()) != paper.template.digest:
        return False
    return digests(paper, paper.template) == Digests(paper.digest, paper.sm3)


def is_letter_intact(letter: Letter) -> bool:
    """Say whether the record still gives the digests the letter went out with."""
    return of_letter(letter) == Digests(letter.digest, letter.sm3)
