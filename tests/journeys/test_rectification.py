"""An audit's findings in a browser: mended and verified, sent back, answered from above."""

from __future__ import annotations

from pathlib import Path

import pytest

from onedoor import cli
from tests.journeys.conftest import Visitor
from tests.journeys.test_tasks import within

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


def pick(who: Visitor, label: str) -> None:
    """Choose an answer in what is unfolded."""
    who.click(who.page.locator("details[open]").get_by_label(label, exact=True))


def write(who: Visitor, label: str, text: str) -> None:
    """Fill in a field of what is unfolded."""
    who.type(who.page.locator("details[open]").get_by_label(label), text)


def do(who: Visitor, title: str, **fields: str) -> None:
    """Unfold what may be done, fill it in and confirm."""
    unfold(who, title)
    for label, text in fields.items():
        write(who, label, text)
    confirm(who, title)


def test_found_mended_verified_rechecked(visitor):
    officer, head = visitor("sc-jiedan"), visitor("head")
    auditor, second = visitor("auditor"), visitor("supervisor")
    title = "3个事项要求提交指南以外的材料"

    open_finding(officer, title)
    do(officer, "开始整改")
    do(officer, "增加措施", 措施内容="逐项清理，删去指南以外的材料。")
    unfold(officer, "上传佐证")
    write(officer, "佐证名称", "清理后的材料清单")
    file = officer.page.locator("details[open]").get_by_label("文件（照片、PDF 或 OFD）")
    file.set_input_files(PDF)
    confirm(officer, "上传佐证")
    officer.page.get_by_role("link", name="清理后的材料清单", exact=True).wait_for()

    open_finding(head, title)
    unfold(head, "申请销号")
    pick(head, "已整改")
    write(head, "整改情况", "三个事项都改好了。")
    confirm(head, "申请销号")
    assert head.sees("待核验"), "a claim is not green"

    open_finding(auditor, title)
    do(auditor, "接手审核")
    assert auditor.sees("还有佐证没有审核")
    unfold(auditor, "审核佐证")
    pick(auditor, "认可")
    confirm(auditor, "审核佐证")
    unfold(auditor, "认定")
    pick(auditor, "已整改")
    confirm(auditor, "认定")

    open_finding(second, title)
    do(second, "销号")
    assert second.sees("销号后 3 个月")

    public = visitor()
    public.go("/")
    public.begin()
    public.go_by(public.page.get_by_role("link", name="整改公开"))
    public.go_by(public.page.get_by_role("link", name=title, exact=True))
    within(public, clicks=2, entries=0, screens=2)
    assert public.page.locator(".facts .tag.good", has_text="已销号").count() == 1

    open_finding(auditor, "延时服务没有对外公布")
    unfold(auditor, "确认巩固")
    pick(auditor, "现场")
    write(auditor, "复查发现", "公告还在。")
    confirm(auditor, "确认巩固")
    assert auditor.page.locator(".facts .tag.good", has_text="已销号").count() == 1


def test_claimed_without_evidence_sent_back(visitor):
    auditor = visitor("auditor")
    title = "部分档案没有按时移交"
    open_finding(auditor, title)

    auditor.begin()
    do(auditor, "退回", 情况或原因="没有移交清单，请补。")

    within(auditor, clicks=3, entries=1, screens=1)
    assert auditor.sees("退回补充")
    public = visitor()
    open_finding(public, title)
    assert public.sees("退回补充")
    assert not public.page.get_by_text("没有移交清单").count()


def test_a_form_sent_twice_from_one_page_takes_one_step(visitor):
    """Two tabs, one step: the second is told what happened, with the finding as it is now."""
    first, second = visitor("auditor"), visitor("auditor")
    title = "部门业务系统和省级平台没有对接"
    for who in (first, second):
        open_finding(who, title)
        unfold(who, "登记应处理金额")
        write(who, "应处理金额（元）", "100")

    confirm(first, "登记应处理金额")
    confirm(second, "登记应处理金额")

    assert second.sees("您打开以后，别人办过这个问题")


def test_upward_matter_answered(visitor):
    lead = visitor("lead")
    open_finding(lead, "部门业务系统和省级平台没有对接")

    unfold(lead, "登记上级答复")
    lead.click(lead.page.locator("details[open]").get_by_label("同意", exact=True))
    lead.type(lead.page.locator("details[open]").get_by_label("答复内容"), "同意，明年开放接口。")
    confirm(lead, "登记上级答复")

    assert lead.sees("同意，明年开放接口。")


def test_overdue_findings_are_one_click_from_what_waits(visitor):
    auditor = visitor("auditor")
    auditor.go("/oversight/inbox/")
    auditor.begin()

    auditor.go_by(auditor.page.get_by_role("link", name="逾期", exact=True))

    within(auditor, clicks=1, entries=0, screens=1)  # O1
    assert auditor.sees("食品经营许可现场核查超过承诺时限")


def test_from_the_ledger_to_a_file_of_evidence(visitor):
    auditor = visitor("auditor")
    auditor.go("/oversight/issues/?shown=closed")
    auditor.begin()

    auditor.go_by(auditor.page.get_by_role("link", name="综合窗口没有执行一次性告知"))
    with auditor.page.expect_download() as got:
        auditor.click(auditor.page.get_by_role("link", name="核对台账"))

    within(auditor, clicks=2, entries=0, screens=2)  # O2
    assert got.value.suggested_filename.endswith(".pdf")
    assert Path(got.value.path()).read_bytes().startswith(b"%PDF")


def test_the_ledger_is_printed_as_an_official_document(visitor):
    auditor = visitor("auditor")
    auditor.go("/oversight/issues/")
    auditor.begin()

    with auditor.page.expect_response(lambda r: r.url.split("?")[0].endswith(".pdf")) as got:
        auditor.click(auditor.page.get_by_role("link", name="打印台账"))

    within(auditor, clicks=2, entries=0, screens=1)  # O4
    assert (got.value.status, got.value.headers["content-type"]) == (200, "application/pdf")


def test_the_public_takes_the_ledger_as_csv(visitor):
    public = visitor()
    public.go("/")
    public.begin()

    public.go_by(public.page.get_by_role("link", name="整改公开"))
    with public.page.expect_download() as got:
        public.click(public.page.get_by_role("link", name="下载 CSV"))

    within(public, clicks=3, entries=0, screens=2)  # U2
    assert got.value.suggested_filename.endswith(".csv")
    lines = Path(got.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("来源,编号,问题")
    assert len(lines) > 1


def test_an_auditor_takes_findings_out_and_they_verify_elsewhere(visitor, capsys):
    auditor = visitor("auditor")
    auditor.go("/oversight/exports/")
    auditor.page.get_by_label("用途").select_option(label="审计")
    auditor.page.get_by_label("哪些问题").select_option(label="已销号")
    auditor.go_by(auditor.button("导出"))

    assert auditor.comes_to_see("1/1", heads=1), "made by the worker, once a tree head is signed"
    with auditor.page.expect_download() as got:
        auditor.click(auditor.button("下载"))

    assert cli.main(["verify", "archive", str(got.value.path())]) == 0
    assert "faults=0" in capsys.readouterr().out


def test_a_recommendation_is_entered_and_answered_by_whom_it_was_given_to(visitor):
    auditor, head = visitor("auditor"), visitor("head")
    auditor.go("/oversight/recommendations/")
    unfold(auditor, "登记一条建议")
    auditor.page.get_by_label("审计项目").select_option(index=1)
    auditor.page.get_by_label("建议给哪个单位").select_option(label="市监局")
    auditor.type(auditor.page.get_by_label("建议", exact=True), "建议建立收费公示的定期核对制度。")
    auditor.go_by(auditor.button("登记"))
    address = auditor.page.url

    head.page.goto(address)
    head.click(head.page.get_by_label("采纳", exact=True))
    head.type(head.page.get_by_label("定了什么制度或者做了什么"), "收费公示核对办法")
    head.go_by(head.button("确认"))

    assert head.sees("收费公示核对办法")
    assert head.page.locator(".facts .tag.good", has_text="采纳").count() == 1
