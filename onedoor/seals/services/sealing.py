"""From the request written with the decision to the signature on the paper.

No seal without a decision or receipt, the keeper never the approver, and what is sealed is bit for
bit what was approved: the signature only adds bytes behind the last one.
"""

from __future__ import annotations

import io
from datetime import datetime

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor
from onedoor.files import services as files
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.kernel.written import insert
from onedoor.ledger import numbers as series
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import digest
from onedoor.seals import queries
from onedoor.seals.backends import Keys, Place, WrongPin, backend
from onedoor.seals.events import RequestTakenBack, SealAsked, SealRefused, SealUsed
from onedoor.seals.models import Beside, Seal, SealRequest, SealUse
from onedoor.seals.rules.words import RequestState, SealKind, SealState
from onedoor.seals.services.keeping import count_try, note_wrong_pin

BLOCK = 1
"""A use takes its number alone: what was rolled back after signing leaves a gap, and no other."""


@ledger.recorded
def ask(
    kind: SealKind,
    *,
    paper: str,
    paper_kind: str,
    digest: str,
    subject: str,
    step: int | None,
    unit: Organisation,
    approver: str,
    at: datetime,
    is_afterwards: bool = False,
) -> SealRequest:
    """Write down, where a paper is approved, that it needs a seal; part of that transaction."""
    request = SealRequest(
        paper=paper,
        paper_kind=paper_kind,
        digest=digest,
        subject=subject,
        step=step,
        unit_id=unit.pk,
        kind=kind.value,
        approver=approver,
        asked_at=at,
        is_afterwards=is_afterwards,
        state=RequestState.WAITING.value,
    )
    insert([request])
    event = SealAsked(
        subject=_subject(request),
        seal_kind=kind.value,
        digest=digest,
        about=subject,
        step=step,
        approver=approver,
    )
    ledger.record(event, by=approver, at=at)
    return request


def opened(kind: SealKind, *, pin: str, by: Actor, at: datetime) -> Keys:
    """Return the keys of the seal of a kind for its keeper, or refuse and say what to do.

    A PIN is counted before it is tried, so that many at once are no way around; a wrong one changes
    nothing else, and stays counted though the sealing is refused. Too many in a row lock the seal.
    """
    seal = queries.seal_for(kind)
    _may_use(seal, by=by, at=at)
    kept = _kept(seal)
    if seal.needs_pin and not pin:
        raise NotValid("seal.pin_needed", "请输入%(seal)s的 PIN。", field="pin", seal=seal.name)
    if seal.needs_pin and not count_try(seal):
        raise _locked(seal)
    try:
        keys = backend(seal.backed).opened(kept, pin=pin)
    except WrongPin:
        left = note_wrong_pin(seal, by=by, at=at)
        if not left:
            raise Refusal(
                "seal.pin_locked",
                "PIN 又输错了，%(seal)s已锁定。想起来了由两个人解锁；想不起来请系统管理员停用它，"
                "登记新的一枚。",
                seal=seal.name,
            ) from None
        raise NotValid(
            "seal.wrong_pin",
            "PIN 不对，没有盖。还可以试 %(left)s 次，再错印章就锁定。",
            field="pin",
            left=left,
        ) from None
    if seal.needs_pin:
        Seal.objects.filter(pk=seal.pk).update(pin_failures=0)
    return keys


def _kept(seal: Seal) -> Keys:
    """Return the keys as they are kept; a key that cannot be read any more is a lost one."""
    try:
        key = str(seal.key)
    except Refusal as refusal:
        if not refusal.code.startswith("key."):
            raise
        key = ""
    if not key:
        raise Refusal(
            "seal.key_lost",
            "%(seal)s的密钥读不出来，不能用印。请马上锁定它，再请系统管理员停用，登记新的一枚。",
            seal=seal.name,
        )
    return Keys(key, seal.certificate, seal.chain)


@ledger.recorded
def use(
    request: SealRequest, *, pdf: bytes, place: Place, keys: Keys, by: Actor, at: datetime
) -> SealUse:
    """Put the seal on a paper: sign its PDF, keep that, enter it into the register.

    Refused where the seal is locked, stopped or out of date, where its keeper is another or is
    the one who approved the paper, and where somebody sealed it meanwhile. The keys were opened
    before; the seal may have been locked or changed for another since.
    """
    seal = queries.seal_for(request.what)
    _may_use(seal, by=by, at=at)
    if request.approver == by.ref:
        raise NotAllowed("seal.own_decision", "批的人不盖章。请另一位保管人来盖。")
    if seal.certificate != keys.certificate:
        raise Refusal("seal.changed", "这枚印章的状态刚变过，或者现在不能这样做。请看过再办。")
    mine = SealRequest.objects.filter(pk=request.pk, state=RequestState.WAITING.value)
    # First of all: of two keepers at once, one signs.
    if not mine.update(state=RequestState.SEALED.value):
        raise Refusal("seal.not_waiting", "这份文书刚用过印或已搁置，没有再盖。")
    signed = backend(seal.backed).sign(pdf, seal=keys, name=seal.name, place=place, at=at)
    assert signed.startswith(pdf), "A signature adds bytes behind what was approved."
    file = files.store(io.BytesIO(signed), at=at)
    year = day_of(at).year
    serial = series.take_within(
        f"seal-use:{year}", highest_used=lambda: queries.highest_use(year), block=BLOCK
    )
    made = SealUse(
        number=f"印{year}-{serial:06d}",
        year=year,
        serial=serial,
        request=request,
        seal=seal,
        approved=digest(pdf),
        file=file,
        used_at=at,
        used_by=by.ref,
    )
    SealUse.objects.bulk_create([made])
    beside = _signed_beside(seal, signed, at=at)
    if beside:
        Beside.objects.bulk_create([Beside(use=made, signature=beside)])
    request.state = RequestState.SEALED.value
    event = SealUsed(
        subject=_subject(request),
        number=made.number,
        seal=seal.code,
        approver=request.approver,
        approved=made.approved,
        sealed=file.digest,
        beside=digest(beside) if beside else "",
    )
    ledger.record(event, by=by.ref, at=at)
    return made


def _signed_beside(seal: Seal, content: bytes, *, at: datetime) -> bytes:
    """Return the SM2 signature over the sealed file; none where the seal has no such key."""
    if not seal.sm2_certificate:
        return b""
    from onedoor.seals.backends import sm2  # as pyHanko: loaded where somebody seals

    return sm2.sign(content, seal=Keys(str(seal.sm2_key), seal.sm2_certificate), at=at)


def _may_use(seal: Seal, *, by: Actor, at: datetime) -> None:
    if not queries.keeps(seal, by):
        raise NotAllowed("seal.not_keeper", "%(seal)s由它的保管人来盖，您不是。", seal=seal.name)
    if seal.standing is SealState.LOCKED:
        raise _locked(seal)
    if not queries.is_valid(seal, on=day_of(at)):
        raise Refusal(
            "seal.out_of_date",
            "%(seal)s不在有效期里，不能用印。请系统管理员停用它，登记新的一枚。",
            seal=seal.name,
        )


def _locked(seal: Seal) -> Refusal:
    return Refusal(
        "seal.locked",
        "%(seal)s已锁定，不能用印。没有丢的，由两个人解锁；丢了的，请系统管理员停用它，登记新的一枚。",
        seal=seal.name,
    )


@ledger.recorded
def put_aside(request: SealRequest, *, refusal: Refusal, by: Actor, at: datetime) -> SealRequest:
    """Set a request aside with the reason why its paper cannot be sealed (搁置)."""
    mine = SealRequest.objects.filter(pk=request.pk, state=RequestState.WAITING.value)
    reason = str(refusal)[:300]
    if not mine.update(state=RequestState.SET_ASIDE.value, reason=reason):
        raise Refusal("seal.not_waiting", "这份文书刚用过印或已搁置，没有再盖。")
    event = SealRefused(subject=_subject(request), code=refusal.code)
    ledger.record(event, by=by.ref, at=at)
    return queries.request_for(request.paper)


@ledger.recorded
def take_back(request: SealRequest, *, by: Actor, at: datetime) -> SealRequest:
    """Let a request that was set aside wait again, once what was wrong is put right."""
    if not queries.keeps(queries.seal_for(request.what), by):
        raise NotAllowed("seal.not_keeper", "%(seal)s由它的保管人来盖，您不是。", seal=request.what)
    rows = SealRequest.objects.filter(pk=request.pk, state=RequestState.SET_ASIDE.value)
    if not rows.update(state=RequestState.WAITING.value, reason=""):
        raise Refusal("seal.not_set_aside", "这份文书没有搁置。")
    ledger.record(RequestTakenBack(subject=_subject(request)), by=by.ref, at=at)
    return queries.request_for(request.paper)


def _subject(request: SealRequest) -> str:
    return f"seal-use:{request.paper}"
