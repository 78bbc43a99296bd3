"""What a service is told, checked in its shape: applicant, materials, gaps."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from onedoor.cases.rules.delivery import Relation
from onedoor.cases.rules.words import ApplicantKind, IdType, MaterialState
from onedoor.kernel.codes import Remark, citizen_id, credit_code
from onedoor.kernel.codes import phone as phones
from onedoor.kernel.errors import NotValid
from onedoor.ledger.rules.chain import Fact

WHOSE = {
    IdType.CITIZEN_ID: ApplicantKind.PERSON,
    IdType.PASSPORT: ApplicantKind.PERSON,
    IdType.TAIWAN_PERMIT: ApplicantKind.PERSON,
    IdType.HONG_KONG_MACAO_PERMIT: ApplicantKind.PERSON,
    IdType.CREDIT_CODE: ApplicantKind.ORGANISATION,
}
"""Whose document it is; an organisation is not received on somebody's identity card."""

_DOTS = str.maketrans(dict.fromkeys(".•・‧●．", "·"))


@dataclass(frozen=True)
class ApplicantData:
    """Who applies, as read from the document shown at the window."""

    kind: ApplicantKind
    name: str
    id_type: IdType
    id_number: str
    phone: str
    address: str = ""
    agent: str = ""
    is_served_online: bool = False
    """Whether they agree to be served electronically (电子送达)."""

    def checked(self, *, on: date) -> ApplicantData:
        """Return it in normal form, or refuse with the field that is wrong."""
        if WHOSE.get(self.id_type, self.kind) is not self.kind:
            raise NotValid(
                "applicant.kind_and_id", "证件类型和申请人类型对不上，请重新选择。", field="id_type"
            )
        number = document_number(self.id_type, self.id_number, on=on)
        return replace(
            self,
            name=plain("name", self.name, "姓名或名称", most=100).translate(
                _DOTS if self.kind is ApplicantKind.PERSON else {}
            ),
            id_number=number,
            phone=phones.parse(plain("phone", self.phone, "电话", most=20)).value,
            address=plain("address", self.address, "地址", most=200, required=False),
            agent=plain("agent", self.agent, "代办人", most=100, required=False),
        )

    def remarks(self, *, on: date) -> tuple[Remark, ...]:
        """Return what is doubtful in a valid document number and worth a second look."""
        if self.id_type is IdType.CITIZEN_ID:
            return citizen_id.parse(self.id_number, on=on).warnings
        if self.id_type is IdType.CREDIT_CODE:
            return credit_code.parse(self.id_number).warnings
        return ()

    def text(self) -> str:
        """Return what the ledger's salted digest stands for."""
        parts = (self.kind, self.name, self.id_type, self.id_number, self.phone, self.address)
        return "\n".join((*parts, self.agent))


@dataclass(frozen=True)
class Recipient:
    """Who takes a paper: what they are to the applicant, and as the document they show says.

    Of the applicant, and of the agent the case names, the name is known; given, it has to agree.
    """

    relation: Relation = Relation.SELF
    name: str = ""
    id_type: IdType | None = None
    id_number: str = ""
    authority: str = ""
    """What was seen that entitles them (授权委托书, 法定代表人身份证明)."""


@dataclass(frozen=True)
class Handed:
    """A material as the clerk found it: 齐, 缺 or 不合格, with the number of papers."""

    order: int
    state: MaterialState
    originals: int = 0
    copies: int = 0


@dataclass(frozen=True)
class Demand:
    """A gap to be told to the applicant: which material, what is wrong, what to bring.

    Left empty, the text is the item's own standard; own words name the ``basis`` they rest on.
    """

    order: int
    problem: MaterialState
    text: str
    basis: str = ""


def document_number(id_type: IdType, number: str, *, on: date) -> str:
    """Return the number of a document in normal form, or refuse what cannot be one."""
    text = plain("id_number", number, "证件号码", most=40)
    if id_type is IdType.CITIZEN_ID:
        text = citizen_id.parse(text, on=on).value
    elif id_type is IdType.CREDIT_CODE:
        text = credit_code.parse(text).value
    return text.upper()


def same_name(first: str, second: str) -> bool:
    """Say whether two names are one, however the dot between their parts was typed."""
    return first.translate(_DOTS) == second.translate(_DOTS)


def counted(handed: Iterable[Handed]) -> dict[str, Fact]:
    """Return how many materials were found in each state, as the ledger keeps it."""
    found = Counter(each.state.value for each in handed)
    return {state.value: found[state.value] for state in MaterialState}


def by_place(demands: Sequence[Demand], places: Container[int]) -> dict[int, Demand]:
    """Return the demands by their material's place; refuse an unknown place, or one named twice."""
    found: dict[int, Demand] = {}
    for demand in demands:
        if demand.order not in places or demand.order in found:
            raise NotValid(
                "case.unknown_material",
                "材料清单和事项版本对不上，请刷新后重新判断。",
                field="demands",
            )
        found[demand.order] = demand
    return found


LATEST_ENTRY = timedelta(days=366)
"""Nobody enters what came longer ago."""


class LateEntry(NamedTuple):
    """An application entered after its papers were taken (补录): when they came, and why so."""

    brought_at: datetime
    reason: str

    def checked(self, *, at: datetime) -> LateEntry:
        """Return it with its reason tidied, or refuse a time that is none."""
        if not at - LATEST_ENTRY < self.brought_at < at:
            raise NotValid(
                "case.late_entry_time",
                "补录要写真实的收件时间：早于现在，一年以内。",
                field="brought_at",
            )
        reason = plain("late_reason", self.reason, "补录的理由", most=500)
        return self._replace(reason=reason)


def plain(field: str, value: str, label: str, *, most: int, required: bool = True) -> str:
    """Return a text in NFC without outer spaces; refuse control characters, too long, empty.

    Browsers end a line of a text field with two characters: here it is one, as everywhere.
    """
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    text = unicodedata.normalize("NFC", lines).strip()
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in text):
        raise NotValid(
            "form.control_characters", "%(label)s里有不能识别的字符。", field=field, label=label
        )
    if required and not text:
        raise NotValid("form.required", "请填写%(label)s。", field=field, label=label)
    if len(text) > most:
        raise NotValid(
            "form.too_long",
            "%(label)s最多%(most)s个字，您写了%(count)s个。",
            field=field,
            label=label,
            most=most,
            count=len(text),
        )
    return text


def article(field: str, value: str, listed: Sequence[str]) -> str:
    """Return an article a decision rests on, or refuse one that nobody who answers for it listed.

    Own words are taken only where nothing is listed at all.

    Basis: 许可法30, 38.
    """
    text = plain(field, value, "依据条款", most=500)
    if listed and text not in listed:
        raise NotValid(
            "case.basis_not_listed",
            "“%(named)s”不是这个事项列出的依据。请从事项的法定依据里选：%(listed)s。",
            field=field,
            basis="许可法30、38",
            named=text,
            listed="；".join(listed),
        )
    return text


def one_each(handed: Sequence[Handed], orders: Sequence[int]) -> dict[int, Handed]:
    """Return the materials by their order; refuse unless every one was judged exactly once."""
    by_order = {h.order: h for h in handed}
    if len(by_order) != len(handed) or not by_order.keys() <= set(orders):
        raise NotValid(
            "case.unknown_material",
            "材料清单和事项版本对不上，请刷新后重新判断。",
            field="materials",
        )
    missing = len(set(orders) - by_order.keys())
    if missing:
        raise NotValid(
            "case.not_judged",
            "还有%(count)s份材料没判断“齐/缺/不合格”。",
            field="materials",
            count=missing,
        )
    if any(not 0 <= n <= 999 for h in handed for n in (h.originals, h.copies)):
        raise NotValid("case.bad_count", "材料份数应在 0 到 999 之间。", field="materials")
    return by_order
