"""What rests on a commitment (告知承诺), what may still be vouched for, and who may not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet

from onedoor.accounts.rules import Actor, Role
from onedoor.cases.county import commitment_rules
from onedoor.cases.models import ApplicationMember, Case, CaseMaterial, Verification
from onedoor.cases.rules.commitment import Bar, Box, Broken, Checked
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.rules.words import MaterialState, Promised
from onedoor.catalogue.rules.commitments import Commitment
from onedoor.catalogue.rules.content_columns import commitments_from
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotFound
from onedoor.papers import queries as papers
from onedoor.papers.models import Paper

WORKING = (Role.DESK, Role.ACCEPTOR, Role.REVIEWER, Role.DECIDER, Role.HEAD, Role.SUPERVISOR)
"""Roles that see the checks of their units."""


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


def bar_of(person: str, *, on: date) -> Bar | None:
    """Return the broken promise that bars somebody on that day; of several the longest.

    ``person`` is the index of the applicant's document number.
    """
    found = []
    false = Verification.objects.filter(
        final(on=on), case__applicant__id_index=person, barred_until__gte=on
    )
    for one in false.select_related("case"):
        assert one.checked_at is not None
        assert one.barred_until is not None
        found.append(Bar(Broken.FALSE, day_of(one.checked_at), one.barred_until, one.case.alias))
    unkept = Case.objects.filter(
        applicant__id_index=person,
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


# --- The checks -----------------------------------------------------------------------------


def stands(check: Verification, *, on: date) -> bool:
    """Say whether a check found the commitment false, and that is final by now."""
    return Verification.objects.filter(final(on=on), pk=check.pk).exists()


def is_found_false(case: Case, *, on: date) -> bool:
    """Say whether something a case rests on is finally false: ground to revoke (许可法69)."""
    return Verification.objects.filter(final(on=on), case=case).exists()


def _visible(actor: Actor) -> QuerySet[Verification]:
    units = actor.units_of(WORKING)
    found = Verification.objects.select_related(
        "case__item", "case__item_version", "case__unit", "case__applicant"
    )
    return found if units is None else found.filter(case__unit__in=units)


def checks_in(actor: Actor, box: Box, *, on: date) -> QuerySet[Verification]:
    """Return the checks of the actor's units that lie in a box, the earliest due first."""
    wanted = {
        Box.OPEN: Q(outcome=""),
        Box.OVERDUE: Q(outcome="", due_on__lt=on),
        Box.OBJECTED: Q(objected_at__isnull=False, is_upheld__isnull=True),
        Box.FALSE: Q(outcome=Checked.FALSE.value),
        Box.ALL: Q(),
    }[box]
    return _visible(actor).filter(wanted).order_by("due_on", "case__number", "place")


def check_for(actor: Actor, number: str, place: int) -> Verification:
    """Return one check of a case the actor may see, or refuse as if there were none."""
    found = _visible(actor).filter(case__number=number, place=place).first()
    if found is None:
        raise NotFound("check.not_found", "没有这项核查，或者不归您办。")
    return found


def checks_of(case: Case) -> QuerySet[Verification]:
    """Return the checks of a case."""
    if not case.item_version.is_on_promise:
        return Verification.objects.none()  # most cases, without asking
    return Verification.objects.filter(case=case).select_related("case__item_version")


def may_do(check: Verification, actor: Actor, *, on: date) -> set[str]:
    """Return which of the three steps of a check the actor is offered that day."""
    roles, found = actor.roles_in(check.case.unit_id), set()
    if check.result is Checked.NONE and roles & {Role.REVIEWER, Role.HEAD}:
        found.add("verify")
    is_open = check.object_by is not None and on <= check.object_by
    if is_open and check.objected_at is None and roles & {Role.DESK, Role.REVIEWER, Role.HEAD}:
        found.add("object")
    if check.objected_at is not None and check.is_upheld is None and Role.HEAD in roles:
        found.add("answer")
    return found


def notice_of(check: Verification) -> Paper | None:
    """Return the notice that told what was found false, if there is one."""
    return papers.of(check.subject).first()
