"""What we do when others announce something. Idempotent: it may be heard twice."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from onedoor.feedback.models import Matter
from onedoor.feedback.rules.matters import Action
from onedoor.feedback.services.matters import follow_token
from onedoor.ledger.queries import Recorded
from onedoor.messages import services as messages
from onedoor.messages.rules import NEWS, Topic


def on_matter_moved(entry: Recorded, at: datetime) -> None:
    """Tell whoever sent a matter and left a number that it was answered."""
    if entry.facts["action"] != Action.ANSWER.value or at - entry.at > NEWS:
        return
    matter = Matter.objects.filter(number=entry.subject.removeprefix("matter:")).first()
    if matter is None or not matter.phone:
        return
    token = follow_token(matter.pk, matter.code_key)
    messages.tell(
        Topic.ANSWERED,
        phone=matter.phone,
        facts={"address": settings.PUBLIC_URL + reverse("feedback:follow_matter", args=[token])},
        about=matter.subject,
        key=f"{entry.subject}:{entry.version}",
        at=at,
    )
