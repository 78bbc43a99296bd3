"""C5: an application by somebody who signed in, counted; and what they find afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.journeys.test_accessibility import faults

pytestmark = pytest.mark.journey
PHONE = {"width": 360, "height": 640}


@pytest.fixture
def photo(tmp_path: Path) -> str:
    path = tmp_path / "photo.png"
    Image.new("RGB", (600, 800), "white").save(path)
    return str(path)


def _upload(citizen, place: int, photo: str) -> None:
    citizen.page.locator("input[type=file]").nth(place).set_input_files(photo)
    citizen.count.clicks += 1


def test_who_signed_in_applies_with_few_touches_and_finds_it_again(visitor, photo):
    citizen = visitor(viewport=PHONE, java_script_enabled=False)
    citizen.go("/me/")
    citizen.go_by(citizen.page.get_by_role("link", name="实名登录"))
    citizen.click(citizen.page.get_by_label("马䶮示例"))
    citizen.go_by(citizen.button("继续"))
    assert citizen.sees("没有在办的") or citizen.sees("在办")
    citizen.go("/search/?q=残疾人证")
    citizen.go_by(citizen.page.locator("main .links a").first)

    citizen.begin()
    citizen.go_by(citizen.page.get_by_role("link", name="网上办").first)
    assert not citizen.page.get_by_label("证件号码").count()  # the account holds it
    citizen.go_by(citizen.button("继续"))
    for place in range(citizen.page.locator("input[type=file]").count()):
        _upload(citizen, place, photo)
    citizen.go_by(citizen.page.locator("button:not(.vh)", has_text="继续"))
    citizen.click(citizen.page.get_by_label("我填的内容和交的材料都是真的"))
    citizen.go_by(citizen.button("提交申请"))

    assert citizen.sees("编号")
    assert citizen.count.clicks <= 14
    assert citizen.count.entries <= 5
    assert citizen.count.screens <= 9
    citizen.go("/me/")
    assert citizen.sees("前告诉您材料行不行")
    for page in ("cases", "licences", "files", "looks", "account"):
        citizen.go(f"/me/{page}/")
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert citizen.page.evaluate(wide) <= 0, page


def test_who_signs_in_by_telephone_reads_the_code_and_is_in(visitor):
    citizen = visitor(viewport=PHONE)
    citizen.go("/me/")
    citizen.type(citizen.page.get_by_label("手机号", exact=True), "13800000077")
    citizen.click(citizen.page.get_by_label("我看过下面的说明"))
    citizen.go_by(citizen.button("取验证码"))
    told = citizen.page.get_by_text("演示库不发短信").inner_text()
    code = "".join(c for c in told.split("验证码 ")[1].split("，")[0] if c.isdigit())
    citizen.type(citizen.page.get_by_label("短信里的验证码"), code)
    citizen.go_by(citizen.page.locator("main").get_by_role("button", name="登录"))

    assert citizen.page.url.endswith("/me/")
    citizen.go_by(citizen.button("退出"))
    citizen.go("/me/")
    assert "/signin/" in citizen.page.url


def _signed_in(visitor, name: str):
    """Return somebody who signed in with the demo's stand-in, on a telephone."""
    who = visitor(viewport=PHONE)
    who.go("/me/")
    who.go_by(who.page.get_by_role("link", name="实名登录"))
    who.click(who.page.get_by_label(name))
    who.go_by(who.button("继续"))
    return who


def test_b1_and_b3_an_agent_changes_the_company_and_sees_the_cases_of_all(visitor):
    agent = _signed_in(visitor, "马建国样例")
    agent.begin()
    agent.click(agent.page.locator("summary", has_text="换一位"))
    agent.go_by(agent.page.get_by_role("button", name="开远演示餐饮有限公司"))

    assert agent.count.clicks <= 2
    assert agent.count.entries == 0
    assert agent.count.screens <= 1
    assert agent.sees("正在为 开远演示餐饮有限公司 办理")
    agent.begin()
    agent.go_by(agent.page.get_by_role("link", name="代办的全部办件"))
    assert agent.count.clicks <= 1
    assert agent.count.screens <= 1
    assert agent.page.get_by_role("heading", name="代办的全部办件").count()


def test_f1_a_daughter_acts_for_her_mother_who_agreed_by_message(visitor):
    helper = _signed_in(visitor, "阿普·木嘎示例")
    helper.begin()
    helper.go_by(helper.page.get_by_role("link", name="代办：亲友、单位"))
    helper.type(helper.page.get_by_label("亲友的身份证号"), "532502195304120000")
    helper.go_by(helper.button("发验证码"))
    told = helper.page.get_by_text("演示库不发短信").inner_text()
    code = "".join(c for c in told.split("验证码")[-1].split("告诉")[0] if c.isdigit())
    helper.type(helper.page.get_by_label("亲友收到的验证码"), code)
    helper.go_by(helper.button("确认代办"))

    assert helper.sees("您可以替对方办了")
    assert helper.count.clicks <= 6
    assert helper.count.entries <= 2
    assert helper.count.screens <= 4
    for page in ("acting", "acting/company", "messages", "email"):
        helper.go(f"/me/{page}/")
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert helper.page.evaluate(wide) <= 0, page
        assert faults(helper.page) == [], page
