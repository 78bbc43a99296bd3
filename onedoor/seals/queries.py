"""What may be asked about seals: which there are, what waits for one, what was sealed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Count, Max, Q, QuerySet

from onedoor.accounts.rules import Actor, Role
from onedoor.files.models import StoredFile
from onedoor.kernel.errors import NotFound, Refusal
from onedoor.ledger import queries as ledger
from onedoor.seals.models import Authority, Beside, HandUse, Seal, SealRequest, SealUse
from onedoor.seals.rules.words import Medium, RequestState, SealKind, SealState

LOCKING = (Role.KEEPER, Role.SUPERVISOR, Role.SECURITY_ADMIN)
"""Who may lock a seal at once, and ask for it to be used again or confirm that."""

IN_USE = (SealState.ACTIVE.value, SealState.LOCKED.value)


def seals() -> QuerySet[Seal]:
    """Return every seal, those in use first; the private key is read only where one signs."""
    found = Seal.objects.select_related("unit", "keeper", "deputy").defer("key", "sm2_key")
    return found.prefetch_related("handovers__giver", "handovers__taker").order_by("state", "code")


def seal_with(code: str) -> Seal:
    """Return the seal with this code, or refuse."""
    found = seals().filter(code=code).first()
    if found is None:
        raise NotFound("seal.not_found", "没有这枚印章，或者不是给您看的。")
    return found


def in_use(kind: SealKind) -> Seal | None:
    """Return the electronic seal of a kind that is in use, locked or not."""
    found = seals().filter(kind=kind.value, medium=Medium.ELECTRONIC.value, state__in=IN_USE)
    return found.first()


def seal_for(kind: SealKind) -> Seal:
    """Return the electronic seal of a kind that is in use, or refuse."""
    seal = in_use(kind)
    if seal is None:
        raise Refusal("seal.none_in_use", "没有启用的%(kind)s。请先登记一枚。", kind=kind)
    return seal


def is_by_hand(kind: SealKind, *, on: date) -> bool:
    """Say whether papers of that day bore a seal of rubber: one in force, and no electronic one."""
    held = Seal.objects.filter(kind=kind.value, valid_from__lte=on, valid_to__gte=on)
    media = set(held.values_list("medium", flat=True))
    return media == {Medium.PHYSICAL.value}


def hand_seal(kind: SealKind, *, on: date) -> Seal | None:
    """Return the seal of rubber of a kind that was in force that day."""
    held = seals().filter(kind=kind.value, medium=Medium.PHYSICAL.value)
    return held.filter(valid_from__lte=on, valid_to__gte=on).first()


def hand_terms() -> list[tuple[SealKind, date, date]]:
    """Return from when to when there was a seal of rubber of which kind."""
    held = Seal.objects.filter(medium=Medium.PHYSICAL.value)
    rows = held.values_list("kind", "valid_from", "valid_to")
    return [(SealKind(kind), first, last) for kind, first, last in rows]


def hand_use_of(paper: str) -> HandUse | None:
    """Return how a seal of rubber was pressed on a paper, by its number."""
    return hand_uses().filter(paper=paper).first()


def hand_uses(text: str = "") -> QuerySet[HandUse]:
    """Return what seals of rubber were pressed on, the latest first, or what a number finds."""
    found = HandUse.objects.select_related("seal", "unit").defer("seal__key", "seal__sm2_key")
    if text:
        found = found.filter(Q(number=text) | Q(paper__contains=text) | Q(subject=text))
    return found.order_by("-used_at", "-serial")


def told() -> list[tuple[Seal, datetime | None]]:
    """Return the electronic seals, each with the moment from which it signs no more.

    A seal that was locked and then stopped ended when it was locked: the device was lost then.
    """
    electronic = seals().exclude(certificate="")
    return [(seal, _ended(ledger.history(f"seal:{seal.code}"))) for seal in electronic]


def _ended(steps: Iterable[ledger.Recorded]) -> datetime | None:
    ended: datetime | None = None
    for step in steps:
        after = step.facts.get("after", "")
        if after == SealState.ACTIVE.value:
            ended = None
        elif after:
            ended = ended or step.at
    return ended


def lockable(actor: Actor) -> list[Seal]:
    """Return the electronic seals in use, for whoever may lock them at once."""
    if not actor.holds_any(*LOCKING):
        return []
    return list(seals().filter(medium=Medium.ELECTRONIC.value, state=SealState.ACTIVE.value))


def authority() -> Authority | None:
    return Authority.objects.first()


def keeps(seal: Seal, actor: Actor) -> bool:
    """Say whether the actor is the keeper or the deputy of this seal, and still holds the role."""
    ours = (seal.keeper_id, seal.deputy_id)
    return actor.person_id in ours and actor.holds_any(Role.KEEPER)


def is_valid(seal: Seal, *, on: date) -> bool:
    return seal.valid_from <= on <= seal.valid_to


def requests() -> QuerySet[SealRequest]:
    return SealRequest.objects.select_related("unit")


def waiting(kind: SealKind) -> QuerySet[SealRequest]:
    """Return what waits for a seal of this kind, the oldest first."""
    found = requests().filter(kind=kind.value, state=RequestState.WAITING.value)
    return found.order_by("asked_at", "paper")


def set_aside() -> QuerySet[SealRequest]:
    found = requests().filter(state=RequestState.SET_ASIDE.value)
    return found.order_by("asked_at", "paper")


def waiting_counts() -> dict[str, int]:
    """Return how many papers wait for each kind of seal."""
    rows = SealRequest.objects.filter(state=RequestState.WAITING.value)
    counted = rows.values_list("kind").annotate(n=Count("pk"))
    return dict(counted)


def request_of(paper: str) -> SealRequest | None:
    """Return what was asked for a paper, by its number, with its use; None where none is needed."""
    found = requests().select_related("use__seal").defer("use__seal__key", "use__seal__sm2_key")
    return found.filter(paper=paper).first()


def request_for(paper: str) -> SealRequest:
    found = request_of(paper)
    if found is None:
        raise NotFound("seal.no_request", "这份文书没有用印申请，或者不是给您看的。")
    return found


def use_of(paper: str) -> SealUse | None:
    """Return the use of a seal on a paper, by its number."""
    return _uses().filter(request__paper=paper).first()


def uses_of(papers: Iterable[str]) -> QuerySet[SealUse]:
    """Return the uses of a seal on papers, by their numbers, in the order they were sealed."""
    return _uses().filter(request__paper__in=list(papers)).order_by("serial")


def sealed_file(paper: str) -> StoredFile | None:
    """Return the sealed PDF of a paper, by its number."""
    use = use_of(paper)
    return use.file if use else None


def signed_beside(use: SealUse) -> bytes:
    """Return the SM2 signature beside the PDF of a use; empty where none was made."""
    found = Beside.objects.filter(use=use).first()
    return bytes(found.signature) if found else b""


def is_all_sealed(subject: str, *, kinds: tuple[str, ...]) -> bool:
    """Say whether every paper of these kinds about a subject that needs a seal has it."""
    asked = SealRequest.objects.filter(subject=subject, paper_kind__in=kinds)
    return not asked.exclude(state=RequestState.SEALED.value).exists()


def _uses() -> QuerySet[SealUse]:
    return SealUse.objects.select_related("seal", "request__unit", "file").defer(
        "seal__key", "seal__sm2_key"
    )


def uses(text: str) -> QuerySet[SealUse]:
    """Return the uses of seals, the latest first; those a number finds, where one is given."""
    found = _uses()
    if text:
        found = found.filter(
            Q(number=text) | Q(request__paper__contains=text) | Q(request__subject=text)
        )
    return found.order_by("-used_at", "-serial")


def highest_use(year: int) -> int:
    """Return the highest number a use of that year carries, 0 if none."""
    made = (SealUse.objects.filter(year=year), HandUse.objects.filter(year=year))
    return max(int(rows.aggregate(most=Max("serial"))["most"] or 0) for rows in made)
