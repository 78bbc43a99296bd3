"""Roles, and the person who acts. Pure: no database, no clock.

Which role may take which step of a case is in ``cases.rules.lifecycle``, nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from onedoor.kernel.terms import Term


class Role(Term):
    """What a post entitles its holder to (岗位角色)."""

    APPLICANT = "applicant", "申请人"
    DESK = "desk", "综窗"
    ACCEPTOR = "acceptor", "受理岗"
    REVIEWER = "reviewer", "审批岗"
    DECIDER = "decider", "决定岗"
    HEAD = "head", "负责人"
    GOVERNMENT = "government", "本级政府负责人"
    MAKER = "maker", "制证岗"
    ISSUER = "issuer", "出件岗"
    KEEPER = "keeper", "印章管理员"
    EDITOR = "editor", "事项编辑"
    PUBLISHER = "publisher", "事项发布"
    SUPERVISOR = "supervisor", "督查"
    ARCHIVIST = "archivist", "档案管理员"
    AUDITOR = "auditor", "审计人员"
    AUDIT_SUPERVISOR = "audit_supervisor", "审计督察"
    LEAD_OFFICE = "lead_office", "整改牵头"
    OFFICER = "officer", "整改经办"
    CHECKER = "checker", "公开审查"
    DISCLOSER = "discloser", "信息公开发布"
    MARKET = "market", "中介超市运营"
    GUIDE = "guide", "导办"
    DUTY = "duty", "值班长"
    ADMIN = "admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"
    SYSTEM = "system", "系统"
    TIMER = "timer", "时限"


ADMINISTRATORS = (Role.ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
"""Three of them (三员分立): accounts, roles, and reading what was done; each another person."""

INCOMPATIBLE = (
    {Role.EDITOR, Role.PUBLISHER},
    {Role.DECIDER, Role.KEEPER},
    {Role.AUDITOR, Role.AUDIT_SUPERVISOR},
    {Role.CHECKER, Role.DISCLOSER},
    {Role.MARKET, Role.SUPERVISOR},
    {Role.ADMIN, Role.SECURITY_ADMIN},
    {Role.ADMIN, Role.AUDIT_ADMIN},
    {Role.SECURITY_ADMIN, Role.AUDIT_ADMIN},
)
"""Roles one person may not hold at once: 三员分立, editor ≠ publisher, decider ≠ keeper; whoever
reviews a finding does not close it, whoever checks information does not publish it, whoever runs
the market does not watch over it."""


class Scope(Term):
    """What a token may do through the API (令牌范围)."""

    READ = "read", "查询"
    RECEIVE = "receive", "收件"
    WORK = "work", "办理"
    SUBMIT = "submit", "替申请人网上申请"


class TokenState(Term):
    """Whether a token still opens the API (令牌状态)."""

    VALID = "valid", "有效"
    EXPIRED = "expired", "已过期"
    REVOKED = "revoked", "已撤销"


def token_state(
    expires_at: datetime | None, revoked_at: datetime | None, *, at: datetime
) -> TokenState:
    """Return whether a token opens the API at this moment.

    >>> token_state(datetime(2026, 3, 6), None, at=datetime(2026, 3, 6)).value
    'expired'
    """
    if revoked_at is not None:
        return TokenState.REVOKED
    is_over = expires_at is not None and expires_at <= at
    return TokenState.EXPIRED if is_over else TokenState.VALID


CENTRE = None
"""The unit of a holding that reaches over the whole centre."""


class Holding(NamedTuple):
    """One role, in one unit (or the whole centre), perhaps held for somebody else.

    ``on_behalf_of`` is the ref of the absent holder (``person:…``), empty in one's own right.
    """

    role: Role
    unit: UUID | None
    on_behalf_of: str = ""


@dataclass(frozen=True)
class Actor:
    """Who acts: a person in posts, a program for a person, or the clock itself."""

    ref: str
    name: str
    person_id: UUID | None = None
    holdings: tuple[Holding, ...] = ()
    scopes: frozenset[Scope] = frozenset(Scope)

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(h.role.value for h in self.holdings)

    def roles_in(self, unit: UUID | None) -> frozenset[Role]:
        """Return the roles held for this unit, those over the whole centre among them."""
        return frozenset(h.role for h in self.holdings if h.unit is CENTRE or h.unit == unit)

    def holds(self, role: Role, unit: UUID | None = CENTRE) -> bool:
        """Say whether the role is held for this unit (the centre's roles count everywhere)."""
        return role in self.roles_in(unit)

    def holds_any(self, *roles: str) -> bool:
        """Say whether any of the roles is held anywhere."""
        return not self.roles.isdisjoint(roles)

    def units_of(self, roles: Iterable[Role]) -> frozenset[UUID] | None:
        """Return the units in which any of the roles is held; ``None`` means all of them."""
        wanted = frozenset(roles)
        mine = [h for h in self.holdings if h.role in wanted]
        if any(h.unit is CENTRE for h in mine):
            return None
        return frozenset(h.unit for h in mine if h.unit is not None)

    def for_applicant(self) -> Actor:
        """Return this actor as it speaks for an applicant: under its own name, in no post."""
        return replace(self, holdings=(Holding(Role.APPLICANT, CENTRE),))

    def acting_for(self, role: Role, unit: UUID | None) -> str:
        """Return the ref of the absent holder this actor stands in for, if it is so."""
        mine = [h for h in self.holdings if h.role is role and h.unit in (CENTRE, unit)]
        return (
            "" if any(not h.on_behalf_of for h in mine) else (mine[0].on_behalf_of if mine else "")
        )


NOBODY = Actor(ref="", name="")
APPLICANT = Actor(ref="applicant", name="申请人", holdings=(Holding(Role.APPLICANT, CENTRE),))
SYSTEM = Actor(ref="system", name="系统", holdings=(Holding(Role.SYSTEM, CENTRE),))
TIMER = Actor(ref="timer", name="时限", holdings=(Holding(Role.TIMER, CENTRE),))


def is_valid(first: date, last: date | None, *, on: date) -> bool:
    """Say whether something dated ``first`` to ``last`` (inclusive, open if None) holds that day.

    >>> is_valid(date(2026, 1, 1), None, on=date(2026, 1, 1))
    True
    """
    return first <= on and (last is None or on <= last)
