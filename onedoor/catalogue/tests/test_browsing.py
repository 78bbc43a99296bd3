"""The public's lists: themes, events of a life, letters; in step with what is published."""

import pytest

from onedoor.catalogue import queries
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.models import Shelf
from onedoor.catalogue.rules.life_events import By, read_events
from onedoor.catalogue.rules.turns import Turn
from onedoor.catalogue.tests.given import AT, EDITOR, PUBLISHER, imported, item, json_file, turned
from onedoor.kernel.errors import NotValid

pytestmark = pytest.mark.django_db

KEY = {"HTTP_AUTHORIZATION": "Bearer token-clerk"}
ITEMS = {
    "B-1": ("死亡注销户口", "户籍办理、死亡殡葬"),
    "B-2": ("结婚登记", "婚姻登记"),
    "B-3": ("5G基站备案", "其他"),
}


@pytest.fixture
def some_items():
    rows = (item(code=c, name=n, person_topics=t) for c, (n, t) in ITEMS.items())
    imported(json_file(*rows))
    catalogue.publish_all(by=PUBLISHER, at=AT)


def test_an_item_stands_under_its_themes_its_events_and_its_letter(client, some_items):
    assert {p.key for p in queries.places(By.PERSON)} >= {"户籍办理", "死亡殡葬", "婚姻登记"}
    assert {"death": 1, "marriage": 1}.items() <= {
        p.key: p.count for p in queries.places(By.EVENT)
    }.items()
    letters = [p.key for p in queries.places(By.LETTER)]
    assert letters == sorted(letters)
    assert {"#", "J", "S"} <= set(letters)
    for address, wanted in (
        ("?by=event&key=death", "B-1"),
        ("?by=person&key=婚姻登记", "B-2"),
        ("?by=letter&key=%23", "B-3"),
    ):
        text = client.get(f"/items/{address}").content.decode()
        assert [code for code in ITEMS if f"/items/{code}/" in text] == [wanted]


@pytest.mark.parametrize(
    ("way", "said"),
    [("events", "亲人去世"), ("themes", "婚姻登记"), ("az", "key=J"), ("units", "水务局")],
)
def test_each_way_lists_where_one_may_begin(client, some_items, way, said):
    text = client.get(f"/items/{way}/").content.decode()

    assert said in text
    assert "其他</" not in text  # no theme at all


def test_lists_follow_what_is_called_suspended_and_cancelled(client, some_items):
    assert "home" not in {p.key for p in queries.places(By.EVENT)}
    catalogue.name_aliases("B-3", "住房旁的基站", by=EDITOR, at=AT)
    assert "home" in {p.key for p in queries.places(By.EVENT)}

    turned("B-1", Turn.SUSPEND, at=AT)
    assert "暂停办理" in client.get("/items/?by=event&key=death").content.decode()
    turned("B-1", Turn.CANCEL, at=AT)
    assert "death" not in {p.key for p in queries.places(By.EVENT)}
    assert not Shelf.objects.filter(item__code="B-1").exists()


@pytest.mark.parametrize(
    "query", ["by=nobody&key=x", "by=event&key=none", "by=letter&key=%00", "by=event", "key=death"]
)
def test_a_place_that_is_not_there_breaks_nothing(client, some_items, query):
    assert client.get(f"/items/?{query}").status_code in (200, 422)


def test_the_home_page_leads_to_the_events_of_a_life(client, some_items):
    text = client.get("/").content.decode()

    assert "/items/?by=event&amp;key=death" in text
    assert "key=army" not in text  # nothing stands there


def test_programs_read_the_lists(client, some_items):
    lists = client.get("/api/v1/item-lists?by=event", **KEY).json()
    found = client.get("/api/v1/items?by=event&key=death", **KEY).json()

    assert {"key": "death", "name": "亲人去世", "count": 1} in lists
    assert [row["code"] for row in found["items"]] == ["B-1"]
    assert client.get("/api/v1/item-lists?by=nobody", **KEY).status_code == 422
    assert client.get("/api/v1/item-lists?by=event").status_code == 401


@pytest.mark.parametrize(
    "text", ["[[event", '[[event]]\nkey="x"', '[[event]]\nkey="x"\nname="y"\nfor="z"\nwords="a"']
)
def test_a_table_that_says_nothing_is_refused(text):
    with pytest.raises(NotValid, match="人生大事") as refused:
        read_events([text])
    assert refused.value.code == "pack.bad_events"
