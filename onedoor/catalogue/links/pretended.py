"""The pretended network: it answers what it was told to, and nothing at names that cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from onedoor.catalogue.rules.links import Answer, Reply, reply_of, take_apart


@dataclass
class Pretended:
    """Answers with the status told for an address; nobody is at home under ``.invalid``."""

    statuses: Mapping[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def ask(self, address: str) -> Reply:
        self.asked.append(address)
        parts = take_apart(address)
        if parts is None:
            return Reply(Answer.UNFIT)
        if parts.host.endswith(".invalid"):
            return Reply(Answer.SILENT)
        status = self.statuses.get(address, 200)
        return reply_of(status) if status else Reply(Answer.SILENT)
