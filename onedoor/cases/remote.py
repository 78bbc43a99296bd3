"""What was taken in for other places as those read it who take in, hand out and watch."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from onedoor.accounts.queries import names_of
from onedoor.accounts.rules import Actor, Role
from onedoor.cases.models import RemoteIntake
from onedoor.cases.rules.remote import HERE
from onedoor.kernel.errors import NotFound
from onedoor.papers import queries as papers
from onedoor.papers.models import Paper

WORKING = (Role.DESK, Role.ISSUER)
SEEING = (*WORKING, Role.SUPERVISOR)


def visible_to(actor: Actor) -> QuerySet[RemoteIntake]:
    """Return what the actor's units took in for others, the latest first."""
    found = RemoteIntake.objects.select_related("unit", "applicant")
    units = actor.units_of(SEEING)
    if units is not None:
        found = found.filter(unit__in=units)
    return found.order_by("-received_at", "number")


def remote_for(actor: Actor, number: str) -> RemoteIntake:
    """Return one by its number, or refuse."""
    found = visible_to(actor).filter(number=number).first()
    if found is None:
        raise NotFound("remote.not_found", "没有这一件代收，或者不是给您看的。")
    return found


def late(found: QuerySet[RemoteIntake], *, on: date) -> QuerySet[RemoteIntake]:
    """Return what lies here past the day by which it was to be sent."""
    return found.filter(state__in=[s.value for s in HERE], send_due_on__lt=on)


def is_late(row: RemoteIntake, *, on: date) -> bool:
    """Say whether it lies here past its day."""
    return row.standing in HERE and row.send_due_on < on


def receipt_of(row: RemoteIntake) -> Paper:
    """Return the receipt the applicant holds."""
    return papers.of(row.number).get()


def signers(row: RemoteIntake) -> dict[str, str]:
    """Return who took it in, who counted and who checked, by name."""
    names = names_of([row.received_by, row.packed_by, row.sent_by])
    return {
        name: names.get(getattr(row, f"{name}_by"), "") for name in ("received", "packed", "sent")
    }
