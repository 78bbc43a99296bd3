"""The rules of a period from the hand-in to the units' signatures; the question in public."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from onedoor.accounts.models import Organisation
from onedoor.cases.tests import given
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed, Refusal
from onedoor.ledger.models import Entry
from onedoor.market import queries
from onedoor.market import services as market
from onedoor.market.models import RulePack
from onedoor.market.rules.packs import State
from onedoor.market.tests.packs import TEXT

pytestmark = pytest.mark.django_db
NOW = given.FRIDAY
BEFORE = given.BEGAN - timedelta(days=30)


def by(name):
    return given.actor(name)


def in_force(text=TEXT, at=BEFORE):
    made = market.propose(text, by=by("operator"), at=at)
    return market.confirm(made, seen=made.digest, by=by("supervisor"), at=at)


def refused(call):
    with pytest.raises(Refusal) as error:
        call()
    return error.value.code


def test_rules_take_effect_once_another_person_has_confirmed_what_they_read():
    made = market.propose(TEXT, by=by("operator"), at=BEFORE)

    assert refused(lambda: market.propose(TEXT, by=by("clerk"), at=BEFORE)) == "market.not_operator"
    with pytest.raises(NotAllowed):
        market.confirm(made, seen=made.digest, by=by("operator"), at=BEFORE)
    assert (
        refused(lambda: market.confirm(made, seen="sha256:0", by=by("supervisor"), at=BEFORE))
        == "market.rules_meanwhile"
    )
    stale = RulePack.objects.get(pk=made.pk)
    done = market.confirm(made, seen=made.digest, by=by("supervisor"), at=BEFORE)

    def confirmed_late():
        again = {"seen": made.digest, "by": by("supervisor"), "at": BEFORE}
        return refused(lambda: market.confirm(stale, **again))

    assert queries.pack_on(NOW.date()) == done
    told = Entry.objects.filter(subject=made.subject).order_by("version")
    assert [entry.kind for entry in told] == ["market.rules_proposed", "market.rules_confirmed"]
    assert confirmed_late() == "market.rules_meanwhile"


def test_rules_for_a_period_to_come_are_replaced_and_those_of_a_running_one_are_not():
    first = in_force()
    second = in_force(TEXT.replace('"300000"', '"200000"'))
    first.refresh_from_db()

    assert (first.standing, second.standing) == (State.REPLACED, State.IN_FORCE)
    assert refused(lambda: in_force(at=NOW)) == "market.period_running"
    assert RulePack.objects.count() == 2


def test_each_unit_signs_once_by_its_head_and_only_if_it_is_listed():
    pack = in_force()
    mine, other = (
        Organisation.objects.get(code=code) for code in ("11532502DEM0000224", "11532502DEM000102P")
    )

    def sign(which, unit):
        return market.sign(which, unit, by=by("head"), at=NOW)

    receipt = sign(pack, mine)
    draft = market.propose(TEXT.replace("2026", "2027"), by=by("operator"), at=NOW)

    assert {b.unit.code: b.signed_at for b in queries.bound_units(pack)}[mine.code] == receipt.at
    assert refused(lambda: sign(pack, mine)) == "market.signed_already"
    assert refused(lambda: sign(pack, other)) == "market.not_head"
    assert refused(lambda: sign(draft, mine)) == "market.not_in_force"


def test_a_unit_the_list_leaves_out_is_reported_and_cannot_sign():
    unit = Organisation.objects.get(code="11532502DEM0000224")
    start = TEXT.index(f'[[unit]]\ncode = "{unit.code}"')
    end = TEXT.index("[[unit]]", start + 1)
    pack = in_force(TEXT[:start] + TEXT[end:])

    assert (unit.code, unit.name) in queries.unlisted(pack, on=NOW.date())
    assert refused(lambda: market.sign(pack, unit, by=by("head"), at=NOW)) == (
        "market.unit_not_listed"
    )


def test_the_office_hands_in_compares_confirms_and_signs_on_its_pages():
    client = given.signed_in("operator")
    text = TEXT.replace("2026", str(clock.now().year + 1))
    sent = client.post("/market/packs/", {"file": SimpleUploadedFile("m.toml", text.encode())})
    wrong = client.post("/market/packs/", {"file": SimpleUploadedFile("m.toml", b"\xff")})
    number = sent["Location"].split("/")[-2]
    page = f"/market/packs/{number}/"
    assert client.post(f"{page}confirm/").status_code == 403
    assert wrong.status_code == 422

    client = given.signed_in("head")
    assert client.get(page).status_code == 404

    client = given.signed_in("supervisor")
    shown = client.get(page)
    digest = RulePack.objects.get(number=number).digest
    assert "政府采购限额" in shown.content.decode()
    assert "开远市政务服务管理局" in shown.content.decode()
    assert client.post(f"{page}confirm/", {"seen": digest}).status_code == 302

    client = given.signed_in("head")
    assert "签收" in client.get(page).content.decode()
    done = client.post(f"{page}sign/", {"unit": "11532502DEM0000224"}, follow=True)
    assert "已签收" in done.content.decode()
    again = client.post(f"{page}sign/", {"unit": "11532502DEM0000224"})
    assert again.status_code == 409


def test_anybody_may_ask_through_which_channel_and_read_the_rules(client):
    in_force(TEXT.replace("2026", str(clock.now().year)))
    asked = {
        "purchaser": "11532502DEM0000224",
        "item": "S02",
        "amount": "1000000.00",
        "funding": "fiscal",
        "project": "fiscal",
    }

    said = client.get("/market/route/", asked).content.decode()
    below = client.get("/market/route/", {**asked, "amount": "999999.99"}).content.decode()
    unknown = client.get("/market/route/", {**asked, "project": ""}).content.decode()
    wrong = client.get("/market/route/", {**asked, "amount": "一百万"})

    assert "<h2>公开招标</h2>" in said
    assert "发改委令16号" in said
    assert "<h2>政府采购</h2>" in below
    assert "还缺：工程建设项目的类型" in unknown
    assert wrong.status_code == 422
    assert "工程勘察" in client.get("/market/rules/").content.decode()
    assert "没有生效的规则" in client.get("/market/rules/?on=2031-01-01").content.decode()
    assert not Entry.objects.filter(kind__startswith="market.route").exists()


def test_a_program_asks_the_same_and_gets_the_article(client):
    pack = in_force()
    head = {"Authorization": "Bearer token-clerk"}
    body = {"on": "2026-03-06", "purchaser": "11532502DEM0000224", "item": "S04"}
    full = {**body, "amount_fen": 8_000_000, "funding": "fiscal", "project": "none"}

    def ask(told):
        path, sent = "/api/v1/market/route", json.dumps(told)
        return client.post(path, sent, "application/json", headers=head)

    found, vague = ask(full).json(), ask(body).json()
    rules = client.get("/api/v1/market/rules?on=2026-03-06", headers=head).json()

    assert (found["channel"], found["rule"], found["pack"]) == (
        "market_required",
        "required",
        pack.number,
    )
    assert found["basis"]
    assert (vague["channel"], vague["missing"]) == ("undetermined", ["funding", "amount"])
    assert ask({**full, "amount_fen": -1}).status_code == 422
    assert rules["digest"] == pack.digest
    none = client.get("/api/v1/market/rules?on=2031-03-06", headers=head)
    assert (none.status_code, none.json()["code"]) == (404, "market.no_rules")
