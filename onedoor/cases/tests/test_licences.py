"""Licences after their decision: limited in number, renewed, by silence too, revoked, cancelled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from onedoor.accounts.models import Person
from onedoor.cases import codes, register
from onedoor.cases import services as cases
from onedoor.cases.models import Case, Licence
from onedoor.cases.rules.licences import (
    LAWS,
    CancellationGround,
    LicenceState,
    RevocationGround,
    Shown,
    is_asked_in_time,
)
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.tests import given
from onedoor.cases.tests.given import CONFIRMATION, FRIDAY
from onedoor.catalogue.models import ItemVersion
from onedoor.kernel.terms import Term
from onedoor.kernel.tests.refusing import refused
from onedoor.ledger import queries as ledger
from onedoor.papers import queries as papers
from onedoor.papers.models import Paper
from onedoor.papers.rules.kinds import Kind
from onedoor.papers.rules.words import Standing

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def _item(**changes: object) -> None:
    ItemVersion.objects.filter(item__code=given.LICENCE).update(**changes)


def _granted(case: Case, *, at: datetime = FRIDAY + 4 * DAY) -> Case:
    return given.step(cases.grant, case, "decider", at=at, opinion="同意")


def _licence(*, months: int = 12, at: datetime = FRIDAY) -> Licence:
    """Return a licence granted four days after ``at``, that holds so many months."""
    _item(details={"results": [{"name": "证", "validity": f"{months}个月"}]})
    return Licence.objects.get(case=_granted(given.reviewed(at=at), at=at + 4 * DAY))


def _renewal(licence: Licence, *, at: datetime) -> Case:
    case = given.case(at=at)
    linked = given.step(cases.link_licence, case, "acceptor", at=at, number=licence.number)
    accepted = given.step(cases.accept, linked, "acceptor", at=at)
    return given.step(cases.review, accepted, "reviewer", at=at, opinion="建议准予")


def _worded(validity: str) -> Licence:
    _item(details={"results": [{"name": "证", "validity": validity}]})
    return Licence.objects.get(case=_granted(given.reviewed()))


# --- In words ---------------------------------------------------------------------------------


def test_a_term_in_words_has_no_last_day_and_says_so_where_the_licence_is_shown():
    licence = _worded("许可的采砂期内")
    head, later = given.actor("head"), date(2040, 1, 1)

    page = given.signed_in("head").get(f"/licences/{licence.number}/").content.decode()
    expired = register.found_by(head, register.Sought(shown=Shown.EXPIRED), on=later)
    public = register.granted_by(register.grant_of(licence), later)

    assert licence.valid_to is None
    assert "许可的采砂期内（照原文，没有写明哪一天到期）" in page
    assert not expired.exists()
    assert public is not None
    assert (public.worded_term, public.standing) == ("许可的采砂期内", Standing.VALID)


@pytest.mark.parametrize(
    ("validity", "says"),
    [
        ("许可的采砂期内", "2026年3月10日起，许可的采砂期内"),
        ("长期", "2026年3月10日起长期有效"),
        ("", "2026年3月10日起，没有写期限"),
    ],
)
def test_the_end_of_a_licence_says_its_term_as_it_was(validity: str, says: str):
    licence = _worded(validity)

    cases.cancel(
        licence,
        ground=CancellationGround.DISSOLVED,
        reason="公司注销了",
        by=given.actor("head"),
        at=FRIDAY + 9 * DAY,
    )

    decision = register.decision_on(licence)
    assert decision is not None
    assert says in str(papers.words_of(decision))


def test_a_term_in_words_is_over_when_the_head_states_it():
    licence = _worded("许可的采砂期内")

    ended = cases.cancel(
        licence,
        ground=CancellationGround.EXPIRED,
        reason="采砂期2026年5月1日结束，没有延续",
        by=given.actor("head"),
        at=FRIDAY + 90 * DAY,
    )

    assert ended.standing is LicenceState.CANCELLED


# --- Issued -----------------------------------------------------------------------------------


def test_a_grant_enters_the_register_for_as_long_as_the_guide_says():
    licence = _licence(months=60)

    assert (licence.valid_from, licence.valid_to) == (date(2026, 3, 10), date(2031, 3, 9))
    assert [e.kind for e in ledger.history(licence.subject)] == ["licence.issued"]


def test_a_confirmation_is_no_licence():
    _granted(given.reviewed(item=CONFIRMATION))

    assert not Licence.objects.exists()


# --- Limited in number --------------------------------------------------------------------------


def test_the_last_place_goes_to_whoever_was_accepted_first():
    _item(quantity=1)
    first, second = given.reviewed(), given.reviewed(at=FRIDAY + timedelta(hours=1))

    with refused("case.need"):
        _granted(second)
    _granted(first)
    with refused("case.need"):
        _granted(second)

    assert Licence.objects.count() == 1
    assert given.reload(second).state is Status.IN_REVIEW


def test_with_places_for_all_nobody_waits_for_another():
    _item(quantity=2)
    given.reviewed()

    assert _granted(given.reviewed(at=FRIDAY + timedelta(hours=1))).state is Status.DECIDED_YES


def test_a_place_is_free_again_when_its_licence_ends():
    _item(quantity=1)
    licence = _licence()
    waiting = given.reviewed()
    with refused("case.need"):
        _granted(waiting)

    cases.cancel(
        licence,
        ground=CancellationGround.DISSOLVED,
        reason="企业已注销",
        by=given.actor("head"),
        at=FRIDAY + 5 * DAY,
    )

    assert _granted(waiting, at=FRIDAY + 6 * DAY).state is Status.DECIDED_YES


# --- Renewed ------------------------------------------------------------------------------------


def test_a_renewal_is_due_before_the_licence_ends_and_follows_it_without_a_gap():
    licence = _licence(months=1)  # until 9 April
    case = _renewal(licence, at=FRIDAY + 33 * DAY)  # 8 April

    assert case.statutory_due_on == case.promised_due_on == date(2026, 4, 9)
    granted = _granted(case, at=FRIDAY + 34 * DAY)

    following = Licence.objects.get(case=granted)
    licence.refresh_from_db()
    assert (following.follows, following.valid_from) == (licence, date(2026, 4, 10))
    assert licence.standing is LicenceState.RENEWED


def test_silence_until_the_last_day_renews_what_was_asked_for_in_time():
    licence = _licence(months=2)  # until 9 May
    case = _renewal(licence, at=FRIDAY + 30 * DAY)

    on_the_last_day = cases.run_timers(at=FRIDAY + 64 * DAY)
    the_day_after = cases.run_timers(at=FRIDAY + 65 * DAY)

    renewed = given.reload(case)
    assert (on_the_last_day, the_day_after) == (0, 1)
    assert (renewed.state, renewed.is_renewed_by_silence) == (Status.DECIDED_YES, True)
    assert ledger.history(case.subject)[-1].facts["step"] == "T24a"
    assert Licence.objects.get(case=case).valid_from == date(2026, 5, 10)
    assert cases.run_timers(at=FRIDAY + 66 * DAY) == 0


def test_a_command_finds_it_renewed_and_does_not_wait_for_the_worker():
    case = _renewal(_licence(months=2), at=FRIDAY + 30 * DAY)

    seen = cases.settle(given.reload(case), at=FRIDAY + 70 * DAY)

    assert seen.is_renewed_by_silence


def test_what_was_asked_for_too_late_is_decided_by_somebody():
    case = _renewal(_licence(months=1), at=FRIDAY + 30 * DAY)

    assert cases.run_timers(at=FRIDAY + 60 * DAY) == 0
    assert given.reload(case).state is Status.IN_REVIEW
    assert not is_asked_in_time(date(2026, 4, 5), date(2026, 4, 9))


def test_only_a_valid_licence_of_the_same_person_can_be_renewed():
    licence = _licence()
    stranger = given.case(at=FRIDAY + 5 * DAY)
    other = given.applicant(name="别人示例", id_number="532502195304120000")
    slot = cases.reserve(given.LICENCE, at=FRIDAY)
    foreign = cases.receive(
        slot,
        applicant=other,
        materials=given.handed(3),
        identity_checked=True,
        by=given.actor("clerk"),
        at=FRIDAY + 5 * DAY,
    ).case

    def link(case: Case, number: str) -> Case:
        return given.step(cases.link_licence, case, "acceptor", at=FRIDAY + 6 * DAY, number=number)

    with refused("case.need"):
        link(foreign, licence.number)
    with refused("licence.not_found"):
        link(stranger, "53250200000000000000000")
    assert link(stranger, licence.number).renews == licence


# --- Ended --------------------------------------------------------------------------------------


def test_a_licence_is_revoked_once_with_its_ground_on_record():
    licence = _licence()

    def revoke(who: str) -> Licence:
        return cases.revoke(
            licence,
            ground=RevocationGround.FRAUD,
            reason="提供虚假租赁合同",
            by=given.actor(who),
            at=FRIDAY + 20 * DAY,
        )

    with refused("licence.head_only"):
        revoke("decider")
    assert revoke("head").standing is LicenceState.REVOKED
    with refused("licence.not_valid"):
        revoke("head")

    last = ledger.history(licence.subject)[-1].facts
    assert (last["state"], last["ground"]) == ("revoked", "fraud")
    assert "虚假" not in str(last)


def _ended(licence: Licence, end: Callable[..., Licence], ground: Term) -> Paper:
    """Return the decision with which the head ended the licence."""
    facts = "健康证明是伪造的"
    by = given.actor("head")
    end(licence, ground=ground, reason=facts, by=by, at=FRIDAY + 20 * DAY)
    paper = register.decision_on(licence)
    assert paper is not None
    return paper


def test_a_revocation_is_a_numbered_decision_with_facts_law_and_remedies():
    licence = _licence()
    granted = register.grant_of(licence)

    paper = _ended(licence, cases.revoke, RevocationGround.FRAUD)

    said = papers.words_of(paper)
    assert paper.number.startswith("开市监许撤〔2026〕")
    assert paper.what is Kind.REVOCATION
    assert said["事实和理由"] == "健康证明是伪造的"
    assert said["依据"] == "《中华人民共和国行政许可法》第六十九条第二款"
    assert said["原决定文号"] == granted.number
    assert (said["复议期限"], said["诉讼法院"]) == ("60 日", "开远市人民法院")
    assert "不受保护" in str(said["后果"])
    assert ledger.history(f"paper:{paper.number}")[0].facts["ends"] == granted.number


@pytest.mark.parametrize("ground", [*RevocationGround, *CancellationGround])
def test_every_ground_names_its_article(ground):
    article = "第六十九条" if isinstance(ground, RevocationGround) else "第七十条"

    assert article in LAWS[ground]


@pytest.mark.parametrize(
    ("end", "ground", "said"),
    [
        (cases.revoke, RevocationGround.FRAUD, "真的，但许可已经撤销"),
        (cases.cancel, CancellationGround.DISSOLVED, "真的，但许可已经注销"),
    ],
)
def test_whoever_verifies_the_grant_learns_that_it_no_longer_holds(end, ground, said):
    licence = _licence()
    granted = register.grant_of(licence)
    path = f"/v/{granted.code}/"

    before = Client().get(path).content.decode()
    decision = _ended(licence, end, ground)
    after = Client().get(path).content.decode()

    assert "确由本单位出具，没有改动" in before
    assert said in after
    assert "2026-03-26" in after
    assert decision.number in after
    assert "没有改动" not in after
    assert "木嘎" not in after
    assert "伪造" not in after
    assert "确由本单位出具，没有改动" in Client().get(f"/v/{decision.code}/").content.decode()


def test_the_holder_is_told_on_their_page_and_reads_the_decision_with_the_query_code():
    licence = _licence()
    case = licence.case
    token = codes.track_token(case.pk, case.code_key)
    path = f"/c/{token}/licence/"
    none_yet = Client().get(path).status_code

    paper = _ended(licence, cases.revoke, RevocationGround.FRAUD)

    page = Client().get(f"/c/{token}/").content.decode()
    asked = Client().get(path).content.decode()
    code = codes.query_code(case.pk, case.code_key)
    read = Client().post(path, {"code": code}).content.decode()
    assert none_yet == 404
    assert "这项许可已经撤销" in page
    assert paper.number in page
    assert "伪造" not in page + asked
    assert "健康证明是伪造的" in read


def test_the_decision_is_printed_by_its_unit_and_by_no_stranger():
    licence = _licence()
    paper = _ended(licence, cases.cancel, CancellationGround.DISSOLVED)

    def see(username: str, ending: str):
        client = Client()
        person = Person.objects.get(username=username)
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client.get(f"/licences/{licence.number}/paper/{ending}")

    assert paper.number in see("head", "").content.decode()
    assert see("head", "pdf/").getvalue().startswith(b"%PDF")
    assert see("stranger", "").status_code == 404


def test_what_has_not_expired_is_not_cancelled_as_expired():
    licence = _licence()

    with refused("licence.not_expired"):
        cases.cancel(
            licence,
            ground=CancellationGround.EXPIRED,
            reason="到期",
            by=given.actor("head"),
            at=FRIDAY + 20 * DAY,
        )


def test_the_register_is_found_by_number_and_ended_on_a_page():
    licence = _licence()
    client = Client()
    head = Person.objects.get(username="head")
    client.force_login(head, backend="django.contrib.auth.backends.ModelBackend")
    path = f"/licences/{licence.number}/"

    listed = client.get("/licences/", {"q": licence.case.alias}).content.decode()
    empty = client.post(path + "revoke/", {"ground": "", "reason": ""})
    done = client.post(
        path + "revoke/", {"ground": "procedure", "reason": "没有核查", "sure": "on"}, follow=True
    )

    assert licence.number in listed
    assert "阿普·木嘎" not in listed
    assert empty.status_code == 422
    assert "已撤销" in done.content.decode()


def test_programs_read_and_end_licences_and_strangers_find_none():
    licence = _licence()

    def ask(who: str, method: str = "get", path: str = "", body: str = "{}"):
        return getattr(Client(), method)(
            f"/api/v1/licences/{licence.number}{path}",
            data=body if method == "post" else None,
            content_type="application/json",
            headers={"Authorization": f"Bearer token-{who}"},
        )

    told = ask("acceptor").json()
    body = '{"ground": "dissolved", "reason": "企业已注销"}'

    assert (told["state"], told["valid_to"]) == ("valid", "2027-03-09")
    assert ask("stranger").status_code == 404
    assert ask("decider", "post", "/cancel", body).status_code == 403
    assert ask("head", "post", "/cancel", body).json()["state"] == "cancelled"
