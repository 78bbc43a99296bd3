"""A certificate is a paper of its own: made where one is to be issued, standing as its licence."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from onedoor.cases import codes, register
from onedoor.cases import services as cases
from onedoor.cases.inputs import Recipient
from onedoor.cases.models import Licence
from onedoor.cases.rules.licences import CancellationGround, LicenceState, RevocationGround
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.rules.words import ApplicantKind
from onedoor.cases.tests import given
from onedoor.catalogue.models import ItemVersion
from onedoor.ledger import queries as ledger
from onedoor.papers import queries as papers
from onedoor.papers.models import Paper
from onedoor.papers.rules.kinds import Kind
from onedoor.papers.rules.words import Standing
from onedoor.papers.tests import given_seals
from onedoor.seals.models import SealRequest

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC) - timedelta(hours=8)
DAY = timedelta(days=1)


def certificate_of(case):
    return Paper.objects.get(subject=case.number, kind=Kind.CERTIFICATE.value)


def says(paper):
    return papers.words_of(paper)


def licence_of(case):
    return Licence.objects.select_related("case__item_version", "applicant").get(case=case)


def item(**changes):
    ItemVersion.objects.filter(item__code=given.LICENCE).update(**changes)


# --- Where one is made ---------------------------------------------------------------------------


def test_making_issues_the_certificate_with_what_the_register_and_the_decision_say():
    results = [{"name": "食品经营许可证", "kind": "证照", "validity": "5年"}]
    item(details={"results": results}, result_name="食品经营许可证")
    case = given.case(Status.IN_REVIEW)
    given.step(cases.review, case, "reviewer", at=given.FRIDAY + 2 * DAY, opinion="建议准予")
    at, attached = given.FRIDAY + 3 * DAY, "不得经营生食水产品"
    given.step(cases.grant, case, "decider", at=at, opinion="同意", attached=attached)
    made = given.step(cases.make, case, "issuer", at=at + DAY)

    paper, licence = certificate_of(made), licence_of(made)
    said = says(paper)

    assert paper.step == made.version
    assert papers.page_of(paper).title == "食品经营许可证"
    assert said["证照编号"] == licence.number
    assert said["电子证照标识"] == licence.identifier
    assert said["有效期限"] == "2026年3月9日至2031年3月8日"
    assert said["申请延续的期限"] == "2031年2月7日"
    assert said["附加条件"] == attached
    assert said["准予文书"] == register.grant_of(licence).number
    assert "*" in said["持有人证件"]
    assert ledger.history(made.subject)[-1].facts["paper"] == "certificate"


def test_what_the_applicant_takes_home_names_the_certificate():
    case = given.case(Status.READY)
    given.step(
        cases.hand_out,
        case,
        "issuer",
        at=given.FRIDAY + DAY,
        recipient=Recipient(),
        identity_checked=True,
    )

    proof = Paper.objects.get(subject=case.number, kind=Kind.DELIVERY.value)

    assert certificate_of(case).number in {row["文号"] for row in says(proof)["送达文书"]}


def test_where_nothing_is_licensed_no_certificate_is_made():
    case = given.case(Status.MAKING, item=given.CONFIRMATION)

    assert not Paper.objects.filter(subject=case.number, kind=Kind.CERTIFICATE.value).exists()
    assert ledger.history(case.subject)[-1].facts["paper"] == "none"


def test_none_is_made_of_a_licence_that_was_revoked_before():
    case = given.case(Status.DECIDED_YES)
    cases.revoke(
        licence_of(case),
        ground=RevocationGround.FRAUD,
        reason="材料是假的",
        by=given.actor("head"),
        at=given.FRIDAY + DAY,
    )

    made = given.step(cases.make, case, "issuer", at=given.FRIDAY + 2 * DAY)

    assert made.state is Status.MAKING
    assert register.certificate_of(licence_of(case)) is None


def test_a_licence_granted_on_the_spot_has_its_certificate_in_the_same_step():
    ItemVersion.objects.filter(item__code=given.AT_ONCE).update(item_type="01")
    case = given.reload(given.receipt(given.AT_ONCE).case)

    done = given.step(cases.finish_at_once, case, "clerk", at=given.FRIDAY)

    issued = papers.of(done.number).filter(step=done.version)
    assert {p.what for p in issued} == {Kind.AT_ONCE, Kind.CERTIFICATE}
    clerk = given.signed_in("clerk")
    assert "合并回执" in clerk.get(f"/papers/{done.number}/{done.version}/").content.decode()


def test_the_decider_approved_it_not_who_made_it(monkeypatch):
    given_seals.under_one_seal(monkeypatch)
    given_seals.seal()

    case = given.case(Status.MAKING)

    asked = SealRequest.objects.filter(subject=case.number, kind="approval")
    assert {r.approver for r in asked} == {given.actor("decider").ref}
    assert certificate_of(case).issued_by == given.actor("issuer").ref


# --- How it stands -------------------------------------------------------------------------------


def page(paper):
    return Client().get(f"/v/{paper.code}/").content.decode()


def test_whoever_verifies_it_is_told_that_it_holds():
    case = given.case(Status.MAKING, at=NOW)

    told = page(certificate_of(case))

    assert "确由本单位出具" in told
    assert "许可有效" in told
    assert case.number in told
    assert str(case.applicant.id_number) not in told


@pytest.mark.parametrize(
    ("end", "ground", "says"),
    [
        (cases.revoke, RevocationGround.FRAUD, "许可已经撤销"),
        (cases.cancel, CancellationGround.DISSOLVED, "许可已经注销"),
    ],
)
def test_a_certificate_ends_with_its_licence_and_names_the_decision(end, ground, says):
    case = given.case(Status.MAKING, at=NOW)
    licence, head = licence_of(case), given.actor("head")
    ended = end(licence, ground=ground, reason="查明的事实", by=head, at=NOW + timedelta(hours=6))
    decision = register.decision_on(ended)

    told = page(certificate_of(case))

    assert says in told
    assert decision is not None
    assert decision.number in told
    assert papers.standing(certificate_of(case)) is not Standing.VALID


def test_a_certificate_expires_and_is_renewed_with_its_licence():
    case = given.case(Status.MAKING, at=NOW)
    yesterday = given.actor("head") and datetime.now(UTC).date() - 2 * DAY
    Licence.objects.filter(case=case).update(valid_from=yesterday, valid_to=yesterday)
    expired = page(certificate_of(case))
    Licence.objects.filter(case=case).update(state=LicenceState.RENEWED.value)
    renewed = page(certificate_of(case))

    assert "许可已经到期" in expired
    assert "许可已经延续换证" in renewed


def test_a_replaced_certificate_says_by_which():
    case = given.case(Status.MAKING, at=NOW)
    old = certificate_of(case)
    new = Paper.objects.create(
        **{
            name: getattr(old, name)
            for name in ("kind", "unit_id", "year", "template_id", "contents", "digest", "sm3")
        },
        number="开市监许证〔2026〕99999号",
        serial=99999,
        subject=old.subject,
        step=old.step + 1,
        code="f" * 32,
        issued_at=old.issued_at,
        issued_by=old.issued_by,
        replaces=old,
        version=1,
        head=old.head,
    )

    told = page(old)

    assert "已被替换" in told
    assert new.number in told
    assert register.certificate_of(licence_of(case)) == new


# --- Who gets it ---------------------------------------------------------------------------------


def test_the_page_of_a_licence_offers_its_certificate_and_the_code_leads_to_it():
    case = given.case(Status.MAKING, at=NOW)
    paper, issuer = certificate_of(case), given.signed_in("issuer")

    shown = issuer.get(f"/licences/{case.number}/").content.decode()
    file = issuer.get(f"/licences/{case.number}/certificate/")

    assert paper.number in shown
    assert f"/v/{paper.code}/" in shown
    assert file.getvalue().startswith(b"%PDF")


def test_a_licence_whose_certificate_is_not_made_says_so():
    case = given.case(Status.DECIDED_YES, at=NOW)
    issuer = given.signed_in("issuer")

    assert "还没有制证" in issuer.get(f"/licences/{case.number}/").content.decode()
    assert issuer.get(f"/licences/{case.number}/certificate/").status_code == 404


def test_the_holder_gets_it_against_the_query_code_and_nobody_without():
    case = given.case(Status.MAKING, at=NOW)
    token = codes.track_token(case.pk, case.code_key)
    address, client = f"/c/{token}/certificate/", Client()

    offered = address in client.get(f"/c/{token}/").content.decode()
    closed = client.get(address).content.decode()
    code = codes.query_code(case.pk, case.code_key)
    opened = client.post(address, {"code": code}).content.decode()

    assert offered
    name = str(case.applicant.name)
    assert name not in closed
    assert name in opened


def test_a_program_reads_its_number_and_takes_its_file():
    case = given.case(Status.MAKING, at=NOW)
    headers = {"Authorization": "Bearer token-issuer"}

    told = Client().get(f"/api/v1/licences/{case.number}", headers=headers).json()
    file = Client().get(f"/api/v1/licences/{case.number}/certificate", headers=headers)
    stranger = Client().get(
        f"/api/v1/licences/{case.number}/certificate",
        headers={"Authorization": "Bearer token-applicant"},
    )

    assert told["certificate"] == certificate_of(case).number
    assert file.getvalue().startswith(b"%PDF")
    assert stranger.status_code in (401, 403, 404)


def test_an_organisation_is_named_with_its_code_a_person_masked():
    case = given.case(Status.DECIDED_YES)
    licence = licence_of(case)
    licence.applicant.kind = ApplicantKind.ORGANISATION.value
    from onedoor.cases import contents

    whole = contents.certificate(licence, register.grant_of(licence))

    assert str(licence.applicant.id_number) in whole.holder_id
