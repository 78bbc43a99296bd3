"""The register of seals: who keeps one, and whether it may be used."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from onedoor.accounts.models import Organisation, Person
from onedoor.accounts.rules import Actor, Role
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import digest
from onedoor.seals import queries
from onedoor.seals.backends import Keys, backend
from onedoor.seals.events import SealHandedOver, SealRegistered, SealStateChanged, UnlockAsked
from onedoor.seals.models import Authority, Handover, Seal
from onedoor.seals.rules.words import Medium, SealKind, SealState

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
) -> Seal:
    """Take a seal into the register and give it to its keeper; an electronic one gets its keys."""
    _registrars_only(by)
    if valid_to < valid_from:
        raise NotValid("seal.dates", "印章的有效期应在启用那天以后。", field="valid_to")
    if deputy == keeper:
        raise NotValid("seal.deputy", "备用保管人应是另一个人。", field="deputy")
    keys = Keys("", "")
    if medium is Medium.ELECTRONIC:
        keys = backend().keys(
            _authority(), name=name, unit=unit.name, first=valid_from, last=valid_to
        )
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
        certificate=keys.certificate,
        key=keys.key,
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
    """Record that a stopped seal was destroyed by two people (销毁); its private key goes too."""
    _registrars_only(by)
    if witness.ref == by.ref:
        raise NotAllowed("seal.destroy_needs_two", "销毁印章要两个人在场。")
    moved = _move(seal, SealState.STOPPED, SealState.DESTROYED, by=by, at=at, second=witness.ref)
    moved.key = ""
    moved.save(update_fields=["key"])
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
    if (before, after) not in allowed or not rows.update(state=after.value, unlock_asked_by=""):
        raise _changed()
    event = SealStateChanged(
        subject=_subject(seal), before=before.value, after=after.value, second=second
    )
    ledger.record(event, by=by.ref, at=at)
    return queries.seal_with(seal.code)


def _authority() -> Keys:
    """Return the keys of the authority, made where there are none yet."""
    kept = queries.authority()
    if kept is None:
        made = backend().authority()
        rows = [Authority(certificate=made.certificate, key=made.key)]
        Authority.objects.bulk_create(rows, ignore_conflicts=True)
        kept = Authority.objects.get()
    return Keys(str(kept.key), kept.certificate)


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
