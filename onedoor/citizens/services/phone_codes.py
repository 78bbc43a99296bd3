"""A code sent to a telephone shows that whoever types it holds it."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime
from uuid import UUID

from django.db.models import F

from onedoor.accounts.services import count_attempt
from onedoor.citizens.models import Citizen, PhoneCode
from onedoor.citizens.rules import (
    CODE_DIGITS,
    CODE_LIFE,
    CODE_TRIES,
    HOUR,
    SENDS,
    SENDS_FROM,
)
from onedoor.citizens.services.accounts import enter_by_phone
from onedoor.kernel import crypto
from onedoor.kernel.codes import phone as phones
from onedoor.kernel.errors import NotValid, Refusal
from onedoor.ledger import services as ledger
from onedoor.messages import services as messages
from onedoor.messages.rules import Topic


def send_code(phone: str, *, origin: str, at: datetime) -> PhoneCode:
    """Send a new code to a mobile number; the one before is good no longer."""
    number = phones.parse(phone)
    if not number.is_mobile:
        raise NotValid("phone.not_mobile", "座机收不到短信。请填手机号。", field="phone")
    count_attempt(f"code-from:{origin}", limit=SENDS_FROM, window=HOUR, at=at)
    count_attempt(f"code-to:{number.value}", limit=SENDS, window=HOUR, at=at)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    index = crypto.index_of(number.value, purpose="phone_code.phone")
    row, _ = PhoneCode.objects.update_or_create(
        phone_index=index,
        defaults={"phone": number.value, "digest": "", "sent_at": at, "tries": 0},
    )
    PhoneCode.objects.filter(pk=row.pk).update(digest=_digest(row, code))
    messages.forget_about(row.about)
    messages.tell(
        Topic.CODE,
        phone=number.value,
        facts={"code": code, "minutes": str(int(CODE_LIFE.total_seconds() // 60))},
        about=row.about,
        key=f"{row.about}:{at.timestamp():.3f}",
        at=at,
    )
    return row


def sent_code(ref: str) -> PhoneCode | None:
    """Return the code that was sent, by its row's id."""
    try:
        return PhoneCode.objects.filter(pk=UUID(ref)).first()
    except ValueError:
        return None


def enter_by_code(sent: PhoneCode, code: str, *, at: datetime) -> Citizen:
    """Return the account of the number whose code was typed; refuse a wrong or an old one.

    A try is counted before it is made, so that many at once are no way around. The code is used up
    with the account it opens: whoever is cut off in between types it again.
    """
    return _entered(_tried(sent, code, at=at), at=at)


def _tried(sent: PhoneCode, code: str, *, at: datetime) -> PhoneCode:
    held = PhoneCode.objects.filter(pk=sent.pk)
    alive = held.filter(sent_at__gt=at - CODE_LIFE, tries__lt=CODE_TRIES)
    if not alive.update(tries=F("tries") + 1) or (row := held.first()) is None:
        raise NotValid("citizen.code_over", "这个验证码不能用了。请重新取一个。", field="code")
    if not hmac.compare_digest(row.digest.encode(), _digest(row, code).encode()):
        left = max(CODE_TRIES - row.tries, 0)
        raise NotValid(
            "citizen.code_wrong", "验证码不对。还可以试 %(n)s 次。", field="code", n=left
        )
    return row


@ledger.recorded
def _entered(row: PhoneCode, *, at: datetime) -> Citizen:
    if not PhoneCode.objects.filter(pk=row.pk, digest=row.digest).delete()[0]:
        raise Refusal("citizen.code_used", "这个验证码用过了。")
    messages.forget_about(row.about)
    return enter_by_phone(str(row.phone), at=at)


def forget_codes(*, at: datetime) -> int:
    """Delete codes nobody typed, with their numbers; return how many."""
    old = list(PhoneCode.objects.filter(sent_at__lt=at - 2 * CODE_LIFE)[:200])
    for row in old:
        messages.forget_about(row.about)
    return PhoneCode.objects.filter(pk__in=[row.pk for row in old]).delete()[0] if old else 0


def _digest(row: PhoneCode, code: str) -> str:
    return crypto.mac(f"{row.pk}:{code}", purpose="phone_code").hex()
