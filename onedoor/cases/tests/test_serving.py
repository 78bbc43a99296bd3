"""The decision that ends a licence reaches its holder, once, with a proof of delivery."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from onedoor.accounts.models import Person
from onedoor.cases import codes, register
from onedoor.cases import services as cases
from onedoor.cases.inputs import Recipient
from onedoor.cases.rules.delivery import Relation
from onedoor.cases.rules.licences import RevocationGround
from onedoor.cases.rules.words import IdType
from onedoor.cases.tests import given
from onedoor.kernel.errors import Refusal
from onedoor.ledger import queries as ledger
from onedoor.papers import queries as papers
from onedoor.papers.rules.kinds import Kind

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
    unchecked = client.post(path + "serve/", {"relation": "self"})
    done = client.post(path + "serve/", {"relation": "self", "identity_checked": "on"}, follow=True)

    assert "决定书还没有送到您手里" in before
    assert "已当面交给领取人" in offered
    assert unchecked.status_code == 422
    proof = register.delivery_of(licence)
    assert proof is not None
    assert proof.number in done.content.decode()
    assert client.get(path + "delivery/pdf/").getvalue().startswith(b"%PDF")
    assert "已当面交给领取人" not in client.get(path).content.decode()
    assert "送达。" in Client().get(progress).content.decode()


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
