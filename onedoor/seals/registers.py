"""The two registers as lists: the seals (印章登记簿) and their uses (用印台账), searched.

Both say which seal, which paper and which of the staff; what a paper says is in neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from onedoor.accounts.models import Organisation, Person
from onedoor.accounts.queries import names_of
from onedoor.accounts.rules import Role
from onedoor.kernel.clock import at_local, end_of
from onedoor.kernel.errors import NotValid
from onedoor.seals import queries
from onedoor.seals.models import Seal, SealUse
from onedoor.seals.rules.words import Medium, SealKind, SealState

SEEING = (Role.KEEPER, Role.ADMIN, Role.SECURITY_ADMIN, Role.SUPERVISOR)
"""Who sees which seals there are."""

READING = (Role.KEEPER, Role.SUPERVISOR, Role.AUDIT_ADMIN)
"""Who reads what was sealed."""

MOST = 50_000
"""So many rows go into a file."""


@dataclass(frozen=True)
class Sought:
    """What is looked for: a number, and what narrows the list; a unit by code, a keeper by name."""

    text: str = ""
    unit: str = ""
    kind: SealKind | None = None
    state: SealState | None = None
    keeper: str = ""
    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        if self.first and self.last and self.last < self.first:
            raise NotValid("seal.period", "开始日期应早于结束日期。", field="last")


def seals(sought: Sought) -> QuerySet[Seal]:
    """Return the seals in force on a day of the period, kept or stood in for by the keeper."""
    found = queries.seals()
    if sought.text:
        found = found.filter(Q(code__icontains=sought.text) | Q(name__contains=sought.text))
    if sought.unit:
        found = found.filter(unit__code=sought.unit)
    if sought.kind:
        found = found.filter(kind=sought.kind.value)
    if sought.state:
        found = found.filter(state=sought.state.value)
    if sought.keeper:
        whose = Q(keeper__username=sought.keeper) | Q(deputy__username=sought.keeper)
        found = found.filter(whose)
    if sought.first:
        found = found.filter(valid_to__gte=sought.first)
    if sought.last:
        found = found.filter(valid_from__lte=sought.last)
    return found


def uses(sought: Sought) -> QuerySet[SealUse]:
    """Return the uses of seals, the latest first; the keeper is who put the seal on."""
    found = queries.uses(sought.text)
    if sought.unit:
        found = found.filter(request__unit__code=sought.unit)
    if sought.kind:
        found = found.filter(request__kind=sought.kind.value)
    if sought.state:
        found = found.filter(seal__state=sought.state.value)
    if sought.keeper:
        keeper = Person.objects.filter(username=sought.keeper).first()
        found = found.filter(used_by=keeper.ref) if keeper else found.none()
    if sought.first:
        found = found.filter(used_at__gte=at_local(sought.first))
    if sought.last:
        found = found.filter(used_at__lt=end_of(sought.last))
    return found


def units_of_uses() -> QuerySet[Organisation]:
    """Return the units a paper of which asked for a seal."""
    return _in_order(Organisation.objects.filter(seal_requests__isnull=False))


def units_of_seals() -> QuerySet[Organisation]:
    """Return the units that have a seal."""
    return _in_order(Organisation.objects.filter(seals__isnull=False))


def _in_order(units: QuerySet[Organisation]) -> QuerySet[Organisation]:
    return Organisation.objects.filter(pk__in=units.values("pk")).order_by("sequence", "name")


USE_HEADS = (
    gettext_noop("用印编号"),
    gettext_noop("用印时间"),
    gettext_noop("文号"),
    gettext_noop("单位"),
    gettext_noop("印章种类"),
    gettext_noop("印章编号"),
    gettext_noop("印章"),
    gettext_noop("批准人"),
    gettext_noop("盖章人"),
    gettext_noop("原文摘要"),
    gettext_noop("盖章后摘要"),
)


def use_rows(found: QuerySet[SealUse]) -> list[tuple[object, ...]]:
    """Return uses as rows under ``USE_HEADS``; kinds as the terms they are."""
    uses = list(found[:MOST])
    names = names_of({ref for use in uses for ref in (use.used_by, use.request.approver)})
    return [
        (
            use.number,
            use.used_at,
            use.request.paper,
            use.request.unit.name,
            use.seal.what,
            use.seal.code,
            use.seal.name,
            names.get(use.request.approver, ""),
            names.get(use.used_by, ""),
            use.approved,
            use.file.digest,
        )
        for use in uses
    ]


SEAL_HEADS = (
    gettext_noop("印章编号"),
    gettext_noop("印文"),
    gettext_noop("种类"),
    gettext_noop("介质"),
    gettext_noop("单位"),
    gettext_noop("保管人"),
    gettext_noop("备用保管人"),
    gettext_noop("启用日期"),
    gettext_noop("有效期至"),
    gettext_noop("状态"),
    gettext_noop("证书指纹"),
)


def seal_rows(found: QuerySet[Seal]) -> list[tuple[object, ...]]:
    """Return seals as rows under ``SEAL_HEADS``; kind, medium and state as the terms they are."""
    return [
        (
            seal.code,
            seal.name,
            seal.what,
            Medium(seal.medium),
            seal.unit.name,
            seal.keeper.name,
            seal.deputy.name if seal.deputy else "",
            seal.valid_from,
            seal.valid_to,
            seal.standing,
            seal.fingerprint,
        )
        for seal in found[:MOST]
    ]
