"""Reports from the ledger: the same bytes, figures that open their findings, a kept history."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from onedoor.accounts.rules import SYSTEM, Role
from onedoor.kernel.errors import Refusal
from onedoor.rectification import services as rectification
from onedoor.rectification.rules.words import MoneyKind
from onedoor.rectification.tests import given
from onedoor.rectification.tests.test_views import published, signed_in
from onedoor.reports import composing, official, queries
from onedoor.reports import services as reports
from onedoor.reports.models import Report
from onedoor.reports.rules.figures import differences, figures_of
from onedoor.reports.rules.words import LiveKind
from onedoor.reports.tests import given as told

pytestmark = pytest.mark.django_db


def made(kind: LiveKind, about: str = "", *, at=given.AT, **more) -> Report:
    wanted = reports.wanted_of(kind, about=about, **more)
    return reports.make_report(wanted, by=SYSTEM, at=at).report


def value(report: Report, code: str) -> str:
    return queries.figure_with(report, code).value


def test_the_form_of_2021_tells_the_figures_of_the_day_claimed_beside_verified():
    kept = told.kept(told.invented(told.issue(1), told.issue(2)))

    report = made(LiveKind.PROJECT, kept.number)
    text = queries.text_of(report).decode()

    assert report.title == f"{kept.title}（截至2026年3月6日）"
    for words in ("一、总体推进情况", "二、具体问题整改情况及结果", "整改情况：一是补办手续"):
        assert words in text
    assert "自述“已整改”；佐证0份，认可0份；核验结果：待核验。" in text
    assert "核验已销号0个" in text
    assert "三、下一步整改措施和计划" in text
    assert list(queries.findings_of(report)) == list(queries.findings_of(kept))


def test_every_figure_carries_its_query_its_time_and_as_many_findings_as_it_says():
    given.closed("1")
    given.submitted("2")
    given.drafted("3")

    report = made(LiveKind.COMPARISON)

    counted = [f for f in figures_of(report.content) if f.value.endswith("个")]
    assert counted
    for figure in counted:
        assert figure.value == f"{len(figure.rows)}个"
        assert figure.query
        assert figure.at == "2026-03-06T10:00:00+08:00"
    assert (value(report, "found"), value(report, "closed")) == ("3个", "1个")
    assert value(report, "class-at_once-rate") == "50.0%"
    text = queries.text_of(report).decode()
    assert "三类分开算：没有定整改类型的1个；立行立改2个，已销号1个，销号率50.0%。" in text


def test_the_same_inputs_give_the_same_bytes_and_no_second_report():
    given.submitted("1")
    wanted = reports.wanted_of(LiveKind.COMPARISON)

    one, two = (composing.compose(wanted, issuer="虚县", at=given.AT) for _ in range(2))
    assert one == two
    first = reports.make_report(wanted, by=SYSTEM, at=given.AT)
    again = reports.make_report(wanted, by=SYSTEM, at=given.AT + timedelta(hours=1))

    assert (again.report, again.is_new) == (first.report, False)
    for make in official.MAKE.values():
        assert make(first.report) == make(Report.objects.get())


def test_a_later_report_follows_the_earlier_and_says_what_differs():
    finding = given.submitted("1")
    before = made(LiveKind.COMPARISON)
    given.step(rectification.take, finding, given.AUDITOR)
    given.drafted("2")

    after = made(LiveKind.COMPARISON, at=given.after(1))
    found = {d.label: d for d in differences(before.content, after.content)}

    assert after.supersedes == before
    assert (found["问题"].before, found["问题"].after) == ("1个", "2个")
    assert len(found["问题"].come) == 1
    client = signed_in(Role.AUDITOR)
    page = client.get(reverse("reports:since", args=[after.number, before.number]))
    assert "2个" in page.content.decode()
    page = client.get(reverse("reports:report", args=[after.number]))
    assert before.number in page.content.decode()


def test_a_month_tells_what_happened_in_it_and_money_by_its_voucher():
    finding = given.working("1")
    given.step(rectification.add_amount, finding, given.AUDITOR, kind=MoneyKind.REMIT, due_fen=500)
    row = given.reload(finding).amounts.get()
    row.finding = given.reload(finding)
    rectification.pay(
        row,
        fen=300,
        on=given.AT.date(),
        voucher="P1",
        seen=row.finding.version,
        by=given.officer(),
        at=given.AT,
    )

    march, april = made(LiveKind.MONTHLY, "2026-03"), "2026-04"

    assert (value(march, "opened"), value(march, "issued")) == ("1个", "1个")
    assert value(march, "paid-remit") == "3元"
    assert march.title == "2026年3月审计查出问题整改进展月报"
    later = made(LiveKind.MONTHLY, april, at=given.after(40))
    assert value(later, "opened") == "0个"
    year = made(LiveKind.YEARLY, "2026", at=given.after(40))
    assert value(year, "opened") == "1个"
    assert value(year, "age-0") == "1个"
    with pytest.raises(Refusal) as refused:
        made(LiveKind.MONTHLY, "2026")
    assert refused.value.code == "report.period"
    with pytest.raises(Refusal) as refused:
        made(LiveKind.MONTHLY, "2026-09")
    assert refused.value.code == "report.period_future"


def test_citizens_open_figures_of_a_published_report_as_far_as_they_may():
    shown, hidden = published(given.submitted("1")), given.drafted("2")
    report = made(LiveKind.COMPARISON)
    address = reverse("reports:figure", args=[report.number, "found"])

    assert Client().get(address).status_code == 404
    Report.objects.update(published_on=given.AT.date())
    page = Client().get(address).content.decode()

    assert shown.number in page
    assert hidden.number not in page
    assert "还有 1 个问题没有公开" in page
    public = made(LiveKind.COMPARISON, is_public=True)
    assert value(public, "found") == "1个"


def test_keepers_make_reports_on_the_page_and_nobody_else():
    given.submitted("1")
    address = reverse("reports:make")

    answer = signed_in(Role.LEAD_OFFICE).post(address, {"kind": "comparison"})

    assert answer.status_code == 302
    assert Report.objects.get().series == "comparison::all"
    assert signed_in(Role.LEAD_OFFICE, "市监局").post(address, {"kind": "x"}).status_code == 422
    assert signed_in(Role.OFFICER, "市监局").post(address, {"kind": "yearly"}).status_code == 403
    with pytest.raises(Refusal) as refused:
        made(LiveKind.PROJECT, "ZG2020-00001")
    assert refused.value.code == "report.no_project"


def test_a_report_of_many_findings_is_made_in_few_statements(django_assert_max_num_queries):
    for n in range(12):
        given.drafted(str(n))
    with django_assert_max_num_queries(32):
        made(LiveKind.YEARLY, "2026")
