"""What a version of an item says (事项内容): the one shape files, forms, rules and pages share.

Field names are those of ``ItemVersion``; ``columns`` maps them to the national exchange. Equal
content has an equal digest, wherever it came from.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields, replace
from datetime import date
from hashlib import sha256
from typing import Any

from onedoor.catalogue.rules.columns import LOCAL, LOCAL_NAMES
from onedoor.catalogue.rules.commitments import Commitment, by_material
from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.catalogue.rules.situations import Situation
from onedoor.catalogue.rules.words import Form, Kind, Necessity, Source, SpecialKind


@dataclass(frozen=True, kw_only=True)
class MaterialContent:
    """One paper or file asked of the applicant (申请材料); files by their digest."""

    name: str
    necessity: Necessity = Necessity.REQUIRED
    form: Form = Form.PAPER
    originals: int = 1
    copies: int = 0
    source_kind: Source = Source.OWN
    source: str = ""
    basis: str = ""
    standard: str = ""
    page_format: str = ""
    fill_note: str = ""
    remark: str = ""
    form_file: str = ""
    sample_file: str = ""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the handling (环节): who does it, in what time, by what standard."""

    name: str
    who: str = ""
    days: int | None = None
    unit: LimitUnit = LimitUnit.WD
    standard: str = ""
    result: str = ""


@dataclass(frozen=True, kw_only=True)
class Fee:
    """One charge (收费项目): what for, how much, by what law, whether it may be waived."""

    name: str
    amount_fen: int | None = None
    standard: str = ""
    basis: str = ""
    is_waivable: bool = False
    waiver_basis: str = ""


@dataclass(frozen=True, kw_only=True)
class ResultPaper:
    """One result (办理结果): what one holds in the hand at the end."""

    name: str
    kind: str = ""
    note: str = ""
    validity: str = ""
    sample_file: str = ""


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question people ask, with its answer (常见问题)."""

    question: str
    answer: str = ""


@dataclass(frozen=True, kw_only=True)
class Intermediary:
    """A service bought on the way (中介服务): its basis, who pays, which paper it gives."""

    name: str
    basis: str = ""
    payer: str = ""
    result: str = ""


@dataclass(frozen=True, kw_only=True)
class SpecialProcedure:
    """A procedure that may stop the clock (特别程序), and for how many days at most."""

    kind: SpecialKind
    days: int
    unit: LimitUnit = LimitUnit.WD
    basis: str = ""


@dataclass(frozen=True, kw_only=True)
class Extra:
    """What a county says of its items beyond the nation's columns (地方字段), in its own words."""

    name: str
    value: str = ""


@dataclass(frozen=True, kw_only=True)
class Content:
    """All that a version states. ``None`` and "" mean: not stated."""

    name: str
    item_type: str
    english_name: str = ""
    main_item: str = ""
    basic_code: str = ""
    local_code: str = ""
    local_basic_code: str = ""
    legal_basis: str = ""
    conditions: str = ""
    use_level: str = ""
    unit_kind: str = ""
    entrusted_by: str = ""
    power_source: str = ""
    serves: str = ""
    kind: Kind = Kind.PROMISED
    statutory: Limit | None = None
    limit_basis: str = ""
    promised: Limit | None = None
    promised_note: str = ""
    deemed_acceptance: bool = False
    instant_authorised: bool = False
    flow: str = ""
    steps: tuple[Step, ...] = ()
    channels: str = ""
    visits: int | None = None
    visits_reason: str = ""
    is_online: bool | None = None
    online_url: str = ""
    link_url: str = ""
    mobile_url: str = ""
    online_depth: str = ""
    area: str = ""
    is_in_centre: bool | None = None
    is_bookable: bool | None = None
    is_posted: bool | None = None
    is_paid_online: bool | None = None
    at_terminal: bool | None = None
    is_single_login: bool | None = None
    app_is_single_login: bool | None = None
    place: str = ""
    hours: str = ""
    phone: str = ""
    complaint_phone: str = ""
    special_procedures: tuple[SpecialProcedure, ...] = ()
    quantity: int | None = None
    quantity_note: str = ""
    fee_fen: int = 0
    fee_basis: str = ""
    fees: tuple[Fee, ...] = ()
    result_kind: str = ""
    result_name: str = ""
    results: tuple[ResultPaper, ...] = ()
    other_units: str = ""
    intermediaries: tuple[Intermediary, ...] = ()
    person_topics: str = ""
    company_topics: str = ""
    town_code: str = ""
    village_code: str = ""
    is_tolerant: bool = False
    tolerance_days: int | None = None
    is_on_promise: bool = False
    commitments: tuple[Commitment, ...] = ()
    is_forwarded: bool = False
    review_office: str = ""
    lawsuit_office: str = ""
    checked_on: date | None = None
    questions: tuple[Question, ...] = ()
    situations: tuple[Situation, ...] = ()
    extras: tuple[Extra, ...] = ()
    materials: tuple[MaterialContent, ...] = ()

    @property
    def files(self) -> frozenset[str]:
        """The digests of the blank forms and samples it names."""
        said = [d for one in self.materials for d in (one.form_file, one.sample_file)]
        return frozenset(d for d in (*said, *(r.sample_file for r in self.results)) if d)

    @property
    def vouched(self) -> dict[str, Commitment]:
        """The materials a commitment may stand for (告知承诺), each with that commitment."""
        return by_material(self.commitments) if self.is_on_promise else {}

    def digest(self, *, code: str, unit: str) -> str:
        """Return the digest of all that is said, of which item and by which unit."""
        said = {"code": code, "unit": unit} | plain(self)
        text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return "sha256:" + sha256(text.encode()).hexdigest()


def flow_of(steps: tuple[Step, ...]) -> str:
    """Return the flow (办理流程) in one line, made of the steps, as the exchange wants it."""
    return "；".join(step.name for step in steps)


CHILDREN: Mapping[str, type[Any]] = {
    "materials": MaterialContent,
    "steps": Step,
    "fees": Fee,
    "results": ResultPaper,
    "questions": Question,
    "intermediaries": Intermediary,
    "special_procedures": SpecialProcedure,
    "commitments": Commitment,
    "situations": Situation,
    "extras": Extra,
}
"""The lists a version holds, and what each of their rows is."""

KEPT_TOGETHER = (
    "steps",
    "fees",
    "results",
    "questions",
    "intermediaries",
    "commitments",
    "situations",
    "extras",
)
"""Children nothing refers to: one document in the version's row, read only with the whole."""


def plain(content: Content) -> dict[str, Any]:
    """Return the content's own fields as plain data, whatever class carries it."""
    said = {f.name: getattr(content, f.name) for f in fields(Content)}
    for name, made_of in CHILDREN.items():
        said[name] = [{f.name: getattr(r, f.name) for f in fields(made_of)} for r in said[name]]
    for name in ("statutory", "promised"):
        limit = said[name]
        said[name] = {"count": limit.count, "unit": limit.unit} if limit else None
    said["checked_on"] = said["checked_on"].isoformat() if said["checked_on"] else None
    return said


_STATED_BY = {
    "fee_fen": {"is_fee", "fee", "fee_fen", "fees"},
    "flow": {"flow", "steps"},
    "is_tolerant": {"is_tolerant", "materials"},
    "is_on_promise": {"is_on_promise", "commitments"},
    "extras": {"extras", *(f"{LOCAL}{name}" for name in LOCAL_NAMES)},
}


def keeping(content: Content, before: Content, *, stated: AbstractSet[str]) -> Content:
    """Return the content of a file as it amends what was: what it has no column for stays.

    ``stated`` are the fields the file speaks of, by the names of its columns.
    """
    silent = {
        f.name: getattr(before, f.name)
        for f in fields(Content)
        if stated.isdisjoint(_STATED_BY.get(f.name, {f.name}))
    }
    return replace(content, **silent)
