"""A finished case is rated once by whoever holds its receipt; every bad rating is followed."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta

import pytest
from django.test import Client

from onedoor.accounts import services as accounts
from onedoor.accounts.models import Person
from onedoor.accounts.rules import SYSTEM, Role
from onedoor.cases import codes
from onedoor.cases.models import Case
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.tests import given
from onedoor.cases.tests.given import FRIDAY
from onedoor.feedback import pack, queries
from onedoor.feedback import services as feedback
from onedoor.feedback.models import Order, Rating
from onedoor.feedback.rules.lifecycle import LIFECYCLE, OVER, Action, Need, State
from onedoor.feedback.rules.limits import read_rules
from onedoor.feedback.rules.words import Channel, Level, Way
from onedoor.feedback.services import Said, Told
from onedoor.kernel import clock
from onedoor.kernel.errors import Refusal
from onedoor.kernel.sentences import sentence
from onedoor.kernel.tests.refusing import refused
from onedoor.ledger import queries as ledger
from onedoor.ledger.rules.chain import salted

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ENDED = FRIDAY + HOUR
RATED = FRIDAY + 2 * HOUR
MARCH = {"first": date(2026, 3, 1), "last": date(2026, 3, 31)}


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: RATED)


def _ended() -> Case:
    """Return a case that ended: the clerk and the acceptor had a hand in it."""
    return given.rejected(given.case(), at=ENDED)


def _told(level: Level = Level.BAD, **more) -> Told:
    return Told(level, Channel.QR, **more)


def _order(level: Level = Level.BAD) -> Order:
    rating = feedback.rate(_ended(), _told(level, text="多跑了三趟"), at=RATED)
    return _read(rating)


def _read(rating: Rating) -> Order:
    return Order.objects.select_related("rating__case", "rating__unit").get(rating=rating)


def _follow(
    order: Order, action: Action, by: str = "supervisor", *, at=RATED + DAY, **said
) -> Order:
    words = Said(**{"text": "情况属实"} | said)
    done = feedback.follow(order, action, words, seen=order.version, by=given.actor(by), at=at)
    order.refresh_from_db()
    return done


def _answered(order: Order) -> Order:
    _follow(order, Action.CALL, "head", way=Way.PHONE)
    _follow(order, Action.MEND, "head")
    _follow(order, Action.FINISH, "head")
    return _follow(order, Action.ANSWER, "head", way=Way.PHONE, level=Level.GOOD)


def _case(order: Order) -> Case:
    assert order.rating.case is not None
    return order.rating.case


def _token(case: Case) -> str:
    return codes.track_token(case.pk, case.code_key)


# --- Rating: service-centre.md §12, 13 ------------------------------------------------------------


@pytest.mark.parametrize("status", [Status.RECEIVED, Status.IN_REVIEW, Status.READY])
def test_invariant_13_nothing_is_rated_before_it_was_served(status):
    with refused("feedback.not_served"):
        feedback.rate(given.case(status), _told(), at=FRIDAY + DAY)

    assert not Rating.objects.exists()


def test_invariant_13_silence_is_not_praise():
    rated, _silent = _ended(), _ended()
    feedback.rate(rated, _told(Level.FAIR), at=RATED)

    (row,) = queries.figures(**MARCH)

    assert (row.finished, row.rated, row.unrated) == (2, 1, 1)
    assert row.levels[Level.EXCELLENT] == row.levels[Level.GOOD] == 0
    assert row.content_rate == "100.0%"


def test_nobody_rated_is_no_rate_at_all():
    _ended()

    assert queries.figures(**MARCH)[0].content_rate == ""


def test_what_was_said_is_kept_encrypted_and_on_record_without_its_words():
    case = _ended()

    rating = feedback.rate(case, _told(text="态度差", phone="13800000009"), at=RATED)

    (entry,) = ledger.history(rating.subject)
    assert entry.facts["level"] == "bad"
    assert entry.facts["text"] == salted("态度差", rating.salt)
    assert "态度差" not in json.dumps(entry.facts, ensure_ascii=False)
    kept = Rating.objects.get(pk=rating.pk)
    assert (kept.text, kept.phone) == ("态度差", "13800000009")


def test_phrases_of_another_level_are_left_out():
    rating = feedback.rate(_ended(), _told(indicators=("115", "511", "999")), at=RATED)

    assert rating.indicators == ["115"]


def test_every_phrase_belongs_to_its_level():
    for level, phrases in pack.phrases().items():
        assert {int(code) // 100 for code in phrases} == {level.national}
        assert len(phrases) == 8


def test_the_same_sent_twice_is_one_rating_and_uses_up_no_change():
    case = _ended()
    first = feedback.rate(case, _told(), at=RATED)

    again = feedback.rate(case, _told(), at=RATED + timedelta(seconds=1))

    assert (again.pk, again.changed_at) == (first.pk, None)
    assert Order.objects.count() == 1


def test_it_is_changed_once_within_a_day():
    case = _ended()
    feedback.rate(case, _told(Level.GOOD), at=RATED)

    changed = feedback.rate(case, _told(Level.POOR), at=RATED + DAY)

    assert (changed.grade, changed.level_before) == (Level.POOR, "good")
    assert Order.objects.get().standing is State.TO_VERIFY
    with refused("feedback.rated"):
        feedback.rate(case, _told(Level.GOOD), at=RATED + DAY)


def test_after_a_day_it_stays():
    case = _ended()
    feedback.rate(case, _told(Level.GOOD), at=RATED)

    with refused("feedback.rated"):
        feedback.rate(case, _told(Level.BAD), at=RATED + DAY + timedelta(seconds=1))


def test_a_bad_rating_taken_back_ends_its_order():
    case = _ended()
    rating = feedback.rate(case, _told(), at=RATED)

    feedback.rate(case, _told(Level.GOOD), at=RATED + HOUR)

    order = _read(rating)
    assert order.standing is State.RETRACTED
    assert order.ended_at == RATED + HOUR
    assert queries.figures(**MARCH)[0].orders == 0


def test_once_somebody_called_the_rating_stays():
    order = _order()
    _follow(order, Action.CALL, way=Way.PHONE, at=RATED + HOUR)

    with refused("feedback.rated"):
        feedback.rate(_case(order), _told(Level.GOOD), at=RATED + 2 * HOUR)


# --- Following: service-centre.md §12, 14 ---------------------------------------------------------


def test_a_bad_rating_has_its_days_and_a_good_one_no_order():
    order = _order()
    feedback.rate(_ended(), _told(Level.FAIR), at=RATED)

    assert (order.call_by, order.answer_by) == (date(2026, 3, 9), date(2026, 3, 13))
    assert Order.objects.count() == 1
    assert not order.is_late(date(2026, 3, 9))
    assert order.is_late(date(2026, 3, 10))


def test_invariant_14_a_bad_rating_is_filed_away_only_with_a_record_of_contact():
    order = _answered(_order())

    done = _follow(order, Action.ARCHIVE, text="")

    assert done.standing is State.ARCHIVED
    ways = [(note.action, note.way, note.level) for note in done.notes.all()]
    assert ("call", "phone", "") in ways
    assert ("answer", "phone", "good") in ways
    assert [e.facts["action"] for e in ledger.history(done.rating.subject)[1:]] == [
        "call", "mend", "finish", "answer", "archive"
    ]  # fmt: skip
    assert done.second is Level.GOOD


def test_no_road_of_the_table_leads_to_the_archive_past_a_contact():
    reached = {State.TO_VERIFY}
    uncalled = [s for s in LIFECYCLE if Need.CONTACT not in s.needs]
    for _ in LIFECYCLE:
        reached |= {s.target for s in uncalled if s.source in reached}

    assert State.ARCHIVED not in reached
    assert {s.target for s in LIFECYCLE} == set(State)
    assert all(any(s.source is state for s in LIFECYCLE) for state in set(State) - OVER)


@pytest.mark.parametrize(
    ("action", "said", "need"),
    [
        (Action.CALL, {}, "怎么联系的"),
        (Action.CALL, {"way": Way.PHONE, "text": " "}, "写明情况"),
    ],
)
def test_a_call_says_how_and_what(action, said, need):
    order = _order()

    with pytest.raises(Refusal) as caught:
        _follow(order, action, **said)

    assert caught.value.code == "feedback.need"
    assert need in sentence(caught.value)
    assert _read(order.rating).version == 1


def test_an_answer_needs_what_they_say_now_unless_nobody_was_reached():
    order = _order()
    _follow(order, Action.CALL, way=Way.UNREACHED)
    _follow(order, Action.EXPLAIN, "head")
    with refused("feedback.need"):
        _follow(order, Action.ANSWER, way=Way.PHONE)

    assert _follow(order, Action.ANSWER, way=Way.UNREACHED).standing is State.ANSWERED


def test_whoever_had_a_hand_in_the_case_does_not_handle_its_rating():
    order = _order()
    person = Person.objects.get(username="acceptor")
    accounts.give_role(
        person, Role.SUPERVISOR, unit=None, first_on=date(2026, 1, 5), by=SYSTEM, at=RATED
    )

    with refused("feedback.need"):
        _follow(order, Action.CALL, "acceptor", way=Way.PHONE)
    assert queries.actions_of([order], given.actor("acceptor")) == [[]]


def test_whoever_answered_does_not_file_it_away():
    order = _order()
    _follow(order, Action.CALL, way=Way.PHONE)
    _follow(order, Action.EXPLAIN)
    _follow(order, Action.ANSWER, way=Way.PHONE, level=Level.FAIR)

    with refused("feedback.need"):
        _follow(order, Action.ARCHIVE, text="")


def test_an_appeal_that_is_upheld_takes_the_rating_out_of_the_figures():
    order = _order()
    _follow(order, Action.APPEAL, "head", text="评错了单位")

    _follow(order, Action.UPHOLD, text="确实不是这个单位办的")

    (row,) = queries.figures(**MARCH)
    assert (row.bad, row.void, row.unrated) == (0, 1, 0)


def test_an_appeal_that_is_dismissed_goes_back_to_the_call():
    order = _order()
    _follow(order, Action.APPEAL, "head", text="恶意评价")

    assert _follow(order, Action.DISMISS).standing is State.TO_VERIFY


def test_what_is_complex_gets_its_longer_day():
    order = _order()
    _follow(order, Action.CALL, way=Way.PHONE)

    assert _follow(order, Action.MEND, "head", is_complex=True).answer_by == date(2026, 3, 27)


def test_two_at_once_the_second_isrefused():
    order = _order()
    other = _read(order.rating)
    _follow(order, Action.CALL, way=Way.PHONE)

    with refused("feedback.changed_meanwhile"):
        _follow(other, Action.CALL, "head", way=Way.PHONE)


def test_the_unit_sees_it_from_the_next_day_supervision_at_once():
    order = _order()
    number = order.rating.number

    assert queries.order_for(given.actor("supervisor"), number, at=RATED) == order
    with refused("feedback.not_found"):
        queries.order_for(given.actor("head"), number, at=RATED)
    assert queries.order_for(given.actor("head"), number, at=RATED + DAY) == order


def test_another_unit_never_sees_it():
    order = _order()

    with refused("feedback.not_found"):
        queries.order_for(given.actor("stranger"), order.rating.number, at=RATED + DAY)


def test_nobody_steps_as_the_applicant():
    order = _order()

    with refused("feedback.wrong_role"):
        _follow(order, Action.RETRACT)
    assert _read(order.rating).standing is State.TO_VERIFY


@pytest.mark.parametrize("days", [{"call_days": 0}, {"answer_days": 0}, {"complex_days": "x"}])
def test_limits_that_make_no_sense_arerefused(days):
    with refused("feedback.limits"):
        read_rules(days)


# --- Integrity ------------------------------------------------------------------------------------


def _praise(count: int, *, apart: timedelta, every: timedelta) -> None:
    for n in range(count):
        case = given.rejected(given.case(), at=ENDED + n * apart)
        feedback.rate(case, _told(Level.EXCELLENT), at=ENDED + DAY + n * every)


def test_praise_given_at_once_for_what_ended_hours_apart_is_shown_to_supervision(monkeypatch):
    _praise(5, apart=HOUR, every=timedelta(seconds=30))
    monkeypatch.setattr(clock, "now", lambda: ENDED + 2 * DAY)

    (burst,) = queries.bursts(**MARCH)

    assert (burst.unit.name, burst.channel, len(burst.praise)) == ("市监局", Channel.QR, 5)
    assert "要核对的好评" in given.signed_in("supervisor").get("/ratings/").text
    assert "要核对的好评" not in given.signed_in("head").get("/ratings/").text


@pytest.mark.parametrize(
    ("count", "apart", "every"),
    [
        (4, HOUR, timedelta(seconds=30)),
        (5, timedelta(minutes=5), timedelta(seconds=30)),
        (5, HOUR, HOUR),
    ],
)
def test_praise_given_one_by_one_is_no_burst(count, apart, every):
    _praise(count, apart=apart, every=every)

    assert queries.bursts(**MARCH) == []


def test_nothing_is_chosen_before_somebody_chose():
    page = Client().get(f"/r/{_token(_ended())}/").text

    assert page.count('type="radio"') == 5
    assert " checked" not in page


def test_nobody_rates_on_a_device_on_which_staff_are_signed_in():
    case = _ended()

    sent = given.signed_in("clerk").post(f"/r/{_token(case)}/", {"level": "excellent"})

    assert sent.status_code == 403
    assert not Rating.objects.exists()


# --- Pages ----------------------------------------------------------------------------------------


def test_a_good_rating_takes_two_clicks_on_one_page_without_an_account():
    case, client = _ended(), Client()
    page = client.get(f"/r/{_token(case)}/")
    assert page.status_code == 200
    assert "非常满意" in page.text
    assert page["Cache-Control"] == "no-store"

    sent = client.post(f"/r/{_token(case)}/?from=qr", {"level": "excellent"}, follow=True)

    assert "谢谢您的评价" in sent.text
    rating = Rating.objects.get()
    assert (rating.grade, rating.through) == (Level.EXCELLENT, Channel.QR)
    assert "改一次评价" in sent.text


def test_a_bad_rating_says_who_calls_by_when():
    case, client = _ended(), Client()
    sent = client.post(f"/r/{_token(case)}/", {"level": "poor", "indicators": ["213"]}, follow=True)

    assert "2026-03-09" in sent.text
    assert "工作人员业务不熟练" in sent.text


def test_before_it_ended_the_page_says_when_and_takes_nothing():
    case, client = given.case(), Client()

    assert "还没有办完" in client.get(f"/r/{_token(case)}/").text
    refused = client.post(f"/r/{_token(case)}/", {"level": "bad"})

    assert refused.status_code == 409
    assert not Rating.objects.exists()


def test_nothing_chosen_is_told_and_a_stranger_finds_nothing():
    case, client = _ended(), Client()

    assert client.post(f"/r/{_token(case)}/", {}).status_code == 422
    assert client.get("/r/0123456789abcdef/").status_code == 404


def test_the_progress_page_leads_to_the_rating_once_it_ended():
    case = _ended()

    assert f"/r/{_token(case)}/" in Client().get(f"/c/{_token(case)}/").text


def test_a_bad_rating_is_followed_on_its_pages():
    order, client = _order(), given.signed_in("supervisor")
    address = f"/ratings/{order.rating.number}/"
    assert address in client.get("/ratings/").text
    page = client.get(address).text
    assert "多跑了三趟" in page
    assert "138****0001" in page

    empty = client.post(f"{address}call/", {"seen": 1})
    done = client.post(f"{address}call/", {"seen": 1, "way": "phone", "text": "属实"}, follow=True)

    assert empty.status_code == 422
    assert "已回访" in done.text
    assert client.post(f"{address}fly/", {"seen": 1}).status_code == 404


def test_whom_to_call_is_shown_on_record_and_not_to_who_was_rated():
    order, client = _order(), given.signed_in("supervisor")
    address = f"/ratings/{order.rating.number}/"
    assert "13800000001" not in client.get(address).text

    assert "13800000001" in client.post(f"{address}rater/").text

    last = ledger.history(order.rating.subject)[-1]
    assert (last.kind, last.actor) == ("feedback.rater_shown", given.actor("supervisor").ref)
    with refused("feedback.rater_hidden"):
        feedback.show_rater(order, by=given.actor("acceptor"), at=RATED)


def test_the_figures_are_public_and_name_nobody():
    case = _ended()
    feedback.rate(case, _told(text="说了话"), at=RATED)

    page = Client().get("/open/ratings/?month=2026-03").text
    rows = list(csv.reader(io.StringIO(Client().get("/open/ratings.csv?month=2026-03").text[1:])))

    assert "市监局" in page
    assert "说了话" not in page
    assert case.number not in page
    assert rows[1][:2] == ["市监局", "1"]
    assert Client().get("/open/ratings/?month=2026-13").status_code == 200
    assert Client().get("/open/ratings/?month=9999-12").status_code == 200


# --- API ------------------------------------------------------------------------------------------


def _call(method: str, path: str, body=None, *, who: str):
    return Client().generic(
        method,
        f"/api/v1/ratings{path}",
        json.dumps(body) if body is not None else "",
        content_type="application/json",
        headers={"authorization": f"Bearer token-{who}"},
    )


def test_a_pad_sends_a_rating_with_the_receipts_token():
    case = _ended()
    body = {"token": _token(case), "level": "bad", "channel": "pad", "indicators": ["109"]}

    sent = _call("POST", "", body, who="clerk")

    assert sent.status_code == 201, sent.text
    assert (sent.json()["national_level"], sent.json()["national_channel"]) == (1, 4)
    unknown = _call("POST", "", {**body, "token": "0" * 32}, who="clerk")
    assert unknown.status_code == 404


def test_orders_are_listed_and_followed():
    order = _order()
    listed = _call("GET", "/orders", who="supervisor").json()
    assert [each["actions"] for each in listed["orders"]] == [["call"]]

    body = {"seen": 1, "text": "属实", "way": "phone"}
    done = _call("POST", f"/orders/{order.rating.number}/call", body, who="supervisor")

    assert (done.json()["state"], done.json()["version"]) == ("called", 2)
    assert _call("GET", "/orders", who="clerk").status_code == 403


def test_orders_are_listed_in_as_many_statements_however_many(django_assert_num_queries):
    actor = given.actor("supervisor")

    def listed(count: int) -> None:
        with django_assert_num_queries(2):
            orders = list(queries.open_orders(actor, at=RATED))
            assert len(queries.actions_of(orders, actor)) == count

    _order()
    listed(1)
    _order()
    _order()
    listed(3)


@pytest.mark.parametrize(
    "days", ["first=2026-03-31&last=2026-03-01", "first=2020-01-01&last=2026-03-01"]
)
def test_days_out_of_order_or_too_many_arerefused(days):
    assert _call("GET", f"/figures?{days}", who="supervisor").status_code == 422


def test_an_appeal_dismissed_on_the_same_day_leaves_the_rating_open_to_change():
    order = _order()
    _follow(order, Action.APPEAL, "head", at=RATED + HOUR)
    _follow(order, Action.DISMISS, at=RATED + 2 * HOUR)

    assert "改一次评价" in Client().get(f"/r/{_token(_case(order))}/").text


def test_figures_for_programs():
    feedback.rate(_ended(), _told(), at=RATED)

    told = _call("GET", "/figures?first=2026-03-01&last=2026-03-31", who="supervisor").json()

    assert told["units"][0]["levels"] == {
        "excellent": 0, "good": 0, "fair": 0, "poor": 0, "bad": 1
    }  # fmt: skip
