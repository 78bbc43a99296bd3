"""What somebody who signed in finds of their own: cases, licences, files, and who looked."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from onedoor.accounts import queries as accounts
from onedoor.cases.county import online_rules
from onedoor.cases.events import FileShown, PersonalDataShown
from onedoor.cases.models import Applicant, Attachment, Case, Draft, Licence, Sender
from onedoor.cases.queries.seeing import WITH
from onedoor.cases.rules.words import Purpose
from onedoor.catalogue.models import ItemVersion
from onedoor.citizens import queries as citizens
from onedoor.citizens.identity.claims import Identity
from onedoor.citizens.mandates import Owner
from onedoor.citizens.models import Citizen, Mandate
from onedoor.kernel import crypto
from onedoor.kernel.codes import phone as phones
from onedoor.kernel.errors import NotValid
from onedoor.ledger import queries as ledger
from onedoor.messages import queries as messages
from onedoor.messages.models import Message

CITIZEN_ID = "111"
PER_PARTY = 50
"""So many cases of each are listed with those of the others; all of them in a list of their own."""
MOST = 2000
"""Of so many applications of one person the list knows; nobody reads further."""


def applicants_of(citizen: Owner) -> list[UUID]:
    """Return the applicants who are this person: nobody who was not identified is anybody."""
    if not citizen.is_verified:
        return []
    index = crypto.index_of(str(citizen.id_number), purpose="applicant.id_number")
    same = Applicant.objects.filter(id_index=index, id_type=citizen.id_type)
    return list(same.order_by("-pk").values_list("pk", flat=True)[:MOST])


def cases_of(citizen: Owner) -> QuerySet[Case]:
    """Return somebody's cases, the last moved first: those in their name, and those they sent."""
    sent = Sender.objects.filter(citizen__in=citizen.ids()).order_by("-pk")
    ids = list(sent.values_list("case", flat=True)[:MOST])
    # Two lists of keys: an OR over two tables would read every case.
    mine = Case.objects.filter(Q(applicant__in=applicants_of(citizen)) | Q(pk__in=ids))
    return mine.filter(erased_at__isnull=True).select_related(*WITH).order_by("-moved_at")


def licences_of(citizen: Owner) -> list[Licence]:
    """Return what was granted to somebody, the newest first."""
    held = Licence.objects.filter(applicant__in=applicants_of(citizen))
    return list(held.select_related("case__item_version", "unit").order_by("-valid_from"))


def files_of(citizen: Owner) -> QuerySet[Attachment]:
    """Return what somebody handed in, the newest first."""
    numbers = list(cases_of(citizen).values_list("pk", flat=True))
    return (
        Attachment.objects.filter(case_material__case__in=numbers)
        .select_related("file", "case_material__material", "case_material__case")
        .order_by("-added_at")
    )


def messages_about(cases: QuerySet[Case]) -> QuerySet[Message]:
    """Return what was told about somebody's cases, the latest first; nothing of erased ones."""
    return messages.in_app([f"case:{number}" for number in cases.values_list("number", flat=True)])


def unread_count(citizen: Citizen, cases: QuerySet[Case]) -> int:
    """Return how many messages about these cases somebody has not read."""
    return citizens.unread(citizen, messages_about(cases)).count()


class Whose(NamedTuple):
    """For whom something is handed in: kind and number of the document."""

    id_type: str
    id_number: str


def held_for(
    citizen: Owner, names: Collection[str], *, whose: Whose, at: datetime
) -> dict[str, Attachment]:
    """Return, for each name of a material, the last file handed in for one of that name.

    Only what was handed in for the same person: who applies for others keeps their papers apart.
    """
    index = crypto.index_of(whose.id_number, purpose="applicant.id_number")
    since = at - timedelta(days=online_rules().reuse_days)
    files = files_of(citizen).filter(
        case_material__case__applicant__id_index=index,
        case_material__case__applicant__id_type=whose.id_type,
        case_material__material__name__in=names,
        added_at__gt=since,
        file__erased_at__isnull=True,
    )
    found: dict[str, Attachment] = {}
    for each in files[:200]:
        found.setdefault(each.case_material.material.name, each)
    return found


def cases_of_all(mandates: Iterable[Mandate]) -> list[tuple[Case, Mandate]]:
    """Return the cases of everybody somebody acts for, the last moved first, with whose each is."""
    found = [(case, each) for each in mandates for case in cases_of(each)[:PER_PARTY]]
    return sorted(found, key=lambda pair: pair[0].moved_at, reverse=True)


def known_person(id_number: str) -> Identity | None:
    """Return a person and their mobile number as the centre knows them, to ask them something.

    From their own account where they signed in by identity, else from what they showed at a window:
    never from what somebody typed about them online.
    """
    account = citizens.of_identity(CITIZEN_ID, id_number)
    if account is not None and _is_mobile(str(account.phone)):
        return Identity(str(account.name), CITIZEN_ID, id_number, str(account.phone))
    index = crypto.index_of(id_number, purpose="applicant.id_number")
    shown = Applicant.objects.filter(id_index=index, id_type=CITIZEN_ID)
    seen = shown.filter(cases__submitted_at__isnull=True, cases__erased_at__isnull=True)
    for each in seen.order_by("-pk")[:5]:
        if not each.agent and _is_mobile(str(each.phone)):
            return Identity(str(each.name), CITIZEN_ID, id_number, str(each.phone))
    return None


def known_phone(id_number: str) -> str:
    """Return the mobile number of a person the centre knows; empty where there is none."""
    found = known_person("".join(id_number.split()).upper())
    return found.phone if found is not None else ""


def _is_mobile(text: str) -> bool:
    try:
        return phones.parse(text).is_mobile
    except NotValid:
        return False


@dataclass(frozen=True)
class Look:
    """Somebody at the centre looked at what a person told: when, from which unit, what for."""

    case: str
    at: datetime
    unit: str
    purpose: Purpose | None
    is_file: bool


def looks_at(citizen: Citizen) -> list[Look]:
    """Return who looked at somebody's data, the last first; a unit and a purpose, no names."""
    subjects = [f"case-access:{n}" for n in cases_of(citizen).values_list("number", flat=True)]
    told = [
        (entry, kind is FileShown)
        for kind in (PersonalDataShown, FileShown)
        for entry in ledger.told_of(subjects, kind=kind.kind)
    ]
    units = accounts.units_of({entry.actor for entry, _ in told})
    known = {purpose.value: purpose for purpose in Purpose}
    looks = [
        Look(
            entry.subject.removeprefix("case-access:"),
            entry.at,
            units.get(entry.actor, ""),
            known.get(entry.facts.get("purpose", "")),
            is_file,
        )
        for entry, is_file in told
    ]
    return sorted(looks, key=lambda look: look.at, reverse=True)


def names_of_drafts(drafts: Iterable[Draft]) -> list[tuple[Draft, str]]:
    """Return each draft with the name of what is applied for; one statement."""
    listed = list(drafts)
    versions = ItemVersion.objects.filter(item__in={d.item_id for d in listed})
    names = {
        (item, number): name
        for item, number, name in versions.values_list("item", "number", "name")
    }
    return [(d, names.get((d.item_id, d.item_version), "")) for d in listed]
