"""Signals of a fix on paper: noticed by the place's rules, kept once, shown to the reviewer."""

from __future__ import annotations

from datetime import datetime

from onedoor.accounts.rules import Actor
from onedoor.kernel.clock import day_of
from onedoor.ledger.rules.chain import Fact
from onedoor.rectification import pack
from onedoor.rectification.models import Finding, Suspicion
from onedoor.rectification.queries import judging
from onedoor.rectification.rules import signals
from onedoor.rectification.rules.words import Change, SignalKind
from onedoor.rectification.services.moving import Effect, change


def watch(finding: Finding, *, by: Actor, at: datetime) -> Finding:
    """Keep what the rules notice about a finding now; part of a larger service."""
    for sign in signals.found(judging.claim_of(finding), pack.rulebook(day_of(at)).signals):
        finding = signal(finding, sign.kind, about=sign.about, basis=sign.basis, by=by, at=at)
    return finding


def signal(
    finding: Finding,
    kind: SignalKind,
    *,
    about: str,
    basis: str = "",
    by: Actor,
    at: datetime,
) -> Finding:
    """Keep a signal of a fix on paper, once for what it is about; part of a larger service."""
    row = Suspicion(finding=finding, kind=kind.value, about=about[:120], basis=basis[:300], at=at)
    if Suspicion.objects.filter(finding=finding, kind=row.kind, about=row.about).exists():
        return finding
    row.save(force_insert=True)
    details: dict[str, Fact] = {"kind": kind.value, "about": row.about}
    return change(finding, Change.SIGNAL, Effect(details=details), by=by, at=at)
