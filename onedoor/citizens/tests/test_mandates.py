"""Nobody acts for another who did not agree; what was agreed to is dated and can be taken back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from onedoor.accounts import queries as accounts
from onedoor.citizens import mandates
from onedoor.citizens import services as citizens
from onedoor.citizens.identity import registers
from onedoor.citizens.identity.claims import Identity
from onedoor.citizens.models import Citizen, Mandate
from onedoor.citizens.rules import CODE_LIFE, CODE_TRIES
from onedoor.citizens.rules.mandates import ANSWER_IN, Ended, Kind, Scope, State, Used, last_day
from onedoor.kernel import clock
from onedoor.kernel.errors import TooOften
from onedoor.kernel.tests.refusing import refused
from onedoor.ledger import queries as ledger
from onedoor.messages.models import Message

pytestmark = pytest.mark.django_db
NOW = clock.at_local(date(2026, 3, 6), 10)
TODAY = clock.day_of(NOW)
MOTHER = Identity("普秀英示例", "111", "532502195304120000", "13800000001")
DAUGHTER = Identity("李敏示例", "111", "532502199203080001", "13800000002")
AGENT = Identity("马建国样例", "111", "532502197509160005", "13800000003")
COMPANY = registers.Company("演示餐饮公司", "91532502DEM0000141", DAUGHTER.id_number)
FIRM = Identity(COMPANY.name, "001", COMPANY.credit_code)


class _Register:
    name = "test"

    def company(self, code: str) -> registers.Company | None:
        return COMPANY if code == COMPANY.credit_code else None


@pytest.fixture
def daughter() -> Citizen:
    return _account(DAUGHTER)


def _account(who: Identity) -> Citizen:
    return citizens.enter_by_identity(who, service="x", signed_in=None, at=NOW)


def _asked(citizen: Citizen, number: str = MOTHER.id_number, **more) -> Mandate:
    said: dict[str, Any] = {
        "known": MOTHER,
        "scope": Scope.APPLY,
        "months": 12,
        "origin": "here",
        "at": NOW,
    }
    return citizens.ask_family(citizen, number, **said | more)


def _code(mandate: Mandate) -> str:
    text = str(Message.objects.get(key=f"{mandate.subject}:code").text)
    return "".join(c for c in text.split("验证码")[1].split("告诉")[0] if c.isdigit())


def _given(
    agent: Identity = DAUGHTER,
    party: Identity = MOTHER,
    kind: Kind = Kind.FAMILY,
    scope: Scope = Scope.APPLY,
    by: str = "clerk",
) -> Mandate:
    return citizens.give_at_window(
        agent,
        party,
        kind=kind,
        scope=scope,
        months=12,
        by=accounts.actor_named(by, on=TODAY),
        at=NOW,
    )


def test_a_relative_agrees_with_a_code_that_went_to_their_own_telephone(daughter):
    asked = _asked(daughter)
    assert mandates.open_to(daughter, on=TODAY) == []
    message = Message.objects.get()
    assert message.to == MOTHER.phone
    assert DAUGHTER.name in message.text

    citizens.consent_by_code(asked, _code(asked), at=NOW)

    (mandate,) = mandates.open_to(daughter, on=TODAY)
    assert (mandate.shown, mandate.last_on) == (MOTHER.name, date(2027, 3, 5))
    told = list(ledger.history(mandate.subject))
    assert [e.kind for e in told] == ["citizens.mandate_asked", "citizens.mandate_given"]
    assert MOTHER.name not in str([e.facts for e in told])
    assert MOTHER.id_number not in str([e.facts for e in told])
    assert Message.objects.get(key=f"{mandate.subject}:given").to == MOTHER.phone


def test_whether_somebody_is_known_is_not_told(daughter):
    asked = _asked(daughter, known=None)

    assert not Message.objects.exists()
    with refused("mandate.code_wrong"):
        citizens.consent_by_code(asked, "000000", at=NOW)


def test_a_wrong_and_an_old_code_agree_to_nothing(daughter):
    asked = _asked(daughter)
    code = _code(asked)
    with refused("mandate.code_over"):
        citizens.consent_by_code(asked, code, at=NOW + CODE_LIFE + timedelta(seconds=1))
    for _ in range(CODE_TRIES):
        with refused("mandate.code_wrong"):
            citizens.consent_by_code(asked, "x", at=NOW)
    with refused("mandate.code_over"):
        citizens.consent_by_code(asked, code, at=NOW)
    assert Mandate.objects.get().standing is State.ASKED


def test_who_is_known_by_a_telephone_alone_asks_nobody():
    by_phone = citizens.enter_by_phone("13800000077", at=NOW)

    with refused("mandate.not_verified"):
        _asked(by_phone)
    assert mandates.of_agent(by_phone) == mandates.over(by_phone) == []


@pytest.mark.parametrize(
    ("number", "months", "code"),
    [
        (DAUGHTER.id_number, 12, "mandate.self"),
        ("532502195304120001", 12, "id.wrong"),
        (MOTHER.id_number, 120, "mandate.months"),
    ],
)
def test_what_cannot_be_asked_is_refused(daughter, number, months, code):
    with refused(code):
        _asked(daughter, number, months=months, known=None)
    assert not Mandate.objects.exists()


def test_nobody_is_flooded_with_requests(daughter):
    for _ in range(5):
        _asked(daughter)  # each makes room for the next
    assert Mandate.objects.exclude(state=State.ENDED.value).count() == 1

    with pytest.raises(TooOften):
        _asked(daughter)


def test_a_relative_agrees_in_their_own_account(daughter):
    mother, stranger = _account(MOTHER), _account(AGENT)
    asked = _asked(daughter)
    assert mandates.over(mother) == [asked]
    with refused("mandate.not_found"):
        mandates.concerning(stranger, asked.code)
    with refused("mandate.not_yours"):
        citizens.agree(asked, daughter, at=NOW)
    with refused("mandate.too_late"):
        citizens.agree(asked, mother, at=NOW + ANSWER_IN + timedelta(seconds=1))

    citizens.agree(asked, mother, at=NOW)

    assert Mandate.objects.get().given_how == "account"
    with refused("mandate.changed"):
        citizens.agree(asked, mother, at=NOW)


def test_at_a_window_nobody_needs_an_account_and_only_a_desk_notes_it():
    _given()

    assert mandates.open_to(_account(DAUGHTER), on=TODAY)[0].name == MOTHER.name
    with refused("mandate.window_only"):
        _given(by="acceptor")


def test_what_is_taken_back_is_over_at_once_and_once(daughter):
    mandate = _given()
    citizens.use(mandate, Used.TURNED, on=TODAY, at=NOW)

    for _ in range(2):
        citizens.end(mandate, Ended.TAKEN_BACK, by="applicant", at=NOW)

    assert mandates.held(daughter, mandate.code, on=TODAY) is None
    with refused("mandate.over"):
        citizens.use(mandate, Used.APPLIED, on=TODAY, at=NOW)
    kinds = [entry.kind for entry in ledger.history(mandate.subject)]
    assert kinds.count("citizens.mandate_ended") == 1
    assert [doing.what for doing in mandates.doings(mandate)] == [Used.TURNED]


def test_what_is_over_holds_no_longer_and_is_ended_by_the_worker(daughter):
    mandate = _given()
    asked = _asked(daughter, AGENT.id_number, known=None, months=1)
    after = date(2027, 3, 6)

    assert mandate.holds_on(date(2027, 3, 5))
    assert not mandate.holds_on(after)
    assert citizens.end_lapsed(at=NOW + ANSWER_IN + timedelta(minutes=1)) == 1
    asked.refresh_from_db()
    assert asked.ended_how == Ended.LAPSED.value
    assert citizens.end_lapsed(at=clock.at_local(after, 1)) == 1
    assert not Mandate.objects.exclude(state=State.ENDED.value).exists()


def test_who_may_only_follow_does_not_apply():
    mandate = _given(scope=Scope.FOLLOW)

    citizens.use(mandate, Used.TURNED, on=TODAY, at=NOW)
    with refused("mandate.follow_only"):
        citizens.use(mandate, Used.APPLIED, on=TODAY, at=NOW)


def test_a_company_is_its_legal_representatives_as_the_register_says(daughter, monkeypatch):
    monkeypatch.setattr(registers, "register", lambda: None)
    with refused("mandate.no_register"):
        citizens.claim_company(daughter, COMPANY.credit_code, origin="here", at=NOW)
    monkeypatch.setattr(registers, "register", _Register)
    for code in ("91532502DEM000022U", COMPANY.credit_code):
        with refused("mandate.not_legal"):
            citizens.claim_company(_account(AGENT), code, origin="here", at=NOW)

    legal = citizens.claim_company(daughter, COMPANY.credit_code.lower(), origin="here", at=NOW)

    assert (legal.as_what, legal.name, legal.last_on) == (Kind.LEGAL, COMPANY.name, None)
    with refused("mandate.there_already"):
        citizens.claim_company(daughter, COMPANY.credit_code, origin="here", at=NOW)


def test_an_agent_acts_once_they_agreed_and_never_asks_others(daughter):
    legal = _given(DAUGHTER, FIRM, Kind.LEGAL)
    agent = _account(AGENT)
    asked = citizens.invite(legal, AGENT, scope=Scope.APPLY, months=6, at=NOW)
    assert mandates.open_to(agent, on=TODAY) == []
    assert COMPANY.name in Message.objects.get(key=f"{asked.subject}:invited").text
    with refused("mandate.not_yours"):
        citizens.agree(asked, daughter, at=NOW)

    citizens.agree(asked, agent, at=NOW)

    (mine,) = mandates.open_to(agent, on=TODAY)
    with refused("mandate.not_legal_now"):
        citizens.invite(mine, MOTHER, scope=Scope.APPLY, months=6, at=NOW)
    citizens.end(legal, Ended.AT_WINDOW, by="clerk", at=NOW)
    assert mandates.open_to(agent, on=TODAY) == []  # nobody answers for the company any more


def test_an_account_that_is_closed_acts_for_nobody(daughter):
    _given()
    citizens.end_all(daughter, at=NOW)

    assert Mandate.objects.get().ended_how == Ended.ACCOUNT_CLOSED.value


def test_nobody_acts_for_more_relatives_than_a_family_has(monkeypatch):
    monkeypatch.setattr("onedoor.citizens.services.mandates.MOST", 1)
    _given()

    with refused("mandate.too_many"):
        _given(DAUGHTER, AGENT)
    _given(DAUGHTER, FIRM, Kind.LEGAL)  # companies are not counted


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 31), 12, date(2027, 12, 30)),
        (date(2026, 11, 30), 1, date(2026, 12, 29)),
    ],
)
def test_the_last_day_is_the_day_before_the_same_of_a_later_month(first, months, last):
    assert last_day(first, months) == last


def test_names_and_numbers_are_unreadable_in_the_database():
    _given()

    (row,) = Mandate.objects.extra(select={"a": "party_name", "b": "party_number"}).values("a", "b")
    assert MOTHER.name.encode() not in bytes(row["a"])
    assert MOTHER.id_number.encode() not in bytes(row["b"])


def test_a_company_has_one_representative_and_the_one_before_acts_no_longer(daughter):
    before = _given(DAUGHTER, FIRM, Kind.LEGAL)
    clerk = _account(Identity("李文示例", "111", "532502198807220007"))
    asked = citizens.invite(
        before,
        Identity(str(clerk.name), "", str(clerk.id_number)),
        scope=Scope.APPLY,
        months=6,
        at=NOW,
    )
    citizens.agree(asked, clerk, at=NOW)

    _given(AGENT, FIRM, Kind.LEGAL)

    before.refresh_from_db()
    assert before.ended_how == Ended.REPLACED.value
    assert mandates.open_to(daughter, on=TODAY) == []
    assert len(mandates.open_to(clerk, on=TODAY)) == 1  # the company's agent is still its agent


def test_a_relative_is_told_at_the_number_the_centre_knows_whatever_was_typed():
    typed = Identity(MOTHER.name, "111", MOTHER.id_number, "13800000009")
    made = citizens.give_at_window(
        DAUGHTER,
        typed,
        kind=Kind.FAMILY,
        scope=Scope.APPLY,
        months=12,
        by=accounts.actor_named("clerk", on=TODAY),
        at=NOW,
        known_phone=str(MOTHER.phone),
    )

    told = Message.objects.filter(about=made.subject, topic="mandate")
    assert {each.to for each in told} == {"13800000009", MOTHER.phone}
