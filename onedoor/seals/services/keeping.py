"""The register of seals: who keeps one, and whether it may be used."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from onedoor.accounts.models import Organisation, Person
from onedoor.accounts.rules import Actor, Role
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import digest
from onedoor.seals import pack, queries
from onedoor.seals.backends import Keys
from onedoor.seals.events import (
    PinWrong,
    SealHandedOver,
    SealRegistered,
    SealStateChanged,
    UnlockAsked,
)
from onedoor.seals.models import Authority, Handover, Seal
from onedoor.seals.rules.words import Backing, Medium, SealKind, SealState

REGISTERING = (Role.ADMIN, Role.SYSTEM)


@ledger.recorded
def register(
    kind: SealKind,
    *,
    code: str,
    name: str,
    medium: Medium,
    unit: Organisation,
    keeper: Person,
    deputy: Person | None,
    valid_from: date,
    valid_to: date,
    basis: str,
    by: Actor,
    at: datetime,
    file: bytes = b"",
    pin: str = "",
) -> Seal:
    """Take a seal into the register and give it to its keeper.

    An electronic one gets its keys: those in the file an authority gave out, or without one those
    of the demo authority, made here. The PIN opens the file once and is not kept.
    """
    _registrars_only(by)
    if valid_to < valid_from:
        raise NotValid("seal.dates", "印章的有效期应在启用那天以后。", field="valid_to")
    if deputy == keeper:
        raise NotValid("seal.deputy", "备用保管人应是另一个人。", field="deputy")
    keys = beside = Keys("", "")
    if medium is Medium.ELECTRONIC and file:
        keys = given(file, pin, first=valid_from, last=valid_to)
    elif medium is Medium.ELECTRONIC:
        keys = _made(name, unit, first=valid_from, last=valid_to)
    if medium is Medium.ELECTRONIC:
        from onedoor.seals.backends import sm2  # where nobody registers a seal, it is not loaded

        beside = sm2.make(name=name, unit=unit.name, first=valid_from, last=valid_to)
    seal = Seal(
        code=code,
        name=name,
        kind=kind.value,
        medium=medium.value,
        unit=unit,
        keeper=keeper,
        deputy=deputy,
        valid_from=valid_from,
        valid_to=valid_to,
        state=SealState.ACTIVE.value,
        backing=(Backing.PKCS12 if file else Backing.DEMO).value,
        certificate=keys.certificate,
        chain=keys.chain,
        key=keys.key,
        sm2_certificate=beside.certificate,
        sm2_key=beside.key,
    )
    try:
        with transaction.atomic():
            seal.save(force_insert=True)
    except IntegrityError:
        raise Refusal(
            "seal.one_in_use", "%(kind)s已有一枚在用，或者编号重复。请先停用旧的。", kind=kind
        ) from None
    event = SealRegistered(
        subject=_subject(seal),
        seal_kind=kind.value,
        medium=medium.value,
        unit=unit.code,
        keeper=keeper.ref,
        deputy=deputy.ref if deputy else "",
        valid_from=valid_from,
        valid_to=valid_to,
        certificate=digest(keys.certificate.encode()) if keys.certificate else "",
        backing=seal.backing if keys.certificate else "",
    )
    ledger.record(event, by=by.ref, at=at)
    _note_handover(seal, None, keeper, basis=basis, by=by, at=at)
    return seal


@ledger.recorded
def hand_over(seal: Seal, *, to: Person, basis: str, by: Actor, at: datetime) -> Seal:
    """Give the seal to another keeper (交接), in front of whoever registers seals."""
    _registrars_only(by)
    if to == seal.keeper:
        raise NotValid("seal.same_keeper", "这枚印章本来就由这个人保管。", field="to")
    giver = seal.keeper
    deputy = None if seal.deputy == to else seal.deputy
    changed = Seal.objects.filter(pk=seal.pk, keeper=giver).exclude(state=SealState.DESTROYED.value)
    if not changed.update(keeper=to, deputy=deputy):
        raise _changed()
    event = SealHandedOver(subject=_subject(seal), giver=giver.ref, taker=to.ref)
    ledger.record(event, by=by.ref, at=at)
    _note_handover(seal, giver, to, basis=basis, by=by, at=at)
    return queries.seal_with(seal.code)


@ledger.recorded
def lock(seal: Seal, *, by: Actor, at: datetime) -> Seal:
    """Let nobody use the seal from this moment (紧急锁定): one person is enough."""
    _lockers_only(by)
    return _move(seal, SealState.ACTIVE, SealState.LOCKED, by=by, at=at)


@ledger.recorded
def ask_unlock(seal: Seal, *, by: Actor, at: datetime) -> Seal:
    """Ask for a locked seal to be used again."""
    _lockers_only(by)
    waiting = Seal.objects.filter(pk=seal.pk, state=SealState.LOCKED.value, unlock_asked_by="")
    if not waiting.update(unlock_asked_by=by.ref):
        raise _changed()
    ledger.record(UnlockAsked(subject=_subject(seal)), by=by.ref, at=at)
    return queries.seal_with(seal.code)


@ledger.recorded
def confirm_unlock(seal: Seal, *, by: Actor, at: datetime) -> Seal:
    """Let a locked seal be used again: by somebody else than whoever asked."""
    _lockers_only(by)
    asked_by = seal.unlock_asked_by
    if not asked_by:
        raise Refusal("seal.unlock_not_asked", "解锁要两个人：先由一个人提出。")
    if asked_by == by.ref:
        raise NotAllowed("seal.unlock_needs_two", "解锁要两个人，请另一个人确认。")
    return _move(seal, SealState.LOCKED, SealState.ACTIVE, by=by, at=at, second=asked_by)


@ledger.recorded
def stop(seal: Seal, *, by: Actor, at: datetime) -> Seal:
    """Take a seal out of use for good (停用); what it sealed stays as it is."""
    _registrars_only(by)
    return _move(seal, seal.standing, SealState.STOPPED, by=by, at=at)


@ledger.recorded
def destroy(seal: Seal, *, witness: Person, by: Actor, at: datetime) -> Seal:
    """Record that a stopped seal was destroyed by two people (销毁); its private keys go too."""
    _registrars_only(by)
    if witness.ref == by.ref:
        raise NotAllowed("seal.destroy_needs_two", "销毁印章要两个人在场。")
    moved = _move(seal, SealState.STOPPED, SealState.DESTROYED, by=by, at=at, second=witness.ref)
    moved.key = moved.sm2_key = ""
    moved.save(update_fields=["key", "sm2_key"])
    return moved


def _move(
    seal: Seal,
    before: SealState,
    after: SealState,
    *,
    by: Actor,
    at: datetime,
    second: str = "",
) -> Seal:
    allowed = {
        (SealState.ACTIVE, SealState.LOCKED),
        (SealState.LOCKED, SealState.ACTIVE),
        (SealState.ACTIVE, SealState.STOPPED),
        (SealState.LOCKED, SealState.STOPPED),
        (SealState.STOPPED, SealState.DESTROYED),
    }
    rows = Seal.objects.filter(pk=seal.pk, state=before.value)
    moved: dict[str, object] = {"state": after.value, "unlock_asked_by": ""}
    if after is SealState.ACTIVE:
        moved["pin_failures"] = 0
    if (before, after) not in allowed or not rows.update(**moved):
        raise _changed()
    event = SealStateChanged(
        subject=_subject(seal), before=before.value, after=after.value, second=second
    )
    ledger.record(event, by=by.ref, at=at)
    return queries.seal_with(seal.code)


def count_try(seal: Seal) -> bool:
    """Count a PIN before it is tried; say whether there is a try left."""
    left = Seal.objects.filter(
        pk=seal.pk, state=SealState.ACTIVE.value, pin_failures__lt=pack.pin_tries()
    )
    return bool(left.update(pin_failures=F("pin_failures") + 1))


@ledger.recorded
def note_wrong_pin(seal: Seal, *, by: Actor, at: datetime) -> int:
    """Note a wrong PIN, and lock the seal after too many in a row; return how many may follow."""
    row = Seal.objects.only("pin_failures", "state").get(pk=seal.pk)
    count = row.pin_failures
    ledger.record(PinWrong(subject=_subject(seal), count=count), by=by.ref, at=at)
    left = max(pack.pin_tries() - count, 0)
    if not left and row.standing is SealState.ACTIVE:
        _move(seal, SealState.ACTIVE, SealState.LOCKED, by=by, at=at)
    return left


def _made(name: str, unit: Organisation, *, first: date, last: date) -> Keys:
    """Return keys the demo authority vouches for, which has its own from the first time on."""
    from onedoor.seals.backends.demo import Demo  # pyHanko

    kept = queries.authority()
    if kept is None:
        made = Demo().authority()
        rows = [Authority(certificate=made.certificate, key=made.key)]
        Authority.objects.bulk_create(rows, ignore_conflicts=True)
        kept = Authority.objects.get()
    authority = Keys(str(kept.key), kept.certificate)
    return Demo().keys(authority, name=name, unit=unit.name, first=first, last=last)


def given(file: bytes, pin: str, *, first: date, last: date) -> Keys:
    """Return the keys of a file, or refuse where the seal would outlive its certificate."""
    from onedoor.seals.backends import pkcs12  # pyHanko

    given = pkcs12.read(file, pin=pin)
    if first < given.first or last > given.last:
        raise NotValid(
            "seal.certificate_dates",
            "证书从%(first)s到%(last)s有效，印章的日期要在这里面。",
            field="valid_to",
            first=given.first,
            last=given.last,
        )
    return given.keys


def _note_handover(
    seal: Seal, giver: Person | None, taker: Person, *, basis: str, by: Actor, at: datetime
) -> None:
    Handover.objects.create(seal=seal, giver=giver, taker=taker, witness=by.ref, basis=basis, at=at)


def _registrars_only(by: Actor) -> None:
    if not by.holds_any(*REGISTERING):
        raise NotAllowed("seal.not_registrar", "印章由系统管理员登记。")


def _lockers_only(by: Actor) -> None:
    if not by.holds_any(*queries.LOCKING):
        raise NotAllowed("seal.not_locker", "印章由印章管理员、督查或安全管理员锁定。")


def _subject(seal: Seal) -> str:
    return f"seal:{seal.code}"


def _changed() -> Refusal:
    return Refusal("seal.changed", "这枚印章的状态刚变过，或者现在不能这样做。请看过再办。")
