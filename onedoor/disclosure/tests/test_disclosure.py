"""Every granted licence is public in time or withheld by two; nobody's full name or number is."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from django.test import Client

from onedoor.cases import register
from onedoor.cases.rules.words import ApplicantKind, IdType
from onedoor.cases.tests import given
from onedoor.cases.tests.given import FRIDAY
from onedoor.disclosure import queries
from onedoor.disclosure import services as disclosure
from onedoor.disclosure.models import Publication
from onedoor.disclosure.rules.columns import Column
from onedoor.disclosure.rules.limits import read_rules
from onedoor.disclosure.rules.words import Ground, PublicState
from onedoor.disclosure.subscribers import on_licence_issued
from onedoor.kernel import clock
from onedoor.kernel.tests.refusing import refused
from onedoor.ledger import queries as ledger
from onedoor.ledger.models import Entry

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
GRANTED = FRIDAY + 4 * DAY  # Tuesday 10 March
COMPANY = {
    "kind": ApplicantKind.ORGANISATION,
    "name": "开远示例餐饮有限公司",
    "id_type": IdType.CREDIT_CODE,
    "id_number": "91110000600037341L",
}


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """Let pages be read in the week after the grant."""
    monkeypatch.setattr(clock, "now", lambda: FRIDAY + 10 * DAY)


def _heard(**more) -> Publication:
    """Return the publication of a licence just granted, as the worker's listener enters it."""
    licence = given.licence(**more)
    for entry in Entry.objects.filter(kind="licence.issued", subject=licence.subject):
        on_licence_issued(ledger.read(entry), GRANTED)
        on_licence_issued(ledger.read(entry), GRANTED)  # heard twice
    return Publication.objects.select_related(*queries.WITH).get(licence=licence)


def _public(**more) -> Publication:
    made = _heard(**more)
    assert disclosure.publish_due(at=GRANTED + DAY) == 1
    made.refresh_from_db()
    return made


def _proposed(made: Publication, *, by: str = "decider") -> Publication:
    return disclosure.propose_withholding(
        made,
        ground=Ground.TRADE_SECRET,
        reason="配方写在许可内容里",
        by=given.actor(by),
        at=GRANTED + timedelta(hours=2),
    )


# --- In time --------------------------------------------------------------------------------------


def test_a_decision_is_entered_once_with_its_seven_working_days():
    made = _heard()

    assert Publication.objects.count() == 1
    assert (made.publish_on, made.due_on) == (date(2026, 3, 11), date(2026, 3, 19))
    assert [e.kind for e in ledger.history(queries.subject_of(made))] == ["disclosure.listed"]


def test_it_is_public_on_the_day_after_and_not_before():
    made = _heard()

    assert disclosure.publish_due(at=GRANTED) == 0
    assert disclosure.publish_due(at=GRANTED + DAY) == 1
    assert disclosure.publish_due(at=GRANTED + DAY) == 0

    assert ledger.history(queries.subject_of(made))[-1].facts["is_late"] is False


def test_what_is_published_late_says_so():
    made = _heard()

    disclosure.publish_due(at=GRANTED + 10 * DAY)

    assert ledger.history(queries.subject_of(made))[-1].facts["is_late"] is True


def test_what_nobody_heard_of_is_counted_and_entered_in_the_evening():
    given.licence()
    on = clock.day_of(GRANTED)
    head = given.actor("head")

    before = queries.count(head, on=on).forgotten
    disclosure.publish_due(at=GRANTED.replace(hour=4))  # noon in Shanghai
    at_noon = queries.count(head, on=on).forgotten
    disclosure.publish_due(at=GRANTED.replace(hour=11))

    assert (before, at_noon) == (1, 1)
    assert queries.count(head, on=on).forgotten == 0


def test_every_decision_is_public_withheld_or_waiting():
    _public()
    withheld = _proposed(_heard())
    disclosure.answer_withholding(
        withheld, is_withheld=True, by=given.actor("head"), at=GRANTED + DAY
    )
    _heard()

    count = queries.count(given.actor("head"), on=date(2026, 3, 20))

    assert (count.decided, count.published, count.withheld, count.waiting) == (3, 1, 1, 1)
    assert (count.late, count.forgotten) == (1, 0)
    assert queries.count(given.actor("stranger"), on=date(2026, 3, 20)).decided == 0


# --- Withheld by two ------------------------------------------------------------------------------


def test_what_is_asked_to_be_withheld_waits_and_two_persons_withhold_it():
    made = _proposed(_heard())

    waits = disclosure.publish_due(at=GRANTED + DAY)
    with refused("disclosure.head_only"):
        disclosure.answer_withholding(
            made, is_withheld=True, by=given.actor("decider"), at=GRANTED + DAY
        )
    done = disclosure.answer_withholding(
        made, is_withheld=True, by=given.actor("head"), at=GRANTED + DAY
    )

    assert waits == 0
    assert done.standing is PublicState.WITHHELD
    assert disclosure.publish_due(at=GRANTED + 9 * DAY) == 0
    facts = ledger.history(queries.subject_of(made))[1].facts
    assert facts["ground"] == "trade_secret"
    assert "配方" not in str(facts)


def test_the_head_does_not_answer_their_own_request():
    made = _proposed(_heard(), by="head")

    with refused("disclosure.own_proposal"):
        disclosure.answer_withholding(
            made, is_withheld=True, by=given.actor("head"), at=GRANTED + DAY
        )


def test_what_is_not_withheld_is_public_after_all():
    made = _proposed(_heard())

    disclosure.answer_withholding(made, is_withheld=False, by=given.actor("head"), at=GRANTED + DAY)

    assert disclosure.publish_due(at=GRANTED + DAY) == 1


def test_what_is_public_leaves_the_list_as_soon_as_somebody_asks():
    made = _public()
    number = made.licence.number

    _proposed(made)

    assert number not in Client().get("/open/decisions/").content.decode()
    with refused("disclosure.changed_meanwhile"):
        _proposed(made)


# --- What anybody reads ---------------------------------------------------------------------------


def test_a_person_is_masked_and_their_number_is_nowhere():
    made = _public()

    for path in ("/open/decisions/", *("/open/decisions/decisions." + e for e in ("csv", "json"))):
        text = Client().get(path).content.decode()
        assert "阿******" in text
        assert made.licence.case.item_version.name in text
        for never in ("木嘎", "532502199203080001", "13800000001", "开远市演示路1号"):
            assert never not in text, (path, never)


def test_a_company_stands_there_in_full_and_is_found_by_its_name():
    _public()
    made = _public(**COMPANY)

    def found(text):
        return Client().get("/open/decisions/decisions.json", {"q": text}).json()["decisions"]

    (row,) = found(COMPANY["name"])
    assert (row["holder"], row["credit_code"]) == (COMPANY["name"], COMPANY["id_number"])
    assert row["standing"] == "有效"
    assert [r["licence"] for r in found(register.grant_of(made.licence).number)] == [
        made.licence.number
    ]
    assert found("阿普·木嘎示例") == []
    assert len(found("食品经营")) == 2


def test_the_file_has_the_columns_of_its_dictionary():
    _public()

    text = Client().get("/open/decisions/decisions.csv").content.decode("utf-8-sig")
    told = Client().get("/open/decisions/decisions.json").json()

    (row,) = csv.DictReader(io.StringIO(text))
    assert list(row) == [each.zh for each in Column] == [c["heading"] for c in told["columns"]]
    assert list(told["decisions"][0]) == [c["key"] for c in told["columns"]]
    assert (row["许可决定日期"], row["公示日期"]) == ("2026-03-10", "2026-03-11")


def test_staff_see_what_is_late_and_withhold_by_two_on_the_page():
    made = _heard()
    number = made.licence.number
    decider, head = given.signed_in("decider"), given.signed_in("head")

    empty = decider.post(f"/disclosure/{number}/propose/", {"ground": "", "reason": ""})
    asked = decider.post(
        f"/disclosure/{number}/propose/", {"ground": "privacy", "reason": "涉及病情"}, follow=True
    ).content.decode()
    seen = head.get("/disclosure/").content.decode()
    done = head.post(f"/disclosure/{number}/answer/", {"agree": "1"}, follow=True).content.decode()

    assert empty.status_code == 422
    assert "同意不予公开" not in asked
    assert "同意不予公开" in seen
    assert "不予公开 1" in done
    assert given.signed_in("stranger").post(f"/disclosure/{number}/propose/").status_code == 404


def test_programs_read_the_list_the_count_and_withhold_by_two():
    number = _heard().licence.number

    def ask(who, method, path, body=None):
        return getattr(Client(), method)(
            f"/api/v1/decisions{path}",
            **({"data": body, "content_type": "application/json"} if body else {}),
            headers={"Authorization": f"Bearer token-{who}"},
        )

    why = {"ground": "privacy", "reason": "涉及病情"}
    assert ask("head", "get", "").json()["decisions"] == []
    assert ask("decider", "post", f"/{number}/withhold", why).json()["state"] == "waiting"
    assert ask("decider", "post", f"/{number}/answer", {"is_withheld": True}).status_code == 403
    assert ask("head", "post", f"/{number}/answer", {"is_withheld": True}).json()["state"] == (
        "withheld"
    )
    assert ask("head", "get", "/count").json()["withheld"] == 1
    assert ask("stranger", "get", f"/{number}").status_code == 404


@pytest.mark.parametrize(
    "told", [{}, {"within": 7, "looks": 7, "source": "x"}, {"within": 7, "looks": 1, "source": ""}]
)
def test_limits_without_their_source_arerefused(told):
    with refused("disclosure.limits"):
        read_rules(told)
