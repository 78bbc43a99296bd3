"""Papers from before the seal, given out again by their keeper on the page and by a program."""

from datetime import date

import pytest
from django.test import Client

from onedoor.accounts.models import Person
from onedoor.kernel import clock
from onedoor.kernel.errors import Refusal
from onedoor.papers import reissuing, sealing
from onedoor.papers.tests import given_seals
from onedoor.papers.tests.given import issue
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


def browser(username):
    client = Client()
    person = Person.objects.get(username=username)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def ask(method, who="keeper", **body):
    sent = {"data": body, "content_type": "application/json"} if method == "post" else {}
    headers = {"Authorization": f"Bearer token-{who}"}
    return getattr(Client(), method)("/api/v1/seals/reissue", **sent, headers=headers)


def test_the_page_says_how_many_and_gives_the_oldest_out_again(old, monkeypatch):
    monkeypatch.setattr(reissuing, "BATCH", 2)
    keeper = browser("keeper")

    before = keeper.get("/seals/reissue/").content.decode()
    first = keeper.post("/seals/reissue/do/", {"done": "0"}, follow=True).content.decode()
    last = keeper.post("/seals/reissue/do/", {"done": "2"}, follow=True).content.decode()

    assert "还有 3 份。" in before
    assert old[0].number in before
    assert "已用印 2 份" in first
    assert '<progress id="how-far" value="2" max="3">' in first
    assert "没有要您补盖的旧文书" in last
    for paper in old:
        assert seals.use_of(paper.number)


def test_whoever_sends_it_twice_gives_each_out_once(old):
    keeper = browser("keeper")

    for _ in range(2):
        keeper.post("/seals/reissue/do/")

    assert SealUse.objects.count() == len(old)


@pytest.mark.usefixtures("old")
@pytest.mark.parametrize("username", ["decider", "clerk", "supervisor", "admin"])
def test_it_is_the_keepers_alone(username):
    client = browser(username)

    assert client.get("/seals/reissue/").status_code == 403
    assert client.post("/seals/reissue/do/").status_code == 403
    assert not SealRequest.objects.exists()


def test_a_keeper_of_no_seal_gives_nothing_out_and_nothing_asks(old, monkeypatch):
    given_seals.under_one_seal(monkeypatch)
    seal = seals.seal_with("YZ-approval")
    keeper2 = Person.objects.get(username="keeper2")
    type(seal).objects.filter(pk=seal.pk).update(keeper=keeper2, deputy=None)

    refused = ask("post")

    assert (refused.status_code, refused.json()["code"]) == (403, "seal.not_keeper")
    assert not SealRequest.objects.exists()


def test_a_program_lists_and_gives_out_those_it_names_once(old):
    listed = ask("get").json()
    named = [old[1].number]

    first, again = ask("post", papers=named).json(), ask("post", papers=named).json()
    rest = ask("post").json()

    assert (listed["left"], [p["paper"] for p in listed["papers"]]) == (
        3,
        [paper.number for paper in old],
    )
    assert [use["paper"] for use in first["sealed"]] == named
    assert first["sealed"] == again["sealed"]
    assert (first["left"], rest["left"]) == (2, 0)
    assert {use["paper"] for use in rest["sealed"]} == {old[0].number, old[2].number}


@pytest.mark.usefixtures("old")
def test_a_program_that_names_what_is_no_paper_is_told_and_nothing_is_sealed():
    refused = ask("post", papers=["没有1号"])
    many = ask("post", papers=["x"] * 21)

    assert (refused.status_code, refused.json()["code"]) == (404, "paper.unknown_number")
    assert many.status_code == 422
    assert not SealUse.objects.exists()


def test_what_no_longer_matches_is_set_aside_and_the_others_go_on(old, monkeypatch):
    checked = sealing.check

    def check(request, paper):
        if paper == old[0]:
            raise Refusal("seal.not_as_approved", "这份文书和批准时的摘要对不上，不能用印。")
        checked(request, paper)

    monkeypatch.setattr(sealing, "check", check)

    told = ask("post").json()

    assert [each["paper"] for each in told["set_aside"]] == [old[0].number]
    assert len(told["sealed"]) == 2


def test_of_two_keepers_at_once_who_comes_second_leaves_it_to_the_first(old, monkeypatch):
    taken = reissuing.ask_again

    def both(paper, *, by, at):
        if paper == old[0]:
            taken(paper, by=given_seals.actor("keeper2"), at=at)
        return taken(paper, by=by, at=at)

    monkeypatch.setattr(reissuing, "ask_again", both)

    told = ask("post").json()

    assert {use["paper"] for use in told["sealed"]} == {old[1].number, old[2].number}
    assert seals.request_for(old[0].number).state == "waiting"
