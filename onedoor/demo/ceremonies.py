"""Draws of the demo county, held as the table says: by three parties, with dice and envelopes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor
from onedoor.kernel.codes import credit_code
from onedoor.market import services as market
from onedoor.market.models import Draw
from onedoor.market.rules import draw as rules
from onedoor.market.rules.drawing import Action, Party

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
MONTH = timedelta(days=30)
"""A demo is looked at for weeks: what waits in it waits so long."""
NAMES = ("正和", "明衡", "远测", "同审", "清源", "立信达", "山水", "众评")


class End(Enum):
    """How far a draw of the season goes."""

    DONE = auto()
    ENVELOPE = auto()
    VOID = auto()
    WAITING = auto()
    LISTED = auto()


SEASON = (
    ("羊街乡灌溉渠可行性研究报告编制（演示）", End.DONE),
    ("污水处理厂扩建环境影响评价（演示）", End.DONE),
    ("中心小学教学楼工程检测（演示）", End.ENVELOPE),
    ("农村公路水土保持方案编制（演示）", End.VOID),
    ("老旧小区改造工程造价咨询（演示）", End.DONE),
    ("城区排水管网测绘（演示）", End.WAITING),
    ("小龙潭镇矿山地质灾害危险性评估（演示）", End.LISTED),
)
DAYS = 6


def agencies() -> list[tuple[str, str]]:
    """Return invented agencies with codes that check."""
    found = []
    for number, name in enumerate(NAMES):
        body = f"DEM1{number:04d}"
        inner = next(
            body + c for c in credit_code.ALPHABET if credit_code.is_organisation_code(body + c)
        )
        half = "91532502" + inner
        code = half + credit_code.check_character(half)
        found.append((code, f"开远{name}咨询有限公司（演示）"))
    return found


@dataclass(frozen=True)
class Ceremony:
    """Who holds a draw: the operator, the supervisor, the head of the unit that buys."""

    operator: Actor
    watcher: Actor
    head: Actor
    unit: Organisation

    def hold(self, number: int, title: str, end: End, *, begins: datetime) -> None:
        """List, freeze, commit, throw and open, as far as this one goes."""
        known = agencies()
        chosen = [known[(number + n) % len(known)] for n in range(4 + number % 3)]
        lines = [f"{code} {name}" for code, name in chosen]
        code, name = known[(number + 7) % len(known)]
        if (code, name) not in chosen:
            lines.append(f"{code} {name} R02 测绘资质在服务期内到期（演示）")
        asked = market.Asked(
            notice=f"ZJ532502{begins:%Y}{number + 1:05d}",
            title=title,
            purchaser=self.unit,
            entrants="\n".join(lines),
            contest_until=begins + (MONTH if end is End.LISTED else 25 * HOUR),
        )
        draw = market.list_draw(asked, by=self.operator, at=begins)
        if end is End.LISTED:
            return
        at = begins + 26 * HOUR
        if end is End.WAITING:
            self._freeze(draw, at, window=MONTH)
            return
        draw = self._freeze(draw, at)
        if end is End.VOID:
            self._commit(draw, Party.OPERATOR, at + 2 * MINUTE)
            market.void_overdue(at=at + 31 * MINUTE)
            draw.refresh_from_db()
            told = market.Told(reason="采购单位没有到场（演示），重新抽。")
            draw = self._move(draw, Action.REDRAW, told, self.operator, at + HOUR)
            at += 27 * HOUR
            draw = self._freeze(draw, at)
        self._ceremony(draw, at, end)

    def _freeze(self, draw: Draw, at: datetime, window: timedelta = 30 * MINUTE) -> Draw:
        told = market.Told(commit_deadline=at + window, open_deadline=at + window + HOUR)
        return self._move(draw, Action.FREEZE, told, self.operator, at)

    def _ceremony(self, draw: Draw, at: datetime, end: End) -> None:
        for minute, party in enumerate(Party, 3):
            draw = self._commit(draw, party, at + minute * MINUTE)
        digits = str(int(hashlib.sha256(draw.number.encode()).hexdigest(), 16))[-10:]
        at += 32 * MINUTE
        draw = self._move(draw, Action.TYPE, market.Told(digits=digits), self.operator, at)
        thrown = market.Told(digits=digits, witness="大厅办事群众陈某（演示）")
        draw = self._move(draw, Action.THROW, thrown, self.watcher, at + MINUTE)
        for minute, party in enumerate(Party, 3):
            told = market.Told(party=party, secret=self._secret(draw, party))
            action, by = Action.OPEN, self._who(party)
            if end is End.ENVELOPE and party is Party.PURCHASER:
                told = market.Told(
                    party=party, secret=told.secret, reason="采购单位的人离场（演示）"
                )
                action, by = Action.ENVELOPE, self.watcher
            draw = self._move(draw, action, told, by, at + minute * MINUTE)

    def _commit(self, draw: Draw, party: Party, at: datetime) -> Draw:
        commit = rules.commitment(draw.frozen, party.value, self._secret(draw, party))
        told = market.Told(party=party, commit=commit, sealed=f"{draw.number}-{party.value}")
        return self._move(draw, Action.COMMIT, told, self._who(party), at)

    def _move(self, draw: Draw, action: Action, told: market.Told, by: Actor, at: datetime) -> Draw:
        return market.move_draw(draw, action, told, seen=draw.version, by=by, at=at)

    def _who(self, party: Party) -> Actor:
        people = (self.operator, self.head, self.watcher)
        return dict(zip(Party, people, strict=True))[party]

    def _secret(self, draw: Draw, party: Party) -> str:
        # A demo is the same every time; real numbers come from the parties' devices.
        return hashlib.sha256(f"demo {draw.number} {party.value}".encode()).hexdigest()
