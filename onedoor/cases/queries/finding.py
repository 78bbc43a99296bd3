"""Finding one case, by its number, its codes, or what it shares with another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Max

from onedoor.cases.models import Application, Case, Phrase
from onedoor.cases.queries.seeing import WITH
from onedoor.cases.rules import numbers
from onedoor.kernel import crypto
from onedoor.kernel.errors import NotFound
from onedoor.ledger.rules.chain import Link


def highest_serial(division: str, unit: int, day: date) -> int:
    """Return the highest serial given out for that unit and day, 0 if none.

    Cases and joint applications have their numbers from one series.
    """
    prefix = f"{division[:6]}{unit:03d}{day:%Y%m%d}"
    span = {"number__gte": prefix + "00000", "number__lte": prefix + "99999Z"}
    last = [
        model.objects.filter(**span).aggregate(last=Max("number"))["last"]
        for model in (Case, Application)
    ]
    return max(int(number[17:22]) if number else 0 for number in last)


def links() -> Iterable[tuple[str, Link]]:
    """Yield where each case's own row says its chain stands."""
    rows = Case.objects.order_by("number").values_list("number", "version", "head")
    for number, version, head in rows.iterator():
        yield f"case:{number}", Link(version, head)


def find(reference: str) -> Case | None:
    """Return the case with this number or alias, as somebody typed it."""
    text = numbers.normal(reference)
    if numbers.is_case_number(text):
        return Case.objects.select_related(*WITH).filter(number=text).first()
    if numbers.is_alias(text):
        return Case.objects.select_related(*WITH).filter(alias=text).first()
    return None


def tracked(token: str) -> Case:
    """Return the case whose receipt carries this QR token, or refuse."""
    kept = crypto.token_digest(token)
    case = Case.objects.select_related(*WITH).filter(track_digest=kept).first()
    if case is None:
        raise NotFound("case.not_found", "没有这一件，或者不归您办。")
    return case


def phrases(*kinds: str) -> list[Phrase]:
    """Return the approved sentences of these kinds: missing, defect, opinion, refusal."""
    return list(Phrase.objects.filter(kind__in=kinds).order_by("kind", "code"))
