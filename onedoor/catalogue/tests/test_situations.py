"""The questions of a guide (情形引导): kept with its version, asked one a page, shared."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from onedoor.catalogue import judging, queries
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.models import Item, ItemVersion
from onedoor.catalogue.rules.content import Content
from onedoor.catalogue.rules.situations import Situation
from onedoor.catalogue.services import Written
from onedoor.catalogue.tests import given
from onedoor.kernel.errors import NotValid

pytestmark = pytest.mark.django_db

CODE = "TEST-JSON-1"
ASKS = [
    {"question": "谁来交材料？", "answers": "本人来｜授权委托书｜2\n请别人来｜｜2"},
    {
        "question": "采砂的船是自己的吗？",
        "answers": "是\n不是｜船舶证书",
        "why": "登记我们自己查。",
    },
]
PAPERS = [
    {"name": name, "basis": "《水法》第三十九条", "source": "申请人自备"}
    for name in ("申请书", "授权委托书", "船舶证书")
]


def _published(**changes) -> Item:
    told = given.item(code=CODE, **({"materials": PAPERS, "situations": ASKS} | changes))
    given.imported(given.json_file(told))
    catalogue.publish(CODE, by=given.PUBLISHER, at=given.AT)
    return Item.objects.get(code=CODE)


def _content(item: Item) -> tuple[ItemVersion, Content]:
    version = queries.latest(item)
    assert version is not None
    return version, queries.contents_of([version])[version.pk]


def _page(client: Client, query: str = ""):
    return client.get(f"/items/{CODE}/check/{query}")


def test_a_version_keeps_its_questions_and_tells_programs():
    item = _published()

    facts = queries.facts_of(item, at=given.AT)
    assert facts is not None
    assert [one.question for one in facts.situations] == [one["question"] for one in ASKS]
    assert "答几个问题" in Client().get(f"/items/{CODE}/").content.decode()


def test_one_question_a_page_leads_to_the_papers_that_are_needed():
    _published()
    visitor = Client()

    first = _page(visitor).content.decode()
    second = _page(visitor, "?v=1&a=&c=1&next=1")
    end = _page(visitor, "?v=1&a=1&c=2&next=1")
    shown = visitor.get(end["Location"]).content.decode()

    assert "谁来交材料？" in first
    assert "采砂的船" not in first
    assert parse_qs(urlsplit(second["Location"]).query) == {"v": ["1"], "a": ["1"]}
    assert "采砂的船是自己的吗？" in visitor.get(second["Location"]).content.decode()
    needed, rest = shown.split("您不用带的")
    assert "申请书" in needed
    assert "授权委托书" not in needed
    assert "船舶证书" in rest
    assert "/check/?v=1&amp;a=1-2" in shown
    assert "<script" not in re.sub(r"<script[^>]*src=[^>]*></script>", "", shown)


def test_who_answers_nothing_is_asked_again_and_nothing_is_lost():
    _published()

    page = _page(Client(), "?v=1&a=1&c=&next=1")

    assert page.status_code == 422
    assert "请选一个答案" in page.content.decode()
    assert 'value="1"' in page.content.decode()


@pytest.mark.parametrize("answers", ["9", "1-2-1", "x", "1-1-1-1-1-1-1", "٣", "1--2"])
def test_an_address_somebody_made_up_begins_anew(answers):
    _published()

    page = _page(Client(), f"?v=1&a={answers}")

    assert page.status_code == 200
    assert "请从头答一遍" in page.content.decode()
    assert "谁来交材料？" in page.content.decode()


def test_answers_given_to_an_older_version_are_asked_again():
    _published()

    page = _page(Client(), "?v=7&a=1-2").content.decode()

    assert "办事指南换了新版" in page
    assert "谁来交材料？" in page


def test_an_item_without_questions_has_no_such_page():
    _published(situations=[])

    assert _page(Client()).status_code == 404
    assert "答几个问题" not in Client().get(f"/items/{CODE}/").content.decode()


def test_a_broken_graph_is_neither_saved_nor_published():
    item = _published()
    before, content = _content(item)
    loop = replace(content, situations=(Situation(question="绕", answers="是｜｜1\n否"),))
    seen = queries.seen_token(before)

    with pytest.raises(NotValid) as refused:
        catalogue.save_draft(CODE, Written(content=loop), seen=seen, by=given.EDITOR, at=given.AT)
    found = judging.findings_of(loop, item, on=given.AT.date())

    assert refused.value.code == "catalogue.situation_loop"
    assert "G29" in [one.gate.id for one in found if one.is_reject]
    assert _content(item)[0].pk == before.pk
