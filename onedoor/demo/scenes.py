"""What there is once in a county, and not once in so many cases: each played through the services.

A licence revoked, one cancelled, one near its end and one being renewed; a joint application; a
draft; an item suspended, one cancelled, one with a version that waits for its day.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from onedoor.accounts.rules import Actor
from onedoor.cases import services as cases
from onedoor.cases.inputs import Handed
from onedoor.cases.models import Licence
from onedoor.cases.rules.licences import CancellationGround, RevocationGround
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.rules.words import MaterialState
from onedoor.cases.services import drafting
from onedoor.catalogue import queries
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.models import Item, Package
from onedoor.catalogue.rules.turns import Turn
from onedoor.catalogue.rules.words import Reduced
from onedoor.catalogue.services import Written
from onedoor.demo import endings, roads
from onedoor.demo.tale import Stage, Tale
from onedoor.kernel import clock

Row = Mapping[str, Any]

SHORT = "临时占用城市道路审批（新办）"
"""A licence for at most three months: one granted in the demo's time nears its end today."""
RENEWAL = "临时占用城市道路审批（延期）"
SEASONAL, DRAFTED, FASTER = "防火期野外用火审批", "食品经营许可（新办）", "药品零售经营许可（新办）"
FIRST = "个体工商户登记（设立）"
OLD = {
    "name": "企业名称预先核准",
    "main_item": "企业名称预先核准",
    "aliases": ["公司核名（旧）"],
    "result_name": "企业名称预先核准通知书",
    "results": [{"name": "企业名称预先核准通知书", "kind": "批文"}],
    "legal_basis": "《公司登记管理条例》第十七条（2022年3月1日废止）",
    "conditions": "1. 名称没有和别人重复。",
    "materials": [
        {"name": name, "basis": "《公司登记管理条例》"}
        for name in ("企业名称预先核准申请书", "股东身份证明")
    ],
    "situations": [],
}
"""What the county had until the law changed."""
NO_LONGER = {
    "name": "营业执照",
    "originals": 0,
    "copies": 1,
    "source_kind": "issued",
    "source": "市场监督管理部门核发",
    "basis": "《食品安全法》第三十五条",
    "standard": "名称、住所和申请书上一致，没有注销或吊销。",
}
PACKAGE = "restaurant"
GRANTED_BEFORE, RENEWED_BEFORE = timedelta(days=80), timedelta(days=84)
PLANNED_AFTER = timedelta(days=20)


def before(rows: Sequence[Row]) -> Iterator[Row]:
    """Return the items as they were first published: one of them still asked for a paper more."""
    for row in rows:
        is_it = row["name"] == DRAFTED
        yield dict(row) | {"materials": [*row["materials"], NO_LONGER]} if is_it else row


def ask_for_less(code: str, *, editor: Actor, publisher: Actor, at: datetime) -> None:
    """Publish the version that no longer asks for the paper, with how it became needless."""
    item = Item.objects.select_related("current_version").get(code=code)
    assert item.current_version is not None
    content = queries.contents_of([item.current_version])[item.current_version.pk]
    kept = tuple(m for m in content.materials if m.name != NO_LONGER["name"])
    less = Written(
        content=replace(content, materials=kept),
        reduction_source=Reduced.SHARED.value,
        reduction_basis="《国务院关于在线政务服务的若干规定》（国务院令第716号）",
    )
    _publish(code, less, editor=editor, publisher=publisher, at=at)


def _publish(code: str, said: Written, *, editor: Actor, publisher: Actor, at: datetime) -> None:
    latest = queries.latest(Item.objects.get(code=code))
    draft = catalogue.save_draft(code, said, seen=queries.seen_token(latest), by=editor, at=at)
    catalogue.submit(code, seen=queries.seen_token(draft), by=editor, at=at)
    catalogue.publish(code, by=publisher, at=at)


class Scenes(NamedTuple):
    """Where the scenes are played: the stage, the county's items by name, one of each township."""

    stage: Stage
    items: dict[str, Item]
    of_towns: Sequence[Item]
    today: date

    def play(self) -> None:
        """Play all of them; what a small pack does not have is left out."""
        for scene in (
            self.ended,
            self.renewed,
            self.drafted,
            self.suspended,
            self.cancelled,
            self.planned,
            self.townships,
        ):
            scene()
        if Package.objects.filter(code=PACKAGE).exists():
            self.joint()

    def ended(self) -> None:
        """Revoke a licence that should not have been granted, cancel one nobody uses any more."""
        own = [item.pk for item in self.items.values()]
        held = Licence.objects.filter(
            item__in=own, case__status=Status.CLOSED.value, case__former_unit__isnull=True
        )
        wrong, unused = held.select_related("unit").order_by("number")[:2]
        cases.revoke(
            wrong,
            ground=RevocationGround.UNQUALIFIED,
            reason="核查时发现，申请时写的场所在批准以前就拆了，不符合许可的条件。",
            by=self._of("head", wrong.unit.short_name),
            at=self.stage.until,
        )
        cases.cancel(
            unused,
            ground=CancellationGround.OTHER,
            reason="持证人书面申请注销：不再从事这项活动。",
            by=self._of("head", unused.unit.short_name),
            at=self.stage.until,
        )

    def renewed(self) -> None:
        """Let one licence near its end, and another be asked to be renewed before its own."""
        self._granted(GRANTED_BEFORE, "near")
        tale = self._granted(RENEWED_BEFORE, "renewed")
        licence = Licence.objects.get(case=tale.now)
        tale.at = clock.at_local(self.stage.days.day_with_ordinal(self._ordinal() - 2), 9)
        tale.item = self.items.get(RENEWAL, tale.item)
        tale.receive()
        tale.later()
        tale.step(cases.link_licence, "desk", number=licence.number)
        tale.later(days=1)
        tale.step(cases.accept, "acceptor")

    def drafted(self) -> None:
        """Keep what somebody typed at home and did not send; only their own device opens it."""
        item = self.items[DRAFTED]
        facts = queries.facts_of(item, at=self.stage.until)
        assert facts is not None
        typed = {"name": self.stage.cast.pack.applicants[0].name}
        key = drafting.key_of("onedoor-demo-draft", item.code)
        drafting.keep(key, version=facts, content=drafting.Content(typed), at=self.stage.until)

    def suspended(self) -> None:
        """Stop taking what is not applied for in this season."""
        self._turn(
            self.items[SEASONAL],
            Turn.SUSPEND,
            reason="进入森林高火险期，全市停止野外用火。",
            basis="《森林防火条例》第二十八条",
            notice="高火险期内不受理野外用火申请，解除以后恢复。",
        )

    def planned(self) -> None:
        """Let a shorter road to a licence begin on a day to come."""
        item = self.items[FASTER]
        assert item.current_version is not None
        content = queries.contents_of([item.current_version])[item.current_version.pk]
        plan_on = self.today + PLANNED_AFTER
        said = replace(content, visits=1)
        _publish(
            item.code,
            Written(content=said, plan_on=plan_on),
            editor=self._of("editor"),
            publisher=self._of("publisher"),
            at=self.stage.until,
        )

    def cancelled(self) -> None:
        """Cancel what the law no longer knows: one item more than the county has today."""
        like = next(i for i in self.stage.cast.pack.items if i["name"] == FIRST)
        code = f"{str(like['code'])[:-6]}998001"
        row = dict(like) | OLD | {"code": code, "basic_code": code[19:]}
        content = json.dumps({"items": [row]}, ensure_ascii=False).encode()
        at = clock.at_local(self.today) - timedelta(days=60)
        catalogue.import_items(content, filename="old.json", by=self._of("editor"), at=at)
        catalogue.publish(code, by=self._of("publisher"), at=at)
        self._turn(
            Item.objects.get(code=code),
            Turn.CANCEL,
            reason="《市场主体登记管理条例》施行，名称改为自主申报。",
            basis="《市场主体登记管理条例》第十条",
            notice="不再办理名称预先核准，请用“企业名称自主申报”。",
        )

    def joint(self) -> None:
        """Take one application for a restaurant; its first case is granted, the next one begins."""
        day = self.stage.days.day_with_ordinal(self._ordinal() - 2)
        at = clock.at_local(day, 10)
        slot = cases.reserve_joint(PACKAGE, at=at)
        first = slot.facts.members[0].item
        tale = self._tale(Item.objects.select_related("current_version", "unit").get(pk=first.pk))
        tale.at = at
        handed = [
            Handed(m.order, MaterialState.OK, m.originals, m.copies) for m in slot.facts.materials
        ]
        receipt = cases.receive_joint(
            slot,
            applicant=tale.applicant(),
            materials=handed,
            identity_checked=True,
            by=self._of("desk"),
            at=at,
        )
        tale.case = next(c for c in receipt.cases if c.item_id == first.pk)
        tale.later()
        tale.step(cases.accept, "acceptor")
        roads.review(tale)
        roads.decide(tale)
        cases.start_members(at=tale.later())

    def townships(self) -> None:
        """Take a case in each township, so that the level below the county is seen at work."""
        for number, item in enumerate(self.of_towns):
            tale = self._tale(item, item.code)
            days = 20 if number % 2 else 1
            tale.at = clock.at_local(self.stage.days.day_with_ordinal(self._ordinal() - days), 9)
            (endings.granted if number % 2 else roads.accepted)(tale)

    def _granted(self, before: timedelta, name: str) -> Tale:
        tale = self._tale(self.items[SHORT], name)
        tale.at = clock.at_local(self.today - before, 9)
        endings.granted(tale)
        return tale

    def _tale(self, item: Item, name: str = "") -> Tale:
        return Tale(self.stage, item, random.Random(f"onedoor-demo-{name}"), self.stage.until)

    def _turn(self, item: Item, turn: Turn, *, reason: str, basis: str, notice: str) -> None:
        at = self.stage.until
        order = catalogue.ask_turn(
            item.code,
            turn,
            reason=reason,
            basis=basis,
            notice=notice,
            by=self._of("editor"),
            at=at,
        )
        catalogue.confirm_turn(order.pk, by=self._of("publisher"), at=at)

    def _of(self, role: str, unit: str = "") -> Actor:
        return self.stage.cast.of(role, unit, 0)

    def _ordinal(self) -> int:
        return self.stage.days.ordinal(self.today)
