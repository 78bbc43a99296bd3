"""An editor writes a version on one page; another person publishes it."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from onedoor.accounts.models import Person
from onedoor.accounts.queries import actor_named
from onedoor.catalogue import queries
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.models import (
    GuideCheck,
    GuideFile,
    GuideReport,
    Item,
    ItemVersion,
    StateOrder,
)
from onedoor.catalogue.rules.item_file import ItemRow, read_row
from onedoor.catalogue.rules.spelled import as_cells, as_lists
from onedoor.catalogue.rules.turns import Turn
from onedoor.catalogue.services import Written
from onedoor.catalogue.tests.given import (
    AT,
    BOTH,
    EDITOR,
    PUBLISHER,
    STRANGER,
    imported,
    item,
    json_file,
    turned,
)
from onedoor.catalogue.tests.test_rules import ON, TABLES, whole
from onedoor.files import services as files
from onedoor.files.models import StoredFile
from onedoor.files.tests import samples
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed, Refusal
from onedoor.ledger import queries as ledger

pytestmark = pytest.mark.django_db

CODE = "TEST-JSON-1"
SAMPLE = "sha256:" + sha256(samples.jpeg()).hexdigest()


@pytest.fixture
def in_force():
    imported(json_file(item()))
    catalogue.publish(CODE, by=PUBLISHER, at=AT)
    uploaded(samples.jpeg())


def uploaded(content):
    found = Item.objects.get(code=CODE)
    return catalogue.upload_guide_file(found, BytesIO(content), by=EDITOR, at=AT)


def signed_in(username):
    client = Client()
    client.force_login(
        Person.objects.get(username=username), "django.contrib.auth.backends.ModelBackend"
    )
    return client


def editor():
    return actor_named("editor", on=clock.day_of(clock.now()))


def sent(content, **changes):
    """Return what the editor's page would send for this content."""
    data = {k: v.split("^") if "^" in v else v for k, v in as_cells(content).items() if v}
    for name in ("deemed_acceptance", "instant_authorised", "is_tolerant", "is_on_promise"):
        if data.get(name) == "0":
            del data[name]
    for name, rows in as_lists(content).items():
        data[f"count-{name}"] = str(len(rows))
        for number, row in enumerate(rows, start=1):
            data |= {
                f"{name}-{number}-{key}": value
                for key, value in row.items()
                if value and not (key.startswith("is_") and value == "0")
            }
    return data | {"save": "1"} | changes


def page_of(client):
    """Return the page, and the mark of what it was written on top of."""
    page = client.get(f"/catalogue/edit/{CODE}/")
    return page, page.context["seen"]


def fresh(file=SAMPLE):
    """Return a guide no gate has anything against today; its forms and samples are this file."""
    content = whole(checked_on=clock.day_of(clock.now()), name="河道采砂许可（新办）")
    return replace(
        content,
        results=tuple(replace(one, sample_file=file) for one in content.results),
        materials=tuple(
            replace(one, form_file=file, sample_file=file) if one.form_file else one
            for one in content.materials
        ),
    )


def test_a_content_read_from_its_own_cells_is_the_same():
    content = whole()

    row = read_row(
        1,
        as_cells(content) | {"code": "A", "unit_name": "U"},
        names={},
        on=ON,
        lists=as_lists(content),
        **TABLES,
    )

    assert isinstance(row, ItemRow)
    assert row.content.digest(code="A", unit="U") == content.digest(code="A", unit="U")


def test_from_item_to_published_in_four_clicks_and_three_screens(in_force):
    """D1: at most six clicks on three screens; the gates stand in between, the change is shown."""
    client, other = signed_in("editor"), signed_in("publisher")
    listed = client.get("/catalogue/mine/").content.decode()
    assert f"/catalogue/edit/{CODE}/" in listed  # click 1
    page, seen = page_of(client)
    assert page.status_code == 200

    answer = client.post(  # click 2
        f"/catalogue/edit/{CODE}/", sent(fresh(), seen=seen, submit="1"), follow=True
    )

    assert "已交给发布的同事" in answer.content.decode()
    assert f"/catalogue/version/{CODE}/" in other.get("/catalogue/").content.decode()  # click 3
    shown = other.get(f"/catalogue/version/{CODE}/").content.decode()
    for words in ("河道采砂许可（新办）", "旧值", "食品经营许可申请书", "看过了，发布"):
        assert words in shown
    done = other.post(f"/catalogue/publish/{CODE}/", {"number": "2"}, follow=True)  # click 4
    assert "已发布" in done.content.decode()
    version = queries.current_version(CODE, at=clock.now() + timedelta(seconds=1))
    assert (version.name, version.number) == ("河道采砂许可（新办）", 2)
    assert [m.name for m in version.materials] == ["食品经营许可申请书", "场所布局图"]
    assert version.steps == fresh().steps
    assert version.special_procedures == fresh().special_procedures


def test_what_must_be_changed_is_listed_with_links_and_nothing_is_handed_in(in_force):
    client = signed_in("editor")
    _, seen = page_of(client)
    bad = fresh()
    data = sent(bad, seen=seen, submit="1", phone="7123456", **{"materials-1-basis": ""})

    answer = client.post(f"/catalogue/edit/{CODE}/", data)

    text = answer.content.decode()
    assert answer.status_code == 409
    assert 'href="#phone"' in text
    assert 'href="#materials-1"' in text
    assert 'id="materials-1"' in text
    assert ItemVersion.objects.get(item__code=CODE, number=2).status == "draft"
    assert not queries.awaiting_publication().exists()


def test_a_wrong_field_keeps_everything_typed(in_force):
    client = signed_in("editor")
    _, seen = page_of(client)

    answer = client.post(
        f"/catalogue/edit/{CODE}/", sent(fresh(), seen=seen, visits="很多", place="三楼")
    )

    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in text
    assert "三楼" in text
    assert ItemVersion.objects.filter(item__code=CODE).count() == 1


def test_a_row_more_and_a_row_less_need_no_script(in_force):
    client = signed_in("editor")
    _, seen = page_of(client)
    data = sent(fresh(), seen=seen, more="steps")
    del data["save"]

    page = client.post(f"/catalogue/edit/{CODE}/", data)
    assert page.status_code == 200
    assert 'id="steps-3"' in page.content.decode()

    data = sent(fresh(), seen=seen) | {"count-steps": "3", "materials-2-remove": "on"}
    client.post(f"/catalogue/edit/{CODE}/", data)
    draft = ItemVersion.objects.get(item__code=CODE, status="draft")
    assert [m.name for m in draft.materials.all()] == ["食品经营许可申请书"]
    assert len(draft.details["steps"]) == 2


def test_the_second_of_two_editors_is_told_and_loses_nothing(in_force):
    first, second = signed_in("editor"), signed_in("editor")
    _, seen = page_of(first)
    first.post(f"/catalogue/edit/{CODE}/", sent(fresh(), seen=seen, place="先写的"))

    answer = second.post(f"/catalogue/edit/{CODE}/", sent(fresh(), seen=seen, place="后写的"))

    assert answer.status_code == 409
    text = answer.content.decode()
    assert "您打开以后有人改过" in text
    assert "后写的" in text
    assert ItemVersion.objects.get(item__code=CODE, status="draft").place == "先写的"
    again = sent(fresh(), seen=answer.context["seen"], place="后写的")
    assert second.post(f"/catalogue/edit/{CODE}/", again).status_code == 302
    assert ItemVersion.objects.get(item__code=CODE, status="draft").place == "后写的"


def test_a_form_that_is_uploaded_can_be_fetched_by_everybody(in_force):
    client = signed_in("editor")
    _, seen = page_of(client)
    data = sent(fresh(), seen=seen)
    data["materials-1-form_file_upload"] = SimpleUploadedFile("表.pdf", samples.pdf())

    client.post(f"/catalogue/edit/{CODE}/", data)
    page, seen = page_of(client)
    content = queries.contents_of([page.context["base"]])[page.context["base"].pk]
    digest = content.materials[0].form_file
    assert digest.startswith("sha256:")
    assert digest != SAMPLE
    client.post(f"/catalogue/edit/{CODE}/", sent(content, seen=seen, submit="1"))
    catalogue.publish(CODE, by=PUBLISHER, at=clock.now())
    short = Item.objects.get(code=CODE).short

    answer = Client().get(f"/i/{short}/file/{digest[7:]}/")

    assert answer.status_code == 200
    assert answer.getvalue() == samples.pdf()
    assert Client().get(f"/i/{short}/file/{'0' * 63}1/").status_code == 404


def test_what_a_citizen_handed_in_is_neither_published_nor_served(in_force):
    scan = files.store(BytesIO(samples.jpeg(size=(30, 30))), at=AT).digest
    client = signed_in("editor")
    _, seen = page_of(client)

    answer = client.post(f"/catalogue/edit/{CODE}/", sent(fresh(scan), seen=seen, submit="1"))

    assert answer.status_code == 409
    assert "不是为办事指南上传的文件" in answer.content.decode()
    assert not ItemVersion.objects.filter(status="submitted").exists()
    # Nor where a version that names it came into force in another way.
    form = item()["materials"][0] | {"form_file": scan}
    imported(json_file(item(materials=[form])), at=AT + timedelta(days=1))
    with pytest.raises(Refusal, check=lambda r: r.code == "catalogue.gates_closed"):
        catalogue.publish(CODE, by=PUBLISHER, at=AT + timedelta(days=1))
    ItemVersion.objects.get(item__code=CODE, status="published").materials.update(form_file=scan)
    short = Item.objects.get(code=CODE).short
    assert Client().get(f"/i/{short}/file/{scan[7:]}/").status_code == 404


def test_a_guide_file_is_uploaded_by_the_units_editor_and_that_is_on_record(in_force):
    with pytest.raises(NotAllowed):
        catalogue.upload_guide_file(
            Item.objects.get(code=CODE), BytesIO(samples.pdf()), by=STRANGER, at=AT
        )
    assert not GuideFile.objects.filter(file__size=len(samples.pdf())).exists()

    digest = uploaded(samples.pdf())
    assert uploaded(samples.pdf()) == digest

    told = [e for e in ledger.history(f"item:{CODE}") if e.facts.get("file") == digest]
    assert [(e.kind, e.actor) for e in told] == [("item.file_uploaded", EDITOR.ref)]


def test_an_upload_that_is_no_document_is_refused_at_its_row(in_force):
    client = signed_in("editor")
    _, seen = page_of(client)
    data = sent(fresh(), seen=seen)
    data["materials-1-form_file_upload"] = SimpleUploadedFile("表.pdf", b"<html>no")

    answer = client.post(f"/catalogue/edit/{CODE}/", data)

    assert answer.status_code == 422
    assert "这种文件不能用" in answer.content.decode()
    assert not ItemVersion.objects.filter(status="draft").exists()


def test_an_image_that_cannot_be_opened_is_refused_at_its_row_and_not_kept(in_force):
    client = signed_in("editor")
    _, seen = page_of(client)
    data = sent(fresh(), seen=seen, place="还没保存的话")
    torn = samples.jpeg(size=(300, 300))[:24] + b"\xff\xd9"
    data["materials-1-form_file_upload"] = SimpleUploadedFile("表.jpg", torn)

    answer = client.post(f"/catalogue/edit/{CODE}/", data)

    assert answer.status_code == 422
    assert "图片打不开" in answer.content.decode()
    assert "还没保存的话" in answer.content.decode()
    assert not StoredFile.objects.filter(size=len(torn)).exists()


def test_who_saved_a_draft_is_who_hands_it_in(in_force):
    now = clock.now()
    written = Written(content=fresh())
    seen = queries.seen_token(queries.latest(Item.objects.get(code=CODE)))
    version = catalogue.save_draft(CODE, written, seen=seen, by=editor(), at=now)

    with pytest.raises(Refusal, check=lambda r: r.code == "catalogue.draft_changed"):
        catalogue.submit(CODE, seen=queries.seen_token(version), by=BOTH, at=now)


def test_a_new_item_is_opened_by_its_units_editor_alone():
    client = signed_in("editor")
    form = client.get("/catalogue/new/")
    unit = form.context["form"].fields["unit"].choices[0][0]

    answer = client.post("/catalogue/new/", {"code": "NEW-1", "unit": unit})

    assert answer["Location"] == "/catalogue/edit/NEW-1/"
    assert client.get(answer["Location"]).status_code == 200
    assert client.post("/catalogue/new/", {"code": "NEW-1", "unit": unit}).status_code == 409
    assert signed_in("clerk").get("/catalogue/new/").status_code == 403


def test_guides_nobody_went_through_for_half_a_year_are_listed(in_force):
    today = clock.day_of(clock.now())
    imported(json_file(item(code="TEST-STALE", name="很久没看", checked_on=str(AT.date()))))
    imported(json_file(item(code="TEST-FRESH", name="刚看过", checked_on=str(today))))
    catalogue.publish_all(by=PUBLISHER, at=AT)
    client = signed_in("editor")
    ItemVersion.objects.filter(item__code="TEST-STALE").update(
        checked_on=today - timedelta(days=181)
    )

    every = client.get("/catalogue/mine/").content.decode()
    stale = client.get("/catalogue/mine/?unchecked=1").content.decode()

    assert "180 天没核对" in every
    assert "刚看过" in every
    assert "很久没看" in stale
    assert "刚看过" not in stale


def test_a_guide_that_grew_old_since_it_was_published_fails_the_night_and_its_editor_is_told(
    in_force,
):
    now = clock.now()
    client = signed_in("editor")
    client.post(f"/catalogue/edit/{CODE}/", sent(fresh(), seen=page_of(client)[1], submit="1"))
    catalogue.publish(CODE, by=PUBLISHER, at=now)
    while catalogue.look_through(at=now):
        pass
    assert not queries.faulty(Item.objects.filter(code=CODE)).exists()
    assert "昨夜检查没过" not in client.get("/catalogue/mine/").content.decode()

    ItemVersion.objects.filter(item__code=CODE, status="published").update(
        checked_on=clock.day_of(now) - timedelta(days=200)
    )
    midnight = clock.at_local(clock.day_of(now) + timedelta(days=1), 1)
    for _ in range(20):
        assert catalogue.check_guides(at=midnight) == 0
    assert queries.faulty(Item.objects.filter(code=CODE)).exists()
    page = client.get("/catalogue/mine/?faulty=1").content.decode()
    assert "超过 180 天" in page
    assert CODE in page
    noon = midnight + timedelta(hours=11)
    GuideCheck.objects.all().delete()
    catalogue.check_guides(at=noon)
    assert not GuideCheck.objects.exists(), "by day the worker has other things to do"


def test_a_suspension_is_asked_on_one_page_and_confirmed_on_another(in_force):
    client, other = signed_in("editor"), signed_in("publisher")
    empty = client.post(f"/catalogue/turn/{CODE}/", {"turn": "suspend"})
    assert empty.status_code == 422

    said = {"turn": "suspend", "reason": "系统割接", "basis": "通知", "notice": "3月恢复"}
    client.post(f"/catalogue/turn/{CODE}/", said)
    order = StateOrder.objects.get()
    assert "系统割接" in other.get("/catalogue/").content.decode()
    other.post(f"/catalogue/turns/{order.pk}/")

    page = Client().get(f"/items/{CODE}/").content.decode()
    assert "暂停办理" in page
    assert "3月恢复" in page


def test_a_cancelled_item_is_gone_and_says_so(in_force):
    turned(CODE, Turn.CANCEL, at=clock.now())

    answer = Client().get(f"/items/{CODE}/")

    assert answer.status_code == 410
    assert "演示公告" in answer.content.decode()


def test_what_a_reader_reports_is_answered_by_an_editor(in_force):
    short = Item.objects.get(code=CODE).short
    assert Client().post(f"/i/{short}/report/", {"text": " "}).status_code == 422

    thanks = Client().post(
        f"/i/{short}/report/", {"text": "电话打不通", "contact": "13800000001", "number": "1"}
    )

    assert "收到了" in thanks.content.decode()
    report = GuideReport.objects.get()
    assert (report.text, report.version_number, report.status) == ("电话打不通", 1, "open")
    client = signed_in("editor")
    assert "电话打不通" in client.get("/catalogue/reports/").content.decode()
    client.post(f"/catalogue/reports/{report.pk}/", {"outcome": "mended", "answer": "已改"})
    report.refresh_from_db()
    assert (report.status, report.answer) == ("mended", "已改")
    again = client.post(f"/catalogue/reports/{report.pk}/", {"outcome": "right", "answer": "x"})
    assert again.status_code == 409


def test_a_flood_of_reports_stops_without_a_trace_of_the_last(in_force):
    found = Item.objects.get(code=CODE)
    for _ in range(30):
        catalogue.report_guide(found, number=1, text="x", contact="", by=PUBLISHER, at=AT)

    answer = None
    with pytest.raises(Refusal, check=lambda r: r.code == "catalogue.reported_enough"):
        answer = catalogue.report_guide(found, number=1, text="x", contact="", by=PUBLISHER, at=AT)
    assert answer is None
    assert GuideReport.objects.count() == 30


def test_the_short_address_leads_to_the_guide(in_force):
    short = Item.objects.get(code=CODE).short

    assert Client().get(f"/i/{short.upper()}/")["Location"] == f"/items/{CODE}/"
    assert Client().get("/i/zzzzzzzzzz/").status_code == 404


def test_the_guide_counts_from_today_and_its_numbers_can_be_pressed(in_force):
    imported(json_file(item(steps=[
        {"name": "收件", "who": "综合窗口", "days": 0},
        {"name": "审批", "who": "水务局", "days": 5},
    ], phone="0873-0000202")), at=AT + timedelta(days=1))  # fmt: skip
    catalogue.publish(CODE, by=PUBLISHER, at=AT + timedelta(days=1))

    text = Client().get(f"/items/{CODE}/").content.decode()

    assert "今天交，" in text
    assert 'href="tel:0873-0000202"' in text
    assert "综合窗口" in text


def test_the_guide_does_not_promise_what_the_portal_cannot_do(in_force):
    imported(json_file(item(is_online=True, visits=0)), at=AT + timedelta(days=1))
    catalogue.publish(CODE, by=PUBLISHER, at=AT + timedelta(days=1))

    text = Client().get(f"/items/{CODE}/").content.decode()

    assert ("本站还不能" in text) != ("开始办理" in text)


def test_a_guide_is_light_and_takes_few_statements(in_force, django_assert_max_num_queries):
    client = Client()
    client.get(f"/items/{CODE}/")

    with django_assert_max_num_queries(3):
        page = client.get(f"/items/{CODE}/")

    assert len(page.content) < 40_000


def test_what_was_reduced_is_told_to_everybody(in_force):
    imported(json_file(item(materials=[item()["materials"][0]])), at=AT + timedelta(days=1))
    catalogue.publish(CODE, by=PUBLISHER, at=AT + timedelta(days=1))

    text = Client().get("/items/reductions/").content.decode()

    assert "河段图" in text
    assert "2 → 1" in text


def test_history_shows_what_each_version_changed(in_force):
    imported(json_file(item(visits=3)), at=AT + timedelta(days=1))
    catalogue.publish(CODE, by=PUBLISHER, at=AT + timedelta(days=1))

    text = signed_in("editor").get(f"/catalogue/history/{CODE}/?version=2").content.decode()

    assert "要跑几次" in text
    assert signed_in("editor").get(f"/catalogue/history/{CODE}/?version=9").status_code == 200


def test_a_handling_item_hangs_under_its_entry(in_force):
    imported(json_file(item(code=CODE, handling_code=f"{CODE}-01", name="河道采砂许可（变更）")))
    catalogue.publish(f"{CODE}-01", by=PUBLISHER, at=AT)

    assert Item.objects.get(code=f"{CODE}-01").parent_code == CODE
    text = Client().get(f"/items/{CODE}/").content.decode()
    assert "河道采砂许可（变更）" in text
