"""Send the newest signed head out of the house once a day (树头外送).

A head that lies in somebody else's mailbox proves that nothing before it was changed here. What
cannot be sent is a row with its next try, never an error in a round of the worker.
"""

from __future__ import annotations

import smtplib
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage

from onedoor.kernel.clock import day_of, local
from onedoor.ledger import installation
from onedoor.ledger.models import HeadMail, TreeHead

LONGEST_WAIT = timedelta(hours=6)


def mail_heads(*, at: datetime) -> int:
    """Send today's head to the addresses configured, if it is not sent yet; return how many."""
    if not settings.LEDGER_MAIL_TO:
        return 0
    head = TreeHead.objects.order_by("-size").first()
    if head is None:
        return 0
    row, _ = HeadMail.objects.get_or_create(day=day_of(at))
    if row.sent_at or (row.retry_at and at < row.retry_at):
        return 0
    mine = HeadMail.objects.filter(pk=row.pk)
    tried = row.tried_count + 1
    wait = min(timedelta(minutes=2 ** min(tried, 10)), LONGEST_WAIT)
    # Noted before it is sent: killed in between, it goes out a second time, but not at once.
    mine.update(tried_count=tried, retry_at=at + wait, size=head.size)
    try:
        _message(head).send()
    except (OSError, smtplib.SMTPException) as error:
        mine.update(error=type(error).__name__)
        return 0
    mine.update(sent_at=at, retry_at=None, error="")
    return 1


def line(head: TreeHead) -> str:
    """Return a head as ``onedoor verify ledger --head`` takes it, and when it was signed."""
    return f"{head.size}:{head.root} {local(head.at):%Y-%m-%dT%H:%M:%S%z}"


def _message(head: TreeHead) -> EmailMessage:
    current = installation.current()
    text = (
        f"{line(head)}\n\n"
        f"signature {head.signature}\n"
        f"public key {current.ledger_key}\n"
        f"installation {current.pk}\n\n"
        "请保留这封邮件。它能证明这之前的台账没有被改过：\n"
        f"onedoor verify ledger EXPORT --key {current.ledger_key} --head {head.size}:{head.root}\n"
    )
    return EmailMessage(
        subject=f"台账树头 {local(head.at):%Y-%m-%d} {head.size}",
        body=text,
        to=settings.LEDGER_MAIL_TO,
    )
