"""Writing a message down, and sending what waits: nothing is lost, and nothing is told twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from onedoor.accounts.rules import SYSTEM
from onedoor.kernel.clock import local
from onedoor.kernel.codes import phone as phones
from onedoor.kernel.errors import NotValid, Refusal
from onedoor.ledger import services as ledger
from onedoor.messages import pack
from onedoor.messages.events import MessageFailed, MessageSent
from onedoor.messages.gateways import Gateway, Undelivered, gateway
from onedoor.messages.models import Message
from onedoor.messages.rules import AT_ONCE, WAITS, State, Topic

BATCH = 50
"""So many go out in one round of the worker; the next round follows."""


def tell(
    topic: Topic, *, phone: str, facts: Mapping[str, str], about: str, key: str, at: datetime
) -> bool:
    """Write down a message to a mobile number, once for each key; say whether there is one.

    A number that takes no messages is passed over. Inside quiet hours it waits for their end.
    """
    try:
        number = phones.parse(phone)
    except NotValid:
        return False
    if not number.is_mobile:
        return False
    message = Message(
        key=key,
        about=about,
        topic=topic.value,
        phone=number.value,
        text=pack.written(topic, facts),
        next_at=at if topic in AT_ONCE else pack.quiet().over(local(at)),
        created_at=at,
    )
    Message.objects.bulk_create([message], ignore_conflicts=True)
    return True


def send_waiting(*, at: datetime) -> int:
    """Send what is due, the oldest first; return how many were tried."""
    waiting = Message.objects.filter(state=State.WAITING.value, next_at__lte=at)
    if pack.quiet().holds(local(at).time()):
        waiting = waiting.filter(topic__in=[topic.value for topic in AT_ONCE])
    due = list(waiting.order_by("next_at")[:BATCH])
    if due:
        through = gateway()
        for message in due:
            _send(message, through, at=at)
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
        through.send(message.phone, message.text, key=message.pk.hex)
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
    if not failed.exclude(phone="").update(state=State.WAITING.value, tries=0, next_at=at):
        raise Refusal("messages.not_failed", "这条短信没有失败，或者内容已经删除，不用再发。")


def forget_about(about: str) -> None:
    """Delete words and number of every message about a subject; that there was one stays known."""
    told = Message.objects.filter(about=about)
    told.filter(state=State.WAITING.value).update(state=State.FAILED.value)
    told.update(phone="", text="")
