"""What may be asked about messages: those about a subject, the outbox."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count, QuerySet

from onedoor.kernel.errors import NotFound
from onedoor.messages.models import Message
from onedoor.messages.rules import Channel, State


def sent_about(about: str) -> list[Message]:
    """Return what was sent about a subject and is still known, the latest first."""
    sent = Message.objects.filter(about=about, state=State.SENT.value).order_by("-sent_at")
    return [message for message in sent.filter(channel=Channel.SMS.value) if message.text]


def in_app(subjects: Collection[str]) -> QuerySet[Message]:
    """Return what is told about these subjects to whoever signs in, the latest first."""
    told = Message.objects.filter(about__in=subjects, channel=Channel.APP.value)
    return told.order_by("-created_at")


def outbox(state: State | None) -> QuerySet[Message]:
    """Return the messages in a state, or all; the latest first."""
    found = Message.objects.exclude(channel=Channel.APP.value).order_by("-created_at")
    return found.filter(state=state.value) if state else found


def counts() -> dict[State, int]:
    """Return how many there are in each state."""
    sent = Message.objects.exclude(channel=Channel.APP.value)
    told = sent.values_list("state").annotate(n=Count("pk")).order_by()
    by_state = dict(told)
    return {state: by_state.get(state.value, 0) for state in State}


def message_with(key: str) -> Message:
    """Return the message with this key, or refuse."""
    found = Message.objects.filter(key=key).first()
    if found is None:
        raise NotFound("messages.not_found", "没有这一条。")
    return found


def last_about(about: str) -> Message | None:
    """Return the last message about a subject whose words are still known."""
    told = Message.objects.filter(about=about).order_by("-created_at")
    return next((message for message in told if message.text), None)
