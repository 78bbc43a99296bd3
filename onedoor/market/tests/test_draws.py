"""A draw from its list to its record: three parties, dice, envelopes; and everything that fails."""

import json
from datetime import timedelta
from hashlib import sha256

import pytest

from onedoor.accounts.models import Organisation
from onedoor.cases.tests import given
from onedoor.kernel import clock
from onedoor.kernel.errors import Refusal
from onedoor.ledger.models import Entry
from onedoor.market import queries, records
from onedoor.market import services as market
from onedoor.market.models import Contribution, Draw
from onedoor.market.rules import draw as rules
from onedoor.market.rules.drawing import LIFECYCLE, Action, Party, State
from onedoor.market.services import Told
from onedoor.market.tests.given import secret

pytestmark = pytest.mark.django_db
NOW = given.FRIDAY
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
A, B, C = "91532502DEM0009030", "91532502DEM001906G", "12532502DEM0029096"
LIST = f"{A} 甲公司\n{B} 乙公司\n{C} 丙所 R05 隶属采购单位"
WHO = {Party.OPERATOR: "operator", Party.PURCHASER: "head", Party.SUPERVISOR: "supervisor"}
DICE = "0123456789"


def by(name):
    return given.actor(name)


def listed(text=LIST, at=NOW, **more):
    asked = {
        "notice": "ZJ532502202600001",
        "title": "可研报告编制",
        "purchaser": Organisation.objects.get(code="11532502DEM0000224"),
        "entrants": text,
        "contest_until": at + 25 * HOUR,
    }
    return market.list_draw(market.Asked(**(asked | more)), by=by("operator"), at=at)


def move(draw, action, who, at, **told):
    return market.move_draw(draw, action, Told(**told), seen=draw.version, by=by(who), at=at)


def frozen(at=NOW, **more):
    start = at + 26 * HOUR
    draw = listed(at=at, **more)
    ends = {"commit_deadline": start + 30 * MINUTE, "open_deadline": start + 90 * MINUTE}
    return move(draw, Action.FREEZE, "operator", start, **ends), start


def commit(draw, party, at, number=""):
    told = rules.commitment(draw.frozen, party.value, number or secret(party.value))
    return move(draw, Action.COMMIT, WHO[party], at, party=party, commit=told, sealed="信封1")


def committed(at=NOW, **more):
    draw, start = frozen(at=at, **more)
    for minute, party in enumerate(Party, 1):
        draw = commit(draw, party, start + minute * MINUTE)
    return draw, start + 31 * MINUTE


def thrown(at=NOW, **more):
    draw, when = committed(at=at, **more)
    draw = move(draw, Action.TYPE, "operator", when, digits=DICE)
    return move(
        draw, Action.THROW, "supervisor", when + MINUTE, digits=DICE, witness="群众甲"
    ), when


def opened(draw, party, at, action=Action.OPEN, **told):
    who = "supervisor" if action is Action.ENVELOPE else WHO[party]
    return move(draw, action, who, at, party=party, secret=secret(party.value), **told)


def completed(at=NOW, **more):
    draw, when = thrown(at=at, **more)
    for minute, party in enumerate(Party, 2):
        draw = opened(draw, party, when + minute * MINUTE)
    return draw


def refused(call, *told, **more):
    with pytest.raises(Refusal) as error:
        call(*told, **more)
    return error.value.code, str(error.value.data.get("need", ""))


def test_a_draw_ends_with_a_record_anybody_recomputes_and_the_ledger_has_its_digest():
    draw = completed()
    record = records.record_of(draw)
    last = Entry.objects.filter(subject=draw.subject).order_by("version").last()

    assert draw.standing is State.COMPLETED
    assert rules.verify(rules.read(json.dumps(record, ensure_ascii=False))) == []
    assert record["level"] == 2
    assert sorted([*record["winners"], *record["alternates"]]) == [A, B]
    assert record["freeze"]["excluded"] == [{"uscc": C, "code": "R05"}]
    assert last is not None
    assert json.loads(last.text)["facts"]["record"] == records.digest(record)
    assert records.year_faults(2026) == (1, [])


def test_what_is_sealed_is_nowhere_before_it_is_opened():
    draw, _ = thrown()
    told = json.dumps(queries.state_of(draw), default=str)
    entries = "".join(Entry.objects.filter(subject=draw.subject).values_list("text", flat=True))

    for party in Party:
        assert secret(party.value) not in told + entries
    assert set(Contribution.objects.values_list("number", flat=True)) == {""}


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("", {}),
        ("91532502DEM0009031 甲公司", {}),
        (f"{A} 甲公司\n{A} 又是甲公司", {}),
        (f"{A}", {}),
        (f"{A} 甲公司 2", {}),
        (f"{A} 甲公司 R13 没有这一条", {}),
        (f"{A} 甲公司 R05", {}),
        (f"{A} 甲公司 101", {"is_weighted": True}),
        (LIST, {"winners": 0}),
        (LIST, {"notice": "有空格 的"}),
        (LIST, {"title": " "}),
        (LIST, {"contest_until": NOW + 23 * HOUR}),
    ],
)
def test_a_list_that_is_wrong_is_refused_and_nothing_is_kept(text, more):
    with pytest.raises(Refusal):
        listed(text, **more)

    assert not Draw.objects.exists()


def test_a_list_is_frozen_only_once_it_could_be_contested_and_there_are_enough():
    draw = listed()
    ends = {"commit_deadline": NOW + 27 * HOUR, "open_deadline": NOW + 28 * HOUR}

    early = refused(move, draw, Action.FREEZE, "operator", NOW + 24 * HOUR, **ends)
    short = {**ends, "commit_deadline": NOW + 26 * HOUR + 5 * MINUTE}
    assert early == ("draw.need", "contested")
    assert refused(move, draw, Action.FREEZE, "operator", NOW + 26 * HOUR, **short)[1] == "times"
    many = listed(winners=3)
    assert refused(move, many, Action.FREEZE, "operator", NOW + 26 * HOUR, **ends)[1] == "enough"
    assert refused(move, draw, Action.FREEZE, "supervisor", NOW + 26 * HOUR, **ends)[0] == (
        "draw.wrong_role"
    )


def test_a_corrected_list_may_be_contested_anew():
    draw = listed()

    after = move(
        draw, Action.CORRECT, "operator", NOW + 20 * HOUR, entrants=f"{A} 甲公司", reason="异议成立"
    )

    assert [each.uscc for each in after.entrants.all()] == [A]
    assert after.contest_until == NOW + 44 * HOUR


def test_a_party_commits_once_in_time_for_itself_and_in_the_right_form():
    draw, start = frozen()
    good = rules.commitment(draw.frozen, "operator", secret("operator"))
    told = {"party": Party.OPERATOR, "commit": good, "sealed": "1"}

    assert refused(move, draw, Action.COMMIT, "operator", start, **{**told, "commit": "x"})[1] == (
        "form"
    )
    late = refused(move, draw, Action.COMMIT, "operator", start + 31 * MINUTE, **told)
    assert late == ("draw.need", "in_time")
    assert refused(move, draw, Action.COMMIT, "supervisor", start, **told)[0] == "draw.wrong_role"
    assert refused(move, draw, Action.COMMIT, "clerk", start, **told)[0] == "draw.wrong_role"
    after = move(draw, Action.COMMIT, "operator", start, **told)
    assert refused(move, after, Action.COMMIT, "operator", start, **told)[1] == "first"
    late = {"seen": draw.version, "by": by("operator"), "at": start}
    stale = Told(party=Party.OPERATOR, commit=good, sealed="1")
    meanwhile = refused(market.move_draw, after, Action.COMMIT, stale, **late)
    assert meanwhile[0] == "draw.changed_meanwhile"
    assert Contribution.objects.count() == 1


def test_dice_are_typed_by_two_people_who_saw_the_same_after_all_committed():
    draw, start = frozen()
    early = refused(move, draw, Action.TYPE, "operator", start + MINUTE, digits=DICE)
    draw, when = committed(at=NOW + 30 * HOUR)
    assert early[1] == "closed"
    alone = refused(move, draw, Action.THROW, "supervisor", when, digits=DICE, witness="甲")
    assert alone[1] == "typed"
    draw = move(draw, Action.TYPE, "operator", when, digits=DICE)

    other = {"digits": "9876543210", "witness": "甲"}
    assert refused(move, draw, Action.THROW, "supervisor", when, **other)[1] == "typed"
    assert refused(move, draw, Action.THROW, "supervisor", when, digits="1")[1] == "form"
    again = refused(move, draw, Action.TYPE, "operator", when, digits="9876543210")
    assert again[1] == "first"
    same = {"digits": DICE, "witness": "甲"}
    assert move(draw, Action.THROW, "supervisor", when, **same).value == DICE


def test_who_keeps_a_number_back_gains_nothing_the_envelope_is_opened():
    draw, when = thrown()
    late = when + 3 * HOUR
    for party in (Party.OPERATOR, Party.SUPERVISOR):
        draw = opened(draw, party, when + 2 * MINUTE)

    assert refused(opened, draw, Party.PURCHASER, late)[1] == "in_time"
    assert refused(opened, draw, Party.PURCHASER, late, Action.ENVELOPE)[1] == "reason"
    wrong = {"party": Party.PURCHASER, "secret": secret("wrong"), "reason": "离场"}
    assert refused(move, draw, Action.ENVELOPE, "supervisor", late, **wrong)[1] == "matches"
    done = opened(draw, Party.PURCHASER, late, Action.ENVELOPE, reason="离场")

    assert done.standing is State.COMPLETED
    assert rules.verify(records.record_of(done)) == []


def test_once_the_dice_fell_a_draw_is_void_only_while_a_number_is_missing_or_with_its_result():
    draw, when = thrown()
    void = move(draw, Action.VOID, "supervisor", when + HOUR, reason="信封里的数对不上")
    done = completed(at=NOW + 60 * HOUR)
    after = move(done, Action.VOID, "supervisor", when + 90 * HOUR, reason="名单里的机构造假")

    for each in (void, after):
        assert rules.verify(records.record_of(each)) == []
    assert records.record_of(after)["winners"] == records.record_of(done)["winners"]
    assert records.year_faults(2026) == (2, [])


def test_a_draw_that_cannot_go_on_is_void_by_the_clock_and_never_drawn_again_by_itself():
    draw, start = frozen()
    draw = commit(draw, Party.OPERATOR, start + MINUTE)
    waiting, _ = committed(at=NOW + 60 * HOUR)

    assert market.void_overdue(at=start + 30 * MINUTE) == 0
    assert market.void_overdue(at=start + 31 * MINUTE) == 1
    assert market.void_overdue(at=start + 32 * MINUTE) == 0
    assert market.void_overdue(at=NOW + 90 * HOUR) == 1
    draw.refresh_from_db()
    waiting.refresh_from_db()
    assert (draw.standing, waiting.standing) == (State.VOID, State.VOID)
    assert "采购单位、督查" in draw.void_reason
    assert Draw.objects.count() == 2
    assert rules.verify(records.record_of(draw)) == []

    again = move(draw, Action.REDRAW, "operator", NOW + 100 * HOUR, reason="重新抽")

    assert (again.replaces, again.standing) == (draw, State.LISTED)
    assert [e.uscc for e in again.entrants.all()] == [e.uscc for e in draw.entrants.all()]
    late = NOW + 101 * HOUR
    assert refused(move, draw, Action.REDRAW, "operator", late, reason="再抽")[1] == "not_redrawn"


def test_the_dice_are_never_thrown_away_by_the_clock():
    _draw, when = thrown()

    assert market.void_overdue(at=when + 1000 * HOUR) == 0
    assert Draw.objects.get().standing is State.THROWN


def test_a_power_cut_in_any_step_leaves_the_draw_where_it_was(monkeypatch):
    draw, when = committed()

    def cut(*_told, **_more):
        raise RuntimeError("no power")

    monkeypatch.setattr("onedoor.market.services.draws.ledger.record", cut)
    with pytest.raises(RuntimeError):
        move(draw, Action.TYPE, "operator", when, digits=DICE)
    monkeypatch.undo()

    kept = Draw.objects.get()
    assert (kept.version, kept.typed) == (draw.version, "")
    assert move(kept, Action.TYPE, "operator", when, digits=DICE).typed == DICE


@pytest.fixture
def year():
    return [completed(at=NOW + n * 48 * HOUR) for n in range(3)]


def test_the_draws_of_a_year_follow_one_another_and_a_removed_one_is_named(year):
    middle = year[1]
    name = middle.draw_id
    assert [d.draw_id[-6:] for d in year] == ["000001", "000002", "000003"]
    assert records.year_faults(2026) == (3, [])

    Contribution.objects.filter(draw=middle).delete()
    middle.delete()

    said = [f"{fault.draw} {fault.what}" for fault in records.year_faults(2026)[1]]
    assert f"{name} 台账里有，记录没有了" in said
    assert any("532502-2026-000001 → 532502-2026-000003" in each for each in said)


@pytest.mark.parametrize("field", ["freeze", "result", "value", "void"])
def test_an_altered_record_of_a_year_is_named(year, field):
    draw = Draw.objects.get(pk=year[1].pk)
    name = draw.draw_id
    changed: dict[str, object]
    if field == "freeze":
        changed = {"freeze": draw.freeze.replace('"winners":1', '"winners":2')}
    elif field == "result":
        told = json.loads(draw.result)
        told["winners"], told["alternates"] = told["alternates"], told["winners"]
        changed = {"result": rules.canon(told).decode()}
    elif field == "value":
        changed = {"value": "9876543210"}
    else:
        changed = {"state": "void", "void_reason": "假的", "void_by": "谁", "void_at": NOW}
    Draw.objects.filter(pk=draw.pk).update(**changed)

    count, found = records.year_faults(2026)

    assert count == 3
    assert name in {fault.draw for fault in found}


def test_two_records_that_changed_places_are_named(year):
    first, second = year[:2]
    Draw.objects.filter(pk=first.pk).update(serial=99)
    Draw.objects.filter(pk=second.pk).update(serial=1)
    Draw.objects.filter(pk=first.pk).update(serial=2)

    assert records.year_faults(2026)[1]


def test_credit_gives_lots_and_the_record_says_so():
    draw = completed(text=f"{A} 甲公司 4\n{B} 乙公司 1", is_weighted=True)

    assert [e["weight"] for e in draw.frozen["entries"]] == [1, 4] or [
        e["weight"] for e in draw.frozen["entries"]
    ] == [4, 1]
    assert draw.frozen["method"] == "credit"
    assert rules.verify(records.record_of(draw)) == []


def test_the_table_lets_nobody_out_who_ended_and_names_its_basis():
    assert {s.action for s in LIFECYCLE if s.source is State.COMPLETED} == {Action.VOID}
    assert {s.action for s in LIFECYCLE if s.source is State.VOID} == {Action.REDRAW}
    assert all(step.basis for step in LIFECYCLE)
    assert not any(step.target is State.COMPLETED for step in LIFECYCLE)


def test_the_live_page_says_what_is_new_and_304_where_nothing_is(client, django_assert_num_queries):
    draw, start = frozen()
    path = f"/market/draws/{draw.number}/state.json"
    first = client.get(path)

    with django_assert_num_queries(1):
        same = client.get(path, headers={"If-None-Match": first["ETag"]})
    commit(draw, Party.OPERATOR, start + MINUTE)
    after = client.get(path, headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, same.status_code, after.status_code) == (200, 304, 200)
    assert after.json()["commitments"][0]["party"] == "operator"
    page = client.get(f"/market/draws/{draw.number}/").content.decode()
    assert draw.freeze_hash in page
    assert "隶属采购单位" in page
    body = client.get(f"/market/draws/{draw.number}/freeze.json").content
    assert sha256(body).hexdigest() == draw.freeze_hash
    assert client.get(f"/market/draws/{draw.number}/record.json").status_code == 404
    assert client.get("/market/draws/").status_code == 200
    assert client.get("/market/draws/CQ2026-99999/").status_code == 404


def test_the_office_lists_and_steps_on_its_pages():
    client = given.signed_in("operator")
    later = (clock.local(clock.now()) + 25 * HOUR).strftime("%Y-%m-%dT%H:%M")
    form = {
        "key": "k1",
        "title": "测绘",
        "notice": "ZJ1",
        "purchaser": Organisation.objects.get(code="11532502DEM0000224").pk,
        "entrants": LIST,
        "winners": "1",
        "alternates": "1",
        "contest_until": later,
    }
    wrong = client.post("/market/draws/desk/new/", {**form, "entrants": "甲", "key": "k0"})
    sent = [client.post("/market/draws/desk/new/", form) for _ in range(2)]
    page = sent[0]["Location"]

    assert wrong.status_code == 422
    assert "名单每行写" in wrong.content.decode()
    assert sent[1]["Location"] == page
    assert Draw.objects.count() == 1
    assert "冻结名单" in client.get(page).content.decode()
    ends = {"seen": "1", "commit_deadline": later, "open_deadline": later}
    assert client.post(f"{page}freeze/", ends).status_code == 409
    assert client.post(f"{page}nothing/", ends).status_code == 404
    assert client.post(f"{page}freeze/", {"seen": "1"}).status_code == 422
    watcher = given.signed_in("supervisor")
    done = watcher.post(f"{page}void/", {"seen": "1", "reason": "名单有误"})
    assert done.status_code == 302
    assert Draw.objects.get().standing is State.VOID
    stranger = given.signed_in("stranger")
    assert stranger.get(page).status_code == 403


def test_a_program_takes_a_step_and_reads_the_draw(client):
    draw, _start = frozen()
    path = f"/api/v1/market/draws/{draw.number}"

    def ask(who, told, action="void"):
        head = {"Authorization": f"Bearer token-{who}"}
        return client.post(f"{path}/{action}", json.dumps(told), "application/json", headers=head)

    read = client.get(path, headers={"Authorization": "Bearer token-clerk"})
    listed = client.get("/api/v1/market/draws", headers={"Authorization": "Bearer token-clerk"})
    assert (read.json()["freeze_hash"], read["ETag"]) == (draw.freeze_hash, '"2"')
    assert listed.json()["draws"][0]["number"] == draw.number
    assert ask("clerk", {"seen": 2, "reason": "x"}).status_code == 404
    assert ask("supervisor", {"seen": 1, "reason": "x"}).json()["code"] == "draw.changed_meanwhile"
    assert ask("supervisor", {"seen": 2}).json()["code"] == "draw.need"
    assert ask("supervisor", {"seen": 2, "reason": "停电"}).json()["state"] == "void"


def test_who_keeps_their_own_number_back_does_not_undo_the_draw_alone():
    draw, when = thrown()
    for party in (Party.OPERATOR, Party.PURCHASER):
        draw = opened(draw, party, when + 2 * MINUTE)

    alone = refused(move, draw, Action.VOID, "supervisor", when + HOUR, reason="不合意")

    assert alone == ("draw.need", "missing")
    assert opened(draw, Party.SUPERVISOR, when + 3 * MINUTE).standing is State.COMPLETED


def test_why_a_list_was_changed_an_envelope_opened_or_a_draw_held_again_is_public(client):
    draw = listed()
    draw = move(
        draw, Action.CORRECT, "operator", NOW + HOUR, entrants=f"{A} 甲公司", reason="异议成立甲"
    )
    void = move(draw, Action.VOID, "supervisor", NOW + 2 * HOUR, reason="公告有误")
    again = move(void, Action.REDRAW, "operator", NOW + 3 * HOUR, reason="更正后重抽")
    told = [
        json.loads(text)["facts"]
        for text in Entry.objects.filter(subject=draw.subject, kind="market.draw_moved")
        .order_by("version")
        .values_list("text", flat=True)
    ]

    page = client.get(f"/market/draws/{draw.number}/").content.decode()

    assert "异议成立甲" in page
    assert "更正后重抽" in page
    assert again.replaces == void
    assert [each["step"] for each in told] == ["K1", "K3", "K12"]
    assert told[0]["reason"] == "sha256:" + sha256("异议成立甲".encode()).hexdigest()
