"""The registers are searched, and leave as files for those who may read them anyway."""

import json
from base64 import b64encode
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from onedoor.accounts.models import Organisation, Person
from onedoor.accounts.tests.codes import with_code
from onedoor.cases.tests import given
from onedoor.kernel import clock
from onedoor.kernel.errors import NotValid
from onedoor.papers import sealing
from onedoor.papers.tests import given_seals
from onedoor.papers.tests.given import FRIDAY, issue
from onedoor.papers.tests.test_pkcs12 import file as key_file
from onedoor.seals import queries, registers
from onedoor.seals import services as seals
from onedoor.seals.models import Seal
from onedoor.seals.registers import Sought
from onedoor.seals.rules.words import SealKind, SealState

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SEALED_ON = clock.day_of(FRIDAY)


@pytest.fixture
def use(monkeypatch):
    """Return the use of the approval seal on a paper; the receipt seal is stopped."""
    monkeypatch.setattr(clock, "now", lambda: FRIDAY)
    given_seals.under_one_seal(monkeypatch)
    given_seals.seal(name="=开远市政务局审批专用章")
    stopped = given_seals.seal(SealKind.RECEIPT, valid_to=date(2026, 12, 31))
    seals.stop(stopped, by=given_seals.actor("admin"), at=FRIDAY)
    asked = queries.request_for(issue().number)
    return sealing.seal(asked, by=given_seals.actor("keeper"), at=FRIDAY)


def found(**sought):
    return list(registers.uses(Sought(**sought)))


def codes(**sought):
    return sorted(seal.code for seal in registers.seals(Sought(**sought)))


def test_a_use_is_found_by_number_unit_kind_state_keeper_and_period(use):
    unit = use.request.unit.code

    for sought in (
        {},
        {"text": use.number},
        {"text": use.request.paper},
        {"unit": unit, "kind": SealKind.APPROVAL, "state": SealState.ACTIVE},
        {"keeper": "keeper", "first": SEALED_ON, "last": SEALED_ON},
    ):
        assert found(**sought) == [use], sought
    for sought in (
        {"unit": "没有"},
        {"kind": SealKind.RECEIPT},
        {"state": SealState.STOPPED},
        {"keeper": "keeper2"},
        {"keeper": "没有"},
        {"first": SEALED_ON + DAY},
        {"last": SEALED_ON - DAY},
    ):
        assert found(**sought) == [], sought


@pytest.mark.usefixtures("use")
def test_a_seal_is_found_by_code_kind_state_keeper_and_the_days_it_is_in_force():
    both, approval, receipt = ["YZ-approval", "YZ-receipt"], ["YZ-approval"], ["YZ-receipt"]

    assert codes() == codes(keeper="keeper") == codes(keeper="keeper2") == both
    assert codes(text="yz-app") == codes(kind=SealKind.APPROVAL) == approval
    assert codes(state=SealState.STOPPED) == codes(text="受理") == receipt
    assert codes(first=date(2027, 1, 1)) == codes(first=date(2028, 1, 1)) == approval
    assert codes(last=date(2025, 12, 31)) == codes(keeper="admin") == codes(unit="没有") == []


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(NotValid) as refused:
        Sought(first=SEALED_ON, last=SEALED_ON - DAY)

    assert refused.value.code == "seal.period"


def test_both_registers_leave_as_csv_and_as_a_workbook_without_a_formula(use):
    keeper = given.signed_in("keeper")

    text = keeper.get("/seals/uses/uses.csv", {"q": use.number}).content.decode()
    none = keeper.get("/seals/uses/uses.csv", {"kind": "receipt"}).content.decode()
    listed = keeper.get("/seals/register/seals.csv", {"state": "active"}).content.decode()
    book = load_workbook(BytesIO(keeper.get("/seals/uses/uses.xlsx").content))
    seals_book = load_workbook(BytesIO(keeper.get("/seals/register/seals.xlsx").content))

    assert text.startswith("\ufeff用印编号,用印时间,文号")
    for word in (use.number, use.request.paper, "审批专用章", "'=开远市", "印章示例", use.approved):
        assert word in text, word
    assert none.count("\n") == 1
    assert ("YZ-approval" in listed, "YZ-receipt" in listed) == (True, False)
    heads, row = ([cell.value for cell in each] for each in book["用印台账"].rows)
    assert (heads[0], row[0], row[6]) == ("用印编号", use.number, "'=开远市政务局审批专用章")
    assert len(list(seals_book["印章"].rows)) == 3


def test_the_pages_keep_what_was_looked_for_and_hand_it_to_the_files(use):
    keeper = given.signed_in("keeper")

    page = keeper.get("/seals/uses/", {"kind": "approval", "first": str(SEALED_ON)})
    wrong = keeper.get("/seals/uses/", {"first": "2026-03-07", "last": "2026-03-06"})
    wrong_file = keeper.get("/seals/uses/uses.csv", {"first": "2026-03-07", "last": "2026-03-06"})
    register = keeper.get("/seals/register/", {"state": "destroyed"}).content.decode()

    shown = page.content.decode()
    assert use.number in shown
    assert f"uses.xlsx?kind=approval&amp;first={SEALED_ON}" in shown
    assert (wrong.status_code, wrong_file.status_code) == (422, 422)
    assert "开始日期应早于结束日期" in wrong.content.decode()
    assert "请放宽筛选" in register


@pytest.mark.usefixtures("use")
@pytest.mark.parametrize("name", ["uses/uses.csv", "uses/uses.xlsx", "register/seals.csv"])
def test_nobody_reads_a_file_who_may_not_read_the_page(name):
    for username in ("clerk", "decider", "stranger"):
        assert given.signed_in(username).get(f"/seals/{name}").status_code == 403


def test_programs_search_both_registers_as_people_do(client, use):
    def ask(path, who="keeper", **sought):
        headers = {"Authorization": f"Bearer token-{who}"}
        return client.get(f"/api/v1/seals/{path}", sought, headers=headers)

    listed = ask("uses", kind="approval", keeper="keeper", first=str(SEALED_ON)).json()
    nothing = ask("uses", last=str(SEALED_ON - DAY)).json()
    beyond = ask("uses", offset=1).json()
    register = ask("register", state="stopped").json()

    assert [each["number"] for each in listed["uses"]] == [use.number]
    assert listed["uses"][0]["unit"] == use.request.unit.name
    assert nothing == beyond == {"uses": [], "more": False}
    assert [each["code"] for each in register["seals"]] == ["YZ-receipt"]
    assert ask("register", "clerk").status_code == 403
    assert ask("uses", first="2026-03-07", last="2026-03-06").json()["code"] == "seal.period"


# --- The life of a seal, on the page and by a program -------------------------------------------


def _post(path, body, who="admin"):
    return Client().post(
        f"/api/v1/seals/register{path}",
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer token-{who}"},
    )


TOLD = {
    "kind": "approval",
    "medium": "electronic",
    "code": "YZ-9",
    "name": "审批专用章",
    "keeper": "keeper",
    "valid_from": "2026-01-01",
    "valid_to": "2027-12-31",
    "basis": "局务会决定",
}


def test_a_program_registers_hands_over_stops_and_destroys_a_seal(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: FRIDAY)
    unit = Organisation.objects.get(name="政务局").code

    made = _post("", TOLD | {"unit": unit})
    to = _post("/YZ-9/hand-over", {"to": "keeper2", "basis": "轮岗"})
    early = _post("/YZ-9/destroy", {"witness": "keeper"})
    stopped = _post("/YZ-9/stop", {})
    gone = _post("/YZ-9/destroy", {"witness": "keeper"})

    assert (made.status_code, made.json()["keeper"]) == (201, _ref("keeper"))
    assert to.json()["keeper"] == _ref("keeper2")
    assert (early.status_code, early.json()["code"]) == (409, "seal.changed")
    assert (stopped.json()["state"], gone.json()["state"]) == ("stopped", "destroyed")
    assert not Seal.objects.get(code="YZ-9").key


def test_a_program_registers_a_seal_with_a_file_and_its_pin(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: FRIDAY)
    unit = Organisation.objects.get(name="政务局").code
    told = TOLD | {"unit": unit, "file": b64encode(key_file(pin="73-91")).decode()}

    wrong = _post("", told | {"pin": "0"})
    made = _post("", told | {"pin": "73-91"})

    assert (wrong.status_code, wrong.json()["code"]) == (422, "seal.file_unreadable")
    assert (made.status_code, Seal.objects.get().needs_pin) == (201, True)


@pytest.mark.parametrize("change", [{"keeper": "clerk"}, {"unit": "没有"}, {"file": "%"}])
def test_a_program_that_names_nobody_or_nothing_is_told(change):
    unit = Organisation.objects.get(name="政务局").code

    assert _post("", TOLD | {"unit": unit} | change).status_code == 422
    assert _post("", TOLD | {"unit": unit}, who="keeper").status_code == 403
    assert not Seal.objects.exists()


def test_an_administrator_records_on_the_page_that_two_people_destroyed_a_seal(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: FRIDAY)
    seal = given_seals.seal()
    admin = with_code(given.signed_in("admin"))
    path = f"/seals/register/{seal.code}/"
    witness = Person.objects.get(username="keeper")

    before = admin.get("/seals/register/").content.decode()
    admin.post(f"{path}stop/")
    offered = admin.get("/seals/register/").content.decode()
    admin.post(f"{path}destroy/", {})
    still = Seal.objects.get().state
    admin.post(f"{path}destroy/", {"witness": str(witness.pk)})

    assert ("记下销毁" in before, "记下销毁" in offered) == (False, True)
    assert (still, Seal.objects.get().state) == ("stopped", "destroyed")


def _ref(username):
    return Person.objects.get(username=username).ref


def test_a_wrong_pin_at_the_registration_is_told_beside_it_and_the_rest_stays(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: FRIDAY)
    people = Person.objects.in_bulk(["keeper"], field_name="username")
    told = TOLD | {
        "unit": str(Organisation.objects.get(name="政务局").pk),
        "keeper": str(people["keeper"].pk),
    }

    admin = with_code(given.signed_in("admin"))

    def send(pin):
        content = SimpleUploadedFile("seal.p12", key_file(pin="73-91"))
        return admin.post("/seals/register/", told | {"file": content, "pin": pin})

    wrong, right = send("0"), send("73-91")

    assert wrong.status_code == 422
    assert "打不开这个证书文件" in wrong.content.decode()
    assert 'value="局务会决定"' in wrong.content.decode()
    assert (right.status_code, Seal.objects.get().needs_pin) == (302, True)
