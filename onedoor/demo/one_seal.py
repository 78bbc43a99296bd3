"""The first batch under the one seal: nine departments, 77 licences, and the 134 cases of its
first months, each played through the services with the dates of that winter.

The counts are those the county published in March 2021; who applied and for what is invented.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from onedoor.accounts.rules import Actor
from onedoor.calendar import queries as calendar
from onedoor.cases import pressing
from onedoor.cases import services as cases
from onedoor.cases.models import Case, SupervisionPush
from onedoor.cases.rules.pushes import Feedback
from onedoor.catalogue import queries
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.models import Item, TransferBatch
from onedoor.demo import endings, roads
from onedoor.demo.pack import CountyPack
from onedoor.demo.tale import Cast, Stage, Tale
from onedoor.kernel import clock
from onedoor.kernel.errors import Refusal

OPENED = date(2020, 11, 30)
"""The day the hall opened: from it on the demo's people hold their posts."""
SEALED = date(2020, 12, 1)
"""From this day on the approval seal is an electronic one."""
FIRST, LAST = date(2020, 12, 15), date(2021, 3, 31)
CASES = 134
REFUSED_EVERY = 33
NOTICED = timedelta(days=2)


def play(pack: CountyPack, cast: Cast, *, editor: Actor, publisher: Actor, at: datetime) -> None:
    """Publish the items as they were, hand them over, and tell the cases; once in a county."""
    if not pack.transfers or TransferBatch.objects.exists():
        return
    opened = clock.at_local(OPENED)
    items = _items(pack, editor=editor, publisher=publisher, at=opened)
    report = catalogue.import_transfers(
        pack.transfers, filename="transfers.csv", by=editor, at=opened + NOTICED
    )
    if report.refused:
        raise Refusal("demo.items_refused", "演示事项有误：%(first)s", first=str(report.refused[0]))
    for batch in TransferBatch.objects.order_by("number"):
        catalogue.publish_transfer(batch.number, by=publisher, at=opened + 2 * NOTICED)
    _cases(cast, items, at=at)


def _items(pack: CountyPack, *, editor: Actor, publisher: Actor, at: datetime) -> list[str]:
    listed = pack.transfers.decode()
    rows = tuple(item for item in pack.items if str(item["code"]) in listed)
    content = replace(pack, items=rows).items_as_json(checked_on=clock.day_of(at))
    report = catalogue.import_items(content, filename="county.json", by=editor, at=at)
    if report.refused:
        raise Refusal("demo.items_refused", "演示事项有误：%(first)s", first=str(report.refused[0]))
    catalogue.publish_all(by=publisher, at=at)
    return [str(row["code"]) for row in rows]


def _cases(cast: Cast, codes: Sequence[str], *, at: datetime) -> None:
    found = Item.objects.filter(code__in=codes).order_by("code")
    items = list(found.select_related("current_version", "unit", "transferred_to"))
    stage = Stage(cast, calendar.working_days(), clock.at_local(LAST, 17))
    first, last = stage.days.ordinal(FIRST), stage.days.ordinal(LAST)
    for number in range(CASES):
        dice = random.Random(f"onedoor-demo-one-seal-{number}")
        item = items[number % len(items)]
        version = item.current_version
        assert version is not None
        days = version.promised_limit or 0
        # In time for the winter's count: received early enough to be decided within it.
        latest = max(first, last - days - 4)
        day = stage.days.day_with_ordinal(first + (latest - first) * number // CASES)
        tale = Tale(stage, item, dice, clock.at_local(day, 9))
        _tell(tale, within=days, is_refused=number % REFUSED_EVERY == REFUSED_EVERY - 1)
    assert Case.objects.filter(former_unit__isnull=False, decided_at__lte=at).count() == CASES
    assert all(queries.competent_unit(item, at=at) == item.transferred_to for item in items)
    keeper = cast.of("keeper", "", 0)
    for paper in list(pressing.unpressed()):
        pressing.enter(paper.number, copies=1, by=keeper, at=paper.issued_at)


def _tell(tale: Tale, *, within: int, is_refused: bool) -> None:
    """Tell a case to its end: at the window where the item is instant, else review and decision."""
    if tale.version.kind == "instant":
        tale.receive(finish=True)
        tale.seal()
        _supervise(tale)
        return
    tale.receive()
    tale.later()
    tale.step(cases.accept, "acceptor")
    tale.later(days=tale.dice.randint(0, max(0, min(2, within // 2))))
    opinion = tale.phrase("opinion", favourable=not is_refused)
    tale.step(cases.review, "reviewer", opinion=opinion)
    tale.later(days=tale.dice.randint(0, max(0, min(3, within // 2))))
    if is_refused:
        endings.refuse(tale)
    else:
        roads.decide(tale)
    roads.made_ready(tale)
    tale.later()
    tale.step(cases.hand_out, "issuer", recipient=tale.taker(), identity_checked=True)
    if not is_refused:
        _supervise(tale)


def _supervise(
    tale: Tale, *, feedback: Feedback | None = Feedback.INCLUDED, text: str = ""
) -> None:
    """Let the former department sign for what was granted, and answer."""
    push = SupervisionPush.objects.select_related("licence", "unit").get(licence__case=tale.now)
    head = tale.stage.cast.of("head", push.unit.short_name, 0)
    signed = cases.sign_for(push, by=head, at=tale.later())
    if feedback is not None:
        cases.answer_push(signed, feedback=feedback, text=text, by=head, at=tale.later())


STATES: tuple[tuple[int, Feedback | None, str], ...] = (
    (8, Feedback.INCLUDED, ""),
    (7, Feedback.ODD, "现场的经营面积和申请书不一致，已要求说明。"),
    (6, Feedback.REVOKE, "核查发现申请时的场地证明是假的，建议依法撤销。"),
    (5, None, ""),
)
"""Signed for within the last days: so many working days ago, and what was answered."""
UNSIGNED = (12, 7, 2)
"""Nobody signed: long enough to be escalated, reminded, and still within the days."""


def play_now(cast: Cast, *, today: date, at: datetime) -> None:
    """Tell some cases of these days, so that pushes are seen in every state."""
    listed = Item.objects.filter(
        transferred_to__isnull=False, current_version__promised_limit__gte=8
    )
    found = listed.select_related("current_version", "unit", "transferred_to").order_by("code")
    stage = Stage(cast, calendar.working_days(), at)
    items = iter(found)
    for ago, feedback, text in STATES:
        tale = _granted(stage, next(items), ago=ago, today=today)
        _supervise(tale, feedback=feedback, text=text)
    for ago, item in zip(UNSIGNED, items, strict=False):
        _granted(stage, item, ago=ago, today=today)
    for ago in range(max(UNSIGNED), -1, -1):
        day = stage.days.day_with_ordinal(stage.days.ordinal(today) - ago)
        cases.run_push_timers(at=min(clock.at_local(day, 8), at))


def _granted(stage: Stage, item: Item, *, ago: int, today: date) -> Tale:
    day = stage.days.day_with_ordinal(stage.days.ordinal(today) - ago)
    tale = Tale(stage, item, random.Random(f"onedoor-demo-push-{ago}"), clock.at_local(day, 9))
    tale.receive()
    tale.later()
    tale.step(cases.accept, "acceptor")
    tale.later()
    tale.step(cases.review, "reviewer", opinion=tale.phrase("opinion"))
    tale.later()
    tale.step(cases.grant, "decider", opinion=tale.phrase("grant"))
    tale.seal()
    return tale
