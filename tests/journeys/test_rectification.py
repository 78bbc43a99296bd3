"""An audit's findings in a browser: mended and verified, sent back, answered from above."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.journey

PDF = {"name": "proof.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 journey %%EOF"}


def open_finding(who: Visitor, title: str) -> None:
    who.go("/oversight/issues/")
    who.click(who.page.get_by_role("link", name=title, exact=True))


def unfold(who: Visitor, title: str) -> None:
    who.click(who.page.locator("summary", has_text=title).first)


def confirm(who: Visitor, title: str) -> None:
    who.click(who.page.get_by_role("button", name=f"确认 {title}", exact=True))
    who.page.wait_for_load_state()


def do(who: Visitor, title: str, **fields: str) -> None:
    """Unfold what may be done, fill it in and confirm."""
    unfold(who, title)
    shown = who.page.locator("details[open]")
    for label, text in fields.items():
        who.type(shown.get_by_label(label), text)
    confirm(who, title)


def test_found_mended_verified_rechecked(visitor):
    officer, head = visitor("sc-jiedan"), visitor("head")
    auditor, second = visitor("auditor"), visitor("supervisor")
    title = "3个事项要求提交指南以外的材料"

    open_finding(officer, title)
    do(officer, "开始整改")
    do(officer, "增加措施", 措施内容="逐项清理，删去指南以外的材料。")
    unfold(officer, "上传佐证")
    shown = officer.page.locator("details[open]")
    officer.type(shown.get_by_label("佐证名称"), "清理后的材料清单")
    shown.get_by_label("文件（照片、PDF 或 OFD）").set_input_files(PDF)
    confirm(officer, "上传佐证")
    assert officer.sees("清理后的材料清单")

    open_finding(head, title)
    unfold(head, "申请销号")
    head.click(head.page.locator("details[open]").get_by_label("已整改", exact=True))
    head.type(head.page.locator("details[open]").get_by_label("整改情况"), "三个事项都改好了。")
    confirm(head, "申请销号")
    assert head.sees("待核验"), "a claim is not green"

    open_finding(auditor, title)
    do(auditor, "接手审核")
    assert auditor.sees("还有佐证没有审核")
    unfold(auditor, "审核佐证")
    auditor.click(auditor.page.locator("details[open]").get_by_label("认可", exact=True))
    confirm(auditor, "审核佐证")
    unfold(auditor, "认定")
    auditor.click(auditor.page.locator("details[open]").get_by_label("已整改", exact=True))
    confirm(auditor, "认定")

    open_finding(second, title)
    do(second, "销号")
    assert second.sees("销号后 3 个月")
    public = visitor()
    public.go("/")
    public.begin()
    public.click(public.page.get_by_role("link", name="整改公开"))
    public.click(public.page.get_by_role("link", name=title, exact=True))
    assert public.sees("已销号")
    assert (public.count.clicks, public.count.entries) <= (2, 0)

    open_finding(auditor, "延时服务没有对外公布")
    unfold(auditor, "确认巩固")
    auditor.click(auditor.page.locator("details[open]").get_by_label("现场", exact=True))
    auditor.type(auditor.page.locator("details[open]").get_by_label("复查发现"), "公告还在。")
    confirm(auditor, "确认巩固")
    assert auditor.sees("已销号")


def test_claimed_without_evidence_sent_back(visitor):
    auditor = visitor("auditor")
    title = "部分档案没有按时移交"
    open_finding(auditor, title)

    auditor.begin()
    do(auditor, "退回", 情况或原因="没有移交清单，请补。")

    assert auditor.sees("退回补充")
    assert auditor.count.clicks <= 3
    assert auditor.count.entries == 1
    public = visitor()
    open_finding(public, title)
    assert public.sees("退回补充")
    assert not public.page.get_by_text("没有移交清单").count()


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
    auditor.click(auditor.page.get_by_role("link", name="逾期", exact=True))
    assert auditor.sees("食品经营许可现场核查超过承诺时限")
    assert auditor.count.clicks <= 1

    auditor.go("/oversight/issues/?shown=closed")
    auditor.begin()
    auditor.click(auditor.page.get_by_role("link", name="综合窗口没有执行一次性告知"))
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
    public.click(public.page.get_by_role("link", name="整改公开"))
    with public.page.expect_download() as got:
        public.click(public.page.get_by_role("link", name="下载 CSV"))

    assert got.value.suggested_filename.endswith(".csv")
    assert (public.count.clicks, public.count.screens) <= (3, 2)
