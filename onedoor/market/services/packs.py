"""The rules of a period: handed in by one, confirmed by another, signed for by each unit."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor, Role
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, Refusal
from onedoor.ledger import numbers
from onedoor.ledger import services as ledger
from onedoor.market import queries
from onedoor.market.events import RulesConfirmed, RulesProposed, ScopeSigned
from onedoor.market.models import RulePack, ScopeReceipt
from onedoor.market.rules.packs import Period, State, check_period
from onedoor.market.rules.reading import read_pack


@ledger.recorded
def propose(text: str, *, by: Actor, at: datetime) -> RulePack:
    """Take the rules of a period as a draft; they hold once somebody else has confirmed them."""
    if not by.holds_any(Role.MARKET, Role.SYSTEM):
        raise NotAllowed("market.not_operator", "规则由中介超市运营的人提交。")
    book = read_pack(text)
    _check(Period(book.first_on, book.last_on), at=at)
    pack = RulePack(
        number=numbers.take_yearly("rule_pack", RulePack.objects.all(), stem="GZ", width=3, at=at),
        title=book.title,
        document=book.document,
        first_on=book.first_on,
        last_on=book.last_on,
        text=text,
        digest=book.digest,
        proposed_by=by.ref,
        proposed_at=at,
    )
    pack.save(force_insert=True)
    event = RulesProposed(
        subject=pack.subject,
        first_on=book.first_on.isoformat(),
        last_on=book.last_on.isoformat(),
        digest=book.digest,
    )
    ledger.record(event, by=by.ref, at=at)
    return pack


def _check(period: Period, *, at: datetime) -> list[RulePack]:
    confirmed = list(RulePack.objects.filter(state=State.IN_FORCE.value))
    others = [Period(each.first_on, each.last_on) for each in confirmed]
    check_period(period, others, today=day_of(at))
    return [each for each in confirmed if each.first_on == period.first_on]


@ledger.recorded
def confirm(pack: RulePack, *, seen: str, by: Actor, at: datetime) -> RulePack:
    """Let the rules hold for their period, in the place of those confirmed for it before.

    ``seen`` is the digest of what was read: what was looked at is what takes effect.
    """
    if not by.holds_any(Role.SUPERVISOR, Role.SYSTEM):
        raise NotAllowed("market.not_supervisor", "规则由督查确认。")
    if by.ref == pack.proposed_by and not by.holds_any(Role.SYSTEM):
        raise NotAllowed("market.own_rules", "提交规则的人不能自己确认。")
    if seen != pack.digest or pack.standing is not State.DRAFT:
        raise Refusal("market.rules_meanwhile", "这份规则已经有人处理过，请看过再办。")
    replaced = _check(Period(pack.first_on, pack.last_on), at=at)
    for old in replaced:
        _set(old, State.REPLACED)
    confirmed = {"confirmed_by": by.ref, "confirmed_at": at}
    try:
        with transaction.atomic():
            _set(pack, State.IN_FORCE, **confirmed)
    except IntegrityError:
        raise _meanwhile() from None
    numbers_ = " ".join(old.number for old in replaced)
    event = RulesConfirmed(subject=pack.subject, digest=pack.digest, replaces=numbers_)
    ledger.record(event, by=by.ref, at=at)
    pack.refresh_from_db()
    return pack


def _set(pack: RulePack, state: State, **changes: object) -> None:
    unmoved = RulePack.objects.filter(pk=pack.pk, version=pack.version)
    if not unmoved.update(state=state.value, version=pack.version + 1, **changes):
        raise _meanwhile()


def _meanwhile() -> Refusal:
    return Refusal("market.rules_meanwhile", "这份规则已经有人处理过，请看过再办。")


@ledger.recorded
def sign(pack: RulePack, unit: Organisation, *, by: Actor, at: datetime) -> ScopeReceipt:
    """Sign for a unit that it has the list of the period; once, by its head."""
    if pack.standing is not State.IN_FORCE:
        raise Refusal("market.not_in_force", "这份规则还没有确认，或者已被替换，不用签收。")
    if not by.holds(Role.HEAD, unit.pk):
        raise NotAllowed("market.not_head", "签收由本单位负责人办。")
    listed = {bound.unit.code: bound.signed_at for bound in queries.bound_units(pack)}
    if unit.code not in listed:
        raise Refusal("market.unit_not_listed", "这个单位不在应进单位名单里。")
    if listed[unit.code] is not None:
        raise Refusal("market.signed_already", "这个单位已经签收过。")
    try:
        with transaction.atomic():
            receipt = ScopeReceipt.objects.create(pack=pack, unit=unit, by=by.ref, at=at)
    except IntegrityError:
        raise Refusal("market.signed_already", "这个单位已经签收过。") from None
    ledger.record(ScopeSigned(subject=pack.subject, unit=unit.code), by=by.ref, at=at)
    return receipt
