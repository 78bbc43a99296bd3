"""The register of licences (证照台账): who sees which, who finds which, how one stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from onedoor.accounts.rules import Actor
from onedoor.cases import queries
from onedoor.cases.models import Case, Licence
from onedoor.cases.rules import licence_ids, numbers
from onedoor.cases.rules.licences import LicenceState, Shown
from onedoor.kernel import crypto
from onedoor.kernel.errors import NotFound
from onedoor.papers import queries as papers
from onedoor.papers.granting import Granted
from onedoor.papers.models import Paper
from onedoor.papers.rules.kinds import Kind
from onedoor.papers.rules.words import Standing

GRANTING = (Kind.GRANT.value, Kind.AT_ONCE.value)
"""The papers that grant a licence."""

SHOWING = (*GRANTING, Kind.CERTIFICATE.value)
"""Those that stand as long as it does."""

ENDING = (Kind.REVOCATION.value, Kind.CANCELLATION.value)
"""The papers that end one."""

STANDING = {
    Shown.VALID: Standing.VALID,
    Shown.EXPIRED: Standing.EXPIRED,
    Shown.RENEWED: Standing.RENEWED,
    Shown.REVOKED: Standing.REVOKED,
    Shown.CANCELLED: Standing.CANCELLED,
}


def visible_to(actor: Actor) -> QuerySet[Licence]:
    """Return the licences of the units the actor works for, the latest first."""
    units = actor.units_of(queries.WORKING)
    found = Licence.objects.select_related("item", "unit", "applicant", "case__item_version")
    found = found if units is None else found.filter(unit__in=units)
    return found.order_by("-valid_from", "-number")


def licence_for(actor: Actor, number: str) -> Licence:
    """Return a licence by its number, or refuse as if there were none."""
    licence = visible_to(actor).filter(number=number).first()
    if licence is None:
        raise NotFound("licence.not_found", "本单位没有编号为 %(number)s 的证照。", number=number)
    return licence


def grant_of(licence: Licence) -> Paper:
    """Return the paper that grants the licence: the last of those that replaced each other."""
    return papers.of(licence.case.number).get(kind__in=GRANTING, replaced_by__isnull=True)


def in_force_of(case: Case) -> Licence | None:
    """Return the licence a case granted, unless there is none or it has ended since."""
    found = Licence.objects.select_related("applicant", "case__item_version", "follows")
    return found.filter(case=case.pk, state=LicenceState.VALID.value).first()


def certificate_of(licence: Licence) -> Paper | None:
    """Return the certificate of a licence; none while it is not made."""
    made = papers.of(licence.case.number).filter(kind=Kind.CERTIFICATE.value)
    return made.filter(replaced_by__isnull=True).first()


def granted_by(paper: Paper, on: date) -> Granted | None:
    """Return the licence a paper granted, as anybody may see it that day."""
    if paper.kind not in SHOWING:
        return None
    found = (
        Licence.objects.select_related("applicant", "case__item_version")
        .filter(number=paper.subject)
        .first()
    )
    if found is None:
        return None
    return Granted(
        number=found.number,
        identifier=found.identifier,
        holder=found.applicant.shown_name,
        valid_from=found.valid_from,
        valid_to=found.valid_to,
        standing=STANDING[found.shown_on(on)],
        worded_term=found.worded_term,
        is_for_good=found.is_for_good,
    )


def decision_on(licence: Licence) -> Paper | None:
    """Return the decision that revoked or cancelled the licence, if there is one."""
    return papers.of(licence.subject).filter(kind__in=ENDING).first()


def delivery_of(licence: Licence) -> Paper | None:
    """Return the proof that the decision was handed over (送达回证), if it was."""
    return papers.of(licence.subject).filter(kind=Kind.DELIVERY.value).first()


@dataclass(frozen=True)
class Sought:
    """What is looked for: words, how it stands, and whose it is."""

    text: str = ""
    shown: Shown | None = None
    holder: str = ""
    """A name or a number of identity in full: neither ever stands in an address."""


def found_by(actor: Actor, sought: Sought, *, on: date) -> QuerySet[Licence]:
    """Return the licences that match: by number, identifier, short number, item, holder, state."""
    found = visible_to(actor)
    if text := sought.text.strip():
        found = found.filter(_named(text))
    if sought.shown is not None:
        found = found.filter(_standing(sought.shown, on=on))
    if holder := sought.holder.strip():
        ids = crypto.index_of(holder, purpose="applicant.id_number")
        names = crypto.index_of(holder, purpose="applicant.name")
        found = found.filter(Q(applicant__id_index=ids) | Q(applicant__name_index=names))
    return found


def _named(text: str) -> Q:
    wanted = numbers.normal(text)
    if licence_ids.read(text) is not None:
        return Q(identifier=text.upper())
    if numbers.is_alias(wanted):
        return Q(case__alias=wanted)
    by_item = Q(item__code=text) | Q(case__item_version__name__icontains=text)
    return Q(number=wanted) | by_item if wanted else by_item


def _standing(wanted: Shown, *, on: date) -> Q:
    over = Q(valid_to__lt=on)
    valid = Q(state=LicenceState.VALID.value)
    if wanted is Shown.EXPIRED:
        return valid & over
    return valid & ~over if wanted is Shown.VALID else Q(state=wanted.value)
