"""Pages: claimed and verified apart for everybody; steps, files and refusals for staff."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse

from onedoor.accounts import services as accounts
from onedoor.accounts.models import Person
from onedoor.accounts.rules import SYSTEM, Role
from onedoor.kernel import clock
from onedoor.rectification import services as rectification
from onedoor.rectification.models import Doubt, Finding, Milestone
from onedoor.rectification.rules.lifecycle import State
from onedoor.rectification.rules.words import Rung
from onedoor.rectification.tests import given

pytestmark = pytest.mark.django_db


def signed_in(role: Role, unit: str = "") -> Client:
    """Return the browser of somebody with one role, in a unit or the whole centre."""
    person = Person.objects.create_user(f"{role}-{unit or 'centre'}", "审计示例")
    where = given.unit(unit) if unit else None
    day = clock.day_of(given.AT) - timedelta(days=900)
    accounts.give_role(person, role, unit=where, first_on=day, by=SYSTEM, at=given.AT)
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(client: Client, finding: Finding) -> str:
    response = client.get(reverse("rectification:finding", args=[finding.number]))
    assert response.status_code == 200
    return str(response.content.decode())


def do(client: Client, finding: Finding, action: str, **fields: object):
    now = given.reload(finding)
    address = reverse("rectification:act", args=[finding.number, action])
    return client.post(address, {"seen": now.version, **fields})


def published(finding: Finding) -> Finding:
    Finding.objects.filter(pk=finding.pk).update(is_public=True)
    return given.reload(finding)


def test_the_public_sees_published_findings_alone():
    shown, hidden = published(given.submitted("1")), given.drafted("2")

    ledger = Client().get(reverse("rectification:ledger")).content.decode()

    assert shown.number in ledger
    assert hidden.number not in ledger
    assert Client().get(f"/oversight/issues/{hidden.number}/").status_code == 404


def test_a_claim_is_never_shown_as_verified():
    ledger = reverse("rectification:ledger")
    published(given.submitted())

    assert "待核验" in Client().get(ledger).content.decode()
    assert 'class="tag good"' not in Client().get(ledger).content.decode()
    closed = given.closed("2")
    assert 'class="tag good"' in page(Client(), closed)


def test_the_public_reads_no_names_and_no_notes():
    finding = published(
        given.step(
            rectification.send_back,
            given.submitted(),
            given.AUDITOR,
            text="内部意见",
        )
    )

    assert "内部意见" not in page(Client(), finding)
    assert "内部意见" in page(signed_in(Role.AUDITOR), finding)


def test_sent_back_with_a_reason_from_the_page():
    finding = given.submitted(proven=False)
    client = signed_in(Role.AUDITOR)

    assert "还缺什么" not in page(client, finding)
    answer = do(client, finding, "send_back", text="没有佐证")

    assert answer.status_code == 302
    assert given.reload(finding).standing is State.RETURNED


def test_an_empty_reason_comes_back_with_the_form_open():
    answer = do(signed_in(Role.AUDITOR), given.submitted(), "send_back", text="")

    assert answer.status_code == 422
    assert "请填写情况或原因" in answer.content.decode()


def test_the_reviewer_sees_what_is_missing_before_signing():
    finding = given.reviewed(proven=False)

    assert "有措施没有认可的佐证" in page(signed_in(Role.AUDITOR), finding)


def test_a_refusal_of_the_service_is_a_page_with_its_sentence():
    answer = do(
        signed_in(Role.AUDITOR), given.reviewed(proven=False), "recognise", outcome="rectified"
    )

    assert answer.status_code == 409
    assert "有措施没有认可的佐证" in answer.content.decode()


def test_an_officer_uploads_evidence_and_the_auditor_opens_it():
    finding = given.working()
    file = BytesIO(b"%PDF-1.4 page %%EOF")
    file.name = "proof.pdf"

    answer = do(
        signed_in(Role.OFFICER, "市监局"),
        finding,
        "evidence",
        measure="1",
        kind="written",
        title="补办手续",
        file=file,
    )
    assert answer.status_code == 302
    opened = signed_in(Role.AUDITOR).get(f"/oversight/issues/{finding.number}/evidence/1/1/")

    assert opened.status_code == 200
    assert opened.getvalue().startswith(b"%PDF")


def test_a_unit_sees_its_own_findings_and_not_those_of_others():
    finding = given.working()

    assert finding.number in page(signed_in(Role.OFFICER, "市监局"), finding)
    other = signed_in(Role.OFFICER, "水务局")
    assert other.get(f"/oversight/issues/{finding.number}/").status_code == 404


def test_the_inbox_shows_what_waits_by_role():
    finding = given.submitted()
    inbox = reverse("rectification:inbox")

    assert finding.number in signed_in(Role.AUDITOR).get(inbox).content.decode()
    assert finding.number not in signed_in(Role.AUDIT_SUPERVISOR).get(inbox).content.decode()


def test_the_same_rows_as_csv_and_no_formula_in_them():
    finding = published(given.submitted())
    Finding.objects.filter(pk=finding.pk).update(title="=1+1")

    text = Client().get(reverse("rectification:ledger_file")).content.decode()

    assert text.startswith("\ufeff来源,编号,问题")
    assert finding.number in text
    assert "'=1+1" in text


def test_a_dated_goal_is_ticked_on_the_page_once_and_by_its_unit():
    finding = given.step(
        rectification.add_measure,
        given.working(),
        given.officer(),
        text="补公示",
        milestones=((date(2026, 5, 6), "全部公示"),),
    )
    goal = Milestone.objects.get(measure__finding=finding)
    unit, other = signed_in(Role.OFFICER, "市监局"), signed_in(Role.OFFICER, "水务局")
    published(finding)

    assert "阶段目标已完成" in page(unit, finding)
    assert "阶段目标已完成" not in page(other, finding)
    assert do(other, finding, "reach", milestone=goal.pk).status_code in (403, 404)
    assert Milestone.objects.get().done_on is None
    assert do(unit, finding, "reach", milestone=goal.pk).status_code == 302
    reached = Milestone.objects.get().done_on
    assert reached is not None
    assert "阶段目标已完成" not in page(unit, finding)
    assert do(unit, finding, "reach", milestone=goal.pk).status_code == 422
    assert Milestone.objects.get().done_on == reached


def test_feedback_on_a_claim_is_taken_without_a_name():
    finding = published(given.submitted())
    address = reverse("rectification:doubt", args=[finding.number])

    assert Client().post(address, {"text": "窗口没有人"}).status_code == 302
    assert Doubt.objects.get(finding=finding).text == "窗口没有人"
    assert Client().post(address, {"text": ""}).status_code == 422


def test_feedback_is_limited_by_address():
    address = reverse("rectification:doubt", args=[published(given.submitted()).number])

    answers = [Client().post(address, {"text": "没有"}).status_code for _ in range(6)]

    assert answers == [302] * 5 + [429]


def test_the_ledger_takes_few_statements_however_long_it_is(django_assert_max_num_queries):
    project = given.drafted("x").project
    Finding.objects.bulk_create(
        [
            Finding(
                number=f"ZG2020-{n:05d}",
                project=project,
                sequence=n,
                code=f"c{n}",
                title="样例",
                state=State.DRAFT.value,
                is_public=True,
                opened_at=given.AT,
                moved_at=given.AT,
            )
            for n in range(60)
        ]
    )
    with django_assert_max_num_queries(10):
        answer = Client().get(reverse("rectification:ledger"))

    assert answer.content.decode().count("ZG2020-") >= 50


def test_staff_of_another_unit_read_a_published_finding_as_the_public_does():
    finding = given.working()
    given.judged(given.shown(finding), approved=False, text="内部意见")
    published(finding)
    other = signed_in(Role.OFFICER, "水务局")

    assert "内部意见" not in page(other, finding)
    assert other.get(f"/oversight/issues/{finding.number}/evidence/1/1/").status_code == 404
    assert "内部意见" in page(signed_in(Role.OFFICER, "市监局"), finding)


def test_an_answer_from_above_that_is_overdue_waits_for_the_lead_office_and_the_unit_s_head():
    finding, other = given.working("1"), given.working("2")
    for each, days in ((finding, 20), (other, 4000)):
        given.step(
            rectification.send_up,
            each,
            given.LEAD,
            addressee="虚州局",
            basis="条例",
            text="请开放接口",
            answer_due_on=clock.day_of(given.after(days)),
        )
    inbox = reverse("rectification:inbox")
    heading = "上级答复超过期限，请催复"

    for client in (signed_in(Role.LEAD_OFFICE), signed_in(Role.HEAD, "市监局")):
        page = client.get(inbox).content.decode()
        waiting = page.partition(heading)[2]
        assert finding.number in waiting
        assert other.number not in waiting
    assert heading not in signed_in(Role.HEAD, "水务局").get(inbox).content.decode()


def test_only_a_transfer_asks_to_whom_and_its_result_is_entered_on_the_page():
    finding = given.issued("1", days=3)
    client = signed_in(Role.AUDIT_SUPERVISOR)
    rectification.climb(given.reload(finding), at=given.after(3))
    assert "移送给哪个机关" not in page(client, finding)
    rectification.climb(given.reload(finding), at=given.after(63))
    assert "移送给哪个机关" in page(client, finding)
    row = finding.supervisions.get(rung=Rung.TRANSFER.value)

    refused = do(client, finding, "sign", supervision=row.number)
    assert refused.status_code == 422
    sent = {"supervision": row.number, "addressee": "虚县纪委监委", "clue": "虚报"}
    assert do(client, finding, "sign", **sent).status_code == 302
    result = {"supervision": row.number, "text": "已立案", "persons": "1"}
    assert do(client, finding, "conclude", **result).status_code == 302

    told = page(client, finding)
    assert "虚县纪委监委" in told
    assert "已立案" in told
    assert "处理 1 人" in told
