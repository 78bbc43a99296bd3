"""Papers from before the seal: sealed afterwards as they are, once, and told from before."""

import io
from datetime import date

import pytest
from django.test import Client

from onedoor.files.services import opened
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed, Refusal
from onedoor.ledger import queries as ledger
from onedoor.papers import queries, reissuing
from onedoor.papers import services as papers
from onedoor.papers.rules import certificates, endings, road
from onedoor.papers.rules.contents import sample
from onedoor.papers.rules.words import Compared
from onedoor.papers.tests import given_seals
from onedoor.papers.tests.given import FRIDAY, SUBJECT, issue, unit
from onedoor.seals import queries as seals
from onedoor.seals.models import SealRequest, SealUse

pytestmark = pytest.mark.django_db
LATER = clock.at_local(date(2026, 6, 1), 11)


@pytest.fixture
def old(monkeypatch):
    """Return three grants from before the seal; the unit is under it by now."""
    made = [issue() for _ in range(3)]
    given_seals.under_one_seal(monkeypatch)
    given_seals.seal()
    monkeypatch.setattr(clock, "now", lambda: LATER)
    return made


def reissue(username="keeper", limit=100):
    by = given_seals.actor(username)
    return list(reissuing.reissue(reissuing.unsealed(), limit=limit, by=by, at=LATER))


def test_what_was_issued_before_the_seal_is_sealed_once_and_stays_what_it_was(old):
    digests = [paper.digest for paper in old]

    first, again = reissue(), reissue()

    assert (first, again) == ([3], [])
    assert SealUse.objects.count() == 3
    for paper, digest in zip(old, digests, strict=True):
        paper.refresh_from_db()
        asked = seals.request_for(paper.number)
        assert (paper.digest, asked.digest, asked.is_afterwards) == (digest, digest, True)
        assert queries.is_intact(paper)
        assert papers.served(paper, at=LATER) == seals.sealed_file(paper.number)
        assert ledger.history(f"paper-seal:{paper.number}")[-1].kind == "paper.reissued"


def test_a_pdf_from_before_is_told_apart_and_is_no_forgery(old):
    paper = old[0]
    before = opened(papers.pdf_of(paper, at=FRIDAY).digest).read()

    reissue()

    assert queries.compared(paper, io.BytesIO(before)) is Compared.EARLIER
    assert queries.compared(paper, io.BytesIO(before[:-1])) is Compared.OTHER
    sealed = opened(papers.served(paper, at=LATER).digest).read()
    assert queries.compared(paper, io.BytesIO(sealed)) is Compared.SEALED
    assert "已用印" in Client().get(f"/v/{paper.code}/").content.decode()


def test_it_goes_in_batches_and_on_where_it_was_cut_off(old, monkeypatch):
    monkeypatch.setattr(reissuing, "BATCH", 1)
    by = given_seals.actor("keeper")
    reissuing.ask_again(old[0], by=by, at=LATER)  # and then the machine stopped

    assert reissue(limit=1) == [1, 1]
    assert reissuing.unsealed().count() == 1
    assert reissue() == [1]
    assert SealUse.objects.count() == 3


@pytest.mark.usefixtures("old")
def test_what_asked_when_it_was_issued_needs_no_seal_or_was_replaced_is_left_alone():
    later = issue()
    replaced = SealRequest.objects.count()
    issue(sample(road.Delivery))

    found = set(reissuing.unsealed().values_list("number", flat=True))

    assert later.number not in found
    assert (len(found), replaced) == (3, 1)
    delivery = queries.of(later.subject).get(kind="delivery")
    with pytest.raises(Refusal) as none:
        reissuing.ask_again(delivery, by=given_seals.actor("keeper"), at=LATER)
    assert none.value.code == "paper.needs_no_seal"


def test_nobody_but_a_keeper_seals_afterwards_and_nobody_what_they_approved(old):
    keeper = given_seals.actor("keeper")
    own = reissuing.ask_again(old[0], by=keeper, at=LATER)
    with pytest.raises(NotAllowed):
        reissue("decider")
    SealRequest.objects.filter(pk=own.pk).update(approver=keeper.ref)

    assert sum(reissue()) == 2
    assert sum(reissue("keeper2")) == 1


@pytest.fixture
def certified(monkeypatch):
    """Return a certificate the issuer made of what the second keeper decided, before the seal."""
    keeper = given_seals.actor("keeper2")
    granted = papers.issue(sample(road.Grant), unit=unit(), subject=SUBJECT, by=keeper, at=FRIDAY)
    made = papers.issue(
        sample(certificates.Certificate),
        unit=granted.unit,
        subject=granted.subject,
        by=given_seals.actor("issuer"),
        at=FRIDAY,
        approver=granted.issued_by,
    )
    given_seals.under_one_seal(monkeypatch)
    given_seals.seal()
    monkeypatch.setattr(clock, "now", lambda: LATER)
    return made, granted


def test_a_certificate_whose_grant_was_taken_back_stops_nobody(certified, monkeypatch):
    made, granted = certified
    with monkeypatch.context() as by_hand:
        by_hand.setattr(seals, "is_by_hand", lambda kind, *, on: True)
        issue(sample(endings.Revocation), ends=granted)

    counted = sum(reissue())

    assert made.number not in set(reissuing.unsealed().values_list("number", flat=True))
    assert counted == 1  # the revocation alone
    assert seals.request_of(made.number) is None


def test_who_decided_approved_a_certificate_sealed_afterwards(certified):
    made, _ = certified
    keeper, second = given_seals.actor("keeper"), given_seals.actor("keeper2")

    left = reissuing.left_for(second)
    asked = reissuing.ask_again(made, by=keeper, at=LATER)

    assert left == 0  # the decision and what rests on it wait for the other keeper
    assert asked.approver == second.ref
