"""The lists inside an item's row (申请材料、办理环节、收费项目…): from cells to checked rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from onedoor.catalogue.rules.cells import Cell, Row
from onedoor.catalogue.rules.code_sets import CodeSets
from onedoor.catalogue.rules.columns import CHILD_COLUMNS, normal
from onedoor.catalogue.rules.commitments import Commitment
from onedoor.catalogue.rules.content import (
    Extra,
    Fee,
    Intermediary,
    MaterialContent,
    Question,
    ResultPaper,
    SpecialProcedure,
    Step,
)
from onedoor.catalogue.rules.limits import LimitUnit
from onedoor.catalogue.rules.situations import Situation
from onedoor.catalogue.rules.spellings import (
    EXTENTS,
    FORMS,
    NECESSITIES,
    SOURCES,
    SPECIAL_KINDS,
    WAYS,
)
from onedoor.kernel.terms import Term

NAME_LIMIT = 1000
MOST_ROWS = 200
_FILE = re.compile(r"(?:sha256:)?([0-9a-f]{64})")


class Listed(Term):
    """The lists inside an item (事项的清单)."""

    MATERIALS = "materials", "申请材料"
    STEPS = "steps", "办理环节"
    FEES = "fees", "收费项目"
    RESULTS = "results", "办理结果"
    QUESTIONS = "questions", "常见问题"
    INTERMEDIARIES = "intermediaries", "中介服务"
    SPECIAL_PROCEDURES = "special_procedures", "特别程序"
    COMMITMENTS = "commitments", "告知承诺事项"
    SITUATIONS = "situations", "情形引导"
    EXTRAS = "extras", "地方字段"


def read_list(row: Row, name: str, listed: object, sets: CodeSets) -> tuple[Any, ...]:
    """Return the rows of one list, noting every fault of them in ``row``."""
    if listed is None:
        return ()
    if not isinstance(listed, Sequence) or isinstance(listed, str):
        _misshapen(row, name)
        return ()
    if len(listed) > MOST_ROWS:
        row.fault(
            "too_many_materials",
            "“%(list)s”太多：最多 %(limit)s 项。",
            name,
            list=Listed(name),
            limit=MOST_ROWS,
        )
        return ()
    found = [_one(row, name, place, one, sets) for place, one in enumerate(listed, start=1)]
    return tuple(one for _, one in sorted(found, key=lambda pair: pair[0]))


def _misshapen(row: Row, name: str) -> None:
    row.fault("materials_shape", "“%(list)s”应是一个列表。", name, list=Listed(name))


def _one(row: Row, name: str, place: int, given: object, sets: CodeSets) -> tuple[int, Any]:
    if not isinstance(given, Mapping):
        _misshapen(row, name)
        given = {}
    cells: dict[str, Cell] = {}
    names: dict[str, str] = {}
    for heading, value in given.items():
        field = CHILD_COLUMNS[name].get(normal(str(heading)))
        if field is None:
            row.fault(
                "material_column",
                "“%(list)s”第 %(position)s 项里的“%(heading)s”不认识。",
                name,
                list=Listed(name),
                position=place,
                heading=str(heading)[:40],
            )
            continue
        cells[field], names[field] = value, f"{heading}[{place}]"
    inner = Row(cells, {"name": f"name[{place}]", **names}, place=f"{name}-{place}-")
    one = _READERS[name](inner, sets)
    order = inner.count("order", 9999)
    if given:
        row.faults.extend(inner.faults)
    return (place if order is None else order), one


def _material(row: Row, sets: CodeSets) -> MaterialContent:
    originals, copies = row.count("originals", 999), row.count("copies", 999)
    if isinstance(said := row.cells.get("necessity"), str | int):
        row.cells = {**row.cells, "necessity": sets.translated("necessity", str(said).strip())}
    return MaterialContent(
        name=row.required("name", NAME_LIMIT),
        necessity=row.word("necessity", NECESSITIES, MaterialContent.necessity),
        form=row.word("form", FORMS, MaterialContent.form),
        originals=(0 if copies else 1) if originals is None else originals,
        copies=copies or 0,
        source_kind=row.word("source_kind", SOURCES, MaterialContent.source_kind),
        source=row.long_text("source"),
        basis=row.long_text("basis"),
        standard=row.long_text("standard"),
        page_format=row.text("page_format", 40),
        fill_note=row.long_text("fill_note"),
        remark=row.long_text("remark"),
        form_file=_file(row, "form_file"),
        sample_file=_file(row, "sample_file"),
    )


def _step(row: Row, sets: CodeSets) -> Step:
    limit = row.limit("days", "unit", default=LimitUnit.WD)
    return Step(
        name=row.required("name", NAME_LIMIT),
        who=row.text("who", NAME_LIMIT),
        days=limit.count if limit else None,
        unit=limit.unit if limit else LimitUnit.WD,
        standard=row.long_text("standard"),
        result=row.long_text("result"),
    )


def _fee(row: Row, sets: CodeSets) -> Fee:
    amount = row.amount("amount")
    return Fee(
        name=row.required("name", NAME_LIMIT),
        amount_fen=row.count("amount_fen", 999_999_999) if amount is None else amount,
        standard=row.long_text("standard"),
        basis=row.long_text("basis"),
        is_waivable=row.flag("is_waivable") or False,
        waiver_basis=row.long_text("waiver_basis"),
    )


def _result(row: Row, sets: CodeSets) -> ResultPaper:
    return ResultPaper(
        name=row.required("name", NAME_LIMIT),
        kind=row.text("kind", 40),
        note=row.long_text("note"),
        validity=row.long_text("validity"),
        sample_file=_file(row, "sample_file"),
    )


def _question(row: Row, sets: CodeSets) -> Question:
    return Question(question=row.required("question", NAME_LIMIT), answer=row.long_text("answer"))


def _intermediary(row: Row, sets: CodeSets) -> Intermediary:
    return Intermediary(
        name=row.required("name", NAME_LIMIT),
        basis=row.long_text("basis"),
        payer=row.text("payer", NAME_LIMIT),
        result=row.text("result", NAME_LIMIT),
    )


def _special(row: Row, sets: CodeSets) -> SpecialProcedure:
    row.required("kind", 100)
    limit = row.limit("days", "unit", default=LimitUnit.WD)
    if limit is None:
        row.required("days", 100)
    return SpecialProcedure(
        kind=row.word("kind", SPECIAL_KINDS, SPECIAL_KINDS["TX01"]),
        days=limit.count if limit else 0,
        unit=limit.unit if limit else LimitUnit.WD,
        basis=row.long_text("basis"),
    )


def _commitment(row: Row, sets: CodeSets) -> Commitment:
    limit = row.limit("days", "unit", default=LimitUnit.WD)
    return Commitment(
        matter=row.required("matter", NAME_LIMIT),
        extent=row.word("extent", EXTENTS, Commitment.extent),
        replaces=row.long_text("replaces"),
        basis=row.long_text("basis"),
        conditions=row.long_text("conditions"),
        content=row.long_text("content"),
        liability=row.long_text("liability"),
        way=row.word("way", WAYS, Commitment.way),
        days=limit.count if limit else None,
        unit=limit.unit if limit else LimitUnit.WD,
        is_open_to_broken=row.flag("is_open_to_broken") or False,
    )


def _situation(row: Row, sets: CodeSets) -> Situation:
    return Situation(
        question=row.required("question", NAME_LIMIT),
        answers=row.long_text("answers"),
        why=row.text("why", NAME_LIMIT),
    )


def _extra(row: Row, sets: CodeSets) -> Extra:
    return Extra(name=row.required("name", NAME_LIMIT), value=row.text("value", NAME_LIMIT))


def _file(row: Row, field: str) -> str:
    """Return the digest of a file of the store; files themselves do not come in a table."""
    text = row.text(field, 100)
    match = _FILE.fullmatch(text)
    if text and not match:
        row.fault(
            "not_a_file",
            "“%(column)s”应是文件的摘要（64 位），现在是“%(value)s”。",
            field,
            value=text[:20],
        )
    return f"sha256:{match[1]}" if match else ""


_READERS: Mapping[str, Callable[[Row, CodeSets], Any]] = {
    "materials": _material,
    "steps": _step,
    "fees": _fee,
    "results": _result,
    "questions": _question,
    "intermediaries": _intermediary,
    "special_procedures": _special,
    "commitments": _commitment,
    "situations": _situation,
    "extras": _extra,
}
