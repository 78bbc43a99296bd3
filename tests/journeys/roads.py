"""Short roads through one county: each says which steps of the table it takes, and takes them.

A road is a walk by program. Where it has to wait it yields the day, counted from the first, on
which it goes on; all roads wait together, so that the clock of the county is moved a few times
only.
"""

from __future__ import annotations

import heapq
import itertools
import json
import uuid
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import httpx
from PIL import Image

from onedoor.catalogue.rules.words import SpecialKind
from tests.journeys.county import County

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
TEST, EXPERT = SpecialKind.TESTING.value, SpecialKind.EXPERT_REVIEW.value
ONLINE = [1, 2]
"""The required materials, for which there is a photo."""

UNIT = "11532502DEM0000224"
LICENCE, INSTANT = UNIT + "4530102099001", UNIT + "2532002099001"
REPLACED = UNIT + "4530102094001"
TOLERANT, UPWARD = UNIT + "4530102097001", UNIT + "4530102096001"
VOUCHED = UNIT + "4530102095001"
PERSON = {
    "kind": "person",
    "name": "普秀英示例",
    "id_type": "111",
    "id_number": "532502195304120000",
    "phone": "13800000001",
}


def _material(name: str, necessity: str = "required") -> dict[str, Any]:
    return {
        "name": name,
        "necessity": necessity,
        "form": "either",
        "originals": 1,
        "copies": 0,
        "source": "申请人自备",
        "basis": "《食品安全法》",
        "standard": f"{name}签名清楚",
    }


ITEMS = [
    licence := {
        "code": LICENCE,
        "name": "短期经营许可（旅程）",
        "unit": "市监局",
        "item_type": "01",
        "kind": "promised",
        "statutory_limit": 20,
        "statutory_unit": "WD",
        "promised_limit": 5,
        "promised_unit": "WD",
        "deemed_acceptance": True,
        "legal_basis": "《食品安全法》第三十五条",
        "limit_basis": "《行政许可法》第四十二条",
        "phone": "0873-0000202",
        "fee_fen": 0,
        "is_online": True,
        "results": [{"name": "短期经营许可证", "kind": "证照", "validity": "2个月"}],
        "special_procedures": [
            {"kind": "检测", "days": 30, "basis": "《食品安全法》第八十七条"},
            {"kind": "专家评审", "days": 20, "basis": "《食品安全法》第八十七条"},
        ],
        "materials": [_material("申请书"), _material("布局图"), _material("说明", "optional")],
    },
    licence
    | {
        "code": INSTANT,
        "name": "证明打印（旅程）",
        "item_type": "20",
        "kind": "instant",
        "promised_limit": 0,
        "statutory_limit": 1,
        "deemed_acceptance": False,
        "is_online": False,
        "results": [],
        "special_procedures": [],
        "instant_authorised": True,
        "materials": [_material("身份证")],
    },
    licence
    | {
        "code": REPLACED,
        "name": "短期经营许可补证（旅程）",
        "kind": "instant",
        "promised_limit": 0,
        "deemed_acceptance": False,
        "is_online": False,
        "special_procedures": [],
        "instant_authorised": True,
        "materials": [_material("补证申请书")],
    },
    licence
    | {
        "code": TOLERANT,
        "name": "场所许可（旅程）",
        "tolerance_days": 5,
        "materials": [_material("申请书"), _material("检测报告", "tolerant")],
    },
    licence
    | {
        "code": VOUCHED,
        "name": "承诺许可（旅程）",
        "materials": [_material("申请书"), _material("租赁合同")],
        "commitments": [
            {
                "matter": "场所使用权",
                "replaces": "租赁合同",
                "basis": "《食品安全法》第三十五条",
                "content": "场所由申请人合法使用，地址属实。",
                "liability": "承诺不实的，撤销许可。",
                "way": "site",
                "days": 10,
            }
        ],
    },
    licence | {"code": UPWARD, "name": "转报许可（旅程）", "is_forwarded": True},
]


@dataclass
class Town:
    """A served county as the programs of its people see it."""

    county: County
    clients: dict[str, httpx.Client] = field(default_factory=dict)
    photos: Iterator[int] = field(default_factory=itertools.count)

    def close(self) -> None:
        """Hang up: a connection left open fails whatever test comes next."""
        for client in self.clients.values():
            with suppress(httpx.HTTPError):
                client.close()

    def bring_in_items(self) -> None:
        """Publish the items the roads are about."""
        file = self.county.folder / "roads.json"
        file.write_text(json.dumps({"items": ITEMS}, ensure_ascii=False), encoding="utf-8")
        for command in (("import", "items", str(file), "--by", "editor"), ("publish", "--by")):
            by = ("publisher",) if command[0] == "publish" else ()
            done = self.county.run(*command, *by)
            assert done.returncode == 0, done.stdout + done.stderr

    def ask(self, method: str, path: str, who: str, **sent: Any) -> httpx.Response:
        if who not in self.clients:
            headers = {"Authorization": f"Bearer {self.county.token(who)}"}
            url = f"{self.county.url}/api/v1"
            self.clients[who] = httpx.Client(base_url=url, headers=headers, timeout=60)
        return self.clients[who].request(method, path, **sent)

    def get(self, path: str, who: str = "reviewer") -> Any:
        answer = self.ask("GET", path, who)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, who: str, body: Any = None, **sent: Any) -> Any:
        headers = {"Idempotency-Key": uuid.uuid4().hex, "If-Match": "*"}
        if not sent:
            sent = {"json": {} if body is None else body}
        answer = self.ask("POST", path, who, headers=headers, **sent)
        assert answer.status_code in (200, 201), (path, answer.text)
        return answer.json()

    def photo(self) -> dict[str, Any]:
        made, n = BytesIO(), next(self.photos)
        Image.new("RGB", (20, 10), (n % 256, n // 256, 0)).save(made, "PNG")
        return {"file": (f"{n}.png", made.getvalue(), "image/png")}

    def wait(self, days: int) -> None:
        """Move the clock of the county, and let the worker see to what is due."""
        self.county.move_clock(f"+{days}d")
        assert self.county.run("work", "--once").returncode == 0

    def work(self) -> None:
        assert self.county.run("work", "--once").returncode == 0

    def received(self, item: str = LICENCE, **states: str) -> Case:
        """Receive at the window; every material 齐 but those named ``m2="missing"``."""
        version = self.get(f"/items/{item}", "clerk")
        materials = judged([m["order"] for m in version["materials"]], **states)
        body = {"item": item, "applicant": PERSON, "materials": materials}
        made = self.post("/cases", "clerk", body | {"identity_checked": True})
        return Case(self, made["number"], made["track_path"].split("/")[2])

    def sent(
        self,
        item: str = LICENCE,
        *,
        photos: list[int] = ONLINE,
        brought: list[int] | None = None,
        committed: list[int] | None = None,
    ) -> Case:
        """Send online as a platform would."""
        draft = self.post("/drafts", "clerk", {"item": item})["draft"]
        for order in photos:
            self.post(f"/drafts/{draft}/materials/{order}/files", "clerk", files=self.photo())
        applicant = PERSON | {"id_number": next(PERSONS)}
        body = {
            "draft": draft,
            "applicant": applicant,
            "brought": brought or [],
            "committed": committed or [],
        }
        made = self.post("/submissions", "clerk", body)
        return Case(self, made["number"], made["track_token"])


def _persons() -> Iterator[str]:
    """Yield numbers of invented people: one person may send only so many applications a day."""
    weights, checks = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"
    for day in itertools.count():
        text = f"532502{date(1960, 1, 1) + timedelta(days=day):%Y%m%d}000"
        yield text + checks[sum(int(c) * w for c, w in zip(text, weights, strict=True)) % 11]


PERSONS = _persons()


@dataclass(frozen=True)
class Case:
    """A case on its road."""

    town: Town
    number: str
    token: str = ""

    def do(self, action: str, who: str, **body: Any) -> Case:
        self.town.post(f"/cases/{self.number}/{action}", who, body)
        return self

    def file(self, action: str, who: str, data: dict[str, str], name: str) -> Case:
        document = {"file": (name, PDF, "application/pdf")}
        self.town.post(f"/cases/{self.number}/{action}", who, data=data, files=document)
        return self

    def answer(self, action: str, *orders: int) -> Case:
        """Answer online what was asked, with a photo for each."""
        for order in orders:
            path = f"/submissions/{self.token}/materials/{order}/files"
            self.town.post(path, "clerk", files=self.town.photo())
        self.town.post(f"/submissions/{self.token}/{action}", "clerk")
        return self

    @property
    def steps(self) -> list[str]:
        return [s["step"] for s in self.town.get(f"/cases/{self.number}/timeline")]

    # --- Ways many roads share --------------------------------------------------------------

    def accept(self) -> Case:
        return self.do("accept", "acceptor")

    def review(self) -> Case:
        return self.do("review", "reviewer", opinion="材料齐全，建议准予")

    def grant(self) -> Case:
        return self.accept().review().do("grant", "decider", opinion="同意")

    def refuse(self) -> Case:
        said = {"facts": "操作间没有隔开", "reason": "不符合条件"}
        return self.do("refuse", "decider", **said, basis="《食品安全法》第三十五条")

    def withdraw(self) -> Case:
        return self.do("withdraw", "clerk", identity_checked=True)

    def receive(self, **states: str) -> Case:
        return self.do(
            "receive", "clerk", materials=judged([1, 2, 3], **states), identity_checked=True
        )

    def send_back(self) -> Case:
        return self.do("pre_return", "clerk", demands=[{"order": 2, "demand": "看不清，请重拍"}])

    def ask_for(self, order: int, problem: str) -> Case:
        gaps = [{"order": order, "problem": problem, "demand": "请补1份"}]
        return self.do("ask_correction", "acceptor", gaps=gaps)

    def promise(self) -> Case:
        return self.do("promise", "clerk", identity_checked=True)

    def accept_tolerantly(self) -> Case:
        return self.promise().do("accept_tolerant", "acceptor")

    def supplement(self) -> Case:
        return self.do("supplement", "clerk", materials=judged([2]), identity_checked=True)

    def forward(self) -> Case:
        later = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
        said = {"body": "红河州市场监督管理局", "expected_on": later}
        return self.accept().review().do("forward", "head", **said)

    def reply(self, *, is_approved: bool) -> Case:
        today = (datetime.now(UTC) + timedelta(hours=8)).date().isoformat()
        said = {"reference": "州许〔2026〕1号", "replied_on": today, "reason": "符合条件"}
        answer = {"is_approved": str(is_approved).lower()} | said
        return self.file("record_reply", "head", answer, "批复.pdf")

    def propose(self, kind: str) -> Case:
        return self.do("propose_special", "reviewer", kind=kind, planned_days=10, reason="等结果")

    def suspend(self, kind: str) -> Case:
        return self.propose(kind).do("suspend", "head")

    def result(self, kind: str) -> Case:
        return self.file("resume", "reviewer", {"kind": kind, "result": "合格"}, "报告.pdf")

    def call_hearing(self) -> Case:
        at = datetime.now(UTC) + timedelta(days=HEARD - 1)
        return self.do(
            "call_hearing", "head", held_at=at.isoformat(), place="三楼会议室", chair="sc-jueding"
        )

    def record_hearing(self) -> Case:
        return self.do(
            "record_hearing", "head", attendants="申请人：普秀英示例", minutes="双方陈述了意见。"
        )


def judged(orders: list[int], **states: str) -> list[dict[str, Any]]:
    """Return every material as found: 齐, one original each, but those named ``m2="missing"``."""
    found = {n: states.get(f"m{n}", "ok") for n in orders}
    return [
        {"order": n, "state": state, "originals": 0 if state == "missing" else 1}
        for n, state in found.items()
    ]


# --- The roads ----------------------------------------------------------------------------------

SILENT, HEARD, ANNOUNCED, LEFT, EXPIRED = 20, 24, 45, 60, 75
"""Days after which silence has accepted, a hearing was held, an announced paper counts as served,
and what waited online has lapsed;
whatever holidays lie between. After the last a licence of two months has run out."""

Walking = Generator[int, None, Case]
Walk = Callable[[Town], Case | Walking]


@dataclass(frozen=True)
class Road:
    """A walk and the steps it takes, in order."""

    name: str
    steps: tuple[str, ...]
    walk: Walk


ROADS: list[Road] = []


def road(steps: str) -> Callable[[Walk], Walk]:
    """Declare a walk with the steps of the table it takes."""

    def declared(walk: Walk) -> Walk:
        ROADS.append(Road(walk.__name__, tuple(steps.split()), walk))
        return walk

    return declared


@road("T2 T5 T8 T8a T12 T16a T16c T17")
def a_licence_granted_and_fetched(town):
    case = town.received().grant().do("make", "maker").do("make_ready", "maker")
    return case.do("hand_out", "issuer", identity_checked=True)


@road("T2 T5 T8 T8a T13 T16b T16c T17a T17b")
def a_refusal_sent_by_post(town):
    case = town.received().accept().review().refuse().do("make", "maker").do("make_ready", "maker")
    case.do("post", "issuer", carrier="邮政", waybill="EM123456789CN")
    today = (datetime.now(UTC) + timedelta(hours=8)).date()
    return case.do("confirm_delivery", "issuer", signed_on=today.isoformat())


def _ready(town: Town) -> Case:
    return town.received().grant().do("make", "maker").do("make_ready", "maker")


@road("T2 T5 T8 T8a T12 T16a T16c T17c")
def refused_at_the_door_and_left_before_witnesses(town):
    today = (datetime.now(UTC) + timedelta(hours=8)).date()
    said = {
        "left_on": today.isoformat(),
        "place": "灵泉路演示1号",
        "refusal": "本人当面拒收",
        "witnesses": "李示例（灵泉社区）\n张示例（灵泉派出所）",
    }
    return _ready(town).file("leave", "issuer", said, "照片.pdf")


@road("T2 T5 T8 T8a T12 T16a T16c T17a T17d T17e")
def returned_by_the_post_announced_and_served_by_its_day(town):
    case = _ready(town).do("post", "issuer", carrier="邮政", waybill="EM123456789CN")
    case.do("announce", "head", ground="other_ways_failed", account="邮件退回，电话停机")
    yield ANNOUNCED
    return case


@road("T2 T5 T8 T8a T12 T16a T16c T17f")
def agreed_to_at_the_window_and_served_electronically(town):
    case = _ready(town)
    said = {"online": True, "identity_checked": True}
    answer = town.ask("PUT", f"/cases/{case.number}/serving", "clerk", json=said)
    assert answer.status_code == 200, answer.text
    return case.do("serve_online", "issuer")


@road("T2 T5 T8 T8a T12 T16a T16c T17g T17h")
def handed_over_by_the_township(town):
    today = (datetime.now(UTC) + timedelta(hours=8)).date()
    case = _ready(town).do("entrust", "issuer", body="乐白道街道办事处")
    said = {"served_on": today.isoformat(), "relation": "self"}
    return case.file("confirm_entrusted", "issuer", said, "回证.pdf")


@road("T2 T5 T8 T8a T12 T16a T16c T17i T17j")
def put_into_a_cabinet_and_fetched_with_the_code(town):
    case = _ready(town).do("deposit", "issuer", cabinet="东门自助柜", compartment="A07")
    code = town.get(f"/submissions/{case.token}", "clerk")["pickup_code"]
    moment = datetime.now(UTC).isoformat()
    return case.do("fetch", "issuer", code=code, fetched_at=moment)


@road("T2 T3 T4 T7")
def corrected_and_not_accepted(town):
    case = town.received(m2="missing").ask_for(2, "missing")
    case.do("take_correction", "clerk", materials=judged([2]), identity_checked=True)
    basis = "《行政许可法》第三十二条第一款第一项"
    return case.do("reject", "acceptor", ground="not_needed", reason="不需要许可", basis=basis)


@road("T2 T19")
def finished_on_the_spot(town):
    return town.received(INSTANT).do("finish_at_once", "clerk")


@road("T2 T19")
def a_licence_finished_on_the_spot_with_its_certificate(town):
    case = town.received(REPLACED).do("finish_at_once", "clerk")
    assert town.get(f"/licences/{case.number}")["certificate"]
    return case


@road("T1 T21 T20 T2d T3 T4a")
def online_returned_mended_received_and_supplied(town):
    case = town.sent().send_back().answer("resubmit", 2).receive(m2="defective")
    return case.ask_for(2, "defective").answer("supply", 2)


@road("T1 T21a T2d")
def originals_brought_after_the_precheck(town):
    return town.sent(photos=[1], brought=[2]).do("pre_pass", "clerk").receive()


@road("T1 T21 T2e")
def brought_to_the_window_instead_of_mended(town):
    return town.sent().send_back().receive()


@road("T1 T21 T21b")
def returned_and_left_alone(town):
    case = town.sent().send_back()
    yield LEFT
    return case


@road("T1 T21a T21c")
def originals_never_brought(town):
    case = town.sent(photos=[1], brought=[2]).do("pre_pass", "clerk")
    yield LEFT
    return case


@road("T2 T6 T8")
def accepted_by_silence(town):
    case = town.received()
    yield SILENT
    return case


@road("T2 T14a")
def withdrawn_after_receipt(town):
    return town.received().withdraw()


@road("T2 T3 T14b")
def withdrawn_while_correcting(town):
    return town.received(m2="missing").ask_for(2, "missing").withdraw()


@road("T2 T5 T8 T14d")
def withdrawn_in_review(town):
    return town.received().accept().withdraw()


@road("T2 T3 T15")
def asked_for_and_never_supplied(town):
    case = town.received(m2="missing").ask_for(2, "missing")
    yield LEFT
    return case


@road("T2 T5 T8 T8a T18 T18a T14h")
def withdrawn_while_it_is_above(town):
    return town.received(UPWARD).forward().withdraw()


@road("T2 T5 T8 T8a T18 T18a T22 T22a")
def approved_above_and_granted(town):
    case = town.received(UPWARD).forward().reply(is_approved=True)
    return case.do("grant", "decider", opinion="同意")


@road("T2 T5 T8 T8a T18 T18a T22 T22b")
def turned_down_above_and_refused(town):
    return town.received(UPWARD).forward().reply(is_approved=False).refuse()


@road("T2 T5 T8 T9a T9 T14e")
def withdrawn_while_the_clock_stands(town):
    return town.received().accept().suspend(TEST).withdraw()


@road("T1 T14f")
def withdrawn_before_the_precheck(town):
    return town.sent().withdraw()


@road("T1 T21 T14g")
def withdrawn_after_the_return(town):
    return town.sent().send_back().withdraw()


@road("T2 T5 T8 T8b T8c T8d T11")
def inspected_by_two_and_extended(town):
    case = town.received().accept()
    case.do(
        "order_survey",
        "reviewer",
        first="reviewer",
        second="sc-jiedan",
        planned_on=(datetime.now(UTC) + timedelta(hours=8)).date().isoformat(),
        place="演示路1号",
    )
    there = datetime.now(UTC).isoformat()
    said = {"passed": True, "findings": "和布局图一致。"}
    case.do("record_survey", "reviewer", surveyed_at=there, **said)
    case.do("sign_survey", "sc-jiedan")
    return case.do("extend", "head", days=5, reason="情况复杂")


@road("T2 T5 T8 T9a T9b T9a T9 T9c T9e T9c T9d T10a T10")
def two_procedures_at_once_and_two_turned_down(town):
    case = town.received().accept()
    case.propose(TEST).do("turn_down_special", "head", reason="不必检测")
    case.suspend(TEST).propose(EXPERT).do("turn_down_special", "head", reason="先看检测结果")
    return case.suspend(EXPERT).result(TEST).result(EXPERT)


@road("T2 T5 T8 H1 H2a H3a H4a")
def heard_in_review(town):
    case = town.received().accept().do("tell_hearing", "reviewer", reason="涉及邻居")
    case.do("ask_hearing", "clerk", asked_by="邻居示例").call_hearing()
    yield HEARD
    return case.record_hearing()


@road("T2 T5 T8 H1 T9a T9 H2b H3b H4b T10")
def heard_while_the_clock_stands(town):
    case = town.received().accept().do("tell_hearing", "reviewer", reason="涉及邻居").suspend(TEST)
    case.do("ask_hearing", "clerk", asked_by="邻居示例").call_hearing()
    yield HEARD
    return case.record_hearing().result(TEST)


@road("T2 T2a T5 T8 T24a")
def renewed_by_silence(town):
    licence = town.received().grant()
    case = town.received().do("link_licence", "acceptor", number=licence.number).accept()
    yield EXPIRED
    return case


@road("T2 T2a T5 T8 T9a T9 T24b")
def renewed_by_silence_while_the_clock_stands(town):
    licence = town.received().grant()
    case = town.received().do("link_licence", "acceptor", number=licence.number)
    case.accept().suspend(TEST)
    yield EXPIRED
    return case


@road("T2 T5a T5b T8 T8a T5c T12")
def promised_brought_and_granted(town):
    case = town.received(TOLERANT, m2="missing").accept_tolerantly().review().supplement()
    return case.do("grant", "decider", opinion="同意")


@road("T2 T5a T5g T5 T8")
def promised_and_brought_before_acceptance(town):
    return town.received(TOLERANT, m2="missing").promise().supplement().accept()


@road("T2 T5a T5b T8 T9a T9 T5d")
def brought_while_the_clock_stands(town):
    case = town.received(TOLERANT, m2="missing").accept_tolerantly()
    return case.suspend(TEST).supplement()


@road("T2 T5a T5b T8 T5i T9a T9 T5j T5d")
def put_off_because_of_a_landslide_and_brought(town):
    case = town.received(TOLERANT, m2="missing").accept_tolerantly()
    case.do("put_off", "head", days=5, reason="泥石流断了路").suspend(TEST)
    return case.do("put_off", "head", days=5, reason="路还没有通").supplement()


@road("T2 T5a T5b T8 T5e")
def promised_and_sent_online(town):
    case = town.received(TOLERANT, m2="missing").accept_tolerantly()
    return case.answer("supplement", 2)


@road("T2 T5a T5b T8 T9a T9 T5f")
def sent_online_while_the_clock_stands(town):
    case = town.received(TOLERANT, m2="missing").accept_tolerantly()
    return case.suspend(TEST).answer("supplement", 2)


@road("T2 T5a T5b T8 T23b")
def promised_and_not_kept(town):
    case = town.received(TOLERANT, m2="missing").accept_tolerantly()
    yield SILENT
    return case


@road("T2 T5a T5b T8 T9a T9 T23c")
def not_kept_while_the_clock_stands(town):
    case = town.received(TOLERANT, m2="missing").accept_tolerantly().suspend(TEST)
    yield SILENT
    return case


@road("T2 T5h T5 T8 T8a T12")
def granted_on_a_commitment_found_false_and_revoked(town):
    case = town.received(VOUCHED, m2="missing")
    case.do("commit", "clerk", orders=[2], identity_checked=True).grant()
    said = {"outcome": "false", "findings": "现场没有这个门牌"}
    evidence = {"document": ("现场.pdf", PDF, "application/pdf")}
    town.post(f"/checks/{case.number}/1/verify", "reviewer", data=said, files=evidence)
    yield LEFT
    assert town.get(f"/checks/{case.number}/1")["stands"]
    ended = {"ground": "false_promise", "reason": "承诺的场所不存在"}
    assert town.post(f"/licences/{case.number}/revoke", "head", ended)["state"] == "revoked"
    return case


@road("T1 T1a T2d T5 T8")
def vouched_for_online_and_accepted(town):
    case = town.sent(VOUCHED, photos=[1], committed=[2])
    materials = judged([1, 2], m2="missing")
    return case.do("receive", "clerk", materials=materials, identity_checked=True).accept()


@road("T2b")
def begun_when_the_first_of_a_package_is_granted(town):
    package = town.get("/packages/restaurant", "clerk")
    body = {
        "package": "restaurant",
        "applicant": PERSON,
        "materials": judged([m["order"] for m in package["materials"]]),
        "identity_checked": True,
    }
    made = town.post("/applications", "clerk", body)
    waiting = next(m for m in made["members"] if m["after"])
    first = next(m for m in made["members"] if m["order"] == waiting["after"])
    Case(town, first["case"]).grant()
    town.work()
    members = town.get(f"/applications/{made['number']}", "clerk")["members"]
    return Case(town, next(m["case"] for m in members if m["order"] == waiting["order"]))


# --- Walking them -------------------------------------------------------------------------------


def walk_all(town: Town) -> dict[str, list[str] | Exception]:
    """Walk every road and return by name the steps its case took, or what stopped it."""
    ended: dict[str, list[str] | Exception] = {}
    waiting: list[tuple[int, int, Road, Walking]] = []
    order, today = itertools.count(), 0

    def go(one: Road, walk: Walking) -> None:
        try:
            heapq.heappush(waiting, (next(walk), next(order), one, walk))
        except StopIteration as stop:
            ended[one.name] = stop.value.steps
        except Exception as error:
            ended[one.name] = error

    for one in ROADS:
        go(one, _walk(one, town))
    while waiting:
        day, _, one, walk = heapq.heappop(waiting)
        if day > today:
            town.wait(day)
            today = day
        go(one, walk)
    town.close()
    return ended


def _walk(one: Road, town: Town) -> Walking:
    """Return the walk as one that may wait, whether it ever does or not."""
    walk = one.walk(town)
    return walk if isinstance(walk, Case) else (yield from walk)
