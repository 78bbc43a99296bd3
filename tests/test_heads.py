"""A head leaves the house once a day; what cannot be sent is tried again and breaks nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from onedoor.cli import main
from onedoor.ledger import installation, sealing
from onedoor.ledger.mailing import mail_heads
from onedoor.ledger.models import HeadMail, TreeHead

AT = datetime(2026, 3, 6, 2, tzinfo=UTC)

pytestmark = pytest.mark.django_db


class Down(EmailBackend):
    """A mail server nobody reaches."""

    def send_messages(self, messages):
        raise ConnectionRefusedError


@pytest.fixture(autouse=True)
def head(settings) -> TreeHead:
    settings.LEDGER_MAIL_TO = ["archive@county.example", "audit@city.example"]
    while sealing.seal():
        pass
    sealing.sign_head(at=AT)
    newest = TreeHead.objects.order_by("-size").first()
    assert newest is not None
    return newest


def test_the_head_goes_out_once_a_day(head):
    assert [mail_heads(at=AT), mail_heads(at=AT + timedelta(hours=3))] == [1, 0]
    assert mail_heads(at=AT + timedelta(days=1)) == 1

    first = mail.outbox[0]
    assert len(mail.outbox) == 2
    assert first.to == ["archive@county.example", "audit@city.example"]
    assert f"--head {head.size}:{head.root}" in first.body
    assert installation.current().ledger_key in first.body


def test_a_server_that_is_down_is_tried_again_later(settings):
    settings.EMAIL_BACKEND = f"{Down.__module__}.{Down.__qualname__}"
    assert mail_heads(at=AT) == 0
    row = HeadMail.objects.get()
    assert (row.error, row.tried_count, row.sent_at) == ("ConnectionRefusedError", 1, None)
    assert row.retry_at == AT + timedelta(minutes=2)

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert mail_heads(at=AT + timedelta(minutes=1)) == 0
    assert mail_heads(at=AT + timedelta(minutes=2)) == 1
    sent = HeadMail.objects.get()
    assert (sent.error, sent.tried_count, sent.retry_at) == ("", 2, None)


def test_nobody_configured_nobody_written_to(settings):
    settings.LEDGER_MAIL_TO = []

    assert mail_heads(at=AT) == 0
    assert not HeadMail.objects.exists()


def test_the_newest_heads_are_printed(head, capsys):
    assert main(["ledger", "heads", "--last", "2"]) == 0

    assert capsys.readouterr().out.startswith(f"{head.size}:{head.root} 2026-03-06T10:00:00+0800")
