"""What an editor is told while writing, and what a publisher is shown of it."""

from dataclasses import replace
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from onedoor.catalogue import queries
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.models import GuideFile, Item, ItemVersion
from onedoor.catalogue.services import Written
from onedoor.catalogue.tests.given import AT, EDITOR, PUBLISHER, imported, item, json_file
from onedoor.catalogue.tests.test_editing import (
    CODE,
    SAMPLE,
    fresh,
    page_of,
    sent,
    signed_in,
    uploaded,
)
from onedoor.files.tests import samples
from onedoor.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_force():
    imported(json_file(item()))
    catalogue.publish(CODE, by=PUBLISHER, at=AT)
    uploaded(samples.jpeg())


def handed_in(written):
    now = clock.now()
    seen = queries.seen_token(queries.latest(Item.objects.get(code=CODE)))
    draft = catalogue.save_draft(CODE, written, seen=seen, by=EDITOR, at=now)
    catalogue.submit(CODE, seen=queries.seen_token(draft), by=EDITOR, at=now)


def test_an_unreadable_field_and_the_gates_are_told_at_once():
    client = signed_in("editor")
    _, seen = page_of(client)
    data = sent(fresh(), seen=seen, submit="1", visits="很多", phone="7123456")

    answer = client.post(f"/catalogue/edit/{CODE}/", data)

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "应是 0 到 99 的整数" in text
    assert "“7123456”打不通" in text
    assert "没有写要跑几次" not in text  # the field says already that it cannot be read


def test_a_guide_being_written_is_looked_at_and_nothing_is_kept():
    client = signed_in("editor")
    _, seen = page_of(client)
    chosen = {
        "materials-1-form_file": "",
        "materials-1-form_file_upload": SimpleUploadedFile("a.pdf", b"-"),
    }
    data = sent(fresh(), seen=seen, phone="7123456", **chosen)

    answer = client.post(f"/catalogue/check/{CODE}/", data)

    text = answer.content.decode()
    assert "“7123456”打不通" in text
    assert "请上传空白表格" not in text
    assert not ItemVersion.objects.filter(item__code=CODE, status="draft").exists()
    assert GuideFile.objects.count() == 1
    assert signed_in("publisher").post(f"/catalogue/check/{CODE}/").status_code == 403


def test_a_file_is_kept_though_something_else_is_wrong():
    client = signed_in("editor")
    _, seen = page_of(client)
    file = SimpleUploadedFile("a.png", samples.png())
    data = sent(fresh(), seen=seen, visits="很多", **{"materials-1-form_file_upload": file})

    answer = client.post(f"/catalogue/edit/{CODE}/", data)

    kept = sha256(samples.png()).hexdigest()
    assert answer.status_code == 422
    assert f'name="materials-1-form_file" value="sha256:{kept}"' in answer.content.decode()
    assert client.get(f"/catalogue/file/{kept}/").status_code == 200
    assert client.get(f"/catalogue/file/{'0' * 64}/").status_code == 404
    assert Client().get(f"/catalogue/file/{kept}/").status_code == 302


def test_the_difference_names_files_and_says_why_less_is_asked_for():
    other = uploaded(samples.png())
    handed_in(Written(content=fresh(other)))
    catalogue.publish(CODE, by=PUBLISHER, at=clock.now())
    first, *_ = fresh(other).materials
    one = (replace(first, form_file=SAMPLE),)
    less = replace(fresh(other), materials=one, is_tolerant=False, tolerance_days=None)
    basis = "示例办法第三条"
    handed_in(Written(content=less, reduction_source="licence", reduction_basis=basis))

    publisher = signed_in("publisher")
    pages = [publisher.get(path) for path in ("/catalogue/", f"/catalogue/version/{CODE}/")]
    catalogue.publish(CODE, by=PUBLISHER, at=clock.now())
    pages.append(publisher.get(f"/catalogue/history/{CODE}/?version=3"))

    for page in pages:
        text = page.content.decode()
        for words in ("书（空白表格）.png</a>", "书（空白表格）.jpg</a>", "场所布局图", "2 → 1"):
            assert words in text
        assert "电子证照" in text
        assert basis in text
        assert "sha256:" not in text


def test_an_item_that_its_own_initials_do_not_find_is_told_before_it_is_handed_in():
    alike = [item(code=f"TEST-{n}", name=f"取水许可（{n}）") for n in "假加嘉夹"]
    imported(json_file(*alike))
    catalogue.publish_all(by=PUBLISHER, at=AT)
    client = signed_in("editor")
    _, seen = page_of(client)
    hidden, plain = replace(fresh(), name="取水许可（驾）"), fresh()

    told = client.post(f"/catalogue/check/{CODE}/", sent(hidden, seen=seen)).content.decode()

    assert "搜“qsxkj”，前 3 条里没有这一项" in told
    assert "搜“取水许可（驾）”" not in told
    told = client.post(f"/catalogue/check/{CODE}/", sent(plain, seen=seen)).content.decode()
    assert "前 3 条" not in told
