"""Pages of published information: everybody's list and page, the office's desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from onedoor.accounts.rules import Role
from onedoor.kernel.clock import day_of, now
from onedoor.rectification.tests.test_views import signed_in
from onedoor.reports import services as reports
from onedoor.reports.models import CheckHit, Edition, Report
from onedoor.reports.rules.publishing.words import PageField
from onedoor.reports.tests import given
from onedoor.reports.tests.publishing import (
    AT,
    DISCLOSER,
    WRITER,
    centre,
    entered,
    published,
    submitted,
    typed,
)

pytestmark = pytest.mark.django_db


def text_of(client, route, *args, status=200, **query) -> str:
    response = client.get(reverse(f"reports:{route}", args=args), query)
    assert response.status_code == status
    return str(response.content.decode())


def told(n: int, text: str, **more: str) -> Edition:
    content = given.invented()
    content["document"] = {**content["document"], "title": f"样例信息{n}号"}
    edition = entered(given.kept(content))
    edition = reports.edit(edition, typed(edition, text=text, **more), seen=0, by=WRITER, at=AT)
    return published(edition, at=AT + timedelta(minutes=n))


def test_the_page_carries_every_field_and_the_files_and_the_digest():
    edition = told(1, "正文一句。", doc_number="开政〔2026〕1号", summary="概述")

    page = text_of(Client(), "publication", edition.publication.number)

    for field in PageField:
        assert f"<dt>{field.zh}</dt>" in page
    for words in ("开政〔2026〕1号", "主动公开", "非涉密", "正文一句。", edition.digest):
        assert words in page
    address = reverse("reports:edition_file", args=[edition.publication.number, 1, "txt"])
    assert Client().get(address).content == edition.text.encode()
    assert Client().get(address.replace(".txt", ".exe")).status_code == 404


def test_the_old_edition_stays_readable_and_the_withdrawn_says_why():
    first = told(1, "原来的一句。")
    number = first.publication.number
    draft = reports.correct(first, reason="原句有误", seen=first.version, by=WRITER, at=AT)
    assert "改后的一句" not in text_of(Client(), "publication", number)
    draft = reports.edit(draft, typed(draft, text="改后的一句。"), seen=0, by=WRITER, at=AT)
    second = published(draft)

    page = text_of(Client(), "publication", number)
    assert "改后的一句。" in page
    assert "原句有误" in page
    assert first.digest in page
    assert "原来的一句。" in text_of(Client(), "edition", number, 1)

    reports.withdraw(second, reason="依法撤回", seen=second.version, by=DISCLOSER, at=AT)
    page = text_of(Client(), "publication", number)
    assert "依法撤回" in page
    assert second.title not in page
    assert "改后的一句。" not in page
    text_of(Client(), "edition", number, 2, status=404)
    assert number not in text_of(Client(), "information")


def test_drafts_are_nobodys_business_outside():
    edition = entered()

    text_of(Client(), "publication", edition.publication.number, status=404)
    assert edition.title not in text_of(Client(), "information")
    assert Client().get(reverse("reports:office")).status_code == 302
    assert signed_in(Role.DESK).get(reverse("reports:office")).status_code == 403


def test_search_finds_titles_texts_numbers_years_and_units(django_assert_max_num_queries):
    one, two = told(1, "甲乙丙丁百分之百"), told(2, "戊己庚辛", doc_number="开政〔2026〕2号")
    client = Client()

    def finds(**query) -> list[bool]:
        page = text_of(client, "information", **query)
        return [e.title in page for e in (one, two)]

    assert finds(q="样例信息1") == [True, False]
    assert finds(q="戊己") == [False, True]
    assert finds(q="〔2026〕2号") == [False, True]
    assert finds(q=one.publication.index_number) == [True, False]
    assert finds(year="2026", unit=centre().code) == [True, True]
    assert finds(year="2025") == finds(unit="nobody") == finds(q="100%") == [False, False]
    assert "没有找到" in text_of(client, "information", q="没有这个词")
    with django_assert_max_num_queries(8):
        client.get(reverse("reports:information"))


def test_the_list_is_paged():
    for n in range(21):
        told(n, f"第{n}条")

    first, second = (text_of(Client(), "information", page=str(p)) for p in (1, 2))

    assert ("样例信息20号" in first, "样例信息0号" in first) == (True, False)
    assert "样例信息0号" in second


def test_three_people_make_a_report_public_on_the_pages():
    report = given.kept()
    writer, checker = signed_in(Role.LEAD_OFFICE), signed_in(Role.CHECKER)
    discloser = signed_in(Role.DISCLOSER)
    assert report.number in text_of(writer, "office")
    answer = writer.post(
        reverse("reports:enter"), {"report": report.number, "publisher": centre().pk}
    )
    assert answer.status_code == 302
    number = Edition.objects.get().publication.number

    def do(client: Client, action: str, **fields: object) -> int:
        seen = Edition.objects.latest("number").version
        address = reverse("reports:publish_step", args=[number, 1, action])
        return client.post(address, {"seen": seen, **fields}).status_code

    fields = {
        "title": "公开的标题",
        "column": "整改公开",
        "formed_on": "2026-03-06",
        "validity": "in_force",
        "text": "第一段。\r\n电话13800000001",
    }
    assert do(writer, "edit", **{**fields, "title": ""}) == 422
    assert do(writer, "edit", **fields) == 302
    assert do(checker, "submit") == 403
    assert do(writer, "submit") == 302
    page = text_of(checker, "publishing", number)
    assert "13800000001" in page
    assert do(checker, "clear") == 409
    hit = reverse("reports:settle", args=[number, 1, 1])
    told = {"settling": "masked", "reason": "个人电话", "seen": Edition.objects.get().version}
    assert checker.post(hit, {**told, "reason": ""}).status_code == 422
    assert writer.post(hit, told).status_code == 403
    assert checker.post(hit, {**told, "seen": 0}).status_code == 409
    assert checker.post(hit, told).status_code == 302
    assert do(checker, "clear") == 302
    assert do(discloser, "publish") == 302
    assert do(discloser, "nonsense") == 404

    page = text_of(Client(), "publication", number)
    assert "138****0001" in page
    assert [p[1] for p in Edition.objects.get().paragraphs] == [["第一段。"], ["电话138****0001"]]
    assert CheckHit.objects.get().reason == "个人电话"


def test_the_desk_says_what_is_late():
    given.kept()
    Report.objects.update(made_at=now() - timedelta(days=90))
    address = reverse("portal:staff")

    assert "过了公开期限" in signed_in(Role.DISCLOSER).get(address).content.decode()
    assert "过了公开期限" not in signed_in(Role.DESK).get(address).content.decode()
    assert day_of(now()) > day_of(Report.objects.get().made_at)


def test_the_office_page_asks_few_questions(django_assert_max_num_queries):
    for n in range(8):
        content = given.invented()
        content["document"] = {**content["document"], "title": f"样例{n}"}
        report = given.kept(content)
        if n % 2:
            submitted(entered(report))
    client = signed_in(Role.DISCLOSER)
    client.get(reverse("reports:office"))

    with django_assert_max_num_queries(20):
        client.get(reverse("reports:office"))

    writer = signed_in(Role.LEAD_OFFICE)
    writer.get(reverse("reports:office"))
    with CaptureQueriesContext(connection) as few:
        writer.get(reverse("reports:office"))
    for n in range(8, 14):
        content = given.invented()
        content["document"] = {**content["document"], "title": f"样例{n}"}
        report = given.kept(content)
        if n % 2:
            entered(report)
    with CaptureQueriesContext(connection) as many:
        writer.get(reverse("reports:office"))
    assert len(many) <= len(few) + 2, "six more rows"


def test_an_edition_that_is_public_is_reached_and_withdrawn_beside_a_draft():
    first = told(1, "原来的一句。")
    number = first.publication.number
    reports.correct(first, reason="原句有误", seen=first.version, by=WRITER, at=AT)
    client = signed_in(Role.DISCLOSER)

    assert reverse("reports:publishing_edition", args=[number, 1]) in text_of(
        client, "publishing", number
    )
    assert "撤回" in text_of(client, "publishing_edition", number, 1)
    step = reverse("reports:publish_step", args=[number, 1, "withdraw"])
    assert client.post(step, {"seen": first.version, "reason": "误发"}).status_code == 302

    assert Edition.objects.get(number=1).end_reason == "误发"
    assert number not in text_of(Client(), "information")
