"""What may be asked: the public list, what is late, and whether nothing was forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from onedoor.accounts.rules import Actor, Role
from onedoor.cases import register
from onedoor.cases.models import Licence
from onedoor.cases.rules.words import ApplicantKind
from onedoor.catalogue import queries as catalogue
from onedoor.disclosure.models import Publication
from onedoor.disclosure.rules.words import PublicState
from onedoor.kernel import crypto
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotFound
from onedoor.papers.models import Paper
from onedoor.papers.rules.kinds import Kind

OFFICE = (Role.ACCEPTOR, Role.REVIEWER, Role.DECIDER, Role.HEAD, Role.SUPERVISOR)
WITH = ("licence__item", "licence__unit", "licence__applicant", "licence__case__item_version")


def subject_of(publication: Publication) -> str:
    return f"publication:{publication.licence.number}"


def public(text: str = "") -> QuerySet[Publication]:
    """Return what is on the public list, the latest first, or what a number or name finds."""
    found = Publication.objects.filter(state=PublicState.PUBLISHED.value)
    found = found.select_related(*WITH).order_by("-published_at", "-licence__number")
    if not (text := text.strip()):
        return found
    organisation = Q(
        licence__applicant__name_index=crypto.index_of(text, purpose="applicant.name"),
        licence__applicant__kind=ApplicantKind.ORGANISATION.value,
    )
    papers = Paper.objects.filter(number=text, kind__in=register.GRANTING)
    return found.filter(
        Q(licence__number=text)
        | Q(licence__case__item_version__name__icontains=text)
        | Q(licence__unit__name__icontains=text)
        | Q(licence__number__in=papers.values("subject"))
        | organisation
    )


def rows_of(publications: list[Publication], *, on: date) -> list[dict[str, str]]:
    """Return the columns of these decisions as anybody may read them; two statements more."""
    numbers = [each.licence.number for each in publications]
    papers = Paper.objects.filter(
        subject__in=numbers, kind__in=register.GRANTING, replaced_by__isnull=True
    )
    granted = {paper.subject: paper for paper in papers.only("subject", "number", "kind")}
    return [_row(each, granted.get(each.licence.number), on=on) for each in publications]


def _row(publication: Publication, paper: Paper | None, *, on: date) -> dict[str, str]:
    licence = publication.licence
    holder, version = licence.applicant, licence.case.item_version
    kind = ApplicantKind(holder.kind)
    decided, published = licence.case.decided_at, publication.published_at
    assert decided is not None
    return {
        "holder": holder.shown_name,
        "holder_kind": kind.zh,
        "credit_code": str(holder.id_number) if kind is ApplicantKind.ORGANISATION else "",
        "paper_kind": Kind(paper.kind).zh if paper else "",
        "paper": paper.number if paper else "",
        "kind": catalogue.item_types().name_of(version.item_type),
        "licence": licence.number,
        "content": version.name,
        "decided_on": day_of(decided).isoformat(),
        "valid_from": licence.valid_from.isoformat(),
        "valid_to": licence.valid_to.isoformat() if licence.valid_to else "",
        "unit": licence.unit.name,
        "unit_code": licence.unit.code,
        "standing": licence.shown_on(on).zh,
        "published_on": day_of(published).isoformat() if published else "",
    }


# --- For staff ------------------------------------------------------------------------------------


def visible_to(actor: Actor) -> QuerySet[Publication]:
    """Return the publications of the units the actor works for, what is due first."""
    units = actor.units_of(OFFICE)
    found = Publication.objects.select_related(*WITH)
    found = found if units is None else found.filter(licence__unit__in=units)
    return found.order_by("due_on", "licence__number")


def publication_for(actor: Actor, number: str) -> Publication:
    """Return the publication of a licence, or refuse as if there were none."""
    found = visible_to(actor).filter(licence__number=number).first()
    if found is None:
        raise NotFound("disclosure.not_found", "没有这项公示，或者不归您办。")
    return found


def overdue(actor: Actor, *, on: date) -> QuerySet[Publication]:
    """Return what should be public by now and is not."""
    return visible_to(actor).filter(state=PublicState.WAITING.value, due_on__lt=on)


@dataclass(frozen=True)
class Count:
    """Decisions = published + withheld + waiting + forgotten; of the waiting, those too late."""

    decided: int
    published: int
    withheld: int
    waiting: int
    late: int

    @property
    def forgotten(self) -> int:
        return self.decided - self.published - self.withheld - self.waiting


def count(actor: Actor, *, on: date) -> Count:
    """Count the granted licences of the actor's units and where each stands."""
    units = actor.units_of(OFFICE)
    licences = Licence.objects.all() if units is None else Licence.objects.filter(unit__in=units)
    mine = visible_to(actor)
    return Count(
        decided=licences.count(),
        published=mine.filter(state=PublicState.PUBLISHED.value).count(),
        withheld=mine.filter(state=PublicState.WITHHELD.value).count(),
        waiting=mine.filter(state=PublicState.WAITING.value).count(),
        late=overdue(actor, on=on).count(),
    )


def forgotten() -> QuerySet[Licence]:
    """Return the licences nobody entered: none, unless a listener is behind."""
    return Licence.objects.filter(publication__isnull=True).select_related("case")
