"""The guide as it is kept rendered: quick, and never older than what is in force."""

from datetime import timedelta

import pytest
from django.test import Client

from onedoor.accounts.models import Organisation, Person
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.models import GuideReport, Item
from onedoor.catalogue.rules.turns import Turn
from onedoor.catalogue.tests.given import AT, PUBLISHER, imported, item, json_file, turned
from onedoor.kernel import clock

pytestmark = pytest.mark.django_db

CODE = "TEST-JSON-1"
BEGIN = f"/apply/{CODE}/"


def published(*, at=AT, **changes):
    imported(json_file(item(**changes)), at=at)
    catalogue.publish(CODE, by=PUBLISHER, at=at)


def read(client=None, **headers):
    return (client or Client()).get(f"/items/{CODE}/", **headers).content.decode()


def test_a_new_version_is_read_at_once():
    published(place="旧楼")
    assert "旧楼" in read()

    published(place="新楼", at=AT + timedelta(days=1))

    page = read()
    assert "新楼" in page
    assert "旧楼" not in page


def test_a_suspended_item_is_not_offered_and_a_resumed_one_is_again():
    published(is_online=True)
    assert read().count(BEGIN) == 2

    turned(CODE, Turn.SUSPEND, at=clock.now())
    suspended = read()
    turned(CODE, Turn.RESUME, at=clock.now())

    assert BEGIN not in suspended
    assert "暂停办理" in suspended
    assert read().count(BEGIN) == 2


def test_a_cancelled_item_is_not_offered():
    published(is_online=True)
    read()

    turned(CODE, Turn.CANCEL, at=clock.now())

    assert BEGIN not in read()


def test_of_an_item_with_parts_only_the_parts_are_begun():
    published(is_online=True)
    imported(json_file(item(handling_code=f"{CODE}-01", name="河道采砂许可（变更）")))
    read()

    catalogue.publish(f"{CODE}-01", by=PUBLISHER, at=AT)

    assert BEGIN not in read()


def test_a_renamed_unit_is_named_at_once():
    published()
    read()

    Organisation.objects.filter(pk=Item.objects.get(code=CODE).unit_id).update(name="水务和湖泊局")

    assert read().count("水务和湖泊局") == 2


def test_the_dates_are_those_of_the_day_it_is_read(monkeypatch):
    published()
    before = read()

    monkeypatch.setattr(clock, "_offset", lambda: timedelta(days=30))

    assert "最晚" in before
    assert before.partition("最晚")[2][:12] != read().partition("最晚")[2][:12]


def test_each_language_is_kept_by_itself_and_nothing_of_a_reader():
    published()
    clerk = Client()
    clerk.force_login(
        Person.objects.get(username="clerk"), "django.contrib.auth.backends.ModelBackend"
    )
    clerk.cookies["prefs"] = "std.std.normal.en"
    english = read(clerk)

    chinese = read()

    assert "要带什么" in chinese
    assert "要带什么" not in english
    assert f"/desk/receive/{CODE}/" in english
    assert f"/desk/receive/{CODE}/" not in chinese


def test_the_same_sender_reports_ten_times_an_hour_and_loses_nothing_then():
    published()
    address = f"/i/{Item.objects.get(code=CODE).short}/report/"
    for _ in range(10):
        assert Client().post(address, {"text": "电话打不通"}).status_code == 200

    answer = Client().post(address, {"text": "第十一个错"})

    assert answer.status_code == 429
    assert "以后再试" in answer.content.decode()
    assert "第十一个错" in answer.content.decode()
    assert GuideReport.objects.count() == 10
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert elsewhere.post(address, {"text": "另一个人"}).status_code == 200


def test_an_english_guide_marks_what_stays_chinese_and_names_the_type(client):
    imported(json_file(item()))
    catalogue.publish("TEST-JSON-1", by=PUBLISHER, at=AT)
    client.post("/prefs/", {"language": "en"})

    text = client.get("/items/TEST-JSON-1/").content.decode()

    assert "Administrative licence" in text
    assert '<h1><span lang="zh">河道采砂许可</span></h1>' in text
    assert '<span lang="zh">申请书</span>' in text
    assert '<span lang="zh">《河道管理条例》第二十五条</span>' in text
