"""What a program is told it may do, and on what it must say it saw."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from onedoor.cases.models import Case
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.tests import given
from onedoor.cases.tests.test_api import ask, receive

pytestmark = pytest.mark.django_db

EARLIER = timedelta(hours=8)


def now():
    return datetime.now(UTC)


def ways(number, who):
    answer = ask("get", f"cases/{number}/actions", who)
    assert answer.status_code == 200, answer.content
    return {way["action"]: way for way in answer.json()}


# --- What may be done -----------------------------------------------------------------------------


def test_a_step_whose_needs_are_met_is_possible_and_can_be_taken():
    number = receive().json()["number"]

    found = ways(number, "acceptor")

    assert found["accept"] == {
        "action": "accept",
        "action_zh": "受理",
        "possible": True,
        "why": None,
    }
    assert ask("post", f"cases/{number}/accept", "acceptor").status_code == 200


@pytest.mark.parametrize(
    ("who", "action", "body"),
    [
        ("decider", "grant", {"opinion": "同意"}),
        ("decider", "refuse", {"facts": "无", "reason": "无", "basis": "《食品安全法》第三十五条"}),
    ],
)
def test_a_step_that_waits_says_what_for_as_the_step_itself_would(who, action, body):
    number = given.case(Status.IN_REVIEW, at=now() - EARLIER).number

    why = ways(number, who)[action]["why"]

    refused = ask("post", f"cases/{number}/{action}", who, body)
    assert (refused.status_code, why["code"]) == (409, "case.need")
    assert why == refused.json()
    assert why["data"]["need"] == "reviewed"


def test_what_was_promised_for_later_cannot_be_finished_at_once():
    case = given.promised(at=now() - EARLIER)
    type(case.item_version).objects.filter(pk=case.item_version_id).update(
        kind="instant", instant_authorised=True
    )

    way = ways(case.number, "everything")["finish_at_once"]

    assert way["possible"] is False
    assert way["why"]["data"]["need"] == "complete"


def test_steps_that_do_not_belong_to_the_case_are_not_named():
    number = given.reviewed(at=now() - EARLIER).number

    named = set(ways(number, "everything"))

    assert {"grant", "refuse", "review", "withdraw"} <= named
    assert named.isdisjoint({"forward", "record_reply", "supplement", "suspend", "sign_survey"})


def test_who_has_no_role_in_it_may_do_nothing():
    number = receive().json()["number"]

    assert ways(number, "acceptor") != {}
    assert "accept" not in ways(number, "clerk")


# --- What was seen --------------------------------------------------------------------------------


def review(number, opinion, **headers):
    return Client().post(
        f"/api/v1/cases/{number}/review",
        data={"opinion": opinion},
        content_type="application/json",
        headers={"Authorization": "Bearer token-reviewer"} | headers,
    )


def test_a_step_that_does_not_say_what_it_saw_is_refused_and_done_by_nobody():
    number = given.case(Status.IN_REVIEW, at=now() - EARLIER).number
    version = Case.objects.get(number=number).version

    blind = review(number, "同意")

    assert (blind.status_code, blind.json()["code"]) == (428, "request.if_match_needed")
    assert blind.json()["field"] == "If-Match"
    assert Case.objects.get(number=number).version == version


def test_a_second_opinion_never_stands_over_one_its_writer_did_not_see():
    number = given.case(Status.IN_REVIEW, at=now() - EARLIER).number
    etag = ask("get", f"cases/{number}", "reviewer")["ETag"]

    first = review(number, "同意", **{"If-Match": etag})
    second = review(number, "不同意", **{"If-Match": etag})
    knowing = review(number, "不同意", **{"If-Match": first["ETag"]})

    assert [a.status_code for a in (first, second, knowing)] == [200, 409, 200]
    assert second.json()["code"] == "case.changed_meanwhile"


def test_what_was_made_says_where_it_is_and_which_version_also_when_told_again():
    made, again = receive(key="once"), receive(key="once")

    for answer in (made, again):
        number = answer.json()["number"]
        assert answer.status_code == 201
        assert answer["Location"] == f"/api/v1/cases/{number}"
        read = Client().get(answer["Location"], headers={"Authorization": "Bearer token-clerk"})
        assert read["ETag"] == answer["ETag"] == '"1"'
        accepted = ask("post", f"cases/{number}/accept", "clerk", **{"If-Match": answer["ETag"]})
        assert accepted.status_code == 403


def test_the_description_says_that_a_step_needs_if_match():
    schema = Client().get("/api/v1/openapi.json").json()

    asked = schema["paths"]["/api/v1/cases/{number}/accept"]["post"]["parameters"]

    (parameter,) = [p for p in asked if p["name"] == "If-Match"]
    assert parameter["required"] is True
