"""An official document goes out (发文): numbered, kept in its words, on record."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor
from onedoor.kernel.clock import day_of
from onedoor.kernel.rows import new
from onedoor.kernel.written import insert
from onedoor.ledger import numbers as series
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import GENESIS
from onedoor.papers import pack, queries, record
from onedoor.papers.events import LetterSent
from onedoor.papers.models import Letter
from onedoor.papers.rules import numbers, official, official_data
from onedoor.papers.rules.official import Document


@ledger.recorded
def send(
    document: Document,
    *,
    kind: str,
    word: str,
    unit: Organisation | None,
    subject: str,
    about: str,
    by: Actor,
    at: datetime,
) -> Letter:
    """Send a document in the transaction of the step that calls for it, under the next number.

    ``word`` is that of its kind in the number; a document of no unit of ours has the place's word
    alone. The number counts by unit, word and year, one by one; a step rolled back may leave a gap.
    The PDF is made when somebody reads it.
    """
    year = day_of(at).year
    whose = unit.pk if unit else None
    serial = series.take_within(
        f"letter-{whose or 'none'}-{word}:{year}",
        highest_used=lambda: queries.highest_letter(whose, word, year),
        block=1,
    )
    own = queries.unit_word(unit.pk) if unit else ""
    number = numbers.of_letter(pack.words().place, own, word, year, serial)
    document = replace(document, number=number)
    official.check(document)
    letter = new(
        Letter,
        number=number,
        kind=kind,
        unit_id=whose,
        word=word,
        year=year,
        serial=serial,
        subject=subject,
        about=about,
        title=document.title.replace("\n", ""),
        recipient="、".join(document.recipients)[:200],
        contents=record.canonical(official_data.told(document)),
        code=secrets.token_hex(16),
        issued_at=at,
        issued_by=by.ref,
    )
    letter.digest, letter.sm3 = record.of_letter(letter)
    event = LetterSent(
        subject=f"letter:{number}",
        letter=kind,
        unit=unit.code if unit else "",
        of=subject,
        about=about,
        digest=letter.digest,
        sm3=letter.sm3,
    )
    letter.version, letter.head = ledger.record(event, by=by.ref, at=at, after=GENESIS)
    insert([letter])
    return letter
