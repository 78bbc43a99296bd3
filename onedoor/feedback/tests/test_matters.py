"""What somebody could not get done is answered by a day, by people who had no hand in it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import NOBODY
from onedoor.cases import codes
from onedoor.cases.tests import given
from onedoor.cases.tests.given import FRIDAY
from onedoor.feedback import matters as queries
from onedoor.feedback import pack
from onedoor.feedback import services as feedback
from onedoor.feedback.models import Matter
from onedoor.feedback.rules.matters import (
    LIFECYCLE,
    Action,
    Kind,
    Outcome,
    Source,
    State,
    read_rules,
)
from onedoor.feedback.rules.words import Way
from onedoor.feedback.services import Move, Sent
from onedoor.feedback.services.matters import follow_token
from onedoor.kernel import clock
from onedoor.kernel.tests.refusing import refused
from onedoor.ledger import queries as ledger
from onedoor.ledger.rules.chain import salted

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MARCH = {"first": date(2026, 3, 1), "last": date(2026, 3, 31)}


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: FRIDAY)


def _sent(kind: Kind = Kind.CANNOT, *, at=FRIDAY, **more) -> Matter:
    return feedback.send(Sent(kind, "去了三次没办成", **more), by=NOBODY, at=at)


def _unit() -> Organisation:
    return Organisation.objects.get(code=given.LICENCE[:18])


def _move(matter: Matter, action: Action, by="supervisor", *, at=FRIDAY + HOUR, **said) -> Matter:
    done: Matter = feedback.move_matter(
        matter, action, Move(**said), seen=matter.version, by=given.actor(by), at=at
    )
    matter.refresh_from_db()
    return done


def _assigned(matter: Matter) -> Matter:
    return _move(matter, Action.ASSIGN, unit=_unit())


def _answered(matter: Matter, *, at=FRIDAY + 2 * HOUR) -> Matter:
    _assigned(matter)
    return _move(matter, Action.ANSWER, "head", at=at, text="办好了", outcome=Outcome.DONE)


def _address(matter: Matter) -> str:
    return f"/m/{follow_token(matter.pk, matter.code_key)}/"


def test_every_kind_has_a_day_by_which_it_is_answered():
    due = {kind: _sent(kind, phone="13800000009").due_on for kind in Kind}

    assert due == {  # Friday 6 March 2026, working days
        Kind.CANNOT: date(2026, 3, 13),
        Kind.NO_RECEIPT: date(2026, 3, 9),
        Kind.ASK: date(2026, 3, 13),
        Kind.FIND: date(2026, 3, 9),
        Kind.SUGGEST: date(2026, 3, 27),
    }


def test_limits_a_county_cannot_mean_are_refused():
    assert read_rules({"ask_days": 2}).answer[Kind.ASK].count == 2
    for told in ({"ask_days": 0}, {"longer_days": 61}, {"reopen_days": "15"}, {"ask_days": True}):
        with refused("matter.limits"):
            read_rules(told)


def test_what_was_sent_is_kept_encrypted_and_on_record_without_its_words():
    matter = _sent(phone="138 0000 0009", place="3号窗口", name="李样例")

    (entry,) = ledger.history(matter.subject)
    assert entry.facts["text"] == salted("去了三次没办成", matter.salt)
    told = json.dumps(entry.facts, ensure_ascii=False)
    assert not any(word in told for word in ("三次", "窗口", "样例", "138"))
    kept = Matter.objects.get(pk=matter.pk)
    assert (kept.text, kept.phone, kept.name) == ("去了三次没办成", "13800000009", "李样例")


def test_who_wants_to_be_called_leaves_a_number():
    with refused("matter.phone_needed"):
        _sent(Kind.FIND)

    assert not Matter.objects.exists()


def test_a_matter_is_handed_on_answered_and_looked_at_again():
    matter = _answered(_sent(phone="13800000009"))

    _move(matter, Action.ARCHIVE, way=Way.PHONE)

    assert (matter.standing, matter.ended_as) == (State.ARCHIVED, Outcome.DONE)
    steps = [entry.facts.get("step") for entry in ledger.history(matter.subject)]
    assert steps == [None, "U1", "U3", "U6"]


def test_a_complaint_is_not_filed_away_before_somebody_was_called():
    matter = _answered(_sent(phone="13800000009"))

    with refused("matter.need"):
        _move(matter, Action.ARCHIVE)

    nobody_to_call = _answered(_sent())
    assert _move(nobody_to_call, Action.ARCHIVE).standing is State.ARCHIVED


def test_whoever_answered_does_not_file_it_away():
    matter = _sent()
    _move(matter, Action.ANSWER, text="现在就能办", outcome=Outcome.DONE)

    with refused("matter.need"):
        _move(matter, Action.ARCHIVE)


def test_whoever_handled_the_case_has_no_part_in_the_complaint():
    case = given.rejected(given.case(), at=FRIDAY)
    matter = feedback.send(Sent(Kind.CANNOT, "没办成", case=case), by=NOBODY, at=FRIDAY + HOUR)
    _assigned(matter)
    hand = next(name for name in given.PEOPLE if queries.had_a_hand(given.actor(name), matter))

    with refused("matter.sender_hidden"):
        feedback.show_sender(matter, by=given.actor(hand), at=FRIDAY + HOUR)
    with refused("matter.photo_hidden"):
        feedback.show_photo(matter, by=given.actor(hand), at=FRIDAY + HOUR)
    assert not queries.had_a_hand(given.actor("supervisor"), matter)


def test_a_unit_sees_only_what_was_handed_to_it():
    mine, waiting = _assigned(_sent()), _sent()

    seen = set(queries.visible_to(given.actor("head")))

    assert seen == {mine}
    assert set(queries.visible_to(given.actor("supervisor"))) == {mine, waiting}
    with refused("matter.not_found"):
        queries.matter_for(given.actor("head"), waiting.number)


def test_a_unit_hands_back_what_is_not_its_business_and_supervision_hands_it_on_again():
    matter = _assigned(_sent())

    _move(matter, Action.HAND_BACK, "head", text="这件归别的单位办")

    assert matter.standing is State.WAITING
    assert _assigned(matter).standing is State.ASSIGNED


def test_the_time_is_made_longer_once():
    matter = _assigned(_sent())

    _move(matter, Action.LONGER, text="要等上级答复")

    assert matter.due_on == date(2026, 4, 3)
    with refused("matter.need"):
        _move(matter, Action.LONGER, text="再等等")


def test_it_is_taken_up_again_within_the_days_for_it():
    matter = _answered(_sent())
    _move(matter, Action.ARCHIVE)
    monday = FRIDAY + 3 * DAY

    matter = feedback.reopen(matter, text="还是不行", at=monday)

    assert (matter.standing, matter.times_reopened) == (State.WAITING, 1)
    assert matter.due_on == date(2026, 3, 16)
    assert matter.answered_at is None


def test_it_is_not_taken_up_again_years_later():
    matter = _answered(_sent())

    with refused("matter.need"):
        feedback.reopen(matter, text="还是不行", at=FRIDAY + 30 * DAY)


def test_of_two_at_once_the_second_is_refused():
    matter = _sent()
    twin = Matter.objects.get(pk=matter.pk)
    _assigned(matter)

    with refused("matter.changed_meanwhile"):
        _move(twin, Action.ANSWER, text="一样", outcome=Outcome.DONE)
    twin.refresh_from_db()
    assert twin.standing is State.ASSIGNED


@pytest.mark.parametrize("step", LIFECYCLE, ids=lambda s: s.id)
def test_every_step_refuses_other_roles(step):
    matter = _sent()
    Matter.objects.filter(pk=matter.pk).update(
        state=step.source.value, version=2, answered_at=FRIDAY, outcome=Outcome.DONE.value
    )
    matter.refresh_from_db()

    with refused("matter.wrong_role"):
        _move(matter, step.action, "acceptor", text="试试")


def test_figures_count_what_was_sent_in_a_month():
    _answered(_sent())
    late = _sent()
    _answered(late, at=FRIDAY + 20 * DAY)
    _sent()
    feedback.reopen(late, text="还是不行", at=FRIDAY + 21 * DAY)

    rows = {row.kind: row for row in queries.figures(**MARCH)}

    assert rows[Kind.CANNOT][1:] == (3, 1, 1, 1)
    assert rows[Kind.CANNOT].waiting == 2
    assert rows[Kind.ASK][1:] == (0, 0, 0, 0)


# --- Pages ----------------------------------------------------------------------------------------


def _picture() -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (8, 8), "white").save(content, "PNG")
    return SimpleUploadedFile("paper.png", content.getvalue(), "image/png")


def test_a_stranger_sends_without_an_account_and_follows_it_at_an_address():
    cache.clear()
    body = {"kind": "cannot", "text": "查不到我的房子", "key": "k1", "photo": _picture()}

    sent = Client().post("/cannot/", body)

    matter = Matter.objects.get()
    assert sent["Location"] == _address(matter)
    assert matter.photo is not None
    page = Client().get(sent["Location"])
    assert page["Cache-Control"] == "no-store"
    assert "2026-03-13" in page.content.decode()


def test_a_double_click_sends_once():
    body = {"kind": "ask", "text": "几点开门", "key": "same"}
    first, second = Client().post("/ask/", body), Client().post("/ask/", body)

    assert first["Location"] == second["Location"]
    assert Matter.objects.count() == 1


def test_an_empty_form_says_what_to_write_and_keeps_the_rest():
    page = Client().post("/cannot/", {"kind": "cannot", "place": "3号窗口", "phone": "123"})

    text = page.content.decode()
    assert page.status_code == 422
    assert "请填写发生了什么。" in text
    assert "3号窗口" in text
    assert not Matter.objects.exists()


def test_a_wrong_number_is_told_at_its_field():
    page = Client().post(
        "/cannot/", {"kind": "cannot", "text": "没办成", "phone": "123", "key": "k"}
    )

    assert page.status_code == 422
    assert "手机号应为11位数字。" in page.content.decode()


def test_the_progress_page_says_which_case_it_is_about():
    case = given.case()
    token = codes.track_token(case.pk, case.code_key)

    Client().post("/cannot/", {"kind": "cannot", "text": "没办成", "key": "k", "case": token})
    Client().post("/cannot/", {"kind": "cannot", "text": "没办成", "key": "l", "case": "0" * 32})

    assert [m.case for m in Matter.objects.order_by("number")] == [case, None]


def test_nobody_floods_it_from_one_address():
    for number in range(10):
        Client().post("/ask/", {"kind": "ask", "text": "问", "key": f"k{number}"})

    refused_page = Client().post("/ask/", {"kind": "ask", "text": "还想问", "key": "k10"})

    assert refused_page.status_code == 429
    assert "还想问" in refused_page.content.decode()
    assert Matter.objects.count() == 10


def test_the_office_hands_on_answers_and_files_away_by_page():
    matter = _sent(phone="13800000009", name="李样例")
    watch, head = given.signed_in("supervisor"), given.signed_in("head")
    address = f"/matters/{matter.number}/"
    assert "13800000009" not in watch.get(address).content.decode()

    shown = watch.post(f"{address}sender/")
    handed = watch.post(f"{address}assign/", {"seen": 1, "unit": _unit().code})
    unsaid = head.post(f"{address}answer/", {"seen": 2, "text": "", "outcome": "done"})
    answered = head.post(f"{address}answer/", {"seen": 2, "text": "办好了", "outcome": "done"})
    filed = watch.post(f"{address}archive/", {"seen": 3, "way": "phone", "text": ""})

    assert "13800000009" in shown.content.decode()
    assert (handed.status_code, unsaid.status_code, answered.status_code) == (302, 422, 302)
    assert filed.status_code == 302
    assert Matter.objects.get().standing is State.ARCHIVED
    assert "办好了" in Client().get(_address(matter)).content.decode()
    kinds = [entry.kind for entry in ledger.history(matter.subject)]
    assert "feedback.sender_shown" in kinds


def test_a_photo_is_opened_on_record_only():
    Client().post(
        "/cannot/", {"kind": "no_receipt", "text": "没收据", "key": "k", "photo": _picture()}
    )
    matter = Matter.objects.get()

    opened = given.signed_in("supervisor").post(f"/matters/{matter.number}/photo/")

    assert opened["Content-Disposition"].startswith("attachment")
    assert ledger.history(matter.subject)[-1].kind == "feedback.matter_photo_shown"
    assert given.signed_in("head").post(f"/matters/{matter.number}/photo/").status_code == 404


def test_the_desk_notes_one_for_somebody_and_tells_the_day():
    body = {"kind": "cannot", "source": "window", "text": "没办成", "key": "k"}

    page = given.signed_in("clerk").post("/matters/new/", body)

    matter = Matter.objects.get()
    assert matter.came_by is Source.WINDOW
    assert _address(matter) in page.content.decode()


def test_whoever_sent_it_says_that_it_is_not_solved():
    matter = _answered(_sent())

    done = Client().post(_address(matter), {"text": "还是不行"})

    assert done.status_code == 302
    assert Matter.objects.get().times_reopened == 1


def test_the_figures_are_public():
    _sent()

    page = Client().get("/open/matters/?month=2026-03").content.decode()

    assert "办不成事" in page
    assert pack.matter_rules().answer[Kind.CANNOT].basis in page


# --- Programs -------------------------------------------------------------------------------------


def _call(method: str, path: str, body=None):
    return Client().generic(
        method,
        f"/api/v1/matters{path}",
        json.dumps(body) if body is not None else "",
        content_type="application/json",
        headers={"authorization": "Bearer token-supervisor", "idempotency-key": "one"},
    )


def test_a_program_sends_once_hands_on_and_counts():
    body = {"kind": "cannot", "source": "window", "text": "没办成"}
    first, again = _call("POST", "", body), _call("POST", "", body)
    number = first.json()["number"]

    listed = _call("GET", "").json()
    moved = _call("POST", f"/{number}/assign", {"seen": 1, "unit": _unit().code})
    counted = _call("GET", "/figures?first=2026-03-01&last=2026-03-31").json()

    assert (first.status_code, again.json()) == (201, first.json())
    assert Matter.objects.count() == 1
    assert listed["matters"][0]["actions"] == ["assign", "answer"]
    assert moved.json()["state"] == "assigned"
    assert counted["kinds"][0]["sent"] == 1
    followed = Client().get(f"/m/{first.json()['follow']}/")
    assert followed.status_code == 200
