"""An audit's findings in a browser: mended and verified, sent back, answered from above."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.journey

PDF = {"name": "proof.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 journey %%EOF"}


def open_finding(who: Visitor, title: str) -> None:
    who.go("/oversight/issues/")
    who.go_by(who.page.get_by_role("link", name=title, exact=True))


def unfold(who: Visitor, title: str) -> None:
    who.click(who.page.locator("summary", has_text=title).first)


def confirm(who: Visitor, title: str) -> None:
    """Send what was filled in, and return with the page that answers."""
    who.go_by(who.page.get_by_role("button", name=f"确认 {title}", exact=True))


def do(who: Visitor, title: str, **fields: str) -> None:
    """Unfold what may be done, fill it in and confirm."""
    unfold(who, title)
    shown = who.page.locator("details[open]")
    for label, text in fields.items():
        who.type(shown.get_by_label(label), text)
    confirm(who, title)


def test_upward_matter_answered(visitor):
    lead = visitor("lead")
    open_finding(lead, "部门业务系统和省级平台没有对接")

    unfold(lead, "登记上级答复")
    lead.click(lead.page.locator("details[open]").get_by_label("同意", exact=True))
    lead.type(lead.page.locator("details[open]").get_by_label("答复内容"), "同意，明年开放接口。")
    confirm(lead, "登记上级答复")

    assert lead.sees("同意，明年开放接口。")


def test_overdue_evidence_and_the_printed_ledger_are_near(visitor):
    auditor = visitor("auditor")
    auditor.go("/oversight/inbox/")
    auditor.begin()
    auditor.go_by(auditor.page.get_by_role("link", name="逾期", exact=True))
    assert auditor.sees("食品经营许可现场核查超过承诺时限")
    assert auditor.count.clicks <= 1

    auditor.go("/oversight/issues/?shown=closed")
    auditor.begin()
    auditor.go_by(auditor.page.get_by_role("link", name="综合窗口没有执行一次性告知"))
    with auditor.page.expect_download() as got:
        auditor.click(auditor.page.get_by_role("link", name="核对台账"))
    assert got.value.suggested_filename.endswith(".pdf")
    assert auditor.count.clicks <= 2

    auditor.go("/oversight/issues/")
    address = auditor.page.get_by_role("link", name="打印台账").get_attribute("href")
    answer = auditor.page.request.get(f"{auditor.url}{address}")
    assert answer.headers["content-type"] == "application/pdf"


def test_the_public_takes_the_ledger_as_csv(visitor):
    public = visitor()
    public.go("/")
    public.begin()
    public.go_by(public.page.get_by_role("link", name="整改公开"))
    with public.page.expect_download() as got:
        public.click(public.page.get_by_role("link", name="下载 CSV"))

    assert got.value.suggested_filename.endswith(".csv")
    assert (public.count.clicks, public.count.screens) <= (3, 2)
