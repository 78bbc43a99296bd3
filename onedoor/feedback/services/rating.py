"""Rating a finished case or a served visit, and changing it once.

Basis: 国办发〔2019〕51号: voluntary, one rating of a case (一事一评) or a visit (一次一评); nobody
rates for somebody else.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from onedoor.accounts.rules import APPLICANT
from onedoor.cases.inputs import plain
from onedoor.cases.models import Case
from onedoor.feedback import pack, queries
from onedoor.feedback.due import due_on
from onedoor.feedback.events import CaseRated
from onedoor.feedback.models import Order, Rating
from onedoor.feedback.rules.lifecycle import Action
from onedoor.feedback.rules.words import Channel, Level
from onedoor.feedback.services.following import Said, take
from onedoor.kernel.clock import local
from onedoor.kernel.codes import phone as phones
from onedoor.kernel.errors import Refusal
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import salted


@dataclass(frozen=True)
class Told:
    """What somebody says of a case. ``phone`` only if another number is to be called."""

    level: Level
    channel: Channel
    indicators: Iterable[str] = ()
    text: str = ""
    phone: str = ""

    def checked(self) -> Told:
        """Return it in normal form; phrases that belong to another level are left out."""
        listed = pack.phrases()[self.level]
        given = set(self.indicators)
        return Told(
            self.level,
            self.channel,
            tuple(code for code in listed if code in given),
            plain("text", self.text, "您的话", most=500, required=False),
            phones.parse(self.phone).value if self.phone.strip() else "",
        )


@dataclass(frozen=True)
class Served:
    """What is rated, and since when it may be: ``served_at`` is None while it still goes on.

    ``number``: see ``Rating``. ``phone`` is a number left before, to call where none is given.
    """

    number: str
    unit_id: UUID
    served_at: datetime | None
    about: str = ""
    case: Case | None = None
    phone: str = ""

    @classmethod
    def of(cls, case: Case) -> Served:
        return cls(case.number, case.unit_id, case.ended_at, case=case)


def rate(case: Case, told: Told, *, at: datetime) -> Rating:
    """Keep what the holder of the receipt says of a finished case; a bad rating opens an order.

    Refused before the case has ended, the second time, and later than a day for a change.
    """
    return rate_served(Served.of(case), told, at=at)


@ledger.recorded
def rate_served(served: Served, told: Told, *, at: datetime) -> Rating:
    """Keep what somebody says of a case or visit they hold the address of, as ``rate`` does."""
    told = told.checked()
    if served.served_at is None or at < served.served_at:
        raise _not_served(served)
    if told.level.is_bad and not told.phone:
        told = replace(told, phone=served.phone)
    before = queries.rating_with(served.number)
    if before is None:
        return _first(served, told, at=at)
    return before if _is_same(before, told) else _changed(before, told, at=at)


def _not_served(served: Served) -> Refusal:
    if served.case is None:
        return Refusal(
            "feedback.visit_not_served",
            "这个号还没有办完。窗口给您办完以后，在这里评价。",
            basis="国办发〔2019〕51号",
        )
    return Refusal(
        "feedback.not_served",
        "这一件还没有办完。办完以后，在办理进度页面评价。",
        basis="国办发〔2019〕51号",
    )


def _is_same(rating: Rating, told: Told) -> bool:
    """Say whether it is the same sent twice: a double click uses up no change."""
    said = (told.level.value, list(told.indicators), told.text, told.phone)
    return said == (rating.level, rating.indicators, rating.text, rating.phone)


def _first(served: Served, told: Told, *, at: datetime) -> Rating:
    assert served.served_at is not None
    row = Rating(
        number=served.number,
        case=served.case,
        about=served.about[:200],
        unit_id=served.unit_id,
        served_at=served.served_at,
        rated_at=at,
        **_columns(told),
    )
    Rating.objects.bulk_create([row], ignore_conflicts=True)
    if not Rating.objects.filter(pk=row.pk).exists():  # two at once: the other one was first
        raise _already(Rating.objects.get(number=served.number))
    _announce(row, told, before="", at=at)
    if told.level.is_bad:
        _open(row, at=at)
    return row


def _changed(rating: Rating, told: Told, *, at: datetime) -> Rating:
    if not queries.may_be_changed(rating, at=at):
        raise _already(rating)
    order = getattr(rating, "order", None)
    before = rating.level
    columns = {**_columns(told), "level_before": before, "changed_at": at}
    unmoved = Rating.objects.filter(pk=rating.pk, changed_at__isnull=True)
    if not unmoved.update(**columns):
        raise _already(rating)
    for name, value in columns.items():
        setattr(rating, name, value)
    _announce(rating, told, before=before, at=at)
    if order is None and told.level.is_bad:
        _open(rating, at=at)
    elif order is not None and not told.level.is_bad:
        take(order, Action.RETRACT, Said(), by=APPLICANT, at=at)
    return rating


def _columns(told: Told) -> dict[str, object]:
    return {
        "level": told.level.value,
        "channel": told.channel.value,
        "indicators": list(told.indicators),
        "text": told.text,
        "phone": told.phone,
        "salt": secrets.token_hex(16),
    }


def _announce(rating: Rating, told: Told, *, before: str, at: datetime) -> None:
    event = CaseRated(
        subject=rating.subject,
        level=told.level.value,
        before=before,
        channel=told.channel.value,
        indicators=" ".join(told.indicators),
        text=salted(told.text, rating.salt) if told.text else "",
    )
    ledger.record(event, by=APPLICANT.ref, at=at)


def _open(rating: Rating, *, at: datetime) -> None:
    rules = pack.rules()
    call, answer = due_on(at, rules.call), due_on(at, rules.answer)
    Order.objects.bulk_create([Order(rating=rating, opened_at=at, call_by=call, answer_by=answer)])


def _already(rating: Rating) -> Refusal:
    return Refusal(
        "feedback.rated",
        "%(time)s 评价过了，是“%(level)s”。评价后一天内可以改一次，处理开始以后不能再改。",
        basis="国办发〔2019〕51号",
        time=f"{local(rating.changed_at or rating.rated_at):%Y-%m-%d %H:%M}",
        level=rating.grade,
    )
