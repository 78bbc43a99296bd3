"""The basic directory: taken in whole or not at all, never edited, asked at publication."""

import json
from io import BytesIO

import pytest
from openpyxl import Workbook

from onedoor.accounts.rules import SYSTEM
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.models import BasicItem
from onedoor.catalogue.tests.given import (
    AT,
    PUBLISHER,
    STRANGER,
    imported,
    item,
    json_file,
)
from onedoor.kernel.errors import NotAllowed, Refusal
from onedoor.kernel.sentences import sentence
from onedoor.ledger import queries as ledger

pytestmark = pytest.mark.django_db

CSV = """catalog_code,task_name,task_type,by_law,use_level,task_state,task_version
530102001001,河道采砂许可,01,《河道管理条例》第二十五条,3^4,1,2
530202001000,河道违法采砂处罚,行政处罚,《水法》第七十二条,县,在用,1
"""


def load(content, *, by=SYSTEM):
    data = content if isinstance(content, bytes) else content.encode()
    return catalogue.import_directory(data, filename="directory", by=by, at=AT)


def counts(report):
    return (
        report.read,
        report.created,
        report.changed,
        report.unchanged,
        report.refused_count,
    )


def test_the_directory_goes_in_and_the_same_again_changes_nothing():
    assert counts(load(CSV)) == (2, 2, 0, 0, 0)
    assert counts(load(CSV)) == (2, 0, 0, 2, 0)

    line = BasicItem.objects.get(code="530102001001")
    assert (line.name, line.item_type, line.use_level) == ("河道采砂许可", "01", "3^4")
    assert (line.state, line.version) == ("in_use", 2)
    assert BasicItem.objects.get(code="530202001000").item_type == "02"
    told = ledger.history("catalogue:directory")
    assert [(e.kind, e.facts["created"]) for e in told] == [("catalogue.directory_imported", 2)]


def test_every_kind_of_file_says_the_same():
    headings, *rows = [line.split(",") for line in CSV.strip().splitlines()]
    book = Workbook()
    page = book.create_sheet(index=0)
    for cells in (headings, *rows):
        page.append(cells)
    file = BytesIO()
    book.save(file)
    objects = [dict(zip(headings, cells, strict=True)) for cells in rows]

    assert counts(load(CSV)) == (2, 2, 0, 0, 0)
    assert counts(load(file.getvalue())) == (2, 0, 0, 2, 0)
    assert counts(load(json.dumps({"items": objects}))) == (2, 0, 0, 2, 0)


@pytest.mark.parametrize(
    ("was", "now", "why"),
    [
        ("530202001000", "53-02", "基本编码“53-02”不对"),
        ("行政处罚", "行政许愿", "事项类型“行政许愿”不认识。认识的有：01 行政许可、02 行政处罚"),
        ("530202001000", "530102001001", "和第 2 行重复"),
        ("县,在用", "县,有时", "“有时”不认识"),
        ("河道违法采砂处罚", "", "task_name"),
    ],
)
def test_one_row_that_is_wrong_keeps_all_of_the_file_out(was, now, why):
    report = load(CSV.replace(was, now))

    assert counts(report) == (2, 0, 0, 0, 1)
    assert why in str(report.refused[0])
    assert not BasicItem.objects.exists()


def test_a_newer_line_takes_the_place_of_an_older_one_and_never_the_other_way():
    load(CSV)
    newer = CSV.replace("3^4,1,2", "3^4,3,3")

    assert counts(load(newer)) == (2, 0, 1, 1, 0)
    assert BasicItem.objects.get(code="530102001001").state == "cancelled"

    report = load(CSV)
    assert counts(report) == (2, 0, 0, 0, 1)
    assert "这里已有第 3 版" in str(report.refused[0])
    assert BasicItem.objects.get(code="530102001001").version == 3


def test_without_a_version_in_the_file_a_change_is_the_next_one():
    short = "基本编码,事项名称,事项类型\n530102001001,河道采砂许可,01\n"
    load(short)

    load(short.replace("采砂许可", "采砂（取土）许可"))

    assert BasicItem.objects.get().version == 2


def test_only_the_system_or_an_editor_of_the_whole_centre_takes_it_in():
    with pytest.raises(NotAllowed):
        load(CSV, by=STRANGER)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"item_type": "07"}, "事项类型和基本目录里的“河道采砂许可”不一样"),
        ({}, "基本目录里“河道采砂许可”已经取消"),
    ],
)
def test_an_item_that_disagrees_with_the_directory_is_not_published(changes, why):
    load(CSV if changes else CSV.replace("3^4,1,2", "3^4,3,2"))
    imported(json_file(item(basic_code="530102001001", **changes)))

    with pytest.raises(Refusal) as refused:
        catalogue.publish("TEST-JSON-1", by=PUBLISHER, at=AT)

    assert why in sentence(refused.value)


def test_an_item_that_agrees_is_published_and_one_with_an_unknown_code_is_warned_of():
    load(CSV)
    unknown = item(code="TEST-JSON-2", basic_code="530102009009")
    report = imported(json_file(item(basic_code="530102001001"), unknown))

    assert catalogue.publish("TEST-JSON-1", by=PUBLISHER, at=AT).number == 1
    assert report.warnings["G14 基本编码在基本目录里"] == 1
