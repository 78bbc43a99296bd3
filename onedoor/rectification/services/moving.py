"""The one way a finding changes: guarded by the table, a conditional UPDATE, an entry on record."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from onedoor.accounts.rules import Actor
from onedoor.kernel.errors import NotValid, Refusal
from onedoor.kernel.rows import altered
from onedoor.kernel.written import update
from onedoor.ledger import services as ledger
from onedoor.ledger.events import Event
from onedoor.ledger.rules.chain import Fact, salted
from onedoor.rectification.events import FindingChanged, FindingMoved
from onedoor.rectification.models import NO_DATE, Finding, Note
from onedoor.rectification.rules import lifecycle
from onedoor.rectification.rules.lifecycle import Action, Need, Step
from onedoor.rectification.rules.words import Change

LONGEST = 4000


@dataclass(frozen=True)
class Effect:
    """What a step changes in the row beside the state, and what else the entry says."""

    changes: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, Fact] = field(default_factory=dict)
    text: str = ""


def guard(
    finding: Finding, action: Action, *, by: Actor, seen: int, met: AbstractSet[Need]
) -> Step:
    """Return the row of the table, or refuse: seen another version, wrong state, role or need."""
    check_seen(finding, seen)
    return lifecycle.step_for(finding.standing, action, roles=by.roles_in(finding.unit_id), met=met)


def check_seen(finding: Finding, seen: int) -> None:
    if seen != finding.version:
        raise changed_meanwhile(finding)


def move(finding: Finding, step: Step, effect: Effect, *, by: Actor, at: datetime) -> Finding:
    """Take the step if nobody else has, record it, and return the finding as it is."""
    after = _after(finding, {**effect.changes, "state": step.target.value}, at)
    event = FindingMoved(
        subject=after.subject,
        step=step.id,
        action=step.action.value,
        source=step.source.value,
        target=step.target.value,
        outcome=after.outcome,
        unit=after.unit.code if after.unit else "",
        deadline=None if after.deadline_on == NO_DATE else after.deadline_on,
        note=_note(finding, effect.text),
        details=dict(effect.details),
    )
    return _written(finding, after, event, by=by, at=after.moved_at)


def change(finding: Finding, what: Change, effect: Effect, *, by: Actor, at: datetime) -> Finding:
    """Record what was added to a finding, move its chain, and return the finding as it is."""
    after = _after(finding, effect.changes, at)
    event = FindingChanged(
        subject=after.subject,
        what=what.value,
        note=_note(finding, effect.text),
        details=dict(effect.details),
    )
    return _written(finding, after, event, by=by, at=after.moved_at)


def _after(finding: Finding, changes: Mapping[str, Any], at: datetime) -> Finding:
    return altered(finding, {"moved_at": ledger.moment(at, last=finding.moved_at), **changes})


def _note(finding: Finding, text: str) -> str:
    if not text:
        return ""
    salt = secrets.token_hex(16)
    Note.objects.bulk_create(
        [Note(finding_id=finding.pk, version=finding.version + 1, text=text, salt=salt)]
    )
    return salted(text, salt)


def _written(before: Finding, after: Finding, event: Event, *, by: Actor, at: datetime) -> Finding:
    link = ledger.record(event, by=by.ref, at=at, after=before.link)
    after.version, after.head = link
    if not update(before, after):
        raise changed_meanwhile(before)
    return after


def changed_meanwhile(finding: Finding) -> Refusal:
    """Return the refusal for whoever came second."""
    now = Finding.objects.get(pk=finding.pk)
    return Refusal(
        "finding.changed_meanwhile",
        "您打开以后，别人办过这个问题，现在是“%(state)s”。您的这一步没有做，请看过再办。",
        state=now.standing,
        version=now.version,
        finding=now.number,
    )


def written(text: str, *, name: str) -> str:
    """Return what a person wrote, trimmed, or refuse what no field holds."""
    text = "\n".join(line.strip() for line in text.strip().splitlines())
    if len(text) > LONGEST:
        raise NotValid("finding.too_long", "最多写 %(most)s 个字。", field=name, most=LONGEST)
    if any(ord(c) < 32 and c != "\n" for c in text):
        raise NotValid("finding.characters", "里面有不能保存的控制字符。", field=name)
    return text
