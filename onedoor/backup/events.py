"""What is recorded of backups: a restore, for what came after the backup is gone."""

from __future__ import annotations

from dataclasses import dataclass

from onedoor.ledger.events import Event


@dataclass(frozen=True, kw_only=True)
class DatabaseRestored(Event):
    """The database was put back from a backup; numbers go on ``skipped`` further (恢复)."""

    kind = "installation.restored"

    made_at: str
    ledger_size: int
    head_size: int
    head_root: str
    skipped: int
