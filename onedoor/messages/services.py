"""Writing a message down, and sending what waits: nothing is lost, and nothing is told twice."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from onedoor.accounts.rules import SYSTEM
from onedoor.kernel.clock import local
from onedoor.kernel.codes import phone as phones
from onedoor.kernel.errors import NotValid, Refusal
from onedoor.ledger import services as ledger
from onedoor.messages import pack
from onedoor.messages.events import MessageFailed, MessageSent
from onedoor.messages.gateways import Gateway, Undelivered, gateway, mailer
from onedoor.messages.models import Message
from onedoor.messages.rules import AT_ONCE, WAITS, Channel, State, Topic

BATCH = 50
"""So many go out in one round of the worker; the next round follows."""


def tell(
    topic: Topic,
    *,
    phone: str,
    facts: Mapping[str, str],
    about: str,
    key: str,
    at: datetime,
    mails: Collection[str] = (),
    in_app: bool = False,
) -> bool:
    """Write down what somebody is told, once for each key and way; say whether it goes anywhere.

    By text message, by e-mail to the addresses they confirmed, and ``in_app`` where they find it
    when they sign in. A number that takes no messages is passed over. Inside quiet hours what is
    sent waits for their end.
    """
    text = pack.written(topic, facts)
    number = _mobile(phone)
    rows = [_row(topic, Channel.SMS, number, text, about=about, key=key, at=at)] if number else []
    rows += [
        _row(topic, Channel.MAIL, mail, _letter(topic, text), about=about, key=f"{key}:m{n}", at=at)
        for n, mail in enumerate(sorted(set(mails)), start=1)
    ]
    goes_out = bool(rows)
    if in_app:
        rows.append(_row(topic, Channel.APP, "", text, about=about, key=f"{key}:app", at=at))
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    return goes_out


def tell_by_mail(
    topic: Topic, *, mail: str, facts: Mapping[str, str], about: str, key: str, at: datetime
) -> None:
    """Write down an e-mail to one address, once for each key."""
    text = _letter(topic, pack.written(topic, facts))
    row = _row(topic, Channel.MAIL, mail, text, about=about, key=key, at=at)
    Message.objects.bulk_create([row], ignore_conflicts=True)


def _mobile(phone: str) -> str:
    try:
        number = phones.parse(phone)
    except NotValid:
        return ""
    return number.value if number.is_mobile else ""


def _letter(topic: Topic, text: str) -> str:
    """Return the subject of a letter, and in the lines after it what it says."""
    return f"{topic.zh}\n{text}"


def _row(
    topic: Topic, channel: Channel, to: str, text: str, *, about: str, key: str, at: datetime
) -> Message:
    is_there = channel is Channel.APP
    goes_at = at if is_there or topic in AT_ONCE else pack.quiet().over(local(at))
    return Message(
        key=key,
        about=about,
        topic=topic.value,
        channel=channel.value,
        to=to,
        text=text,
        state=(State.SENT if is_there else State.WAITING).value,
        sent_at=at if is_there else None,
        next_at=goes_at,
        created_at=at,
    )


def send_waiting(*, at: datetime) -> int:
    """Send what is due, the oldest first; return how many were tried."""
    waiting = Message.objects.filter(state=State.WAITING.value, next_at__lte=at)
    if pack.quiet().holds(local(at).time()):
        waiting = waiting.filter(topic__in=[topic.value for topic in AT_ONCE])
    due = list(waiting.order_by("next_at")[:BATCH])
    if due:
        ways: dict[Channel, Gateway] = {Channel.SMS: gateway(), Channel.MAIL: mailer()}
        for message in due:
            _send(message, ways[message.through], at=at)
    return len(due)


def _send(message: Message, through: Gateway, *, at: datetime) -> None:
    """Try once. Noted before it is sent: killed in between, it goes again later, with its key."""
    tries = message.tries + 1
    is_last = tries > len(WAITS)
    mine = Message.objects.filter(pk=message.pk, tries=message.tries, state=State.WAITING.value)
    if not mine.update(tries=tries, next_at=at + WAITS[min(tries, len(WAITS)) - 1]):
        return
    message.tries, message.gateway = tries, through.name
    try:
        through.send(message.to, message.text, key=message.pk.hex)
    except Undelivered as error:
        message.fault = error.fault[:60]
        if error.is_final or is_last:
            _given_up(message, at=at)
        else:
            mine = Message.objects.filter(pk=message.pk)
            mine.update(fault=message.fault, gateway=through.name)
    else:
        _gone(message, at=at)


@ledger.recorded
def _gone(message: Message, *, at: datetime) -> None:
    mine = Message.objects.filter(pk=message.pk)
    mine.update(state=State.SENT.value, sent_at=at, fault="", gateway=message.gateway)
    ledger.record(MessageSent(**_facts(message)), by=SYSTEM.ref, at=at)


@ledger.recorded
def _given_up(message: Message, *, at: datetime) -> None:
    mine = Message.objects.filter(pk=message.pk)
    mine.update(state=State.FAILED.value, fault=message.fault, gateway=message.gateway)
    event = MessageFailed(**_facts(message), fault=message.fault)
    ledger.record(event, by=SYSTEM.ref, at=at)


def _facts(message: Message) -> dict[str, Any]:
    return {
        "subject": message.subject,
        "topic": message.topic,
        "about": message.about,
        "gateway": message.gateway,
        "tries": message.tries,
    }


def send_again(message: Message, *, at: datetime) -> None:
    """Let a message that was given up be tried anew."""
    failed = Message.objects.filter(pk=message.pk, state=State.FAILED.value)
    if not message.to or not failed.update(state=State.WAITING.value, tries=0, next_at=at):
        raise Refusal("messages.not_failed", "这一条没有失败，或者内容已经删除，不用再发。")


def forget_about(about: str) -> None:
    """Delete words and number of every message about a subject; that there was one stays known."""
    told = Message.objects.filter(about=about)
    told.filter(state=State.WAITING.value).update(state=State.FAILED.value)
    told.update(to="", text="")
