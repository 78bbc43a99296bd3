"""Ending an account: what it knew of somebody goes; their cases stay as the law has it.

Basis: 个人信息保护法 47; what the archive must keep is kept (档案法 10, 13).
"""

from __future__ import annotations

from datetime import datetime

from onedoor.cases.models import Sender
from onedoor.cases.services import drafting
from onedoor.citizens import services as citizens
from onedoor.citizens.models import Citizen
from onedoor.ledger import services as ledger


@ledger.recorded
def close_account(citizen: Citizen, *, at: datetime) -> None:
    """Close an account with its drafts, and forget which applications were sent by it."""
    citizens.end_all(citizen, at=at)
    drafting.discard_all(citizen)
    Sender.objects.filter(citizen__in=citizen.ids()).delete()
    citizens.close(citizen, at=at)
