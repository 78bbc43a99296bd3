"""Laws and themes on English pages: in English beside the official title, or wholly in Chinese."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from django.utils.translation import override

from onedoor.accounts.models import Organisation
from onedoor.catalogue import queries
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.models import Item
from onedoor.catalogue.rules.citations import english
from onedoor.catalogue.templatetags.catalogue import cited, themed, titled
from onedoor.catalogue.tests import given
from onedoor.kernel import packs

NAMES = packs.told(packs.NATIONAL, "english.toml")["laws"]
NOT_LAWS = {"营业执照"}


def test_every_law_the_county_cites_has_an_english_name():
    folder = files("onedoor") / "packs" / "532502"
    texts = [f.read_text(encoding="utf-8") for f in (folder / "units").iterdir()]
    texts += [f.read_text(encoding="utf-8") for f in folder.iterdir() if f.name == "common.toml"]
    # A notice of ministries is cited by its Chinese title: it has no English name.
    found = set(re.findall("《([^》]+)》", "".join(texts)))
    laws = {name for name in found if name.endswith(("法", "条例", "办法", "规定", "规则"))}

    assert sorted(laws - NAMES.keys() - NOT_LAWS) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("《行政许可法》第三十二条第一款第（四）项", "Administrative Licensing Law, Art. 32(1)(4)"),
        ("《中华人民共和国水法》；《防洪法》第八条", "Water Law; Flood Control Law, Art. 8"),
        ("《行政许可法》等", ""),
        ("《没有这部法》第一条", ""),
        ("县里的规定", ""),
        ("", ""),
    ],
)
def test_a_citation_is_said_in_english_as_a_whole_or_not_at_all(text: str, said: str):
    assert english(text, NAMES) == said


def test_an_english_page_says_the_official_title_beside():
    with override("en"):
        law, unknown, theme = cited("《水法》第七条"), cited("《水法》等"), themed("开店办企业")
    with override("zh-hans"):
        chinese = cited("《水法》第七条")

    assert law.startswith("Water Law, Art. 7 ")
    assert "official Chinese title" in law
    assert '<span lang="zh">《水法》第七条</span>' in law
    assert unknown == '<span lang="zh">《水法》等</span>'
    assert theme.startswith("Opening a shop or business ")
    assert chinese == '<span lang="zh">《水法》第七条</span>'


def test_an_item_and_its_unit_are_said_in_english_beside_their_own_names():
    with override("en"):
        known, unknown = (
            titled("食品经营许可（新办）", "Food business licence (new)"),
            titled("甲", ""),
        )
    with override("zh-hans"):
        chinese = titled("食品经营许可（新办）", "Food business licence (new)")

    assert known.startswith("Food business licence (new) <span")
    assert 'lang="zh">食品经营许可（新办）</span>' in known
    assert unknown == '<span lang="zh">甲</span>'
    assert chinese == '<span lang="zh">食品经营许可（新办）</span>'


@pytest.mark.django_db
def test_an_english_name_is_imported_and_shown_on_english_pages(client):
    told = given.item(code="TEST-EN-1", english_name="Water permit (new)")
    given.imported(given.json_file(told))
    catalogue.publish("TEST-EN-1", by=given.PUBLISHER, at=given.AT)
    Organisation.objects.update(english_name="Water Bureau")

    facts = queries.facts_of(Item.objects.get(code="TEST-EN-1"), at=given.AT)
    client.post("/prefs/", {"language": "en"})
    english = client.get("/items/TEST-EN-1/").content.decode()
    listed = client.get("/items/").content.decode()
    client.post("/prefs/", {"language": "zh-hans"})
    chinese = client.get("/items/TEST-EN-1/").content.decode()

    assert facts is not None
    assert (facts.english_name, facts.unit_english) == ("Water permit (new)", "Water Bureau")
    for page in (english, listed):
        assert "Water permit (new) <span" in page
        assert "Water Bureau <span" in page
    assert "Water permit" not in chinese


@pytest.mark.django_db
def test_an_english_name_in_chinese_is_refused():
    report = given.imported(given.json_file(given.item(code="TEST-EN-2", english_name="许可")))

    assert ["汉字" in str(one) for one in report.refused] == [True]
