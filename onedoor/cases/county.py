"""What the county decided about cases: read once from its file, never from the database."""

from __future__ import annotations

from functools import cache

from onedoor.cases.rules.commitment import CommitmentRules, read_commitment_rules
from onedoor.cases.rules.correction import read_limit
from onedoor.cases.rules.online import OnlineRules, read_rules
from onedoor.cases.rules.pushes import PushRules, read_push_rules
from onedoor.catalogue.rules.limits import Limit
from onedoor.kernel import packs


@cache
def online_rules() -> OnlineRules:
    """Return what the county set for applications sent online (``[online]`` in its file)."""
    return read_rules(packs.county().get("online", {}))


@cache
def correction_limit() -> Limit:
    """Return how long an applicant has to supply what was asked (``[correction]``)."""
    return read_limit(packs.county().get("correction", {}))


@cache
def commitment_rules() -> CommitmentRules:
    """Return how long a broken promise bars, and until when to object (``[commitment]``)."""
    return read_commitment_rules(packs.county().get("commitment", {}))


@cache
def push_rules() -> PushRules:
    """Return the days a supervising department has to sign and answer (``[supervision]``)."""
    return read_push_rules(packs.county().get("supervision", {}))
