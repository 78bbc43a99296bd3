"""Pages of reports: the published for everybody, taking in and confirming for keepers."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse

from onedoor.accounts.rules import Role
from onedoor.rectification.models import Finding
from onedoor.rectification.tests.test_views import signed_in
from onedoor.reports.models import Reading, Report
from onedoor.reports.rules import rendering
from onedoor.reports.rules.words import ReadingState, TaskState
from onedoor.reports.tests import given, samples

pytestmark = pytest.mark.django_db
OPEN = {"publish_date": "2023-05-04", "index_no": "000014349/2023-00001", "publisher": "虚县审计局"}


def upload(client: Client, data: bytes, name: str):
    file = BytesIO(data)
    file.name = name
    return client.post(reverse("reports:take_in"), {"file": file})


def test_the_public_reads_a_published_report_with_its_fields_and_files():
    content = given.invented(disclosure=OPEN)
    report = given.kept(content)

    page = Client().get(reverse("reports:report", args=[report.number])).content.decode()
    text = Client().get(reverse("reports:file", args=[report.number, "txt"])).content

    assert "000014349/2023-00001" in page
    assert "虚县审计局" in page
    assert "待核验" in page
    assert text == rendering.text(content).encode()
    for form, magic in (("pdf", b"%PDF"), ("docx", b"PK")):
        made = Client().get(reverse("reports:file", args=[report.number, form])).content
        assert made.startswith(magic)


def test_a_report_that_is_not_published_is_not_there_for_the_public():
    report = given.kept()

    assert Client().get(reverse("reports:report", args=[report.number])).status_code == 404
    assert report.number not in Client().get(reverse("reports:list")).content.decode()


def test_json_is_taken_in_and_a_text_becomes_a_draft_to_be_confirmed():
    client = signed_in(Role.LEAD_OFFICE)

    assert upload(client, given.as_bytes(given.invented()), "r.json").status_code == 302
    assert Report.objects.count() == 1
    upload(client, samples.DISTRICT.encode(), "d.txt")
    reading = Reading.objects.get()
    page = client.get(reverse("reports:reading", args=[reading.number])).content.decode()

    assert "没有读懂" in page
    assert "这一部分说的是别的事。" in page
    answer = client.post(
        reverse("reports:reading", args=[reading.number]),
        {"i1-keep": "on", "i1-title": "改过的标题", "i1-claimed": "已整改", "i1-unit": "市监局"},
    )
    assert answer.status_code == 302
    found = Finding.objects.get(title="改过的标题")
    assert found.unit is not None
    assert not Finding.objects.filter(title="惠企政策知晓率低").exists()
    assert Reading.objects.get().standing is ReadingState.CONFIRMED


def test_what_cannot_be_read_is_answered_on_a_page():
    answer = upload(signed_in(Role.LEAD_OFFICE), b"%PDF-1.4 scan", "scan.pdf")

    assert answer.status_code == 415
    assert "文字版" in answer.content.decode()


def test_a_task_is_broken_down_to_a_unit_and_a_day():
    from onedoor.accounts.models import Organisation

    report = given.kept()
    unit = Organisation.objects.get(name="市监局")

    signed_in(Role.LEAD_OFFICE).post(
        reverse("reports:break_down", args=[report.number, 1]),
        {"unit": unit.pk, "due_on": "2026-12-31", "goal": "检查4次"},
    )

    task = report.tasks.get()
    assert (task.standing, task.unit, task.goal) == (TaskState.ASSIGNED, unit, "检查4次")
