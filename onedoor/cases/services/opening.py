"""The rows a new case begins with, however it came: at the window, or online."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from onedoor.cases import codes
from onedoor.cases.inputs import ApplicantData
from onedoor.cases.models import NO_DATE, Applicant, Case
from onedoor.cases.rules import numbers
from onedoor.cases.rules.lifecycle import Step
from onedoor.catalogue.queries import VersionFacts
from onedoor.kernel import crypto
from onedoor.kernel.fields import new_id
from onedoor.kernel.rows import new


class Opened(NamedTuple):
    """A case that is not written yet, with what opens its progress page."""

    case: Case
    token: str


def applicant_row(checked: ApplicantData) -> Applicant:
    """Return the row of an applicant whose data were checked, not yet written."""
    return new(
        Applicant,
        kind=checked.kind.value,
        name=checked.name,
        id_type=checked.id_type.value,
        id_number=checked.id_number,
        id_index=crypto.index_of(checked.id_number, purpose="applicant.id_number"),
        name_index=crypto.index_of(checked.name, purpose="applicant.name"),
        phone=checked.phone,
        address=checked.address,
        agent=checked.agent,
        is_served_online=checked.is_served_online,
        salt=secrets.token_hex(16),
    )


def opened(
    number: str,
    version: VersionFacts,
    step: Step,
    person: Applicant,
    *,
    at: datetime,
    changes: Mapping[str, Any],
) -> Opened:
    """Return a case as it is after its first step; ``changes`` is what that step sets."""
    key = crypto.keyring().active
    case_id = new_id()
    token = codes.track_token(case_id, key)
    case = new(
        Case,
        id=case_id,
        number=number,
        alias=numbers.new_alias(),
        track_digest=crypto.token_digest(token),
        code_key=key,
        item_id=version.item_id,
        item_version_id=version.version_id,
        unit_id=version.unit_id,
        former_unit_id=version.former_unit_id,
        applicant=person,
        status=step.target.value,
        version=1,
        head="",
        moved_at=at,
        **({"urgent_on": NO_DATE} | dict(changes)),
    )
    codes.attach_facts(case, version)
    return Opened(case, token)
