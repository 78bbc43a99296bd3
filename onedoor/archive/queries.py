"""What may be asked of the archive: who sees which file, who finds it, what may be disposed of."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from onedoor.accounts.rules import Actor, Role
from onedoor.archive.models import ArchiveFile, DisposalLine, DisposalList, Hold
from onedoor.archive.rules.words import FileState
from onedoor.cases.models import Licence
from onedoor.cases.rules import numbers
from onedoor.cases.rules.licences import LicenceState
from onedoor.kernel import crypto
from onedoor.kernel.errors import NotFound

READING = (Role.ARCHIVIST, Role.HEAD, Role.SUPERVISOR)
WITH = ("case__item", "case__item_version", "case__unit", "case__applicant", "package")


def visible_to(actor: Actor) -> QuerySet[ArchiveFile]:
    """Return the files of the units the actor keeps or heads, the latest first."""
    units = actor.units_of(READING)
    found = ArchiveFile.objects.select_related(*WITH).order_by("-closed_on", "-number")
    return found if units is None else found.filter(case__unit__in=units)


def file_for(actor: Actor, number: str) -> ArchiveFile:
    """Return a file by its number, or refuse as if there were none."""
    found = visible_to(actor).filter(number=number).first()
    if found is None:
        raise NotFound("archive.not_found", "没有这份档案，或者不归您管。")
    return found


def found_by(
    actor: Actor, *, text: str = "", person: str = "", state: str = ""
) -> QuerySet[ArchiveFile]:
    """Return the files that a number or an item finds, or those of a person or organisation."""
    found = visible_to(actor)
    if state in set(FileState):
        found = found.filter(state=state)
    if text := text.strip():
        found = found.filter(_named(text))
    if person := person.strip():
        ids = crypto.index_of(person, purpose="applicant.id_number")
        names = crypto.index_of(person, purpose="applicant.name")
        found = found.filter(
            Q(case__applicant__id_index=ids) | Q(case__applicant__name_index=names)
        )
    return found


def _named(text: str) -> Q:
    wanted = numbers.normal(text)
    if numbers.is_alias(wanted):
        return Q(case__alias=wanted)
    by_item = Q(case__item__code=text) | Q(case__item_version__name__icontains=text)
    return Q(number=text) | Q(case__number=wanted or "-") | by_item


def disposable(actor: Actor, *, on: date) -> QuerySet[ArchiveFile]:
    """Return the kept files whose time is over and that nothing holds, the oldest first."""
    in_force = Licence.objects.filter(state=LicenceState.VALID.value).exclude(valid_to__lt=on)
    return (
        visible_to(actor)
        .filter(state=FileState.KEPT.value, kept_until__lt=on)
        .exclude(pk__in=Hold.objects.filter(lifted_at__isnull=True).values("file"))
        .exclude(case__in=in_force.values("case"))
        .order_by("kept_until", "number")
    )


def hold_on(file: ArchiveFile) -> Hold | None:
    return file.holds.filter(lifted_at__isnull=True).first()


def lists(actor: Actor) -> QuerySet[DisposalList]:
    """Return the lists of disposal that name files of the actor's units alone, the latest first."""
    found = DisposalList.objects.prefetch_related("lines__file").order_by("-proposed_at")
    units = actor.units_of(READING)
    if units is None:
        return found
    others = DisposalLine.objects.exclude(file__case__unit__in=units)
    return found.exclude(pk__in=others.values("disposal"))


def list_for(actor: Actor, number: str) -> DisposalList:
    """Return a list by its number, or refuse as if there were none."""
    found = lists(actor).filter(number=number).first()
    if found is None:
        raise NotFound("archive.no_list", "没有这份销毁清册。")
    return found
