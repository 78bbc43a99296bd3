"""Requests answered before: the same request again gets the same answer, once done (幂等)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import IntegrityError

from onedoor.accounts.models import (
    AnsweredRequest,
)
from onedoor.accounts.rules import Actor
from onedoor.kernel import crypto
from onedoor.kernel.errors import NotValid, Refusal
from onedoor.kernel.prepared import Prepared
from onedoor.kernel.rows import new
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import digest

T = TypeVar("T")

BY_KEY: Prepared[AnsweredRequest] = Prepared(AnsweredRequest.objects.all, by=("actor", "key"))

KEEP_ANSWERS = timedelta(days=7)


def _body_digest(body: bytes) -> str:
    """Return a keyed digest: who knows a name must not be able to try identity numbers by it."""
    return crypto.mac(digest(body), purpose="answered_request.body").hex()


def answer_once(
    answer: Callable[[T], str],
    *,
    prepare: Callable[[], T],
    actor: Actor,
    key: str,
    body: bytes,
    at: datetime,
) -> str:
    """Return what ``answer`` returns, and the same again when the request comes again (幂等).

    The answer is kept in the transaction that did the work: a request that arrives twice, even
    at once, is done once. A key used for another body is refused. ``prepare`` is called before
    the transaction, for a new request only: what was answered stays answered.
    """
    if (earlier := _earlier(actor, key, body)) is not None:
        return earlier
    prepared = prepare()
    try:
        return _answer(lambda: answer(prepared), actor.ref, key, _body_digest(body), at)
    except (IntegrityError, Refusal):
        # Whoever came first may be why this one was refused: it is the same request.
        if (earlier := _earlier(actor, key, body)) is not None:
            return earlier
        raise


@ledger.recorded
def _answer(answer: Callable[[], str], actor: str, key: str, body_digest: str, at: datetime) -> str:
    text = answer()
    ledger.beside(
        [
            new(
                AnsweredRequest,
                actor=actor,
                key=key,
                body_digest=body_digest,
                answer=text,
                answered_at=at,
            )
        ]
    )
    return text


def _earlier(actor: Actor, key: str, body: bytes) -> str | None:
    if not 1 <= len(key) <= 80 or not key.isascii() or not key.isprintable():
        raise NotValid(
            "request.bad_key",
            "Idempotency-Key 应是 1 到 80 个可打印的英文字符。",
            field="Idempotency-Key",
        )
    row = BY_KEY.first(actor.ref, key)
    if row is None:
        return None
    if row.body_digest != _body_digest(body):
        raise NotValid(
            "request.key_reused",
            "这个 Idempotency-Key 已用于另一个请求。请换一个。",
            field="Idempotency-Key",
        )
    return str(row.answer)


def forget_answers(*, at: datetime) -> int:
    """Drop answers older than seven days; return how many."""
    old = AnsweredRequest.objects.filter(answered_at__lt=at - KEEP_ANSWERS)
    return old.delete()[0]
