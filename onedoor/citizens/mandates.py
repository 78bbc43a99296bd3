"""What may be asked about acting for others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from onedoor.citizens.events import MandateUsed
from onedoor.citizens.models import Citizen, Mandate
from onedoor.citizens.rules.mandates import Kind, State, Used
from onedoor.kernel import crypto
from onedoor.kernel.errors import NotFound
from onedoor.ledger import queries as ledger

Owner = Citizen | Mandate
"""Whose cases a page shows: one's own, or those of whom one acts for."""


def agent_index(number: str) -> str:
    return crypto.index_of(number, purpose="mandate.agent_number")


def party_index(number: str) -> str:
    return crypto.index_of(number, purpose="mandate.party_number")


def _open() -> QuerySet[Mandate]:
    return Mandate.objects.exclude(state=State.ENDED.value).order_by("-asked_at")


def of_agent(citizen: Citizen) -> list[Mandate]:
    """Return the authorities under which somebody acts, asked or given."""
    if not citizen.is_verified:
        return []
    return list(_open().filter(agent_index=agent_index(str(citizen.id_number))))


def over(citizen: Citizen) -> list[Mandate]:
    """Return who acts for somebody, or asks to."""
    if not citizen.is_verified:
        return []
    return list(_open().filter(party_index=party_index(str(citizen.id_number))))


def of_party(number: str) -> list[Mandate]:
    """Return who acts for whoever has this document, or asks to."""
    return list(_open().filter(party_index=party_index(number)))


def open_to(citizen: Citizen, *, on: date) -> list[Mandate]:
    """Return those under which somebody may act today, people first."""
    mine = [each for each in of_agent(citizen) if each.holds_on(on)]
    return sorted(mine, key=lambda m: (not m.is_family, m.name))


def held(citizen: Citizen, code: str, *, on: date) -> Mandate | None:
    """Return the authority with this code if somebody may act under it today; one statement."""
    if not citizen.is_verified or not code:
        return None
    mine = Mandate.objects.filter(code=code, agent_index=agent_index(str(citizen.id_number)))
    found = mine.filter(state=State.GIVEN.value).first()
    return found if found is not None and found.holds_on(on) else None


def concerning(citizen: Citizen, code: str) -> Mandate:
    """Return an open authority in which somebody acts, is acted for, or answers for the company."""
    if citizen.is_verified:
        number = str(citizen.id_number)
        theirs = Q(agent_index=agent_index(number)) | Q(party_index=party_index(number))
        companies = _open().filter(
            agent_index=agent_index(number), kind=Kind.LEGAL.value, state=State.GIVEN.value
        )
        theirs |= Q(party_index__in=companies.values("party_index"))
        found = _open().filter(theirs, code=code).first()
        if found is not None:
            return found
    raise NotFound("mandate.not_found", "没有这项代办，或者已经结束。")


def open_mandate(code: str) -> Mandate:
    """Return an open authority, for the window, or refuse."""
    found = _open().filter(code=code).first()
    if found is None:
        raise NotFound("mandate.not_found", "没有这项代办，或者已经结束。")
    return found


def is_agent(mandate: Mandate, citizen: Citizen) -> bool:
    return bool(mandate.agent_index == agent_index(str(citizen.id_number)))


def is_party(mandate: Mandate, citizen: Citizen) -> bool:
    """Whether somebody is acted for, or answers for the company that is."""
    number = str(citizen.id_number)
    if mandate.party_index == party_index(number):
        return True
    if mandate.is_family:
        return False
    return Mandate.objects.filter(
        agent_index=agent_index(number),
        party_index=mandate.party_index,
        kind=Kind.LEGAL.value,
        state=State.GIVEN.value,
    ).exists()


@dataclass(frozen=True)
class Doing:
    """What was done under an authority, and when."""

    what: Used
    at: datetime
    case: str


def doings(mandate: Mandate) -> list[Doing]:
    """Return what somebody did for another, the last first."""
    told = ledger.told_of([mandate.subject], kind=MandateUsed.kind)
    found = [Doing(Used(e.facts["what"]), e.at, str(e.facts.get("case", ""))) for e in told]
    return sorted(found, key=lambda each: each.at)[::-1]
