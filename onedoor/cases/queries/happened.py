"""What happened to a case, read from its ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from onedoor.accounts.queries import names_of
from onedoor.cases.models import Case, Note
from onedoor.cases.rules.lifecycle import Action, Status
from onedoor.kernel import masking
from onedoor.ledger import queries as ledger
from onedoor.ledger.queries import Recorded

NAMES_SOMEBODY = (Action.HAND_OUT, Action.CONFIRM_DELIVERY)


@dataclass(frozen=True)
class TimelineStep:
    """One step as people read it."""

    version: int
    at: datetime
    action: Action
    status: Status
    actor_name: str
    note: str
    basis: str
    step: str
    paper: str
    acting_for: str
    """Whom a deputy stood in for, by name; empty for whoever acted in their own post."""
    details: dict[str, object]
    due: dict[str, str]

    @property
    def shown_note(self) -> str:
        """The note as lists show it: who took a paper away is a name, and masked."""
        return masking.name(self.note) if self.action in NAMES_SOMEBODY else self.note


def _names(entries: Sequence[Recorded]) -> dict[str, str]:
    refs = {e.actor for e in entries} | {e.facts["acting_for"] for e in entries}
    return names_of(refs) | {
        "system": gettext("系统"),
        "timer": gettext("时限到期自动办理"),
        "applicant": gettext("申请人"),
    }


def _read(entry: Recorded, names: dict[str, str], notes: dict[int, Note]) -> TimelineStep:
    note = notes.get(entry.version)
    return TimelineStep(
        version=entry.version,
        at=entry.at,
        action=Action(entry.facts["action"]),
        status=Status(entry.facts["target"]),
        actor_name=names.get(entry.actor, ""),
        note=str(note.text) if note else "",
        basis=note.basis if note else "",
        step=entry.facts["step"],
        paper=entry.facts["paper"],
        acting_for=names.get(entry.facts["acting_for"], ""),
        details=entry.facts["details"],
        due=entry.facts["due"],
    )


def timeline(case: Case) -> list[TimelineStep]:
    """Return what happened to a case, oldest first; three statements."""
    entries = ledger.history(case.subject)
    notes = {n.version: n for n in case.notes.all()}
    names = _names(entries)
    return [_read(entry, names, notes) for entry in entries]


def timeline_until(case: Case, step: int | None) -> list[TimelineStep]:
    """Return what happened to a case up to the step of that version; all of it without one."""
    last = step or case.version
    return [each for each in timeline(case) if each.version <= last]


def last_step(case: Case) -> TimelineStep:
    """Return the last step somebody took; what the system did after it is part of that step."""
    entries = ledger.history(case.subject)
    by_people = [e for e in entries if e.actor.startswith(("person:", "applicant"))]
    last = (by_people or entries)[-1]
    return _read(last, _names([last]), {})


def moment_of(case: Case, version: int) -> datetime:
    """Return when the step with this version was taken."""
    return next(e.at for e in ledger.history(case.subject) if e.version == version)
