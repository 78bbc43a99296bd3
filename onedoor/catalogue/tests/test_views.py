"""The pages of items, and the API."""

import pytest

from onedoor.accounts.models import Person
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.models import ItemVersion
from onedoor.catalogue.tests.given import AT, PUBLISHER, csv_file, imported, item, json_file, row

pytestmark = pytest.mark.django_db

CODE = "TEST-JSON-1"


@pytest.fixture
def published():
    imported(json_file(item()))
    catalogue.publish(CODE, by=PUBLISHER, at=AT)


def signed_in(client, username):
    client.force_login(
        Person.objects.get(username=username), "django.contrib.auth.backends.ModelBackend"
    )
    return client


def test_everybody_finds_an_item_and_reads_the_four_answers(client, published):
    found = client.get("/search/", {"q": "采砂"})
    page = client.get(f"/items/{CODE}/")

    assert f"/items/{CODE}/" in found.content.decode()
    text = page.content.decode()
    for words in ("1 次", "8 个工作日", "最晚", "12.50元", "不能，请到窗口", "河段图", "容缺后补"):
        assert words in text
    assert "没有写明" in text  # the basis, said plainly
    assert "/desk/receive/" not in text


@pytest.mark.parametrize("query", ["q=%00", "q=" + "a" * 500, "page=-1", "page=x", "unit=%27"])
def test_strange_words_find_nothing_and_break_nothing(client, query):
    assert client.get(f"/search/?{query}").status_code in (200, 400, 422)


def test_an_item_that_is_not_there_is_a_page_that_says_so(client):
    imported(json_file(item(code="TEST-WAITING")))

    assert client.get("/items/no-such/").status_code == 404
    assert client.get("/items/TEST-WAITING/").status_code == 404


def test_a_clerk_goes_from_the_item_to_the_window(client, published):
    page = signed_in(client, "clerk").get(f"/items/{CODE}/")

    assert f"/desk/receive/{CODE}/" in page.content.decode()


def test_a_publisher_looks_and_publishes(client):
    imported(json_file(item()))
    signed_in(client, "publisher")

    assert "河道采砂许可" in client.get("/catalogue/").content.decode()
    assert "看过了，发布" in client.get(f"/catalogue/version/{CODE}/").content.decode()
    answer = client.post(f"/catalogue/publish/{CODE}/", {"number": "1"}, follow=True)

    assert "已发布" in answer.content.decode()
    assert client.get(f"/items/{CODE}/").status_code == 200
    assert client.get(f"/catalogue/version/{CODE}/").status_code == 409


def test_publishing_all_tells_what_was_left(client):
    imported(csv_file([row(1), row(2, item_type_code="20")]))

    text = signed_in(client, "publisher").post("/catalogue/publish/", follow=True).content.decode()

    assert "已发布 1 项" in text
    assert "没有写办结时限" in text


def test_who_edits_sees_that_another_must_publish(client):
    imported(json_file(item()))
    editor = Person.objects.get(username="editor")
    ItemVersion.objects.filter(item__code=CODE).update(edited_by=editor.ref)

    text = signed_in(client, "editor").get(f"/catalogue/version/{CODE}/").content.decode()

    assert "请由另一位同事发布" in text
    assert client.post(f"/catalogue/publish/{CODE}/").status_code == 403


def test_strangers_do_not_publish(client):
    assert client.get("/catalogue/").status_code == 302
    assert signed_in(client, "clerk").get("/catalogue/").status_code == 403
    assert client.post("/catalogue/publish/").status_code == 403


# --- API --------------------------------------------------------------------------------------

KEY = {"HTTP_AUTHORIZATION": "Bearer token-clerk"}


def test_a_program_lists_items_page_by_page_and_reads_one(client):
    imported(csv_file([row(i) for i in range(60)]))
    catalogue.publish_all(by=PUBLISHER, at=AT)

    first = client.get("/api/v1/items", {"q": "取水"}, **KEY).json()
    rest = client.get("/api/v1/items", {"q": "取水", "cursor": first["next"]}, **KEY).json()

    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (50, 10, None)
    one = client.get(f"/api/v1/items/{first['items'][0]['code']}", **KEY).json()
    assert one["statutory"] == {"count": 20, "unit": "WD"}
    assert one["unit"]["name"] == "县水务局"
    assert one["materials"] == []


def test_a_program_is_told_what_is_wrong(client):
    assert client.get("/api/v1/items").status_code == 401
    assert client.get("/api/v1/items/no-such", **KEY).status_code == 404
    answer = client.get("/api/v1/items", {"cursor": "é"}, **KEY)
    assert answer.status_code == 422
    assert answer.json()["code"] == "page.bad_cursor"
