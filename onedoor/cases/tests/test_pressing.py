"""A seal of rubber: what it was pressed on is in its book, once, by its keeper."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from onedoor.accounts.models import Person
from onedoor.cases import pressing
from onedoor.cases.reconciling import reconcile
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.tests import given
from onedoor.kernel import clock
from onedoor.kernel.tests.refusing import refused
from onedoor.ledger import queries as ledger
from onedoor.papers.models import Paper
from onedoor.papers.tests import given_seals
from onedoor.seals import queries
from onedoor.seals.models import HandUse, SealRequest
from onedoor.seals.rules.words import Medium, SealKind

pytestmark = pytest.mark.django_db
MONDAY = given.FRIDAY + timedelta(days=3)


@pytest.fixture(autouse=True)
def _by_hand(monkeypatch):
    given_seals.under_one_seal(monkeypatch)
    given_seals.seal()
    given_seals.seal(SealKind.RECEIPT, medium=Medium.PHYSICAL)
    monkeypatch.setattr(clock, "now", lambda: MONDAY)


def received():
    """Return the receipt of a case, which a seal of rubber belongs on."""
    case = given.case(Status.RECEIVED)
    return Paper.objects.get(subject=case.number)


def enter(paper, by="keeper", copies=1):
    return pressing.enter(paper.number, copies=copies, by=given_seals.actor(by), at=MONDAY)


def codes(found):
    return [each.why.code for each in found.differences]


def test_a_paper_under_a_seal_of_rubber_is_entered_once_by_its_keeper():
    paper = received()

    with refused("seal.not_keeper"):
        enter(paper, by="supervisor")
    with refused("seal.copies"):
        enter(paper, copies=0)
    use = enter(paper, copies=2)
    with refused("seal.not_by_hand"):
        enter(paper)

    assert not SealRequest.objects.filter(paper=paper.number).exists()
    assert (use.digest, use.copies, use.subject) == (paper.digest, 2, paper.subject)
    assert list(pressing.unpressed()) == []
    assert [e.kind for e in ledger.history(f"seal-use:{paper.number}")] == ["seal.pressed"]


def test_the_numbers_of_both_books_are_one_series():
    first, second = enter(received()), enter(received())

    assert re.fullmatch(r"印2026-\d{6}", first.number)
    assert second.serial == first.serial + 1 == queries.highest_use(2026)


def test_what_was_entered_is_never_changed_and_never_deleted():
    enter(received())

    for statement in ("UPDATE seals_handuse SET copies = 9", "DELETE FROM seals_handuse"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_book_that_lacks_a_paper_of_last_week_is_a_difference():
    paper = received()
    later = paper.issued_at + timedelta(days=7)

    in_time, late = reconcile(at=later), reconcile(at=later + timedelta(seconds=1))
    enter(paper)
    after = reconcile(at=later + timedelta(days=1))

    assert (codes(in_time), codes(late), codes(after)) == ([], ["seal.unpressed"], [])


def test_an_entry_in_one_book_alone_is_a_difference(monkeypatch):
    paper = received()
    monkeypatch.setattr("onedoor.seals.services.pressing.ledger.record", lambda *a, **k: None)

    enter(paper)

    assert codes(reconcile(at=MONDAY)) == ["seal.hand_not_in_both"]


def test_the_keeper_enters_on_the_page_and_others_read_it():
    paper = received()
    keeper, supervisor = given.signed_in("keeper"), given.signed_in("supervisor")

    before = keeper.get("/seals/hand/").content.decode()
    empty = keeper.post("/seals/hand/enter/", {"copies": "1"}, follow=True).content.decode()
    keeper.post("/seals/hand/enter/", {"paper": [paper.number], "copies": "1"})
    after = supervisor.get("/seals/hand/", {"q": paper.number}).content.decode()
    file = supervisor.get("/seals/hand/uses.csv").content.decode()
    page = Client().get(f"/v/{paper.code}/").content.decode()

    use = HandUse.objects.get()
    assert paper.number in before
    assert "没有选文书" in empty
    assert use.number in after
    assert use.number in file
    assert "盖的是实物印章" in page
    assert given.signed_in("clerk").get("/seals/hand/").status_code == 403
    assert supervisor.post("/seals/hand/enter/", {"paper": [paper.number]}).status_code == 403


def test_a_program_lists_and_enters():
    paper = received()

    def call(method, path, body=None, by="keeper"):
        sent: dict[str, Any] = {"headers": {"Authorization": f"Bearer token-{by}"}}
        if body is not None:
            sent |= {"data": json.dumps(body), "content_type": "application/json"}
        return getattr(Client(), method)(f"/api/v1/seals/hand{path}", **sent)

    waiting = call("get", "/waiting").json()
    made = call("post", "", {"paper": paper.number})
    listed = call("get", f"?q={paper.number}", by="supervisor").json()

    assert [each["paper"] for each in waiting] == [paper.number]
    assert (made.status_code, made.json()["used_by"]) == (
        *(201, Person.objects.get(username="keeper").ref),
    )
    assert listed == {"uses": [made.json()], "more": False}
    assert call("post", "", {"paper": paper.number}, by="clerk").status_code == 403
