"""Publishing who may be drawn."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor, Role
from onedoor.kernel.errors import NotAllowed, NotValid
from onedoor.ledger import numbers
from onedoor.ledger import services as ledger
from onedoor.market.events import DrawListed
from onedoor.market.models import Draw, Entrant
from onedoor.market.rules import draw as rules
from onedoor.market.rules.drawing import LEAST_CONTEST, Listed, read_list

_NOTICE = re.compile(rules.PARTY)


@dataclass(frozen=True)
class Asked:
    """A draw to be listed: for what, by whom, how many, who may be drawn, until when contested."""

    notice: str
    title: str
    purchaser: Organisation
    entrants: str
    contest_until: datetime
    is_weighted: bool = False
    winners: int = 1
    alternates: int = 2


@ledger.recorded
def list_draw(asked: Asked, *, by: Actor, at: datetime, replaces: Draw | None = None) -> Draw:
    """Publish the list of a draw, to be contested until a moment that is far enough."""
    if not by.holds_any(Role.MARKET):
        raise NotAllowed("market.not_draw_operator", "抽签由中介超市运营的人办。")
    rows = read_list(asked.entrants, is_weighted=asked.is_weighted)
    if not _NOTICE.fullmatch(asked.notice):
        raise NotValid("draw.notice", "公告编号写字母、数字和 _.:-，最多64个字。", field="notice")
    if not 0 < len(asked.title.strip()) <= 200:
        raise NotValid("draw.title", "请写明采购的是什么，最多200个字。", field="title")
    if not (1 <= asked.winners <= 1000 and 0 <= asked.alternates <= 1000):
        raise NotValid("draw.counts", "中选写1到1000，备选写0到1000。", field="winners")
    if asked.contest_until < at + LEAST_CONTEST:
        raise NotValid(
            "draw.contest_too_short",
            "异议期至少24小时，请把截止时间写晚一点。",
            field="contest_until",
        )
    draw = Draw(
        number=numbers.take_yearly("draw", Draw.objects.all(), stem="CQ", width=5, at=at),
        notice=asked.notice,
        title=asked.title.strip(),
        purchaser=asked.purchaser,
        method="credit" if asked.is_weighted else "random",
        winners=asked.winners,
        alternates=asked.alternates,
        listed_by=by.ref,
        listed_at=at,
        contest_until=asked.contest_until.replace(second=0, microsecond=0),
        replaces=replaces,
    )
    draw.save(force_insert=True)
    write_list(draw, rows)
    record_list(draw, rows, by=by, at=at)
    return draw


def write_list(draw: Draw, rows: Sequence[Listed]) -> None:
    """Keep who may be drawn, and who may not and why."""
    Entrant.objects.bulk_create(Entrant(draw=draw, **row._asdict()) for row in rows)


def record_list(draw: Draw, rows: Sequence[Listed], *, by: Actor, at: datetime) -> None:
    """Record that a list was published: its digest, never its names."""
    told = [[row.uscc, row.weight, row.excluded] for row in rows]
    event = DrawListed(
        subject=draw.subject,
        notice=draw.notice,
        entrants="sha256:" + rules.digest("onedoor/draw/list/1", rules.canon(told)).hex(),
        replaces=draw.replaces.number if draw.replaces else "",
    )
    ledger.record(event, by=by.ref, at=at)
