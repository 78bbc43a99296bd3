"""What of a case its applicant is told: each step that changes what they wait for."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from onedoor.cases import codes
from onedoor.cases.models import Case, Sender
from onedoor.cases.rules.delivery import Way
from onedoor.cases.rules.lifecycle import Action
from onedoor.citizens import queries as citizens
from onedoor.ledger.queries import Recorded
from onedoor.messages import services as messages
from onedoor.messages.rules import NEWS, Topic

TOLD: dict[Action, tuple[Topic, str]] = {
    Action.PRE_RETURN: (Topic.PRE_RETURNED, "resubmit_due_on"),
    Action.RECEIVE: (Topic.RECEIVED, "receipt_due_on"),
    Action.ASK_CORRECTION: (Topic.CORRECTING, "correction_due_on"),
    Action.ACCEPT: (Topic.ACCEPTED, "promised_due_on"),
    Action.ACCEPT_TOLERANT: (Topic.ACCEPTED, "promised_due_on"),
    Action.DEEM_ACCEPTED: (Topic.ACCEPTED, "promised_due_on"),
    Action.EXTEND: (Topic.EXTENDED, "statutory_due_on"),
    Action.PUT_OFF: (Topic.PUT_OFF, "supplement_due_on"),
    Action.REJECT: (Topic.REJECTED, ""),
    Action.SUSPEND: (Topic.STOPPED, ""),
    Action.TELL_FORWARDED: (Topic.FORWARDED, ""),
    Action.GRANT: (Topic.GRANTED, ""),
    Action.REFUSE: (Topic.REFUSED, ""),
    Action.MAKE_READY: (Topic.READY, ""),
    Action.SERVE_ONLINE: (Topic.SERVED, ""),
    Action.DEPOSIT: (Topic.DEPOSITED, ""),
    Action.RETURN_UNANSWERED: (Topic.RETURNED, ""),
    Action.RETURN_UNKEPT: (Topic.RETURNED, ""),
}
"""By step: what is told, and the day named with it. A step missing here needs no telling: what is
done at a window at once, what the applicant does, and what stays inside the house."""


def tell_of(entry: Recorded, *, at: datetime) -> None:
    """Write the message about a step of a case, unless it is old news or was overtaken.

    A day that no longer stands, because the case has gone on, leaves the message out: the next one
    says what holds now.
    """
    told = TOLD.get(Action(entry.facts["action"]))
    if told is None or at - entry.at > NEWS:
        return
    topic, column = told
    _tell(entry, entry.subject.removeprefix("case:"), topic, column, at=at)


def tell_of_end(entry: Recorded, *, at: datetime) -> None:
    """Write the message that the decision which ended a licence was served on its holder's page."""
    if entry.facts["way"] == Way.ONLINE.value and at - entry.at <= NEWS:
        _tell(entry, entry.subject.removeprefix("licence:"), Topic.SERVED, "", at=at)


def _tell(entry: Recorded, number: str, topic: Topic, column: str, *, at: datetime) -> None:
    found = Case.objects.select_related("applicant", "item_version")
    case = found.filter(number=number, erased_at=None).first()
    due = getattr(case, column) if case is not None and column else None
    if case is None or (column and due is None):
        return
    token = codes.track_token(case.pk, case.code_key)
    messages.tell(
        topic,
        phone=case.applicant.phone,
        facts={
            "item": case.item_version.name,
            "alias": case.alias,
            "due": f"{due.month}月{due.day}日" if due else "",
            "address": settings.PUBLIC_URL + reverse("cases:progress", args=[token]),
        },
        about=case.subject,
        key=f"{entry.subject}:{entry.version}",
        at=at,
        mails=_mails(case),
        in_app=True,
    )


def _mails(case: Case) -> set[str]:
    """Return the addresses to tell: of whoever sent it, and of the applicant where they sign in."""
    sender = Sender.objects.filter(case=case).values_list("citizen", flat=True)
    who = case.applicant
    return citizens.mails_of(list(sender), id_type=who.id_type, id_number=str(who.id_number))
