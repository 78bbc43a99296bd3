"""The pages of an application sent online: kept, checked, sent once, looked at, answered."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from onedoor.cases.models import Case, Draft, DraftFile
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.tests import given, online

pytestmark = pytest.mark.django_db

NOW = datetime.now(UTC) - timedelta(hours=8)
PERSON = {
    "kind": "person",
    "name": "阿普·木嘎示例",
    "id_type": "111",
    "id_number": "532502199203080001",
    "phone": "13800000001",
    "address": "",
    "agent": "",
}
START = f"/apply/{given.LICENCE}/"


def photo(name="拍照.png", colour="red"):
    return SimpleUploadedFile(name, online.picture(colour).getvalue())


def filled():
    """Return somebody whose device holds a draft with everything in it."""
    citizen = Client()
    assert citizen.post(START, PERSON).status_code == 302
    sent = {"files_1": [photo()], "files_2": [photo("图.png", "blue")], "go": "1"}
    assert citizen.post(START + "materials/", sent).status_code == 302
    return citizen


def submitted():
    citizen = filled()
    answer = citizen.post(START + "check/", {"is_true": "on"})
    assert answer.status_code == 302, answer.content.decode()
    return citizen, answer["Location"]


def test_three_pages_and_a_receipt_with_number_and_codes():
    citizen, receipt = submitted()

    page = citizen.get(receipt)

    case = Case.objects.get()
    text = page.content.decode()
    assert (case.state, page.status_code) == (Status.SUBMITTED, 200)
    assert case.alias in text
    assert "木嘎" not in text
    assert re.search(r"查询码</dt><dd><output[^>]*>\d{6}<", text)
    assert (page["Cache-Control"], page["X-Robots-Tag"]) == ("no-store", "noindex")


def test_whoever_has_only_the_address_of_a_receipt_does_not_read_its_query_code():
    citizen, receipt = submitted()
    shown = re.search(r">(\d{6})<", citizen.get(receipt).content.decode())
    assert shown

    other = Client().get(receipt)

    assert other.status_code == 200
    assert shown[1] not in other.content.decode()


def test_sent_again_it_is_the_same_receipt():
    citizen, receipt = submitted()

    again = citizen.post(START + "check/", {"is_true": "on"})

    assert again["Location"] == receipt
    assert Case.objects.count() == 1


def test_what_is_typed_wrong_is_said_at_its_field_and_nothing_is_lost():
    citizen = Client()

    wrong = citizen.post(START, PERSON | {"id_number": "532502199203080002"})
    page = citizen.get(START).content.decode()

    assert wrong.status_code == 422
    assert "<title>错误：" in wrong.content.decode()
    assert 'value="532502199203080002"' in page
    assert 'value="阿普·木嘎示例"' in page


def test_another_device_sees_nothing_of_a_draft():
    filled()

    stranger = Client()

    assert "木嘎" not in stranger.get(START).content.decode()
    assert stranger.get(START + "materials/")["Location"] == START
    assert stranger.get(START + "check/")["Location"] == START


def test_a_bad_file_does_not_lose_the_good_one_beside_it():
    citizen = Client()
    citizen.post(START, PERSON)

    sent = {
        "files_1": [photo()],
        "files_2": [SimpleUploadedFile("网页.pdf", b"<html><script>"), photo("好.png")],
        "go": "1",
    }
    answer = citizen.post(START + "materials/", sent)

    assert answer.status_code == 422
    assert "网页.pdf：这种文件不能用" in answer.content.decode()
    assert [f.order for f in DraftFile.objects.order_by("order")] == [1, 2]


def test_a_file_can_be_taken_back_and_what_lacks_is_named():
    citizen = filled()
    row = DraftFile.objects.get(order=1)

    citizen.post(START + "materials/", {"remove": str(row.pk)})
    answer = citizen.post(START + "materials/", {"go": "1"})

    assert answer.status_code == 422
    assert "请上传“申请书”，或者勾选到窗口交原件。" in answer.content.decode()
    assert citizen.get(START + "check/")["Location"] == START + "materials/"
    assert Client().post(START + "materials/", {"remove": "x"}).status_code == 302


def test_thirty_one_files_nul_and_a_foreign_name_are_answered_not_crashed():
    citizen = Client()
    citizen.post(START, PERSON | {"name": "阿普\x00", "address": "长" * 5000})
    citizen.post(START, PERSON)
    many = [photo(f"{n}.png", (n, n, 0)) for n in range(31)]

    answer = citizen.post(START + "materials/", {"files_1": many, "files_9": [photo()], "go": "1"})

    assert answer.status_code == 422
    assert "一份材料最多传 10 个文件" in answer.content.decode()
    assert DraftFile.objects.count() == 10


def test_an_item_of_the_window_says_so_and_its_page_has_no_button():
    refused = Client().get(f"/apply/{given.AT_ONCE}/")
    at_window = Client().get(f"/items/{given.AT_ONCE}/").content.decode()
    here = Client().get(f"/items/{given.LICENCE}/").content.decode()

    assert refused.status_code == 409
    assert "请到窗口办" in refused.content.decode()
    assert "请带材料到窗口办" in at_window
    assert f'href="{START}"' in here
    assert f"/apply/{given.AT_ONCE}/" not in at_window


def test_an_owner_can_delete_a_draft():
    citizen = filled()

    citizen.post(START + "discard/")

    assert Draft.objects.count() == 0
    assert "木嘎" not in citizen.get(START).content.decode()


def test_one_address_cannot_send_without_end():
    citizen = Client()
    for n in range(60):
        Client().post(START, PERSON | {"agent": str(n)})

    late = citizen.post(START, PERSON)

    assert late.status_code == 429
    assert int(late["Retry-After"]) > 0


def test_the_desk_sees_it_looks_and_sends_it_back_and_the_applicant_mends_it():
    citizen, receipt = submitted()
    case, clerk = Case.objects.get(), given.signed_in("clerk")
    assert case.alias in clerk.get("/desk/online/").content.decode()
    look = f"/desk/online/{case.number}/"
    assert "532502199203080001" not in clerk.get(look).content.decode()

    wordless = clerk.post(look, {"seen": "1", "do": "return", "state_1": "ok"})
    back = {"seen": "1", "do": "return", "state_1": "ok", "state_2": "defective"}
    clerk.post(look, back | {"demand_2": "第2页看不清，请重拍"})
    progress = receipt.removesuffix("receipt/")
    told = citizen.get(progress).content.decode()
    asked = citizen.get(progress + "answer/").content.decode()
    empty = citizen.post(progress + "answer/", {"seen": "2"})
    mended = citizen.post(
        progress + "answer/", {"seen": "2", "files_2": [photo("新.png", "green")]}
    )
    double = citizen.post(progress + "answer/", {"seen": "2"})

    assert wordless.status_code == empty.status_code == 422
    assert "第2页看不清，请重拍" in told
    assert "布局图" in asked
    assert "申请书" not in asked
    assert mended["Location"] == double["Location"] == progress
    assert "已提交" in citizen.get(progress).content.decode()
    assert "第2页看不清，请重拍" in clerk.get(look).content.decode()


def test_the_desk_receives_it_and_prints_the_receipt():
    submitted()
    case, clerk = Case.objects.get(), given.signed_in("clerk")
    look = f"/desk/online/{case.number}/"
    judged = {"seen": "1", "do": "receive", "state_1": "ok", "state_2": "ok", "state_3": "missing"}

    unread = clerk.post(look, judged)
    received = clerk.post(look, judged | {"identity_checked": "on"}, follow=True)
    second = clerk.post(look, judged | {"identity_checked": "on"})

    assert unread.status_code == 422
    assert "收件凭证" in received.content.decode()
    assert second["Location"].endswith(f"/inbox/{case.number}/")


def test_a_notice_on_what_was_sent_online_is_answered_online():
    citizen, receipt = submitted()
    case, clerk = Case.objects.get(), given.signed_in("clerk")
    judged = {"seen": "1", "do": "receive", "state_1": "missing", "state_2": "ok"}
    clerk.post(
        f"/desk/online/{case.number}/",
        judged | {"state_3": "missing", "identity_checked": "on"},
    )
    asked = {"seen": "2", "problem_1": "missing", "problem_2": "ok", "problem_3": "ok"}
    given.signed_in("acceptor").post(
        f"/desk/notice/{case.number}/", asked | {"demand_1": "请补申请书"}
    )
    progress = receipt.removesuffix("receipt/")

    page = citizen.get(progress + "answer/").content.decode()
    citizen.post(progress + "answer/", {"seen": "3", "files_1": [photo("新.png", "green")]})

    assert "请补申请书" in page
    assert "到窗口交原件" not in page
    assert given.reload(case).state is Status.RECEIVED


def test_pages_of_the_precheck_are_the_desks_alone():
    case = online.case(at=NOW)

    assert given.signed_in("acceptor").get(f"/desk/online/{case.number}/").status_code == 403
    assert Client().get("/desk/online/").status_code == 302
    assert Client().get("/c/" + "0" * 32 + "/answer/").status_code == 404


def test_the_pages_ask_the_database_a_fixed_number_of_times(django_assert_max_num_queries):
    citizen = filled()
    clerk = given.signed_in("clerk")
    for _ in range(4):
        online.case(at=NOW, secret=f"{_}" * 32)

    with django_assert_max_num_queries(6):
        citizen.get(START + "materials/")
    with django_assert_max_num_queries(12):
        clerk.get("/desk/online/")
