"""The paper of each step: issued with it, saying what held then, read by few and on record."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from onedoor.cases import queries as queries_of_cases
from onedoor.cases import services as cases
from onedoor.cases.inputs import Handed, Recipient
from onedoor.cases.rules.lifecycle import LIFECYCLE, Status
from onedoor.cases.rules.lifecycle import Paper as Issued
from onedoor.cases.rules.words import RejectionGround
from onedoor.cases.tests import given
from onedoor.cases.tests.given import DEFECTIVE, FRIDAY, MISSING, OK
from onedoor.kernel.errors import Refusal
from onedoor.ledger.models import Entry
from onedoor.papers import queries
from onedoor.papers.models import Paper
from onedoor.papers.rules.kinds import Kind

pytestmark = pytest.mark.django_db

NOW = datetime.now(UTC) - timedelta(hours=8)
"""Pages read the real clock."""


def test_every_paper_of_the_table_of_steps_is_a_kind():
    issued = {step.paper.value for step in LIFECYCLE} - {Issued.NONE.value}

    assert issued <= {kind.value for kind in Kind}


def kinds_of(case):
    return [p.kind for p in queries.of(case.number)]


def words(case, kind):
    paper = queries.of(case.number).get(kind=kind.value)
    return json.loads(str(paper.contents))


def test_every_step_issues_its_paper_in_its_own_transaction():
    case = given.case(Status.READY)
    given.step(
        cases.hand_out,
        case,
        "issuer",
        at=FRIDAY + timedelta(days=1),
        recipient=Recipient(),
        identity_checked=True,
    )

    made = ["receipt", "acceptance", "flow_slip", "grant", "certificate", "delivery"]
    assert kinds_of(case) == made
    delivered = words(case, Kind.DELIVERY)
    assert delivered["与申请人关系"] == "本人"
    assert delivered["送达文书"][0]["文号"] == queries.of(case.number).get(kind="grant").number


def test_an_old_receipt_prints_what_was_found_then():
    case = given.case(m2=MISSING)
    case = given.step(
        cases.ask_correction,
        case,
        "acceptor",
        at=FRIDAY + timedelta(hours=1),
        demands=[given.demand(2)],
        reason="",
    )
    given.step(
        cases.take_correction,
        case,
        "clerk",
        at=FRIDAY + timedelta(hours=2),
        materials=[Handed(2, OK, 1, 0)],
        identity_checked=True,
    )

    assert [m["判断"] for m in words(case, Kind.RECEIPT)["材料"]] == ["齐", "缺", "齐"]
    assert words(case, Kind.RECEIPT)["缺件"] == "布局图"
    assert words(case, Kind.CORRECTION)["补正内容"][0]["要求"] == "请补1份原件"
    assert [m["判断"] for m in words(case, Kind.CORRECTION_RECEIPT)["材料"]] == ["齐"]


def test_an_acceptance_by_silence_says_so():
    case = given.case()

    cases.deem_accepted(case, at=FRIDAY + timedelta(days=14))

    said = words(case, Kind.ACCEPTANCE)
    assert said["受理日期"] == "2026年3月6日"
    assert "视为受理" in said["视为受理"]


def test_a_refusal_to_accept_says_reason_law_and_remedies():
    given.step(
        cases.reject,
        case := given.case(),
        "acceptor",
        at=FRIDAY + timedelta(hours=1),
        ground=RejectionGround.NOT_NEEDED,
        reason="自家食用不经营",
        basis="《行政许可法》第三十二条第一款第一项",
    )

    said = words(case, Kind.REJECTION)
    assert (said["复议期限"], said["诉讼期限"]) == ("60 日", "6 个月")
    assert said["复议机关"] == "开远市人民政府"


def test_the_receipt_names_the_window_and_the_grant_its_conditions():
    case = given.reviewed()
    granted = given.step(
        cases.grant,
        case,
        "decider",
        at=FRIDAY + timedelta(hours=4),
        opinion="同意",
        attached="不得经营生食水产品",
    )

    assert words(granted, Kind.RECEIPT)["窗口"] == "3号综合窗口"
    assert words(granted, Kind.GRANT)["附加条件"] == "不得经营生食水产品"


def test_the_acceptance_foresees_the_procedures_of_its_item_and_no_others():
    case = given.case(Status.IN_REVIEW)
    page = queries.page_of(queries.of(case.number).get(kind=Kind.ACCEPTANCE.value))

    assert "检测最长 30 个" in str(page.blocks)
    assert "拍卖" not in str(page.blocks)


def test_who_is_not_competent_names_who_is():
    with pytest.raises(Refusal) as nameless:
        given.step(
            cases.reject,
            given.case(),
            "acceptor",
            at=FRIDAY + timedelta(hours=1),
            ground=RejectionGround.NOT_OURS,
            reason="取水归水务局管",
            basis="《食品安全法》第三十五条",
        )
    rejected = given.rejected(given.case(), at=FRIDAY + timedelta(hours=1))

    assert nameless.value.code == "form.required"
    assert words(rejected, Kind.REJECTION)["有权机关"] == "水务局"


def test_a_refusal_states_the_facts_the_decider_wrote():
    refused = given.refused(given.reviewed(), at=FRIDAY + timedelta(hours=4))

    said = words(refused, Kind.REFUSAL)
    assert str(said["事实"]).endswith("经审查查明：操作间没有隔开")
    assert said["理由"] == "布局不符合条件"


@pytest.mark.parametrize("take", [given.refused, given.rejected])
def test_no_decision_rests_on_an_article_nobody_listed(take, monkeypatch):
    for listed in ("bases", "rejection_bases"):
        monkeypatch.setattr(queries_of_cases, listed, lambda case: ["《别的法》第一条"])
    case = given.case() if take is given.rejected else given.reviewed()

    with pytest.raises(Refusal) as refused:
        take(case, at=FRIDAY + timedelta(hours=4))

    assert refused.value.code == "case.basis_not_listed"


def test_a_confirmation_is_not_numbered_as_a_licence_nor_rests_on_its_law():
    refused = given.refused(given.reviewed(item=given.CONFIRMATION), at=FRIDAY + timedelta(hours=4))

    numbers = {p.kind: p.number for p in queries.of(refused.number)}
    page = queries.page_of(queries.of(refused.number).get(kind=Kind.REFUSAL.value))
    assert "确不准〔" in numbers["refusal"]
    assert "确受〔" in numbers["acceptance"]
    assert page.title == "不予行政确认决定书"
    assert all("行政许可法" not in basis for basis in queries_of_cases.rejection_bases(refused))


def test_a_visit_that_ends_at_once_has_one_merged_paper():
    slot = cases.reserve(given.AT_ONCE, at=FRIDAY)
    receipt = cases.receive_and_finish(
        slot,
        applicant=given.applicant(),
        materials=given.handed(1),
        identity_checked=True,
        by=given.actor("clerk"),
        at=FRIDAY,
    )

    assert kinds_of(receipt.case) == ["at_once"]
    assert words(receipt.case, Kind.AT_ONCE)["查询码"] == receipt.query_code


def test_a_withdrawal_lists_what_goes_back():
    given.step(
        cases.withdraw,
        case := given.case(m2=MISSING, m1=DEFECTIVE),
        "clerk",
        at=FRIDAY + timedelta(hours=1),
        reason="",
        identity_checked=True,
    )

    said = words(case, Kind.RETURN_LIST)
    assert [m["名称"] for m in said["退还材料"]] == ["申请书", "说明"]


# --- Reading --------------------------------------------------------------------------------------


def test_whoever_works_on_the_case_prints_its_papers_and_it_is_on_record():
    case = given.case(Status.READY, at=NOW)
    issuer = given.signed_in("issuer")

    for paper in queries.of(case.number):
        page = issuer.get(f"/papers/{case.number}/{paper.step}/")
        pdf = issuer.get(f"/papers/{case.number}/{paper.step}/pdf/")

        assert paper.number in page.content.decode()
        assert pdf.getvalue().startswith(b"%PDF")
        assert pdf["Content-Disposition"].startswith("attachment")
        seen = Entry.objects.filter(subject=f"paper-access:{paper.number}")
        assert seen.count() == 2


@pytest.mark.parametrize("ending", ["", "pdf/"])
def test_a_strangers_paper_looks_as_if_there_were_none(ending):
    case = given.case(at=NOW)
    path = f"/papers/{case.number}/1/{ending}"

    assert given.signed_in("stranger").get(path).status_code == 404
    assert given.signed_in("clerk").get(path.replace("/1/", "/9/")).status_code == 404
    assert Client().get(path).status_code == 302


def test_the_applicant_reads_theirs_with_the_query_code_only():
    receipt = given.receipt(at=NOW)
    path = f"/c/{receipt.track_token}/papers/1/"
    client = Client()

    asked = client.get(path)
    wrong = client.post(path, {"code": "000000x"})
    page = client.post(path, {"code": receipt.query_code})
    pdf = client.post(path, {"code": receipt.query_code, "pdf": "1"})

    assert "木嘎" not in asked.content.decode() + wrong.content.decode()
    assert wrong.status_code == 422
    assert "木嘎" in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    assert asked["Referrer-Policy"] == "same-origin"
    assert pdf.getvalue().startswith(b"%PDF")
    number = queries.of(receipt.case.number)[0].number
    readers = Entry.objects.filter(subject=f"paper-access:{number}").values_list("actor", flat=True)
    assert list(readers) == ["applicant", "applicant"]


def test_the_query_code_of_a_paper_cannot_be_tried_through():
    receipt = given.receipt(at=NOW)
    path = f"/c/{receipt.track_token}/papers/1/"
    for _ in range(5):
        Client().post(path, {"code": "1"})

    assert Client().post(path, {"code": receipt.query_code}).status_code == 429


def test_the_slip_between_desks_is_not_the_applicants():
    receipt = given.receipt(at=NOW)
    case = given.step(cases.accept, receipt.case, "acceptor", at=NOW + timedelta(hours=1))
    slip = Paper.objects.get(subject=case.number, kind="flow_slip")

    page = Client().get(f"/c/{receipt.track_token}/").content.decode()

    assert Client().get(f"/c/{receipt.track_token}/papers/{slip.step}/").status_code == 404
    assert slip.number not in page
    assert "受理通知书" in page


def test_a_visit_that_ended_at_once_prints_its_merged_paper_for_both_steps():
    slot = cases.reserve(given.AT_ONCE, at=NOW)
    receipt = cases.receive_and_finish(
        slot,
        applicant=given.applicant(),
        materials=given.handed(1),
        identity_checked=True,
        by=given.actor("clerk"),
        at=NOW,
    )
    clerk = given.signed_in("clerk")

    for path in ("desk/receipt/{}/", "papers/{}/1/", "papers/{}/2/"):
        page = clerk.get("/" + path.format(receipt.case.number)).content.decode()
        assert "收件受理决定合并回执" in page
