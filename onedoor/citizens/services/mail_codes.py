"""An e-mail address is told things only after its owner typed the code that went there."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import F

from onedoor.accounts.rules import APPLICANT
from onedoor.accounts.services import count_attempt
from onedoor.citizens.events import MailConfirmed, MailDropped
from onedoor.citizens.models import Citizen, MailCode
from onedoor.citizens.rules import (
    CODE_DIGITS,
    CODE_LIFE,
    CODE_TRIES,
    HOUR,
    LONGEST_MAIL,
    SENDS,
    SENDS_FROM,
)
from onedoor.kernel import crypto
from onedoor.kernel.errors import NotValid, Refusal
from onedoor.ledger import services as ledger
from onedoor.messages import services as messages
from onedoor.messages.rules import Topic


def send_mail_code(citizen: Citizen, email: str, *, origin: str, at: datetime) -> MailCode:
    """Send a code to an address; the one before, wherever it went, is good no longer."""
    address = _parsed(email)
    count_attempt(f"mail-code-from:{origin}", limit=SENDS_FROM, window=HOUR, at=at)
    count_attempt(f"mail-code-to:{address}", limit=SENDS, window=HOUR, at=at)
    count_attempt(f"mail-code-by:{citizen.pk}", limit=SENDS, window=HOUR, at=at)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    row, _ = MailCode.objects.update_or_create(
        citizen=citizen, defaults={"email": address, "digest": "", "sent_at": at, "tries": 0}
    )
    MailCode.objects.filter(pk=row.pk).update(digest=_digest(row, code))
    messages.forget_about(row.about)
    messages.tell_by_mail(
        Topic.MAIL_CODE,
        mail=address,
        facts={"code": code, "minutes": str(int(CODE_LIFE.total_seconds() // 60))},
        about=row.about,
        key=f"{row.about}:{at.timestamp():.3f}",
        at=at,
    )
    return row


def confirm_mail(citizen: Citizen, code: str, *, at: datetime) -> str:
    """Let somebody be told at the address whose code they typed; return it.

    A try is counted before it is made, and stays counted when it fails.
    """
    row = _tried(citizen, at=at)
    if not hmac.compare_digest(row.digest.encode(), _digest(row, code).encode()):
        left = max(CODE_TRIES - row.tries, 0)
        raise NotValid(
            "citizen.code_wrong", "验证码不对。还可以试 %(n)s 次。", field="code", n=left
        )
    _confirm(citizen, row, at=at)
    return str(row.email)


@ledger.recorded
def _confirm(citizen: Citizen, row: MailCode, *, at: datetime) -> None:
    if not MailCode.objects.filter(pk=row.pk, digest=row.digest).delete()[0]:
        raise Refusal("citizen.code_used", "这个验证码用过了。")
    messages.forget_about(row.about)
    Citizen.objects.filter(pk=citizen.pk, closed_at__isnull=True).update(email=row.email)
    citizen.email = row.email
    ledger.record(MailConfirmed(subject=citizen.subject), by=APPLICANT.ref, at=at)


def sent_mail_code(citizen: Citizen) -> MailCode | None:
    """Return the code that was sent and not typed yet."""
    return MailCode.objects.filter(citizen=citizen).first()


@ledger.recorded
def drop_mail(citizen: Citizen, *, at: datetime) -> None:
    """Tell somebody nothing by e-mail any more, and forget the address."""
    forget_mail_codes(citizen)
    if not citizen.email:
        return
    Citizen.objects.filter(pk=citizen.pk).update(email="")
    citizen.email = ""
    ledger.record(MailDropped(subject=citizen.subject), by=APPLICANT.ref, at=at)


def forget_mail_codes(citizen: Citizen) -> None:
    """Delete the code somebody did not type, with the address it went to."""
    for row in MailCode.objects.filter(citizen__in=citizen.ids()):
        messages.forget_about(row.about)
        row.delete()


def forget_old_mail_codes(*, at: datetime) -> int:
    """Delete codes nobody typed, with their addresses; return how many."""
    old = list(MailCode.objects.filter(sent_at__lt=at - 2 * CODE_LIFE)[:200])
    for row in old:
        messages.forget_about(row.about)
    return MailCode.objects.filter(pk__in=[row.pk for row in old]).delete()[0] if old else 0


def _tried(citizen: Citizen, *, at: datetime) -> MailCode:
    held = MailCode.objects.filter(citizen=citizen)
    alive = held.filter(sent_at__gt=at - CODE_LIFE, tries__lt=CODE_TRIES)
    if not alive.update(tries=F("tries") + 1) or (row := held.first()) is None:
        raise NotValid("citizen.code_over", "这个验证码不能用了。请重新取一个。", field="code")
    return row


def _parsed(email: str) -> str:
    name, _, domain = email.strip().rpartition("@")
    address = f"{name}@{domain.lower()}"
    try:
        validate_email(address)
    except ValidationError:
        raise _no_mail() from None
    if len(address) > LONGEST_MAIL:
        raise _no_mail()
    return address


def _no_mail() -> NotValid:
    return NotValid(
        "citizen.no_mail", "邮箱地址不对，请照着 name@example.com 的样子填。", field="email"
    )


def _digest(row: MailCode, code: str) -> str:
    return crypto.mac(f"{row.pk}:{code}", purpose="mail_code").hex()
