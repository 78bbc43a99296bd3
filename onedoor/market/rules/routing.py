"""Through which channel something must be bought (该走哪条渠道): a pure function of what is known.

The order is the law's: exempt, tender, government procurement, market, free. What is not known is
not guessed: the answer is UNDETERMINED, and names what is missing, unless it makes no difference.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import NamedTuple

from onedoor.kernel import money
from onedoor.market.rules.rulebook import Rulebook
from onedoor.market.rules.words import (
    Channel,
    Exemption,
    Funding,
    ProjectKind,
    ServiceClass,
    UnitKind,
)

BOUND_BY_PROCUREMENT = (UnitKind.TOWN, UnitKind.ORGAN, UnitKind.INSTITUTION, UnitKind.MASS)
"""Whom the Government Procurement Law binds (政府采购法 2): not state enterprises."""
TENDER_PROJECTS = (ProjectKind.FISCAL, ProjectKind.LOAN, ProjectKind.LISTED)


@dataclass(frozen=True)
class Purchase:
    """What is known of a purchase; None is unknown. ``earlier`` is what the same purchaser bought
    of the same class for the same project in the twelve months before, in fen."""

    on: date
    purchaser: str = ""
    kind: UnitKind | None = None
    item: str = ""
    what: ServiceClass | None = None
    amount: int | None = None
    earlier: int = 0
    funding: Funding | None = None
    project: ProjectKind | None = None
    exempt: Exemption | None = None
    exempt_by: str = ""

    @property
    def digest(self) -> str:
        """What the answer was given for, so that it can be compared later."""
        told = {name: str(value) for name, value in asdict(self).items() if value not in (None, "")}
        text = json.dumps(told, sort_keys=True, ensure_ascii=False)
        return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


class Said(NamedTuple):
    """A sentence with what it is about."""

    text: str
    data: dict[str, object]


class Decision(NamedTuple):
    """Through which channel, by which rule, with the sentence for the clerk and its article.

    ``missing`` names the fields without which it cannot be said, ``steps`` every rule that was
    asked, and what came of it: True, False, or None where it could not be told.
    """

    channel: Channel
    rule: str
    said: Said
    basis: str
    total: int | None
    missing: tuple[str, ...]
    steps: tuple[tuple[str, bool | None], ...]
    pack: str
    digest: str


def _(text: str) -> str:
    """Mark a text for whoever collects what is shown."""
    return text


_NO_PACK = _("这一天没有生效的中介超市规则，定不了渠道。请先发布当年的规则。")
_UNPROVEN = _("豁免要写明文件和批准人。没有写明的，不能按豁免办。")
_EXEMPT = _("属于豁免情形，凭文件和批准人直接办理，事后按规定的工作日审查。")
_TENDER = _("同一项目合并计算 %(total)s，达到 %(limit)s，必须招标。")
_CENTRAL = _("这项服务在政府集中采购目录里，用财政性资金采购的按政府采购办理。")
_PROCURED = _("合并计算 %(total)s，达到政府采购限额 %(limit)s，按政府采购办理。")
_REQUIRED = _("采购单位和事项都在当年的应进目录里，应当进中介超市选取。")
_OPTIONAL = _("这项服务中介超市里有，可以进中介超市，也可以自主采购。")
_FREE = _("不在必须招标、政府采购和中介超市的范围里，自主采购。")
_UNKNOWN = _("还缺：%(missing)s。补上以后再定，不按猜的办。")
NAMES = {
    "exempt_by": _("豁免的文件和批准人"),
    "what": _("采购什么"),
    "project": _("工程建设项目的类型"),
    "amount": _("预算金额"),
    "kind": _("采购单位的类型"),
    "funding": _("资金来源"),
    "purchaser": _("采购单位"),
}
"""What may be missing, in words."""
RULES = {
    "exempt": _("是不是豁免"),
    "tender": _("是不是必须招标"),
    "procurement": _("是不是政府采购"),
    "required": _("是不是应当进中介超市"),
    "optional": _("中介超市里有没有"),
}


def route(purchase: Purchase, book: Rulebook | None, pack: str = "") -> Decision:
    """Return the channel. Raising the amount never leads from a tender back to the market, and
    parts that are added up lead where the whole would."""
    ask = _Asking(purchase, book, pack)
    if book is None:
        return ask.answer(Channel.UNDETERMINED, "no_rules", _NO_PACK, "")
    if purchase.exempt is not None:
        return _exempt(ask, book)
    item = book.item(purchase.item)
    what = item.what if item else purchase.what
    threshold = book.threshold(what) if what else None

    reached = ask.reaches(threshold.amount) if threshold else (False if what else None)
    in_scope = None if purchase.project is None else purchase.project in TENDER_PROJECTS
    tendered = ask.step("tender", _both(in_scope, reached), project=in_scope, amount=reached)
    if what is None and tendered is None:
        ask.missing.append("what")
    if tendered and threshold:
        data = {"total": ask.money, "limit": money.yuan(threshold.amount)}
        return ask.answer(Channel.TENDER, "tender", _TENDER, threshold.basis, **data)

    bound = None if purchase.kind is None else purchase.kind in BOUND_BY_PROCUREMENT
    fiscal = None if purchase.funding is None else purchase.funding is Funding.FISCAL
    central = item is not None and item.is_central
    above = True if central else ask.reaches(book.procurement_limit)
    procured = ask.step(
        "procurement", _both(_both(bound, fiscal), above), kind=bound, funding=fiscal, amount=above
    )
    if ask.missing:
        return ask.unknown()
    if procured:
        data = {"total": ask.money, "limit": money.yuan(book.procurement_limit)}
        sentence = _CENTRAL if central else _PROCURED
        rule = "central" if central else "procurement"
        return ask.answer(Channel.PROCUREMENT, rule, sentence, book.procurement_basis, **data)
    return _market(ask, book)


def _exempt(ask: _Asking, book: Rulebook) -> Decision:
    proven = ask.step("exempt", bool(ask.purchase.exempt_by.strip()) or None, exempt_by=None)
    basis = book.basis(Channel.EXEMPT)
    if proven:
        ask.missing.clear()
        return ask.answer(Channel.EXEMPT, "exempt", _EXEMPT, basis)
    return ask.answer(Channel.UNDETERMINED, "unproven", _UNPROVEN, basis)


def _market(ask: _Asking, book: Rulebook) -> Decision:
    purchase, item = ask.purchase, book.item(ask.purchase.item)
    if item is None and purchase.what is None:
        ask.missing.append("what")
        return ask.unknown()
    listed = item is not None and item.is_scope
    social = None if purchase.funding is None else purchase.funding is Funding.SOCIAL
    unit = book.unit(purchase.purchaser, on=purchase.on)
    named = unit is not None if purchase.purchaser else None
    public = None if social is None else not social
    required = ask.step(
        "required", _both(_both(named, listed), public), purchaser=named, funding=public
    )
    if required is None:
        return ask.unknown()
    if required:
        basis = book.basis(Channel.REQUIRED)
        return ask.answer(Channel.REQUIRED, "required", _REQUIRED, basis)
    if ask.step("optional", item is not None):
        basis = book.basis(Channel.OPTIONAL)
        return ask.answer(Channel.OPTIONAL, "optional", _OPTIONAL, basis)
    return ask.answer(Channel.FREE, "free", _FREE, book.basis(Channel.FREE))


def _both(first: bool | None, second: bool | None) -> bool | None:
    """Return whether both hold; no is no even where the other is unknown.

    >>> _both(None, False), _both(None, True), _both(True, True)
    (False, None, True)
    """
    if first is False or second is False:
        return False
    return None if first is None or second is None else True


class _Asking:
    """What was asked on the way, and what turned out to be missing."""

    def __init__(self, purchase: Purchase, book: Rulebook | None, pack: str) -> None:
        self.purchase, self.book, self.pack = purchase, book, pack
        self.missing: list[str] = []
        self.steps: list[tuple[str, bool | None]] = []
        amount = purchase.amount
        self.total = None if amount is None else amount + purchase.earlier

    @property
    def money(self) -> str:
        return "" if self.total is None else money.yuan(self.total)

    def reaches(self, limit: int) -> bool | None:
        """Say whether the total reaches a limit: what was bought earlier may do so alone."""
        if self.total is None:
            return True if self.purchase.earlier >= limit else None
        return self.total >= limit

    def step(self, rule: str, holds: bool | None, **needs: bool | None) -> bool | None:
        self.steps.append((rule, holds))
        if holds is None:
            self.missing += [name for name, known in needs.items() if known is None]
        return holds

    def unknown(self) -> Decision:
        names = tuple(dict.fromkeys(self.missing))
        data: dict[str, object] = {"missing": names}
        return self.answer(Channel.UNDETERMINED, "unknown", _UNKNOWN, "", **data)

    def answer(
        self, channel: Channel, rule: str, text: str, basis: str, **data: object
    ) -> Decision:
        is_open = channel is Channel.UNDETERMINED
        return Decision(
            channel,
            rule,
            Said(text, data),
            basis,
            self.total,
            tuple(dict.fromkeys(self.missing)) if is_open else (),
            tuple(self.steps),
            self.pack,
            self.purchase.digest,
        )
