"""What a keeper does at the desk, done by a program: check, seal one, seal many, lock."""

from datetime import timedelta

import pytest
from django.test import Client

from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.tests import given
from onedoor.kernel import clock
from onedoor.papers.rules.kinds import Kind
from onedoor.papers.tests import given_seals
from onedoor.seals.models import SealRequest, SealUse
from onedoor.seals.rules.words import SealKind

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _sealed(monkeypatch):
    given_seals.under_one_seal(monkeypatch)
    given_seals.seal()
    given_seals.seal(SealKind.RECEIPT)
    monkeypatch.setattr(clock, "now", lambda: given.FRIDAY + timedelta(days=3))


def ask(method, path, who="keeper", **body):
    sent = {"data": body, "content_type": "application/json"} if method == "post" else {}
    headers = {"Authorization": f"Bearer token-{who}"}
    return getattr(Client(), method)(f"/api/v1/seals/{path}", **sent, headers=headers)


def test_a_program_reads_who_approved_a_paper_and_whether_it_is_as_approved():
    case = given.case(Status.MAKING)
    asked = SealRequest.objects.get(subject=case.number, paper_kind=Kind.GRANT.value)

    whole = ask("get", f"papers/{asked.paper}").json()
    SealRequest.objects.filter(pk=asked.pk).update(digest="sha256:" + "0" * 64)
    changed = ask("get", f"papers/{asked.paper}").json()

    assert (whole["code"], changed["code"]) == ("", "seal.not_as_approved")
    assert [step["by"] for step in whole["chain"]][-1] == "决定示例"
    assert {"综窗示例", "受理示例", "初审示例"} <= {step["by"] for step in whole["chain"]}


def test_a_batch_seals_what_matches_and_sets_the_rest_aside():
    for _ in range(2):
        given.case(Status.IN_REVIEW)
    waiting = SealRequest.objects.filter(kind="receipt").order_by("asked_at", "paper")
    wrong, *right = [asked.paper for asked in waiting]
    SealRequest.objects.filter(paper=wrong).update(digest="sha256:" + "0" * 64)

    one = ask("post", "batch", kind="receipt", papers=right[:1]).json()
    rest = ask("post", "batch", kind="receipt").json()

    assert [use["paper"] for use in one["sealed"]] == right[:1]
    assert (one["left"], rest["left"]) == (3, 0)
    assert {use["paper"] for use in rest["sealed"]} == set(right[1:])
    assert [asked["paper"] for asked in rest["set_aside"]] == [wrong]
    assert SealUse.objects.count() == 3
    assert ask("post", "batch", kind="receipt", papers=["x"] * 21).status_code == 422
    assert ask("post", "batch", who="decider", kind="receipt").status_code == 403


def test_a_seal_is_locked_by_one_program_and_unlocked_by_two_people():
    def act(action, who):
        return ask("post", f"register/YZ-approval/{action}", who).json()

    locked = act("lock", "keeper")
    asked = act("ask-unlock", "keeper")
    alone = act("unlock", "keeper")
    unlocked = act("unlock", "supervisor")

    assert (locked["state"], asked["state"], unlocked["state"]) == ("locked", "locked", "active")
    assert alone["code"] == "seal.unlock_needs_two"
    assert ask("post", "register/YZ-approval/lock", "clerk").status_code == 403
    assert ask("post", "register/YZ-approval/destroy").status_code == 422
