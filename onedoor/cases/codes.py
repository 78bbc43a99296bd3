"""The codes on a receipt, derived from the installation's key and the case's id.

Neither is stored: a receipt can be printed again, and a stolen database tells neither. Of the
QR token only a digest is kept, to find the case by.
"""

from __future__ import annotations

from uuid import UUID

from onedoor.accounts.models import Organisation
from onedoor.cases.models import Case, Depositing
from onedoor.cases.rules.lifecycle import Status
from onedoor.catalogue.models import Item, ItemVersion
from onedoor.catalogue.queries import VersionFacts
from onedoor.kernel import crypto


def query_code(case_id: UUID, key_version: int) -> str:
    """Return the six digits that prove somebody holds the receipt."""
    code = crypto.mac(str(case_id), purpose="case.query_code", version=key_version)
    return f"{int.from_bytes(code[:8], 'big') % 1_000_000:06d}"


def pickup_code(put: Depositing, case: Case) -> str:
    """Return the six digits that open the compartment a paper was put into, this once."""
    code = crypto.mac(str(put.pk), purpose="case.pickup_code", version=case.code_key)
    return f"{int.from_bytes(code[:8], 'big') % 1_000_000:06d}"


def pickup_code_of(case: Case) -> str:
    """Return what opens the compartment the case's paper lies in now; empty where it lies in none.

    For whoever showed that the application is theirs, and nobody else.
    """
    if case.state is not Status.READY:
        return ""
    put = Depositing.objects.filter(case=case).order_by("-put_at").first()
    return pickup_code(put, case) if put else ""


def track_token(case_id: UUID, key_version: int) -> str:
    """Return the 128 bits in the receipt's QR code, as 32 hex characters."""
    return crypto.token(case_id, purpose="case.track", version=key_version)


def attach_facts(case: Case, version: VersionFacts) -> None:
    """Give a new case the rows it refers to from what is cached, without reading them again."""
    case.unit = Organisation(id=version.unit_id, code=version.unit_code, name=version.unit_name)
    case.item = Item(id=version.item_id, code=version.code, unit_id=version.unit_id)
    case.item_version = version.as_row()
    assert isinstance(case.item_version, ItemVersion)
