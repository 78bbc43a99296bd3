"""Which needs of the table the facts of a case meet, beside what whoever acts writes down."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from onedoor.accounts.rules import Actor
from onedoor.cases.models import (
    Applicant,
    ApplicationMember,
    Case,
    CaseMaterial,
    Depositing,
    Entrusting,
    Forwarding,
    Hearing,
    Licence,
    Pause,
    Proposal,
    Survey,
)
from onedoor.cases.rules.delivery import Unserved
from onedoor.cases.rules.licences import LicenceState, is_asked_in_time
from onedoor.cases.rules.lifecycle import Need, Status
from onedoor.cases.rules.promises import may_follow
from onedoor.cases.rules.words import Channel
from onedoor.catalogue import queries as catalogue
from onedoor.catalogue.models import Item
from onedoor.catalogue.rules.limits import LimitUnit
from onedoor.kernel.clock import day_of
from onedoor.kernel.prepared import Prepared
from onedoor.papers import queries as papers

UNSIGNED_SURVEY: Prepared[Survey] = Prepared(
    lambda: Survey.objects.filter(signed_at__isnull=True), by="case"
)


def longest_extension(case: Case) -> int:
    """Return how many working days the law of this item lets its limit be extended by."""
    limit = case.item_version.statutory
    if limit is None or limit.unit is not LimitUnit.WD or limit.count == 0:
        return 0
    found = catalogue.item_types().by_code.get(case.item_version.item_type)
    return found.extension_days if found else 0


def of_extension(case: Case, *, on: date) -> frozenset[Need]:
    """Return what holds for extending the case on that day; the last day is still in time."""
    met = set()
    if longest_extension(case):
        met.add(Need.EXTENDABLE)
    if case.extension is None:
        met.add(Need.NOT_EXTENDED)
    if case.statutory_due_on is not None and on <= case.statutory_due_on:
        met.add(Need.IN_TIME)
    return frozenset(met)


def of_originals(case: Case) -> frozenset[Need]:
    """Return whether there are originals to wait for that nobody has asked to bring yet."""
    to_come = case.materials.filter(channel=Channel.BRING.value)
    if case.prechecked_at is None and to_come.exists():
        return frozenset({Need.ORIGINALS_AWAITED})
    return frozenset()


def of_correction(case: Case, *, on: date) -> frozenset[Need]:
    """Return whether what a notice asked for may still be supplied; its last day is in time."""
    if case.correction_due_on is None:
        return frozenset()
    is_open = on <= case.correction_due_on
    return frozenset({Need.CORRECTION_OPEN if is_open else Need.CORRECTION_OVER})


def of_forwarding(case: Case) -> frozenset[Need]:
    """Return whether the upper body decides on the case, and what it has answered."""
    if not case.item_version.is_forwarded:
        return frozenset({Need.DECIDED_HERE})
    met = {Need.FORWARDABLE}
    sent = Forwarding.objects.filter(case=case).first()
    if sent is not None and sent.is_approved is None:
        met.add(Need.REPLY_AWAITED)
    elif sent is not None:
        met.add(Need.REPLY_YES if sent.is_approved else Need.REPLY_NO)
    return frozenset(met)


def of_serving_online(person: Applicant) -> frozenset[Need]:
    """Return whether papers may be served electronically on this applicant."""
    return frozenset({Need.CONSENTED} if person.is_served_online else ())


def of_entrusting(asked: Entrusting | None) -> frozenset[Need]:
    """Return whether another body was asked to hand the paper over."""
    return frozenset({Need.ENTRUSTED} if asked else ())


def of_depositing(put: Depositing | None) -> frozenset[Need]:
    """Return whether the paper lies in a cabinet."""
    return frozenset({Need.DEPOSITED} if put else ())


def of_announcing(case: Case, ground: Unserved | None = None) -> frozenset[Need]:
    """Return whether a paper may be announced: once, and where no other way is left.

    That whoever should get it cannot be found is for the head to say; that other ways failed shows
    in a letter that was sent and not signed for.
    """
    met = {Need.NOT_ANNOUNCED} if case.announced_on is None else set()
    if ground is Unserved.UNKNOWN or case.postings.filter(signed_on__isnull=True).exists():
        met.add(Need.LAST_RESORT)
    return frozenset(met)


def of_notice(case: Case, *, on: date) -> frozenset[Need]:
    """Return whether the time for which a paper was announced is over; its last day is in time."""
    until = case.notice_due_on
    return frozenset({Need.NOTICE_OVER} if until is not None and on > until else ())


def is_tolerable(case: Case, rows: Iterable[CaseMaterial]) -> bool:
    """Say whether a case may be accepted on the promise to bring later what is missing (容缺).

    Not in a joint application: its papers are judged once for several cases, and what one item
    lets follow another has to have at once.
    """
    found = [(row.found, row.material.necessity) for row in rows if not row.promised]
    return (
        case.item_version.tolerates
        and may_follow(found)
        and not ApplicationMember.objects.filter(case=case).exists()
    )


def of_supplement(case: Case, *, on: date) -> frozenset[Need]:
    """Return whether something promised is still to come, and may; the last day is in time."""
    if case.state is Status.RECEIVED:  # brought before anybody accepted: no day is over yet
        is_awaited = any(row.is_awaited for row in case.materials.all())
        return frozenset({Need.SUPPLEMENT_OPEN} if is_awaited else ())
    if case.supplement_due_on is None or case.supplemented_at is not None:
        return frozenset({Need.PROMISES_KEPT})
    is_open = on <= case.supplement_due_on
    return frozenset({Need.SUPPLEMENT_OPEN if is_open else Need.SUPPLEMENT_OVER})


def of_special(case: Case, by: Actor) -> frozenset[Need]:
    """Return what was proposed and what runs of the special procedures; two statements."""
    met = set()
    proposed = Proposal.objects.filter(case=case, is_approved__isnull=True).first()
    if proposed is None:
        met.add(Need.NONE_PROPOSED)
    else:
        met |= {Need.PROPOSED} | ({Need.BY_ANOTHER} if proposed.proposed_by != by.ref else set())
    running = Pause.objects.filter(case=case, resumed_on__isnull=True).count()
    met.add(Need.OTHERS_RUN if running > 1 else Need.LAST_ONE)
    return frozenset(met)


def of_surveys(case: Case, by: Actor) -> frozenset[Need]:
    """Return how far the inspection that is under way has come, as this person may act on it."""
    survey = UNSIGNED_SURVEY.first(case.pk)
    if survey is None:
        return frozenset({Need.NO_SURVEY, Need.SURVEYS_DONE})
    if by.person_id not in (survey.first_id, survey.second_id):
        return frozenset()
    if not survey.written_by:
        return frozenset({Need.MINE_TO_WRITE})
    return frozenset({Need.OTHERS_TO_SIGN} if survey.written_by != by.ref else ())


def of_hearing(case: Case, *, on: date) -> frozenset[Need]:
    """Return how far a hearing has come, and whether it still stands before the decision."""
    found = Hearing.objects.filter(case=case).first()
    if found is None:
        return frozenset({Need.NOT_TOLD, Need.HEARING_SETTLED})
    if found.recorded_on is not None:
        return frozenset({Need.HEARING_SETTLED})
    if found.asked_on is None:
        return frozenset({Need.MAY_ASK if on <= found.ask_by else Need.HEARING_SETTLED})
    held = found.held_at is not None and day_of(found.held_at) <= on
    return frozenset({Need.ASKED, Need.HEARD} if held else {Need.ASKED})


def of_decision(case: Case, *, by: Actor, on: date) -> frozenset[Need]:
    """Return what holds for deciding: nothing still awaited, and places left."""
    met = of_surveys(case, by) | of_hearing(case, on=on) | of_special(case, by)
    met |= of_supplement(case, on=on)
    return met | of_quantity(case, on=on)


def hold_places(case: Case) -> None:
    """Lock what a limited number is counted by: two at once cannot both give the last place."""
    if case.item_version.quantity is not None:
        Item.objects.select_for_update().get(pk=case.item_id)


def of_quantity(case: Case, *, on: date) -> frozenset[Need]:
    """Return what holds for granting a licence of which only so many are granted a year.

    In order of acceptance: whoever is not accepted yet stands behind all that are. A renewal
    takes no new place, an ended licence gives its place back.

    Basis: 许可法57.
    """
    limit = case.item_version.quantity
    if limit is None or case.renews is not None:
        return frozenset({Need.QUANTITY_LEFT, Need.IN_ORDER})
    granted = Licence.objects.filter(
        item_id=case.item_id,
        state=LicenceState.VALID.value,
        follows__isnull=True,
        valid_from__year=on.year,
    )
    left = limit - granted.count()
    before = Case.objects.filter(
        item_id=case.item_id,
        status__in=[s.value for s in (Status.ACCEPTED, Status.IN_REVIEW, Status.SPECIAL)],
        renews__isnull=True,
    ).exclude(pk=case.pk)
    if case.accepted_at is not None:
        before = before.filter(accepted_at__lt=case.accepted_at)
    met = {Need.QUANTITY_LEFT} if left > 0 else set()
    if before.count() < left:
        met.add(Need.IN_ORDER)
    return frozenset(met)


def of_seal(case: Case) -> frozenset[Need]:
    """Return whether the decision has every seal it was written down to need; one statement."""
    return frozenset({Need.SEALED} if papers.is_decision_sealed(case.number) else ())


def of_renewal(case: Case, licence: Licence, *, on: date) -> frozenset[Need]:
    """Return whether a case may renew a licence: valid, not over, of the same person."""
    is_over = licence.valid_to is not None and licence.valid_to < on
    is_same = licence.applicant.id_index == case.applicant.id_index
    is_valid = licence.standing is LicenceState.VALID
    open_ones = Case.objects.filter(renews=licence, is_open=True)
    if open_ones.exclude(pk=case.pk).exists():
        return frozenset()
    return frozenset({Need.RENEWABLE} if is_valid and is_same and not is_over else ())


def _asked_on(case: Case) -> date:
    """Return the day the application was made: sent online, or handed in at the window."""
    asked_at = case.submitted_at or case.brought_at or case.received_at
    assert asked_at is not None
    return day_of(asked_at)


def of_silent_renewal(case: Case, *, on: date) -> frozenset[Need]:
    """Return what holds for renewal by silence: asked in time, and the last day has passed."""
    old = case.renews
    if old is None or old.valid_to is None or old.standing is not LicenceState.VALID:
        return frozenset()  # revoked or renewed meanwhile: somebody has to decide
    met = {Need.EXPIRED} if on > old.valid_to else set()
    if is_asked_in_time(_asked_on(case), old.valid_to):
        met.add(Need.ASKED_IN_TIME)
    return frozenset(met)
