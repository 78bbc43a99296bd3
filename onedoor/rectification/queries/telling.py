"""The history of a finding as a reader sees it: who did what when, and what they wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onedoor.accounts.queries import names_of
from onedoor.kernel.terms import Term
from onedoor.ledger import queries as ledger
from onedoor.rectification.models import Finding, Note
from onedoor.rectification.rules.lifecycle import Action
from onedoor.rectification.rules.words import Change


@dataclass(frozen=True)
class Told:
    """One entry of the history."""

    at: datetime
    what: Term
    who: str
    note: str
    digest: str


def history(finding: Finding, *, public: bool) -> list[Told]:
    """Return what happened, the latest first; the public reads neither names nor notes."""
    entries = ledger.history(finding.subject)
    notes, names = {}, {}
    if not public:
        rows = Note.objects.filter(finding=finding)
        notes = {note.version: note.text for note in rows}
        names = names_of(entry.actor for entry in entries)
    return [
        Told(
            entry.at,
            Action(entry.facts["action"])
            if entry.kind == "finding.moved"
            else Change(entry.facts["what"]),
            names.get(entry.actor, ""),
            notes.get(entry.version, ""),
            entry.digest,
        )
        for entry in reversed(entries)
    ]
