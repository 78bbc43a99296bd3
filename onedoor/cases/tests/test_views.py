"""The pages of a case: who gets in, what they show, what they never show."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.test import Client

from onedoor.cases import codes, queries
from onedoor.cases import services as cases
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.tests import given
from onedoor.cases.tests.given import MISSING
from onedoor.files.tests import samples
from onedoor.kernel.middleware import FORM_AROUND
from onedoor.ledger import queries as ledger

pytestmark = pytest.mark.django_db

NOW = datetime.now(UTC) - timedelta(hours=8)
"""Pages read the real clock: their cases are of today, with room for a few steps."""


@pytest.mark.parametrize(
    ("path", "may", "may_not"),
    [
        ("/desk/", "clerk", "decider"),
        (f"/desk/receive/{given.LICENCE}/", "clerk", "acceptor"),
        ("/desk/out/", "issuer", "clerk"),
        ("/inbox/", "acceptor", "clerk"),
    ],
)
def test_a_page_opens_to_its_roles_and_says_why_to_others(path, may, may_not):
    assert given.signed_in(may).get(path).status_code == 200
    refused = given.signed_in(may_not).get(path)
    assert refused.status_code == 403
    assert "只给" in refused.content.decode()
    assert Client().get(path).status_code == 302


def test_a_strangers_case_looks_as_if_there_were_none():
    case = given.case(at=NOW)

    answer = given.signed_in("stranger").get(f"/inbox/{case.number}/")

    assert answer.status_code == 404


def test_the_page_of_a_case_masks_the_applicant_and_explains_every_day():
    page = given.signed_in("acceptor").get(f"/inbox/{given.case(at=NOW).number}/").content.decode()

    assert "532502********0001" in page
    assert "532502199203080001" not in page
    assert "起始日，不计" in page


def test_an_action_not_open_now_stands_there_with_its_reason():
    case = given.case(at=NOW, m2=MISSING)

    page = given.signed_in("acceptor").get(f"/inbox/{case.number}/").content.decode()

    assert 'aria-disabled="true"' in page
    assert "还不能受理，条件还不满足：材料齐全" in page


def test_seeing_everything_asks_for_a_purpose():
    case, client = given.case(at=NOW), given.signed_in("acceptor")

    shown = client.post(f"/inbox/{case.number}/show/", {"purpose": "contact"})
    refused = client.post(f"/inbox/{case.number}/show/", {"purpose": ""})

    assert "532502199203080001" in shown.content.decode()
    assert refused.status_code == 422


def test_a_stale_page_is_told_who_was_faster():
    case = given.case(at=NOW)
    stale = {"seen": case.version}
    given.signed_in("acceptor").post(f"/inbox/{case.number}/do/accept/", stale)

    late = given.signed_in("everything").post(f"/inbox/{case.number}/do/accept/", stale)

    assert late.status_code == 409
    assert "受理示例" in late.content.decode()
    assert f'<a href="/inbox/{case.number}/">看这一件现在的样子</a>' in late.content.decode()


def test_a_file_too_large_is_refused_among_the_clerks_pages_with_a_way_back(settings):
    settings.UPLOAD_LIMIT = -FORM_AROUND
    page = f"http://testserver/inbox/{given.case(at=NOW).number}/"

    refused = given.signed_in("acceptor").post(page, {"file": "x"}, headers={"referer": page})
    sent_from_elsewhere = given.signed_in("acceptor").post(
        page, {"file": "x"}, headers={"referer": "https://elsewhere.example/"}
    )

    assert refused.status_code == 413
    assert f'<a href="{page}">回到刚才那一页</a>' in refused.content.decode()
    assert "回到工作台" in refused.content.decode()
    assert "elsewhere" not in sent_from_elsewhere.content.decode()


def test_progress_shows_the_date_and_no_personal_data():
    receipt = given.receipt(at=NOW)

    page = Client().get(f"/c/{receipt.track_token}/").content.decode()

    assert "阿" in page
    assert "木嘎" not in page
    assert "532502199203" not in page
    assert "13800000001" not in page


def test_number_and_code_open_the_progress_and_a_wrong_pair_gets_one_answer():
    receipt = given.receipt(at=NOW)
    client = Client()

    right = client.post("/track/", {"number": receipt.case.alias, "code": receipt.query_code})
    wrong_code = client.post("/track/", {"number": receipt.case.alias, "code": "x"})
    wrong_number = client.post("/track/", {"number": "ZZZZZZZZ", "code": receipt.query_code})

    assert right.status_code == 302
    assert wrong_code.status_code == wrong_number.status_code == 422
    said = "编号和查询码对不上"
    assert said in wrong_code.content.decode()
    assert said in wrong_number.content.decode()


def test_the_sixth_try_waits_and_the_right_code_does_not_help_then():
    receipt, client = given.receipt(at=NOW), Client()
    for _ in range(5):
        client.post("/track/", {"number": receipt.case.alias, "code": "000000x"})

    late = client.post("/track/", {"number": receipt.case.alias, "code": receipt.query_code})

    assert late.status_code == 429
    assert int(late["Retry-After"]) > 0


def test_number_and_short_number_of_a_case_are_one_door_and_a_proxy_is_no_disguise(settings):
    settings.PROXIES = 1
    receipt, client = given.receipt(at=NOW), Client()
    for name in (receipt.case.alias, receipt.case.number) * 3:
        last = client.post("/track/", {"number": name, "code": "000000x"})
    assert last.status_code == 429
    for n in range(30):
        asked = {"number": f"ZZZZZZ{n:02d}", "code": "1"}
        client.post("/track/", asked, headers={"X-Forwarded-For": f"10.0.0.{n}, 203.0.113.9"})

    from_there = {"X-Forwarded-For": "203.0.113.9"}
    from_elsewhere = {"X-Forwarded-For": "203.0.113.9, 203.0.113.10"}

    asked = {"number": "ZZZZZZ99", "code": "1"}
    assert client.post("/track/", asked, headers=from_there).status_code == 429
    assert client.post("/track/", asked, headers=from_elsewhere).status_code == 422


def test_a_page_of_an_older_version_of_the_item_keeps_the_applicant_and_shows_the_new_list():
    typed = {"name": "阿普示例", "version": "7", "state_1": "ok", "key": "k"}

    answer = given.signed_in("clerk").post(f"/desk/receive/{given.LICENCE}/", typed)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "换成了第 1 版" in page
    assert 'value="阿普示例"' in page
    assert "checked" not in page[page.index("材料，逐份判断") : page.index('id="who"')]


def test_a_doubtful_number_is_taken_and_the_clerk_told_to_look_again():
    typed = {
        "kind": "organisation",
        "name": "示例商店",
        "id_type": "001",
        "id_number": given.DOUBTFUL_CREDIT_CODE,
        "phone": "13800000001",
        "identity_checked": "on",
        "key": "k",
    } | {f"state_{n}": "ok" for n in (1, 2, 3)}

    page = given.signed_in("clerk").post(f"/desk/receive/{given.LICENCE}/", typed, follow=True)

    assert page.status_code == 200
    assert "再对照一遍营业执照" in page.content.decode()


def test_a_supervisor_sees_every_open_case_of_the_unit_and_no_button():
    from onedoor.accounts import services as accounts
    from onedoor.accounts.models import Person
    from onedoor.accounts.rules import SYSTEM, Role

    case = given.case(at=NOW)
    person = Person.objects.create_user("watcher", "督查示例", given.PASSWORD)
    accounts.give_role(person, Role.SUPERVISOR, unit=None, first_on=NOW.date(), by=SYSTEM, at=NOW)
    watcher = given.signed_in("watcher")

    assert case.alias in watcher.get("/inbox/").content.decode()
    page = watcher.get(f"/inbox/{case.number}/").content.decode()
    assert "现在可以做" not in page
    assert "没有岗位" not in watcher.get("/staff/").content.decode()


def test_every_paper_a_step_issued_can_be_printed():
    case = given.case(Status.READY, at=NOW)
    issuer = given.signed_in("issuer")

    for step in queries.timeline(case):
        answer = issuer.get(f"/papers/{case.number}/{step.version}/")
        assert answer.status_code == (404 if step.paper == "none" else 200)


def test_a_receipt_prints_the_codes_that_open_the_progress():
    case = given.case(at=NOW)

    page = given.signed_in("clerk").get(f"/desk/receipt/{case.number}/").content.decode()

    assert codes.query_code(case.pk, case.code_key) in page
    assert case.alias in page


def _with_a_scan():
    case = given.case(at=NOW)
    kept = cases.attach(
        case,
        order=1,
        name="申请表.pdf",
        content=BytesIO(samples.pdf(filler=300)),
        by=given.actor("clerk"),
        at=NOW,
    )
    return case, f"/inbox/{case.number}/files/{kept.file.digest[7:]}/"


def _openings(case):
    found = ledger.history(f"case-access:{case.number}")
    return [(e.kind, e.actor, e.facts["purpose"], e.facts.get("file", "")[7:]) for e in found]


def test_a_scan_is_opened_only_with_a_purpose_and_each_opening_is_on_record():
    case, path = _with_a_scan()
    acceptor = given.signed_in("acceptor")

    asked = acceptor.get(path)
    refused = acceptor.post(path, {"purpose": "curiosity"})
    before = _openings(case)
    first = acceptor.post(path, {"purpose": "review"})
    again = acceptor.get(path)

    digest, ref = path.split("/")[-2], given.actor("acceptor").ref
    assert (asked.status_code, refused.status_code, before) == (200, 422, [])
    assert "为什么要看" in asked.content.decode()
    assert first.getvalue() == again.getvalue()
    assert _openings(case) == 2 * [("case.file_shown", ref, "review", digest)]


def test_who_said_why_for_the_applicants_data_is_not_asked_again_for_the_scans():
    case, path = _with_a_scan()
    acceptor, other = given.signed_in("acceptor"), given.signed_in("reviewer")

    acceptor.post(f"/inbox/{case.number}/show/", {"purpose": "identity"})
    served = acceptor.get(path)
    asked = other.get(path)

    assert served["Content-Disposition"].startswith("attachment")
    assert [kind for kind, *_ in _openings(case)] == ["case.personal_data_shown", "case.file_shown"]
    assert "Content-Disposition" not in asked


def test_uploads_are_kept_and_served_only_as_attachments_to_those_who_may():
    from PIL import Image

    case, picture = given.case(at=NOW), BytesIO()
    Image.new("RGB", (20, 10), "red").save(picture, "PNG")
    clerk = given.signed_in("clerk")

    def send(name, content):
        from django.core.files.uploadedfile import SimpleUploadedFile

        upload = SimpleUploadedFile(name, content)
        return clerk.post(f"/desk/files/{case.number}/1/", {"file": upload})

    assert send("扫描件.png", picture.getvalue()).status_code == 302
    (kept,) = queries.listed(case)[0].attachments.all()
    path = f"/inbox/{case.number}/files/{kept.file.digest[7:]}/"
    served = clerk.post(path, {"purpose": "review"})

    assert served["Content-Disposition"].startswith("attachment")
    assert served["X-Content-Type-Options"] == "nosniff"
    assert served.getvalue().startswith(b"\x89PNG")
    assert given.signed_in("stranger").get(path).status_code == 404
    assert send("空.pdf", b"").status_code == 422
    assert send("网页.pdf", b"<html><script>").status_code == 415
