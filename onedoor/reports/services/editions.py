"""The one way an edition changes: by the table, a conditional UPDATE, an entry on record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from onedoor.accounts.rules import Actor
from onedoor.cases.inputs import plain
from onedoor.kernel.errors import Refusal
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import salted
from onedoor.reports import publications
from onedoor.reports.events import InformationMoved
from onedoor.reports.models import Edition
from onedoor.reports.rules.publishing import lifecycle
from onedoor.reports.rules.publishing.lifecycle import Action, Need, Step


def guard(
    edition: Edition, action: Action, *, by: Actor, seen: int, has_text: bool = False
) -> Step:
    """Return the row of the table, or refuse: seen another version, wrong state, role or need."""
    if seen != edition.version:
        raise meanwhile(edition)
    roles = by.roles_in(edition.publication.publisher_id)
    met = {need for need, holds in _facts(edition, by, has_text) if holds}
    return lifecycle.step_for(edition.standing, action, roles=roles, met=met)


def _facts(edition: Edition, by: Actor, has_text: bool) -> list[tuple[Need, bool]]:
    return [
        (Need.FIELDS, bool(edition.title and edition.column and edition.paragraphs)),
        (Need.TEXT, has_text),
        (Need.NOT_WRITER, by.ref not in edition.writers),
        (Need.NOT_CHECKER, by.ref != edition.checked_by),
        (Need.SETTLED, publications.unsettled(edition) == 0),
    ]


def move(
    edition: Edition,
    step: Step | None,
    changes: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    hits: int = 0,
    is_late: bool = False,
) -> Edition:
    """Take the step if nobody else has, record it, and return the edition as it is.

    Without a step it was just begun.
    """
    source = edition.standing
    if step is not None:
        changes = {**changes, "state": step.target.value, "version": edition.version + 1}
        mine = Edition.objects.filter(pk=edition.pk, version=edition.version, state=edition.state)
        if not mine.update(**changes):
            raise meanwhile(edition)
        for name, value in changes.items():
            setattr(edition, name, value)
    event = InformationMoved(
        subject=edition.publication.subject,
        edition=edition.number,
        step=step.id if step else "",
        action=step.action.value if step else "begin",
        source=source.value,
        target=edition.state,
        index_number=edition.publication.index_number or "",
        digest=edition.digest,
        hits=hits,
        is_late=is_late,
        reason=salted_reason(edition, reason),
    )
    ledger.record(event, by=by.ref, at=at)
    return edition


def meanwhile(edition: Edition) -> Refusal:
    """Return the refusal for whoever came second."""
    now = Edition.objects.get(pk=edition.pk)
    return Refusal(
        "information.changed_meanwhile",
        "您打开以后，别人办过这条信息，现在是“%(state)s”。您的这一步没有做，请看过再办。",
        state=now.standing,
        version=now.version,
    )


def reason_of(text: str) -> str:
    """Return the reason somebody gave in one line, or refuse an empty one."""
    return " ".join(plain("reason", text, "理由", most=500).split())


def salted_reason(edition: Edition, text: str) -> str:
    return salted(text, edition.publication.salt) if text else ""
