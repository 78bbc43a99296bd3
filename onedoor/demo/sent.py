"""What invented people sent to the demo's centre, and how it was answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from onedoor.accounts.rules import Actor, Role
from onedoor.feedback import matters as queries
from onedoor.feedback import services as feedback
from onedoor.feedback.models import Matter
from onedoor.feedback.rules.matters import Action, Kind, Outcome, Source
from onedoor.feedback.rules.words import Way
from onedoor.feedback.services import Move, Sent

DAY = timedelta(days=1)
SENT = (
    (40, Sent(Kind.CANNOT, "去了三次，说的都不一样（演示）。", Source.WINDOW, phone="13800000031")),
    (33, Sent(Kind.ASK, "外省的户口，能在这里办残疾人证吗（演示）？")),
    (20, Sent(Kind.SUGGEST, "大厅的饮水机旁边放几个凳子（演示）。", phone="13800000032")),
    (2, Sent(Kind.NO_RECEIPT, "交了复印件，没有给我收据（演示）。", place="3号窗口")),
    (1, Sent(Kind.FIND, "想给老人办优待，不知道叫什么（演示）。", phone="13800000033")),
    (0, Sent(Kind.CANNOT, "说系统里查不到我的房子，让我回去等（演示）。")),
)  # fmt: skip
"""How many days ago, and what was sent."""


def send(actors: Iterable[Actor], *, at: datetime) -> None:
    """Send some, and answer the oldest of them; the others wait."""
    people = list(actors)
    watch = [each for each in people if each.holds(Role.SUPERVISOR)]
    if Matter.objects.exists() or not watch:
        return
    for number, (days, sent) in enumerate(SENT):
        sent_at = at - days * DAY - timedelta(hours=3)
        matter = feedback.send(sent, by=watch[0], at=sent_at)
        if number < 3:
            _answer(matter, watch, people, at=sent_at + timedelta(hours=2))


def _answer(matter: Matter, watch: list[Actor], people: list[Actor], *, at: datetime) -> None:
    """Hand it to the first unit that has a head, let the head answer, and look at it again."""
    for unit in queries.units_to_answer():
        heads = [each for each in people if Role.HEAD in each.roles_in(unit.pk)]
        if heads:
            break
    else:
        return
    steps = [
        (Action.ASSIGN, Move(unit=unit), watch[0]),
        (Action.ANSWER, Move("说清楚了（演示）。", outcome=Outcome.EXPLAINED), heads[0]),
        (Action.ARCHIVE, Move("打了电话，没有别的问题（演示）。", way=Way.PHONE), watch[-1]),
    ]  # fmt: skip
    for number, (action, said, by) in enumerate(steps):
        if by.ref == heads[0].ref and action is Action.ARCHIVE:
            return
        matter = feedback.move_matter(
            matter, action, said, seen=matter.version, by=by, at=at + timedelta(hours=number)
        )
