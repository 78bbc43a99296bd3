"""The search on a database: kept in step, found by every kind of word, zero hits kept."""

from datetime import date

import pytest
from django.db import transaction

from onedoor.accounts import services as accounts
from onedoor.accounts.models import Person
from onedoor.accounts.rules import SYSTEM, Scope
from onedoor.catalogue import search
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.findable import placed
from onedoor.catalogue.models import Alias, Item, MissedQuestion, SearchDoc
from onedoor.catalogue.rules.search import asking
from onedoor.catalogue.rules.turns import Turn
from onedoor.catalogue.search import MOST, find, words
from onedoor.catalogue.services import misses
from onedoor.catalogue.tests.given import (
    AT,
    EDITOR,
    PUBLISHER,
    STRANGER,
    imported,
    item,
    json_file,
    turned,
)
from onedoor.kernel.errors import NotAllowed, NotFound
from onedoor.ledger import queries as ledger

pytestmark = pytest.mark.django_db

ITEMS = {
    "S-1": "居民身份证补领",
    "S-2": "居民身份证首次申领",
    "S-3": "城镇职工基本养老保险关系转移接续",
    "S-4": "食品经营许可（新办）",
    "S-5": "食品经营许可（注销）",
    "S-6": "残疾人证换领",
    "S-7": "歌舞娱乐场所设立审批（KTV）",
    "S-8": "住房公积金提取",
}
DAY = date(2026, 3, 6)


@pytest.fixture
def some_items():
    imported(json_file(*(item(code=code, name=name) for code, name in ITEMS.items())))
    catalogue.publish_all(by=PUBLISHER, at=AT)


def names(text, **where):
    return [hit.version.name for hit in find(text, **where).hits(0, 3)]


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("居民身份证补领", "S-1"),
        ("S-4", "S-4"),
        ("食品 新办", "S-4"),
        ("食品经营许可新办", "S-4"),
        ("spjyxkxb", "S-4"),
        ("jyxk", "S-4"),
        ("shipinjingying", "S-4"),
        ("shi pin jing ying", "S-4"),
        ("ktv", "S-7"),
        ("ＫＴＶ", "S-7"),
        ("身份证丢了怎么补办", "S-1"),
        ("养老保险转到外地怎么办理", "S-3"),
        ("开饭店要办什么食品许可", "S-4"),
        ("公积金怎么提前取出来", "S-8"),
        ("残疾证到期了", "S-6"),
        ("殘疾證", "S-6"),
        ("食品经营需可", "S-4"),
        ("食品经许可", "S-4"),
        ("食品营经许可", "S-4"),
        ("参疾人证换领", "S-6"),
        ("shipinjingyngxuke", "S-4"),
        ("xhipinjingyingxuke", "S-4"),
        ("市监局 身份证", "S-1"),
    ],
)
def test_an_item_is_found_by_the_words_people_use(some_items, typed, wanted):
    if typed.startswith("市监局"):
        imported(json_file(item(code="S-1", name=ITEMS["S-1"], unit="市监局")))
        catalogue.publish("S-1", by=PUBLISHER, at=AT)

    assert ITEMS[wanted] in names(typed)


def test_what_is_published_suspended_and_cancelled_is_found_as_it_is(some_items):
    turned("S-8", Turn.SUSPEND, at=AT)
    assert [hit.is_suspended for hit in find("住房公积金提取").hits()] == [True]

    imported(json_file(item(code="S-8", name="住房公积金支取")))
    assert names("住房公积金支取") == ["住房公积金提取"]  # what waits is not yet in force
    catalogue.publish("S-8", by=PUBLISHER, at=AT)
    assert names("zfgjjzq") == ["住房公积金支取"]
    assert "住房公积金提取" not in names("住房公积金提取")

    turned("S-8", Turn.CANCEL, at=AT)
    assert find("公积金").count == 0
    assert not SearchDoc.objects.filter(item__code="S-8").exists()


def test_what_is_rolled_back_is_not_found(some_items):
    with transaction.atomic():
        turned("S-8", Turn.CANCEL, at=AT)
        assert find("住房公积金提取").count == 0
        transaction.set_rollback(True)

    assert find("住房公积金提取").count == 1


def test_rebuilding_writes_the_same_again(some_items):
    before = dict(SearchDoc.objects.values_list("item__code", "tokens"))
    SearchDoc.objects.filter(item__code="S-1").delete()
    SearchDoc.objects.filter(item__code="S-2").update(tokens="=nothing")

    *_, done = catalogue.rebuild()

    assert done == len(before)
    assert dict(SearchDoc.objects.values_list("item__code", "tokens")) == before
    assert names("居民身份证补领")[0] == "居民身份证补领"


def test_one_units_items_are_looked_for_alone(some_items):
    assert find("食品", unit_code="no-such").count == 0
    assert find("食品", unit_code="11532502DEM000102P").count == 2


@pytest.mark.parametrize(
    "typed",
    [
        '"',
        "*",
        "NEAR(食品)",
        "食品 AND",
        "-食品",
        "a:b",
        "^",
        "\0",
        "😀",
        "证" * 10_000,
        "' OR 1=1 --",
    ],
)
def test_strange_questions_break_nothing(client, some_items, typed):
    page = client.get("/search/", {"q": typed})

    assert page.status_code in (200, 400, 422)


def test_a_question_costs_a_handful_of_statements(some_items, django_assert_max_num_queries):
    words()
    with django_assert_max_num_queries(4):
        assert find("居民身份证补领").hits()
    with django_assert_max_num_queries(11):
        find("火星移民签证丢了转到外地怎么办")


def test_what_nothing_answers_is_kept_without_whoever_asked(client, some_items):
    for _ in range(2):
        page = client.get("/search/", {"q": "火星签证 13800000001"})

    missed = MissedQuestion.objects.get()
    assert (missed.text, missed.count) == ("火星签证", 2)
    text = page.content.decode()
    assert "没有找到" in text
    assert "看全部事项" in text
    assert "水务局" in text


def test_a_day_keeps_so_many_missed_questions_and_no_more(monkeypatch):
    monkeypatch.setattr(misses, "MOST_A_DAY", 2)

    for text in ("火星", "木星", "土星", "火星"):
        catalogue.note_miss(asking.understand(text, words()), on=DAY)

    kept = dict(MissedQuestion.objects.values_list("text", "count"))
    assert kept == {"火星": 2, "木星": 1}


def test_old_missed_questions_are_forgotten():
    catalogue.note_miss(asking.understand("火星", words()), on=date(2025, 1, 1))

    catalogue.note_miss(asking.understand("木星", words()), on=DAY)

    assert [m.text for m in MissedQuestion.objects.all()] == ["木星"]


def test_what_was_found_is_not_kept_as_missed(client, some_items):
    client.get("/search/", {"q": "身份证"})
    client.get("/search/", {"q": ""})

    assert not MissedQuestion.objects.exists()


def test_the_page_marks_what_matched_and_says_what_is_suspended(client, some_items):
    turned("S-8", Turn.SUSPEND, at=AT)

    text = client.get("/search/", {"q": "gjj"}).content.decode()

    assert "住房<mark>公积金</mark>提取" in text
    assert "暂停办理" in text
    assert "水务局" in text


def test_many_answers_come_page_by_page(client):
    imported(json_file(*(item(code=f"M-{n}", name=f"第{n}类许可") for n in range(MOST + 20))))
    catalogue.publish_all(by=PUBLISHER, at=AT)

    first = client.get("/search/", {"q": "许可"})
    last = client.get("/search/", {"q": "许可", "page": "8"})

    assert first.content.decode().count("<mark>") == 20
    assert 0 < last.content.decode().count("<mark>") <= 20
    assert "多写一两个字" in first.content.decode()


def test_words_that_were_cut_are_said_to_be(client, some_items):
    text = client.get("/search/", {"q": "身份证" + "补" * 100}).content.decode()

    assert "只看了前面 50 个字" in text


def test_the_list_leads_whoever_asks_to_the_search(client):
    assert client.get("/items/", {"q": "取水"}).headers["Location"].startswith("/search/?q=")


def test_the_window_and_programs_find_the_same(client, some_items):
    client.force_login(
        Person.objects.get(username="clerk"), "django.contrib.auth.backends.ModelBackend"
    )
    turned("S-8", Turn.SUSPEND, at=AT)

    desk = client.get("/desk/", {"q": "身份证丢了"}).content.decode()
    closed = client.get("/desk/", {"q": "公积金"}).content.decode()
    bearer = reader()
    answer = client.get("/api/v1/items", {"q": "身份证丢了"}, headers=bearer).json()
    missed = client.get("/api/v1/items", {"q": "火星居民"}, headers=bearer).json()

    assert "/desk/receive/S-1/" in desk
    assert "暂停办理" in closed
    assert "/desk/receive/S-8/" not in closed
    assert answer["items"][0]["code"] == "S-1"
    assert missed["items"] == []


def reader():
    accounts.issue_token(
        Person.objects.get(username="clerk"),
        name="search",
        scopes=frozenset({Scope.READ}),
        by=SYSTEM,
        at=AT,
        secret="od_test_search",
    )
    return {"Authorization": "Bearer od_test_search"}


def test_the_database_itself_keeps_the_index_in_step(some_items):
    doc = SearchDoc.objects.get(item__code="S-8")
    doc.tokens = "=别名"
    doc.save(update_fields=["tokens"])

    assert find("住房公积金提取").count == 0
    assert [f.candidate.titles[0].text for f in find("别名").nearest] == ["住房公积金提取"]


def signed_in(client, username):
    client.force_login(
        Person.objects.get(username=username), "django.contrib.auth.backends.ModelBackend"
    )
    return client


def test_common_names_come_with_a_list_and_count_at_once(some_items):
    imported(json_file(item(code="S-8", name=ITEMS["S-8"], aliases=["拿房钱", "取公积"])))

    assert names("拿房钱") == [ITEMS["S-8"]]
    assert names("nfq") == [ITEMS["S-8"]]
    again = imported(json_file(item(code="S-8", name=ITEMS["S-8"], aliases=["拿房钱"])))
    assert again.changed == 0
    assert sorted(a.text for a in Alias.objects.filter(item__code="S-8")) == [
        "取公积",
        "拿房钱",
        "挖沙",
    ]


@pytest.mark.parametrize("alias", ["长" * 61, "！？", "坏\x07", "、".join(map(str, range(31)))])
def test_a_list_with_names_nobody_could_type_is_refused(alias):
    report = imported(json_file(item(aliases=[alias])))

    assert len(report.refused) == 1
    assert "常用叫法" in report.refused[0].reason or "不能识别" in report.refused[0].reason
    assert not Alias.objects.filter(item__code="TEST-JSON-1").exists()


def test_an_editor_changes_the_common_names_of_an_item(client, some_items):
    page = signed_in(client, "editor").get("/catalogue/aliases/S-8/").content.decode()
    answer = client.post("/catalogue/aliases/S-8/", {"aliases": "拿房钱\n住房钱"})
    after = client.get("/catalogue/aliases/S-8/").context["placed"]

    assert "挖沙" in page
    assert answer.status_code == 302
    assert names("住房钱") == [ITEMS["S-8"]]
    assert find("挖沙").count == len(ITEMS) - 1
    typed = ["住房公积金提取", "住房钱", "拿房钱", "zfgjjtq"]
    assert [(one.text, one.place) for one in after] == [(text, 1) for text in typed]
    assert ledger.history("item:S-8")[-1].kind == "item.aliases_changed"
    wrong = client.post("/catalogue/aliases/S-8/", {"aliases": "长" * 61})
    assert wrong.status_code == 422
    assert "最多 60 个字" in wrong.content.decode()


def test_only_the_editor_of_its_unit_names_an_item(some_items):
    with pytest.raises(NotAllowed):
        catalogue.name_aliases("S-8", "x1", by=PUBLISHER, at=AT)
    with pytest.raises(NotAllowed):
        catalogue.settle_miss("x1", by=STRANGER, at=AT)
    with pytest.raises(NotFound):
        catalogue.add_alias("no-such", "x1", by=EDITOR, at=AT)


def test_an_editor_answers_what_was_asked_in_vain(client, some_items):
    client.get("/search/", {"q": "火星房"})
    signed_in(client, "editor")

    listed = client.get("/catalogue/missed/").content.decode()
    chosen = client.get("/catalogue/missed/", {"q": "火星房", "item": "公积金"}).content.decode()
    client.post("/catalogue/missed/answer/", {"q": "火星房", "code": "S-8"})

    assert "火星房" in listed
    assert 'value="S-8"' in chosen
    assert names("火星房") == [ITEMS["S-8"]]
    assert "火星房" not in client.get("/catalogue/missed/").content.decode().partition("<table")[2]


def test_who_finds_nothing_sees_three_near_it_and_so_does_the_manager(client, some_items):
    page = client.get("/search/", {"q": "火星签证"}).content.decode()
    listed = signed_in(client, "publisher").get("/catalogue/missed/").content.decode()

    near = [hit.version.name for hit in find("火星签证").nearest_hits()]
    assert len(near) == 3
    assert "让工作人员帮我找" in page
    for name in near:
        assert name in page.replace("<mark>", "").replace("</mark>", "")
        assert name in listed


def test_what_needs_no_answer_is_taken_off_until_it_is_asked_again(client, some_items):
    client.get("/search/", {"q": "火星房"})
    signed_in(client, "publisher").post("/catalogue/missed/settle/", {"q": "火星房"})
    assert search.missed(since=date(2026, 1, 1)) == []

    client.get("/search/", {"q": "火星房"})

    assert [m.text for m in search.missed(since=date(2026, 1, 1))] == ["火星房"]


def test_a_window_is_told_items_while_it_types_and_nothing_is_kept(client, some_items):
    signed_in(client, "clerk")

    text = client.get("/search/suggest/", {"q": "sfz"}).content.decode()
    client.get("/search/suggest/", {"q": "火星房"})

    assert "/desk/receive/S-1/" in text
    assert not MissedQuestion.objects.exists()


def test_where_an_item_stands_behind_others_of_its_kind_is_said(client):
    many = [item(code=f"M-{n}", name="取水许可", unit="水务局") for n in range(5)]
    imported(json_file(*many))
    catalogue.publish_all(by=PUBLISHER, at=AT)

    places = [
        one.place
        for n in range(5)
        for one in placed(Item.objects.get(code=f"M-{n}"), "取水许可", ["没人这样叫"])
        if one.text == "取水许可"
    ]

    assert sorted(places) == [1, 2, 3, 4, 5]
    assert not placed(Item.objects.get(code="M-0"), "取水许可", ["没人这样叫"])[1].is_found
