"""The files an item told to the last field shows: forms blank and filled in, and the result.

Set from the item's own words in the typeface of the papers, each marked as what it is: a form of
the demo, and a sample that holds for nothing. Uploaded as an editor would, for the guide only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

from django.conf import settings

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.models import Item
from onedoor.demo.pack import Applicant, CountyPack
from onedoor.papers import typesetting
from onedoor.papers.rules.contents import worded
from onedoor.papers.rules.kinds import Setting
from onedoor.papers.rules.template import Block, Part

FORMS = ("表", "申请书", "承诺书")
"""How what has to be filled in is called."""
BLANK = "　"
FORM, FILLED, RESULT = "空白表格", "填写样本，没有效力", "结果样本，没有效力"


def begin(pack: CountyPack) -> Iterator[bytes]:
    """Begin to set the files of all items told to the last field, beside what else is built."""
    units = {unit.short_name: unit.name for unit in pack.units}
    told = [row for row in pack.items if str(row["code"]) in pack.well_known]
    return typesetting.pdfs(
        [sheet for row in told for sheet in _sheets(pack, row, unit=units[str(row["unit"])])]
    )


def with_files(
    pack: CountyPack, made: Iterator[bytes], *, by: Actor, at: datetime
) -> Iterator[Mapping[str, Any]]:
    """Return the pack's items; those told to the last field with their forms and samples."""
    units = {unit.short_name: unit for unit in Organisation.objects.all()}
    there = {item.code: item for item in Item.objects.filter(code__in=pack.well_known)}
    for row in pack.items:
        code = str(row["code"])
        if code not in pack.well_known:
            yield row
            continue
        unit = units[str(row["unit"])]
        item = there.get(code) or catalogue.new_item(code, unit=unit, by=by, at=at)
        yield dict(row) | _files(row, item, made, by=by, at=at)


def _sheets(pack: CountyPack, row: Mapping[str, Any], *, unit: str) -> Iterator[typesetting.Sheet]:
    """Return the sheets of an item in the order in which ``_files`` takes them."""

    def sheet(title: str, mark: str, blocks: list[Block]) -> typesetting.Sheet:
        return typesetting.Sheet(
            title=title,
            number="演示",
            unit=unit,
            date="　" if mark == FORM else worded(pack.dated),
            day=(pack.dated.year, pack.dated.month, pack.dated.day),
            blocks=tuple(blocks),
            address=settings.PUBLIC_URL,
            notes=("这是演示县的文件，不是真的表格和证照。", f"事项：{row['name']}"),
            mark=mark,
            setting=Setting.CERTIFICATE if mark == RESULT else Setting.FORM,
        )

    applicant = _applicant(pack, row)
    for material in row["materials"]:
        if material["name"].endswith(FORMS):
            yield sheet(material["name"], FORM, _form(row, None))
            yield sheet(material["name"], FILLED, _form(row, applicant))
    for result in row["results"]:
        yield sheet(result["name"], RESULT, _result(row, result, applicant))


def _files(
    row: Mapping[str, Any], item: Item, made: Iterator[bytes], *, by: Actor, at: datetime
) -> dict[str, Any]:
    def kept() -> str:
        return catalogue.upload_guide_file(item, BytesIO(next(made)), by=by, at=at)

    materials = [
        material | {"form_file": kept(), "sample_file": kept()}
        if material["name"].endswith(FORMS)
        else material
        for material in row["materials"]
    ]
    results = [result | {"sample_file": kept()} for result in row["results"]]
    return {"materials": materials, "results": results}


def _applicant(pack: CountyPack, row: Mapping[str, Any]) -> Applicant:
    is_person = "1" in row["serves"].split("^")
    return next(a for a in pack.applicants if (a.kind == "person") is is_person)


def _form(row: Mapping[str, Any], filled: Applicant | None) -> list[Block]:
    """Return a form: who applies, for what, which papers go with it, and where one signs."""
    asked = ("name", "id_number", "phone", "address", "contact_name")
    said = [getattr(filled, field) or "没有" if filled else BLANK for field in asked]
    return [
        _heading("一、申请人"),
        _facts(zip(("姓名或名称", "证件号码", "电话", "地址", "经办人"), said, strict=True)),
        _heading("二、申请办理"),
        _facts([("事项", row["name"]), ("想拿到", row["result_name"])]),
        _heading("三、一起交的材料"),
        Block("list", items=tuple((Part(m["name"]),) for m in row["materials"])),
        Block("text", (Part("以上内容都是真的。材料和原件一致。"),)),
        Block("sign", (Part(f"申请人（{filled.name}）" if filled else "申请人签名或盖章"),)),
    ]


def _result(row: Mapping[str, Any], result: Mapping[str, Any], holder: Applicant) -> list[Block]:
    facts = [
        ("编号", "样本0000"),
        ("名称", holder.name),
        ("事项", row["name"]),
        ("依据", row["legal_basis"].splitlines()[0]),
        ("有效期", result["validity"] or "见正式文书"),
    ]
    return [_facts(facts), Block("text", (Part("样式供对照，正式的由发证单位制作。"),))]


def _heading(text: str) -> Block:
    return Block("heading", (Part(text),))


def _facts(rows: Any) -> Block:
    return Block("facts", rows=tuple((label, (Part(text),)) for label, text in rows))
