"""What an import answers: how many rows, and which were refused and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from onedoor.catalogue.rules.gates import Finding
from onedoor.catalogue.rules.item_file import RowFault
from onedoor.kernel.errors import Refusal
from onedoor.kernel.sentences import sentence

SHOWN = 1000
"""So many refused rows are listed one by one; the rest are only counted."""


class RefusedRow(NamedTuple):
    """A row that cannot be taken, by the number people see in their table."""

    row: int
    reason: str

    def __str__(self) -> str:
        return f"第 {self.row} 行：{self.reason}"


@dataclass
class ImportReport:
    """What happened to the rows of a file; nothing was written when any was refused."""

    read: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    refused_count: int = 0
    unknown_columns: tuple[str, ...] = ()
    warned: int = 0
    warnings: Counter[str] = field(default_factory=Counter)

    def refuse(self, number: int, reasons: Iterable[Refusal]) -> None:
        """Note a row that cannot be taken."""
        self.refused_count += 1
        if len(self.refused) < SHOWN:
            self.refused.append(RefusedRow(number, " ".join(map(sentence, reasons))))

    def refuse_fault(self, fault: RowFault) -> None:
        self.refuse(fault.number, fault.reasons)

    def warn(self, findings: Sequence[Finding]) -> None:
        """Count what the publish gates say of one version, by gate."""
        self.warned += bool(findings)
        self.warnings.update({f"{found.gate.id} {found.gate.title}" for found in findings})

    def nothing_written(self) -> ImportReport:
        """Take back what was counted as written, for the transaction was."""
        self.created = self.changed = self.unchanged = 0
        return self

    def __str__(self) -> str:
        return (
            f"read={self.read} created={self.created} changed={self.changed} "
            f"unchanged={self.unchanged} refused={self.refused_count} warned={self.warned}"
        )
