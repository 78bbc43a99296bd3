"""People, roles by date, deputies, tokens; answers given once; tries counted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest

from onedoor.accounts import queries
from onedoor.accounts import services as accounts
from onedoor.accounts.models import (
    AnsweredRequest,
    AttemptWindow,
    Delegation,
    Organisation,
    Person,
    RoleHolding,
    Token,
)
from onedoor.accounts.rules import (
    CENTRE,
    INCOMPATIBLE,
    SYSTEM,
    Actor,
    Holding,
    Role,
    Scope,
    is_valid,
)
from onedoor.kernel.errors import NotAllowed, NotFound, NotSignedIn, NotValid, TooOften
from onedoor.kernel.tests.refusing import refused
from onedoor.ledger import queries as ledger
from onedoor.ledger.models import Entry

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 6, 2, tzinfo=UTC)
FRIDAY = date(2026, 3, 6)
DAY = timedelta(days=1)


def somebody(username: str = "somebody") -> Person:
    return accounts.add_person(username=username, name=f"{username}示例", password=None)


def unit() -> Organisation:
    return Organisation.objects.create(code="U900", name="测试局", sequence=900)


def give(person, role, *, where=CENTRE, first_on=FRIDAY, last_on=None):
    return accounts.give_role(
        person, role, unit=where, first_on=first_on, last_on=last_on, by=SYSTEM, at=AT
    )


def lend(holding, to, *, first_on=FRIDAY, last_on=FRIDAY, basis="局发〔2026〕1号"):
    return accounts.delegate(
        holding, to=to, first_on=first_on, last_on=last_on, basis=basis, by=SYSTEM, at=AT
    )


# --- Roles ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days_before", "days_after", "holds"),
    [(0, 0, True), (1, 1, True), (-1, 5, False), (5, -1, False), (0, None, True)],
)
def test_a_role_holds_from_its_first_day_to_its_last(days_before, days_after, holds):
    first = FRIDAY - days_before * DAY
    last = None if days_after is None else FRIDAY + days_after * DAY
    person = somebody()
    give(person, Role.ACCEPTOR, first_on=first, last_on=last)

    assert queries.actor_for(person, on=FRIDAY).holds(Role.ACCEPTOR) is holds
    assert is_valid(first, last, on=FRIDAY) is holds


def test_a_role_in_one_unit_is_none_in_another_nor_over_the_centre():
    person, here = somebody(), unit()
    give(person, Role.DECIDER, where=here)

    actor = queries.actor_for(person, on=FRIDAY)

    assert actor.holds(Role.DECIDER, here.pk)
    assert not actor.holds(Role.DECIDER, SYSTEM.person_id)
    assert not actor.holds(Role.DECIDER, somebody("other").pk)
    assert actor.units_of([Role.DECIDER]) == frozenset({here.pk})


def test_a_role_that_ends_is_gone_the_day_after_and_both_are_on_record():
    person = somebody()
    holding = give(person, Role.DESK)
    accounts.end_role(holding, last_on=FRIDAY, by=SYSTEM, at=AT)

    assert queries.actor_for(person, on=FRIDAY).holds(Role.DESK)
    assert not queries.actor_for(person, on=FRIDAY + DAY).holds(Role.DESK)
    kinds = [entry.kind for entry in ledger.history(person.ref)]
    assert kinds == ["accounts.role_given", "accounts.role_ended"]
    assert person.name not in str([entry.facts for entry in ledger.history(person.ref)])


def test_an_end_before_the_beginning_is_refused_not_broken():
    person = somebody()
    with refused("accounts.dates_reversed"):
        give(person, Role.DESK, last_on=FRIDAY - DAY)
    holding = give(person, Role.DESK)
    with refused("accounts.dates_reversed"):
        accounts.end_role(holding, last_on=FRIDAY - DAY, by=SYSTEM, at=AT)


# --- Incompatible roles and deputies ----------------------------------------------------------

PAIRS = [tuple(sorted(pair)) for pair in INCOMPATIBLE]


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("turned", [False, True])
def test_incompatible_roles_are_never_held_at_once(pair, turned):
    first, second = (Role(value) for value in (reversed(pair) if turned else pair))
    person = somebody()
    held = give(person, first)

    with refused("accounts.incompatible_roles"):
        give(person, second)
    with refused("accounts.incompatible_roles"):
        give(person, second, first_on=FRIDAY - 9 * DAY)
    give(person, second, first_on=FRIDAY - 9 * DAY, last_on=FRIDAY - DAY)
    accounts.end_role(held, last_on=FRIDAY, by=SYSTEM, at=AT)
    give(person, second, first_on=FRIDAY + DAY)


@pytest.mark.parametrize("pair", PAIRS)
def test_nobody_gets_an_incompatible_role_as_a_deputy(pair):
    first, second = (Role(value) for value in pair)
    deputy, absent = somebody(), somebody("absent")
    give(deputy, first)
    holding = give(absent, second)

    with refused("accounts.incompatible_roles"):
        lend(holding, deputy)

    assert not Delegation.objects.exists()


def test_a_deputy_is_given_no_role_that_contradicts_what_is_lent():
    deputy = somebody()
    lend(give(somebody("absent"), Role.PUBLISHER), deputy)

    with refused("accounts.incompatible_roles"):
        give(deputy, Role.EDITOR)
    give(deputy, Role.EDITOR, first_on=FRIDAY + DAY)


def test_a_deputy_acts_for_the_absent_on_those_days_only():
    deputy, absent, here = somebody(), somebody("absent"), unit()
    lend(give(absent, Role.DECIDER, where=here), deputy, last_on=FRIDAY + DAY)

    actor = queries.actor_for(deputy, on=FRIDAY)

    assert actor.holds(Role.DECIDER, here.pk)
    assert actor.acting_for(Role.DECIDER, here.pk) == absent.ref
    assert not queries.actor_for(deputy, on=FRIDAY - DAY).holdings
    assert not queries.actor_for(deputy, on=FRIDAY + 2 * DAY).holdings


def test_a_deputy_who_holds_the_role_too_acts_for_nobody():
    deputy, here = somebody(), unit()
    lend(give(somebody("absent"), Role.DECIDER, where=here), deputy)
    give(deputy, Role.DECIDER, where=here)

    assert queries.actor_for(deputy, on=FRIDAY).acting_for(Role.DECIDER, here.pk) == ""


def test_what_is_lent_ends_with_the_holding_it_was_lent_from():
    deputy = somebody()
    holding = give(somebody("absent"), Role.DECIDER)
    lend(holding, deputy, last_on=FRIDAY + 9 * DAY)
    accounts.end_role(holding, last_on=FRIDAY, by=SYSTEM, at=AT)

    assert queries.actor_for(deputy, on=FRIDAY).holds(Role.DECIDER)
    assert not queries.actor_for(deputy, on=FRIDAY + DAY).holds(Role.DECIDER)


def test_a_delegation_needs_another_person_dates_in_order_and_a_basis():
    absent = somebody("absent")
    holding = give(absent, Role.DECIDER)

    with refused("accounts.delegate_to_self"):
        lend(holding, absent)
    with refused("accounts.dates_reversed"):
        lend(holding, somebody(), last_on=FRIDAY - DAY)
    with refused("accounts.basis_missing"):
        lend(holding, somebody("third"), basis=" ")


def test_who_left_is_nobody():
    person = somebody()
    Person.objects.filter(pk=person.pk).update(is_active=False)

    with pytest.raises(NotFound):
        queries.actor_named("somebody", on=FRIDAY)


# --- Tokens -----------------------------------------------------------------------------------


def token(person, *, scopes=frozenset(Scope), expires_at=None) -> str:
    return accounts.issue_token(
        person, name="程序", scopes=scopes, by=SYSTEM, at=AT, expires_at=expires_at
    ).secret


def test_a_token_speaks_for_its_person_and_is_kept_as_a_digest_only():
    person = somebody()
    give(person, Role.DESK)
    secret = token(person, scopes=frozenset({Scope.READ}))

    actor = queries.actor_with_token(secret, at=AT, on=FRIDAY)

    assert (actor.ref, actor.roles) == (person.ref, frozenset({"desk"}))
    queries.require_scope(actor, Scope.READ)
    with pytest.raises(NotAllowed):
        queries.require_scope(actor, Scope.WORK)
    row = Token.objects.get(person=person)
    assert row.digest == sha256(secret.encode()).hexdigest()
    assert secret not in str([entry.facts for entry in ledger.history(person.ref)])


def test_a_token_ends_when_it_expires_is_revoked_or_its_person_leaves():
    person = somebody()
    short, long = token(person, expires_at=AT + DAY), token(person)

    assert queries.actor_with_token(short, at=AT, on=FRIDAY)
    with pytest.raises(NotSignedIn):
        queries.actor_with_token(short, at=AT + DAY, on=FRIDAY)
    row = Token.objects.get(digest=sha256(long.encode()).hexdigest())
    accounts.revoke_token(row, by=SYSTEM, at=AT)
    accounts.revoke_token(row, by=SYSTEM, at=AT)
    with pytest.raises(NotSignedIn):
        queries.actor_with_token(long, at=AT, on=FRIDAY)
    assert [e.kind for e in ledger.history(person.ref)].count("accounts.token_revoked") == 1
    Person.objects.filter(pk=person.pk).update(is_active=False)
    with pytest.raises(NotSignedIn):
        queries.actor_with_token(short, at=AT, on=FRIDAY)
    with pytest.raises(NotSignedIn):
        queries.actor_with_token("od_guess", at=AT, on=FRIDAY)


def test_tokens_are_issued_and_revoked_by_the_security_administrator_alone():
    person = somebody()
    kept = accounts.issue_token(
        person, name="程序", scopes=frozenset({Scope.READ}), by=SYSTEM, at=AT
    ).token

    for role in (Role.ADMIN, Role.HEAD, Role.AUDIT_ADMIN):
        by = Actor(ref="person:x", name="", holdings=(Holding(role, CENTRE),))
        with pytest.raises(NotAllowed):
            accounts.issue_token(person, name="程序", scopes=frozenset(Scope), by=by, at=AT)
        with pytest.raises(NotAllowed):
            accounts.revoke_token(kept, by=by, at=AT)

    issued = Token.objects.filter(person=person)
    assert list(issued.values_list("pk", "revoked_at")) == [(kept.pk, None)]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"name": " "}, "accounts.token_name"),
        ({"scopes": frozenset()}, "accounts.token_scopes"),
        ({"expires_at": AT}, "accounts.token_expired"),
    ],
)
def test_a_token_says_whose_it_is_for_what_and_is_not_over_when_it_is_issued(wrong, code):
    asked = {"name": "程序", "scopes": frozenset({Scope.READ}), "by": SYSTEM, "at": AT} | wrong
    person = somebody()

    with pytest.raises(NotValid) as refused:
        accounts.issue_token(person, **asked)

    assert refused.value.code == code
    assert not Token.objects.filter(person=person).exists()


def test_the_ledger_says_what_a_token_may_and_until_when():
    person = somebody()
    token(person, scopes=frozenset({Scope.READ}), expires_at=AT + DAY)

    facts = ledger.history(person.ref)[-1].facts

    assert (facts["scopes"], facts["expires_at"]) == (["read"], (AT + DAY).isoformat())


# --- Answers given once -----------------------------------------------------------------------

CALLER = Actor(ref="person:caller", name="程序")


def answered(answer, *, prepare=lambda: None, actor=CALLER, key="k", body=b""):
    return accounts.answer_once(answer, prepare=prepare, actor=actor, key=key, body=body, at=AT)


def test_the_same_request_again_gets_the_same_answer_and_does_nothing():
    done = []

    def once(body=b"{}", actor=CALLER, key="k"):
        def answer(prepared):
            done.append(prepared)
            return f"答复{len(done)}"

        return answered(answer, actor=actor, key=key, body=body)

    assert once() == once() == "答复1"
    with refused("request.key_reused"):
        once(b"other")
    assert once(key="k2") == "答复2"
    assert once(actor=Actor(ref="person:second", name="")) == "答复3"
    assert len(done) == 3


def test_a_refused_request_keeps_no_answer_and_may_be_sent_again():
    def refuse(prepared):
        raise NotValid("test.no", "不行。")

    with refused("test.no"):
        answered(refuse)

    assert answered(lambda _: "好") == "好"


def test_what_was_answered_stays_answered_even_when_it_could_not_be_prepared_now():
    def refuse():
        raise NotValid("test.no", "不行。")

    assert answered(lambda _: "好") == "好"
    assert answered(lambda _: "又一次", prepare=refuse) == "好"
    with refused("test.no"):
        answered(lambda _: "好", prepare=refuse, key="k2")


@pytest.mark.parametrize("key", ["", "x" * 81, "钥匙", "a\nb", "a\x00"])
def test_a_key_that_is_no_key_is_refused(key):
    with refused("request.bad_key"):
        answered(lambda _: "", key=key)


def test_answers_are_forgotten_after_a_week():
    answered(lambda _: "好")

    assert accounts.forget_answers(at=AT + 7 * DAY) == 0
    assert accounts.forget_answers(at=AT + 8 * DAY) == 1
    assert not AnsweredRequest.objects.filter(actor=CALLER.ref).exists()


# --- Tries ------------------------------------------------------------------------------------


def attempt(at=AT):
    accounts.count_attempt("door", limit=3, window=timedelta(minutes=15), at=at)


def test_too_many_tries_wait_until_the_window_ends():
    for _ in range(3):
        attempt()

    with pytest.raises(TooOften) as late:
        attempt(AT + timedelta(minutes=5))

    assert late.value.retry_after == 600
    assert "10:15" in str(late.value)
    attempt(AT + timedelta(minutes=15))


def test_a_success_begins_anew_and_other_doors_are_not_counted():
    for _ in range(3):
        attempt()
    accounts.count_attempt("other", limit=3, window=timedelta(minutes=15), at=AT)
    accounts.forget_attempts("door")

    attempt()


def test_one_success_takes_back_its_own_try_and_no_other():
    for _ in range(3):
        attempt()

    accounts.forgive_attempt("door")
    attempt()

    with pytest.raises(TooOften):
        attempt()


def test_what_was_tried_is_kept_unreadable_and_not_for_long():
    accounts.count_attempt("track:203.0.113.7", limit=3, window=timedelta(minutes=15), at=AT)

    assert not AttemptWindow.objects.filter(key__contains="203.0").exists()
    assert accounts.forget_old_attempts(at=AT + timedelta(hours=23)) == 0
    assert accounts.forget_old_attempts(at=AT + timedelta(hours=25)) == 1


# --- Ending what was lent ---------------------------------------------------------------------


def test_a_delegation_can_be_shortened_on_record_but_not_prolonged():
    lent = lend(give(somebody("absent"), Role.DECIDER), somebody(), last_on=FRIDAY + 5 * DAY)

    with refused("accounts.delegation_prolonged"):
        accounts.end_delegation(lent, last_on=FRIDAY + 6 * DAY, by=CALLER, at=AT)
    accounts.end_delegation(lent, last_on=FRIDAY, by=CALLER, at=AT)

    assert Delegation.objects.get(pk=lent.pk).last_on == FRIDAY
    assert Entry.objects.filter(kind="accounts.delegation_ended").count() == 1


def test_nobody_gives_themselves_a_role():
    security = accounts.add_person(username="security", name="某安全", password=None)
    holding = RoleHolding.objects.create(
        person=security, role=Role.SECURITY_ADMIN.value, first_on=date(2020, 1, 1)
    )
    by = queries.actor_for(security, on=FRIDAY)

    with pytest.raises(NotAllowed):
        accounts.give_role(security, Role.DECIDER, unit=None, first_on=FRIDAY, by=by, at=AT)

    assert list(security.role_holdings.all()) == [holding]
