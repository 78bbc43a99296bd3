"""What rests on a commitment (告知承诺), what may still be vouched for, and who may not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet

from onedoor.cases.county import commitment_rules
from onedoor.cases.models import Applicant, ApplicationMember, Case, CaseMaterial, Verification
from onedoor.cases.rules.commitment import Bar, Broken, Checked
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.rules.words import MaterialState, Promised
from onedoor.catalogue.rules.commitments import Commitment
from onedoor.catalogue.rules.content import commitments_from
from onedoor.kernel.clock import day_of


class Matter(NamedTuple):
    """One matter of an item's list, and the materials of a case it stands for."""

    place: int
    commitment: Commitment
    materials: tuple[CaseMaterial, ...]


def matters(case: Case, rows: Iterable[CaseMaterial]) -> list[Matter]:
    """Return what the item lets be vouched for, each with those of the materials it replaces."""
    listed, vouched = list(rows), case.item_version.vouched
    told = commitments_from(case.item_version.details.get("commitments", ()))
    found = []
    for place, one in enumerate(told, start=1):
        held = tuple(r for r in listed if vouched.get(r.material.name.strip()) == one)
        if held:
            found.append(Matter(place, one, held))
    return found


def committable(case: Case, rows: Iterable[CaseMaterial]) -> list[CaseMaterial]:
    """Return the missing materials a commitment may stand for; none in a joint application.

    There one paper serves several items, and what one lets be vouched for another has to see.
    """
    vouched = case.item_version.vouched
    found = [
        row
        for row in rows
        if row.found is MaterialState.MISSING
        and not row.promised
        and row.material.name.strip() in vouched
    ]
    if found and ApplicationMember.objects.filter(case=case).exists():
        return []
    return found


def committed(case: Case) -> list[Matter]:
    """Return what the applicant vouched for instead of handing it in."""
    if not case.item_version.is_on_promise:
        return []
    rows = case.materials.filter(promised=Promised.COMMITTED.value).select_related("material")
    return matters(case, rows.order_by("order"))


def final(*, on: date) -> Q:
    """Return which false outcomes stand: turned down on objection, or nobody objected in time."""
    stands = Q(is_upheld=False) | Q(objected_at__isnull=True, object_by__lt=on)
    return Q(outcome=Checked.FALSE.value) & stands


def bar_of(applicant: Applicant, *, on: date) -> Bar | None:
    """Return the broken promise that bars this person or organisation on that day; the longest."""
    found = []
    false = Verification.objects.filter(
        final(on=on), case__applicant__id_index=applicant.id_index, barred_until__gte=on
    )
    for one in false.select_related("case"):
        assert one.checked_at is not None
        assert one.barred_until is not None
        found.append(Bar(Broken.FALSE, day_of(one.checked_at), one.barred_until, one.case.alias))
    unkept = Case.objects.filter(
        applicant__id_index=applicant.id_index,
        status=Status.RETURNED.value,
        tolerated_at__isnull=False,
        supplemented_at__isnull=True,
    )
    for case in unkept:
        assert case.ended_at is not None
        ended = day_of(case.ended_at)
        until = commitment_rules().barred_until(Broken.UNKEPT, ended)
        if until >= on:
            found.append(Bar(Broken.UNKEPT, ended, until, case.alias))
    return max(found, key=lambda bar: bar.until, default=None)


def overdue(*, on: date) -> QuerySet[Verification]:
    """Return the checks nobody made by their day."""
    return Verification.objects.filter(outcome=Checked.NONE.value, due_on__lt=on)
