"""Money that has to be handled, and what was handled, with its vouchers."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from onedoor.accounts.rules import Actor, Role
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotValid, Refusal
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import Fact
from onedoor.rectification.models import Amount, Finding, Payment
from onedoor.rectification.rules.words import Change, MoneyKind
from onedoor.rectification.services.moving import Effect, change, check_seen, written
from onedoor.rectification.services.work import open_only, side_only, workers_only


@ledger.recorded
def add_amount(
    finding: Finding, *, kind: MoneyKind, due_fen: int, seen: int, by: Actor, at: datetime
) -> Finding:
    """Enter money that has to be handled: by the auditors, once for each way of handling."""
    check_seen(finding, seen)
    side_only(finding, by, Role.AUDITOR, Role.LEAD_OFFICE, on=day_of(at))
    open_only(finding)
    if due_fen <= 0:
        raise NotValid("finding.amount", "金额要大于 0。", field="due")
    if Amount.objects.filter(finding=finding, kind=kind.value).exists():
        raise Refusal("finding.amount_twice", "“%(kind)s”的金额已经登记过。", kind=kind)
    Amount.objects.create(finding=finding, kind=kind.value, due_fen=due_fen)
    details: dict[str, Fact] = {"kind": kind.value, "fen": due_fen}
    return change(finding, Change.AMOUNT, Effect(details=details), by=by, at=at)


@ledger.recorded
def pay(
    amount: Amount, *, fen: int, on: date, voucher: str, seen: int, by: Actor, at: datetime
) -> Finding:
    """Enter money that was handled, with its voucher; never more than what was to be handled."""
    finding = amount.finding
    check_seen(finding, seen)
    workers_only(finding, by)
    open_only(finding)
    voucher = written(voucher, name="voucher")[:100]
    if fen <= 0 or not voucher:
        raise NotValid("finding.payment", "请写大于 0 的金额和凭证号。", field="voucher")
    if on > day_of(at):
        raise NotValid("finding.payment_future", "处理日期不能在今天以后。", field="on")
    within = Amount.objects.filter(pk=amount.pk, due_fen__gte=F("done_fen") + fen)
    if not within.update(done_fen=F("done_fen") + fen):
        raise Refusal(
            "finding.too_much",
            "处理的金额比应处理的还多。请对照凭证。",
            rest_fen=amount.rest_fen,
        )
    try:
        with transaction.atomic():
            Payment.objects.create(amount=amount, fen=fen, on=on, voucher=voucher, at=at, by=by.ref)
    except IntegrityError:
        raise Refusal("finding.voucher_twice", "这个凭证号已经登记过。") from None
    details: dict[str, Fact] = {"kind": amount.kind, "fen": fen}
    return change(finding, Change.PAID, Effect(details=details), by=by, at=at)
