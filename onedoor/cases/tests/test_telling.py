"""An applicant who left a mobile number is told what changes, once, and never who they are."""

from __future__ import annotations

from datetime import timedelta

import pytest

from onedoor.cases import codes, subscribers
from onedoor.cases import services as cases
from onedoor.cases.rules.lifecycle import Action, Status
from onedoor.cases.telling import TOLD
from onedoor.cases.tests import given
from onedoor.cases.tests.given import FRIDAY
from onedoor.kernel import clock
from onedoor.ledger import queries as ledger
from onedoor.messages import queries, services
from onedoor.messages.models import Message
from onedoor.messages.rules import Channel, State, Topic

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def _hear(case, *, at=None) -> None:
    for entry in ledger.history(case.subject):
        if entry.kind == "case.moved":
            subscribers.on_case_moved(entry, at or entry.at)


def test_the_applicant_is_told_what_changes_and_of_each_step_once():
    case = given.case(Status.READY)

    _hear(case)
    _hear(case)

    told = Message.objects.filter(channel=Channel.SMS.value).order_by("created_at", "key")
    topics = list(told.values_list("topic", flat=True))
    assert set(topics) >= {"accepted", "granted", "ready"}
    assert len(topics) == len(set(topics))
    text = Message.objects.get(topic="ready", channel="sms").text
    assert codes.track_token(case.pk, case.code_key) in text
    assert case.applicant.name not in text
    assert case.applicant.id_number not in text


def test_old_news_wakes_nobody():
    _hear(given.case(Status.READY), at=FRIDAY + timedelta(days=30))

    assert not Message.objects.exists()


def test_every_step_that_is_told_is_one_of_the_table():
    assert set(TOLD) <= set(Action)
    told_otherwise = {
        *(Topic.ANSWERED, Topic.CODE, Topic.MAIL_CODE),
        *(Topic.CONSENT, Topic.MANDATE, Topic.INVITED, Topic.ACTED),
        *(Topic.BOOKED, Topic.BOOKING_ASKED, Topic.BOOKING_DECLINED),
    }
    assert {topic for topic, _ in TOLD.values()} == set(Topic) - told_otherwise


def test_the_progress_page_shows_what_was_sent(client):
    case = given.case(Status.READY)
    _hear(case)
    while services.send_waiting(at=FRIDAY + 24 * HOUR):
        pass

    page = client.get(f"/c/{codes.track_token(case.pk, case.code_key)}/").content.decode()

    assert "我们发给您的短信" in page
    assert "办好了，请带身份证来取" in page


def test_words_and_number_are_erased_with_the_case():
    case = given.rejected(given.case(), at=FRIDAY)
    _hear(case)
    assert Message.objects.exclude(text="").exists()

    cases.erase(given.reload(case), at=FRIDAY + HOUR)

    assert not [m for m in Message.objects.all() if m.text or m.to]
    assert services.send_waiting(at=FRIDAY + HOUR) == 0
    assert queries.sent_about(case.subject) == []


def test_the_outbox_shows_what_failed_and_sends_it_again(monkeypatch):
    services.tell(
        Topic.ANSWERED,
        phone="13800000009",
        facts={"address": "x"},
        about="matter:1",
        key="k",
        at=FRIDAY,
    )
    Message.objects.update(state=State.FAILED.value, fault="HTTP 503")
    monkeypatch.setattr(clock, "now", lambda: FRIDAY)
    watch = given.signed_in("supervisor")

    page = watch.get("/outbox/?state=failed").content.decode()
    done = watch.post("/outbox/again/", {"key": "k"})
    twice = watch.post("/outbox/again/", {"key": "k"})

    assert "138****0009" in page
    assert "13800000009" not in page
    assert "您反映的事" not in page
    assert "HTTP 503" in page
    assert (done.status_code, twice.status_code) == (302, 409)
    assert Message.objects.get().standing is State.WAITING
