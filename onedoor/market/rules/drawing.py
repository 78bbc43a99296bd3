"""How a draw takes place (抽签流程): listed, frozen, committed to, thrown, opened; or void.

One table. The order is that of an event on the spot: dice fall while the secrets are sealed, and
whoever then keeps a secret back cannot: its sealed copy is opened. Levels 3 and 4 are known to
``draw`` and not offered here yet.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import timedelta
from typing import NamedTuple

from onedoor.accounts import steps
from onedoor.accounts.rules import Role
from onedoor.kernel.codes import credit_code
from onedoor.kernel.errors import NotValid
from onedoor.kernel.terms import Term


class State(Term):
    """How far a draw is (抽签状态)."""

    LISTED = "listed", "名单公示"
    FROZEN = "frozen", "名单已冻结"
    THROWN = "thrown", "公开事件已有结果"
    COMPLETED = "completed", "已完成"
    VOID = "void", "已作废"


class Action(Term):
    """What may be done about a draw (动作)."""

    CORRECT = "correct", "改名单"
    FREEZE = "freeze", "冻结名单"
    COMMIT = "commit", "封存承诺"
    TYPE = "type", "录入公开事件"
    THROW = "throw", "核对公开事件"
    OPEN = "open", "揭示"
    ENVELOPE = "envelope", "开信封揭示"
    VOID = "void", "作废"
    REDRAW = "redraw", "重新抽签"


class Need(Term):
    """What a step asks for (条件)."""

    REASON = "reason", "写明原因"
    CONTESTED = "contested", "异议期已满"
    ENOUGH = "enough", "名单里够选"
    TIMES = "times", "截止时间有先后"
    IN_TIME = "in_time", "没有过截止时间"
    FIRST = "first", "这一方还没有做过"
    CLOSED = "closed", "承诺已经截止，各方都承诺了"
    TYPED = "typed", "另一个人已经录入，两次一样"
    FORM = "form", "写法对"
    MATCHES = "matches", "和承诺对得上"
    MISSING = "missing", "还有别的一方没有揭示"
    NOT_REDRAWN = "not_redrawn", "还没有重新抽过"


class Reject(Term):
    """Why an agency is left out of a list (排除原因)."""

    R01 = "R01", "暂停、清退、列入黑名单或者严重失信"
    R02 = "R02", "缺资质，或者服务期内到期"
    R03 = "R03", "缺要求的人员，或者人员在别处"
    R04 = "R04", "和另一家报名的有同一负责人、控股或者管理关系"
    R05 = "R05", "受采购单位控制，或者隶属采购单位"
    R06 = "R06", "是审批这件事的部门办的"
    R07 = "R07", "同一项目的设计、监理、施工、供应之间"
    R08 = "R08", "要评审的就是它编的"
    R09 = "R09", "同一项目两边都请它做造价"
    R10 = "R10", "是这个项目的招标代理或者关联方"
    R11 = "R11", "有离职限制期内的人员"
    R12 = "R12", "采购单位写明原因要求回避"


class Party(Term):
    """Who commits to a secret (承诺方)."""

    OPERATOR = "operator", "运营机构"
    PURCHASER = "purchaser", "采购单位"
    SUPERVISOR = "supervisor", "督查"


PARTY_ROLES = {
    Party.OPERATOR: Role.MARKET,
    Party.PURCHASER: Role.HEAD,
    Party.SUPERVISOR: Role.SUPERVISOR,
}


MOST = 10_000
"""So many entrants at most."""


class Listed(NamedTuple):
    """A line of a list: an agency, and why it is left out if it is."""

    uscc: str
    name: str
    weight: int
    excluded: str
    reason: str


def read_list(text: str, *, is_weighted: bool) -> list[Listed]:
    """Return the list somebody wrote, a line each: code, name, then a weight or code and reason.

    >>> read_list("91532502DEM0009030 甲公司\\n91532502DEM001906G 乙公司 R05 是它的子公司",
    ...           is_weighted=False)[1].reason
    '是它的子公司'
    """
    found = [_listed(line, is_weighted) for line in text.splitlines() if line.strip()]
    codes = [each.uscc for each in found]
    if not 0 < len(found) <= MOST:
        raise _bad(str(len(found)))
    if len(set(codes)) < len(codes):
        raise _bad(next(code for code in codes if codes.count(code) > 1))
    return sorted(found)


def _listed(line: str, is_weighted: bool) -> Listed:
    code, name, third, *rest = [*line.split(maxsplit=3), "", "", ""][:4]
    try:
        uscc = credit_code.parse(code).value
    except NotValid:
        raise _bad(line) from None
    reason = rest[0].strip()
    known = {each.value for each in Reject}
    if third in known and name and 0 < len(reason) <= 300:
        return Listed(uscc, name[:200], 1, third, reason)
    if not name or reason or (third and not is_weighted):
        raise _bad(line)
    if third and not (third.isascii() and third.isdigit() and 1 <= int(third) <= 100):
        raise _bad(line)
    return Listed(uscc, name[:200], int(third or 1), "", "")


def _bad(line: str) -> NotValid:
    return NotValid(
        "draw.list",
        "名单每行写：代码 名称；排除的写：代码 名称 R05 原因。这里不对：%(line)s",
        field="entrants",
        line=line[:60],
    )


THROWS = 10
"""Ten-sided dice thrown so often: 33 bits."""
LEAST_CONTEST = timedelta(hours=24)
LEAST_COMMIT = timedelta(minutes=10)
"""So long at least the list stands to be contested, and the parties have to commit."""

Step = steps.Step[State, Action, Need]
S, A, R, N = State, Action, Role, Need
B = "县里的规定"
PARTIES = (R.MARKET, R.HEAD, R.SUPERVISOR)

# fmt: off
LIFECYCLE: tuple[Step, ...] = (
    #    id     in state      action       by               if                                           leads to       basis
    Step("K1",  S.LISTED,     A.CORRECT,   (R.MARKET,),     (N.REASON,),                                 S.LISTED,      B),
    Step("K2",  S.LISTED,     A.FREEZE,    (R.MARKET,),     (N.CONTESTED, N.ENOUGH, N.TIMES),            S.FROZEN,      B),
    Step("K3",  S.LISTED,     A.VOID,      (R.SUPERVISOR,), (N.REASON,),                                 S.VOID,        B),
    Step("K4",  S.FROZEN,     A.COMMIT,    PARTIES,         (N.FORM, N.FIRST, N.IN_TIME),                S.FROZEN,      B),
    Step("K5",  S.FROZEN,     A.TYPE,      (R.MARKET,),     (N.FORM, N.CLOSED, N.FIRST),                 S.FROZEN,      B),
    Step("K6",  S.FROZEN,     A.THROW,     (R.SUPERVISOR,), (N.FORM, N.CLOSED, N.TYPED),                 S.THROWN,      B),
    Step("K7",  S.FROZEN,     A.VOID,      (R.SUPERVISOR, R.TIMER), (N.REASON,),                         S.VOID,        B),
    Step("K8",  S.THROWN,     A.OPEN,      PARTIES,         (N.FORM, N.MATCHES, N.FIRST, N.IN_TIME),     S.THROWN,      B),
    Step("K9",  S.THROWN,     A.ENVELOPE,  (R.SUPERVISOR,), (N.FORM, N.MATCHES, N.FIRST, N.REASON),      S.THROWN,      B),
    Step("K10", S.THROWN,     A.VOID,      (R.SUPERVISOR,), (N.REASON, N.MISSING),                       S.VOID,        B),
    Step("K11", S.COMPLETED,  A.VOID,      (R.SUPERVISOR,), (N.REASON,),                                 S.VOID,        B),
    Step("K12", S.VOID,       A.REDRAW,    (R.MARKET,),     (N.REASON, N.NOT_REDRAWN),                   S.VOID,        B),
)
# fmt: on
"""The last opening completes the draw (K8, K9): nobody decides that. What was completed and is void
stays public with its result, and so does a draw in which an envelope held the wrong number. Whoever
makes it void keeps no number of their own back (K10): else they alone would know what they undo."""


def step_for(
    state: State, action: Action, *, roles: AbstractSet[Role], met: AbstractSet[Need]
) -> Step:
    """Return the row for an action, or refuse: not in this state, not by these roles, not yet."""
    return steps.step_for("draw", LIFECYCLE, state, action, roles=roles, met=met)
