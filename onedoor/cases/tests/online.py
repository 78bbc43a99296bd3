"""Builders for applications sent online: drafts with files, and cases sent, returned, received."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

from PIL import Image

from onedoor.accounts.rules import APPLICANT
from onedoor.cases import services as cases
from onedoor.cases.models import Case, Draft
from onedoor.cases.services import drafting
from onedoor.cases.tests import given
from onedoor.catalogue import queries as catalogue

SECRET = "a-secret-of-thirty-two-characters-x"


def picture(colour: str | tuple[int, int, int] = "red") -> BytesIO:
    """Return a photo somebody took of a paper."""
    made = BytesIO()
    Image.new("RGB", (20, 10), colour).save(made, "PNG")
    return made


def draft(
    item: str = given.LICENCE,
    *,
    at: datetime = given.FRIDAY,
    files: dict[int, str] | None = None,
    brought: frozenset[int] = frozenset(),
    secret: str = SECRET,
) -> Draft:
    """Return a draft with a photo of this colour for each of the materials named."""
    version = catalogue.current_version(item, at=at)
    content = drafting.Content({}, brought)
    kept = drafting.keep(drafting.key_of(secret, item), version=version, content=content, at=at)
    for order, colour in ({1: "red", 2: "blue"} if files is None else files).items():
        drafting.add_file(kept, order=order, name=f"{order}.png", content=picture(colour), at=at)
    return kept


def receipt(item: str = given.LICENCE, *, at: datetime = given.FRIDAY, **more: Any) -> Any:
    """Return the receipt of an application just sent."""
    kept = draft(item, at=at, **more)
    return cases.submit_draft(
        kept, cases.reserve(item, at=at), applicant=given.applicant(), by=APPLICANT, at=at
    )


def case(item: str = given.LICENCE, *, at: datetime = given.FRIDAY, **more: Any) -> Case:
    """Return an application that waits for its pre-check."""
    return given.reload(receipt(item, at=at, **more).case)


def returned(*orders: int, at: datetime, sent_at: datetime = given.FRIDAY) -> Case:
    """Return an application that was sent back for these materials."""
    demands = [given.demand(n, given.DEFECTIVE, f"第{n}份看不清，请重拍") for n in orders]
    return given.step(cases.pre_return, case(at=sent_at), "clerk", at=at, demands=demands)


def answer(case: Case, *orders: int, at: datetime, colour: str = "green") -> Draft:
    """Return the applicant's draft that answers what was asked, with a new photo for each."""
    version = catalogue.version_facts(case.item, case.item_version)
    key = drafting.key_of("token", f"{case.number}:{case.version}")
    kept = drafting.keep(key, version=version, content=drafting.Content(), at=at)
    for n in orders:
        drafting.add_file(kept, order=n, name=f"{n}-新.png", content=picture(colour), at=at)
    return kept
