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
from onedoor.citizens.models import Citizen
from onedoor.kernel import crypto
from onedoor.ledger import queries as ledger
from onedoor.messages import queries as messages
from onedoor.messages.models import Message

MOST = 2000
"""Of so many applications of one person the list knows; nobody reads further."""


def applicants_of(citizen: Citizen) -> list[UUID]:
    """Return the applicants who are this person: nobody who was not identified is anybody."""
    if not citizen.is_verified:
        return []
    index = crypto.index_of(str(citizen.id_number), purpose="applicant.id_number")
    same = Applicant.objects.filter(id_index=index, id_type=citizen.id_type)
    return list(same.order_by("-pk").values_list("pk", flat=True)[:MOST])


def cases_of(citizen: Citizen) -> QuerySet[Case]:
    """Return somebody's cases, the last moved first: those in their name, and those they sent."""
    sent = Sender.objects.filter(citizen__in=citizen.ids()).order_by("-pk")
    ids = list(sent.values_list("case", flat=True)[:MOST])
    # Two lists of keys: an OR over two tables would read every case.
    mine = Case.objects.filter(Q(applicant__in=applicants_of(citizen)) | Q(pk__in=ids))
    return mine.filter(erased_at__isnull=True).select_related(*WITH).order_by("-moved_at")


def licences_of(citizen: Citizen) -> list[Licence]:
    """Return what was granted to somebody, the newest first."""
    held = Licence.objects.filter(applicant__in=applicants_of(citizen))
    return list(held.select_related("case__item_version", "unit").order_by("-valid_from"))


def files_of(citizen: Citizen) -> QuerySet[Attachment]:
    """Return what somebody handed in, the newest first."""
    numbers = list(cases_of(citizen).values_list("pk", flat=True))
    return (
        Attachment.objects.filter(case_material__case__in=numbers)
        .select_related("file", "case_material__material", "case_material__case")
        .order_by("-added_at")
    )


def messages_of(citizen: Citizen) -> QuerySet[Message]:
    """Return what somebody was told about their cases, the latest first; nothing of erased ones."""
    subjects = [f"case:{number}" for number in cases_of(citizen).values_list("number", flat=True)]
    return messages.in_app(subjects)


def unread_count(citizen: Citizen) -> int:
    """Return how many messages somebody has not read."""
    return citizens.unread(citizen, messages_of(citizen)).count()


class Whose(NamedTuple):
    """For whom something is handed in: kind and number of the document."""

    id_type: str
    id_number: str


def held_for(
    citizen: Citizen, names: Collection[str], *, whose: Whose, at: datetime
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
