"""The decision that ends a licence reaches its holder, once, with a proof of delivery."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from onedoor.accounts.models import Organisation, Person
from onedoor.accounts.rules import APPLICANT
from onedoor.cases import codes, queries, register, subscribers
from onedoor.cases import services as cases
from onedoor.cases.inputs import Recipient
from onedoor.cases.models import Applicant, EndServing
from onedoor.cases.rules.delivery import Relation, Unserved, Way
from onedoor.cases.rules.licences import RevocationGround
from onedoor.cases.rules.words import IdType
from onedoor.cases.services.serving import run_end_timers
from onedoor.cases.tests import given
from onedoor.catalogue.models import Item
from onedoor.kernel import clock
from onedoor.kernel.errors import Refusal
from onedoor.ledger import queries as ledger
from onedoor.messages.models import Message
from onedoor.papers import queries as papers
from onedoor.papers.rules.kinds import Kind
from onedoor.papers.tests import given_seals
from onedoor.seals import queries as seals

pytestmark = pytest.mark.django_db

LATER = given.FRIDAY + timedelta(days=20)
HOLDER = Recipient(Relation.SELF, "")


def revoked():
    licence = given.licence()
    return cases.revoke(
        licence,
        ground=RevocationGround.FRAUD,
        reason="租赁合同是假的",
        by=given.actor("head"),
        at=LATER,
    )


def serve(licence, *, recipient=HOLDER, checked=True, who="issuer"):
    return cases.serve(
        licence,
        recipient=recipient,
        identity_checked=checked,
        by=given.actor(who),
        at=LATER + timedelta(hours=1),
    )


def test_the_proof_says_what_was_handed_to_whom_and_when():
    licence = revoked()
    decision = register.decision_on(licence)
    assert decision is not None

    serve(licence)

    proof = register.delivery_of(licence)
    assert proof is not None
    said = papers.words_of(proof)
    assert proof.what is Kind.DELIVERY
    assert decision.number in str(said["送达文书"])
    assert (said["与申请人关系"], said["送达方式"]) == ("本人", "窗口领取")
    assert register.decision_on(licence) == decision
    last = ledger.history(licence.subject)[-1]
    assert (last.kind, last.facts["proof"]) == ("licence.end_served", proof.number)
    assert licence.applicant.name not in str(last.facts)


def test_somebody_else_shows_document_and_authority():
    licence = revoked()
    other = Recipient(Relation.ENTRUSTED, "白受托示例", IdType.CITIZEN_ID, "532502195304120000")

    with pytest.raises(Refusal) as refused:
        serve(licence, recipient=other)
    serve(licence, recipient=replace(other, authority="授权委托书"))

    assert refused.value.code.startswith("form.")
    proof = register.delivery_of(licence)
    assert proof is not None
    assert papers.words_of(proof)["看过的授权文件"] == "授权委托书"


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"who": "decider"}, "licence.not_served_by"),
        ({"checked": False}, "licence.identity"),
        ({"recipient": Recipient(Relation.SELF, "别人")}, "delivery.somebody_else"),
    ],
)
def test_it_is_served_by_who_may_on_whom_it_concerns(how, code):
    licence = revoked()

    with pytest.raises(Refusal) as refused:
        serve(licence, **how)

    assert refused.value.code == code
    assert register.delivery_of(licence) is None


def test_a_valid_licence_has_nothing_to_serve_and_a_decision_is_served_once():
    with pytest.raises(Refusal) as early:
        serve(given.licence())
    licence = revoked()
    serve(licence)
    with pytest.raises(Refusal) as again:
        serve(licence)

    assert early.value.code == "licence.nothing_to_serve"
    assert again.value.code == "licence.served_before"


def test_the_page_serves_it_and_the_holder_sees_that_it_came():
    licence = revoked()
    case = licence.case
    progress = f"/c/{codes.track_token(case.pk, case.code_key)}/"
    client = Client()
    issuer = Person.objects.get(username="issuer")
    client.force_login(issuer, backend="django.contrib.auth.backends.ModelBackend")
    path = f"/licences/{licence.number}/"

    before = Client().get(progress).content.decode()
    offered = client.get(path).content.decode()
    unchecked = client.post(path + "serve/window/", {"relation": "self"})
    done = client.post(
        path + "serve/window/", {"relation": "self", "identity_checked": "on"}, follow=True
    )

    assert "决定书还没有送到您手里" in before
    assert "已当面交给领取人" in offered
    assert unchecked.status_code == 422
    proof = register.delivery_of(licence)
    assert proof is not None
    assert proof.number in done.content.decode()
    assert client.get(path + "delivery/pdf/").getvalue().startswith(b"%PDF")
    assert "已当面交给领取人" not in client.get(path).content.decode()
    assert "送达。" in Client().get(progress).content.decode()


def _ways(licence):
    """Return how each way is taken: the service, what it is told, and the day it counts from."""
    today, photo = (LATER + timedelta(hours=1)).date(), given.report()
    day = licence.ended_on
    self_ = Recipient(Relation.SELF, "")
    return {
        "post": (
            cases.post_end,
            {
                "carrier": "EMS",
                "waybill": "EM123456789CN",
                "recipient": self_,
                "signed_on": day,
            },
            day,
        ),
        "left": (
            cases.leave_end,
            {
                "place": "灵泉路1号",
                "refusal": "不肯接",
                "witnesses": ("李示例（社区）", "张示例（派出所）"),
                "left_on": day,
                "document": photo,
            },
            day,
        ),
        "online": (cases.serve_end_online, {}, today),
        "entrusted": (
            cases.entrust_end,
            {"body": "乐白道街道", "recipient": self_, "served_on": day, "document": photo},
            day,
        ),
        "cabinet": (
            cases.fetch_end,
            {
                "cabinet": "东门自助柜",
                "compartment": "A07",
                "fetched_at": LATER + timedelta(minutes=5),
                "document": photo,
            },
            day,
        ),
    }


@pytest.mark.parametrize("way", ["post", "left", "online", "entrusted", "cabinet"])
def test_it_is_served_by_every_way_and_the_proof_says_which(way):
    licence = revoked()
    cases.choose_serving(
        licence.case, online=True, identity_checked=True, by=APPLICANT, at=given.FRIDAY
    )
    do, told, on = _ways(licence)[way]

    do(licence, **told, by=given.actor("issuer"), at=LATER + timedelta(hours=1))

    proof = register.delivery_of(licence)
    assert proof is not None
    assert papers.words_of(proof)["送达方式"] == Way(way).zh
    kept = EndServing.objects.get(licence=licence)
    assert (kept.by_way, kept.served_on) == (Way(way), on)
    last = ledger.history(licence.subject)[-1]
    assert (last.facts["way"], last.facts["proof"]) == (way, proof.number)
    with pytest.raises(Refusal) as again:
        serve(licence)
    assert again.value.code == "licence.served_before"


@pytest.mark.parametrize("way", ["online", "window"])
def test_what_was_served_electronically_is_told_by_message(way):
    licence = revoked()
    agreed = Applicant.objects.filter(pk=licence.applicant_id)
    agreed.update(is_served_online=True)
    if way == "online":
        cases.serve_end_online(licence, by=given.actor("issuer"), at=LATER)
    else:
        serve(licence)
    entry = ledger.history(licence.subject)[-1]

    subscribers.on_licence_end_served(entry, entry.at)
    subscribers.on_licence_end_served(entry, entry.at)  # heard twice

    told = sorted(Message.objects.values_list("topic", "about", "channel"))
    ways = ("app", "sms") if way == "online" else ()
    assert told == [("served", licence.case.subject, each) for each in ways]


def test_without_consent_it_is_not_served_electronically():
    licence = revoked()

    with pytest.raises(Refusal) as refused:
        cases.serve_end_online(licence, by=given.actor("issuer"), at=LATER)

    assert refused.value.code == "licence.no_consent"
    assert register.delivery_of(licence) is None


def announced(licence, *, who="head"):
    return cases.announce_end(
        licence,
        ground=Unserved.UNKNOWN,
        account="到住处两次没有人",
        by=given.actor(who),
        at=LATER,
    )


def test_announced_it_counts_as_served_at_its_day():
    licence = revoked()
    announced(licence)
    until = EndServing.objects.get(licence=licence).notice_due_on
    assert until is not None

    cases.run_timers(at=clock.at_local(until, 12))
    early = register.delivery_of(licence)
    cases.run_timers(at=clock.at_local(until + timedelta(days=1), 8))

    proof = register.delivery_of(licence)
    assert early is None
    assert proof is not None
    assert papers.words_of(proof)["送达方式"] == "公告送达"
    assert EndServing.objects.get(licence=licence).served_on == until


def test_a_notice_of_it_is_public_while_it_runs_and_who_comes_still_gets_it():
    licence = revoked()
    announced(licence)
    until = EndServing.objects.get(licence=licence).notice_due_on
    assert until is not None

    shown = queries.notices(on=until)
    serve(licence)

    assert [paper.kind for paper in shown.all()] == []  # handed over meanwhile: no notice any more
    proof = register.delivery_of(licence)
    assert proof is not None
    assert papers.words_of(proof)["送达方式"] == "窗口领取"


def test_it_is_announced_by_the_head_and_once():
    licence = revoked()

    with pytest.raises(Refusal) as issuer:
        announced(licence, who="issuer")
    announced(licence)
    running = queries.notices(on=given.FRIDAY.date() + timedelta(days=30)).count()
    with pytest.raises(Refusal) as again:
        announced(licence)

    assert (issuer.value.code, again.value.code) == (
        "licence.not_served_by",
        "licence.announced_before",
    )
    assert running == 1


def test_a_row_that_fails_does_not_keep_the_others_from_being_served():
    broken, other = revoked(), revoked()
    announced(broken)
    announced(other)
    rows = EndServing.objects.filter(licence=broken)
    rows.update(announced_on=None)  # as no service leaves it
    until = EndServing.objects.get(licence=other).notice_due_on
    assert until is not None

    done = run_end_timers(at=clock.at_local(until + timedelta(days=1), 8))

    assert done == 1
    assert register.delivery_of(other) is not None
    assert register.delivery_of(broken) is None


def test_a_notice_of_a_power_that_had_gone_over_is_not_the_departments():
    licence = revoked()
    centre = Organisation.objects.get(name="政务局")
    gone_on = given.FRIDAY - timedelta(days=1)
    Item.objects.filter(pk=licence.item_id).update(transferred_to=centre, transferred_at=gone_on)
    licence = type(licence).objects.select_related("case", "unit").get(pk=licence.pk)

    with pytest.raises(Refusal) as gone:
        announced(licence)

    assert gone.value.code == "transfer.gone"
    assert not EndServing.objects.filter(licence=licence).exists()


def test_a_notice_under_the_one_seal_asks_for_it():
    given_seals.seal()
    licence = revoked()
    type(licence.case).objects.filter(pk=licence.case_id).update(former_unit=licence.unit)
    licence.case.refresh_from_db()

    announced(licence)

    notice = papers.of(licence.subject).get(kind=Kind.ANNOUNCEMENT.value)
    assert seals.request_of(notice.number) is not None


def test_the_page_leaves_it_and_a_program_entrusts_it():
    one, two = revoked(), revoked()
    today = one.ended_on.isoformat()
    photo = SimpleUploadedFile("回证.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    told = {"left_on": today, "place": "灵泉路1号", "refusal": "拒收", "document": photo}

    page = f"/licences/{one.number}/serve/left/"
    half = given.signed_in("issuer").post(page, told)
    photo.seek(0)
    done = given.signed_in("issuer").post(page, told | {"witness": "李甲", "second": "张乙"})
    photo.seek(0)
    sent = Client().post(
        f"/api/v1/licences/{two.number}/serve/entrusted",
        {"body": "乐白道街道", "served_on": two.ended_on.isoformat(), "file": photo},
        headers={"Authorization": "Bearer token-issuer"},
    )

    assert (half.status_code, done.status_code, sent.status_code) == (422, 302, 200), sent.content
    assert (sent.json()["served_by"], sent.json()["served_on"]) == ("entrusted", today)


def test_a_program_serves_it_too():
    licence = revoked()

    answer = Client().post(
        f"/api/v1/licences/{licence.number}/serve",
        data=json.dumps({"identity_checked": True}),
        content_type="application/json",
        headers={"Authorization": "Bearer token-issuer"},
    )

    proof = register.delivery_of(licence)
    assert proof is not None
    assert (answer.status_code, answer.json()["delivery"]) == (200, proof.number)
    assert answer.json()["served_at"] is not None
