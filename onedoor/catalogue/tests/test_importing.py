"""Lists as they come: whole or not at all, the same again changes nothing."""

import io
import json
import tracemalloc
import zipfile
from datetime import timedelta

import pytest
from openpyxl import Workbook

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import SYSTEM, Actor, Holding, Role
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.models import Division, Item, ItemVersion
from onedoor.catalogue.services import tables
from onedoor.catalogue.tests import given
from onedoor.catalogue.tests.given import AT, csv_file, imported, item, json_file, row, xlsx_file
from onedoor.kernel.errors import NotAllowed, NotValid, TooLarge, WrongType
from onedoor.kernel.tests.refusing import refused
from onedoor.ledger import queries as ledger

pytestmark = pytest.mark.django_db

real = pytest.mark.skipif(not given.REAL.exists(), reason="no folder shared beside the checkout")


def counts(report):
    return (
        report.read,
        report.created,
        report.changed,
        report.unchanged,
        report.refused_count,
    )


def reasons(report):
    return " ".join(map(str, report.refused))


# --- The real list ----------------------------------------------------------------------------


@real
def test_the_real_list_goes_in_whole_and_the_second_time_changes_nothing():
    units = Organisation.objects.count()

    first = imported(given.REAL, by=SYSTEM)
    second = imported(given.REAL, by=SYSTEM)

    assert counts(first) == (379, 379, 0, 0, 0)
    assert counts(second) == (379, 0, 0, 379, 0)
    assert Item.objects.filter(division_code="511602000000").count() == 379
    code = "511A0147300000-511602000000-000-11511300008778693M-1-00"
    assert Item.objects.get(code=code).unit.name == "区公安分局"
    assert Organisation.objects.count() > units
    assert Organisation.objects.filter(name="区公安分局").count() == 1
    assert len(ledger.history("catalogue:items")) == 2  # the small county's and this one's


@real
def test_half_of_the_real_file_changes_nothing():
    content = given.REAL.read_bytes()
    before = Item.objects.count()

    report = imported(content[: len(content) // 2 - 150])

    assert report.refused_count >= 1
    assert Item.objects.count() == before


@real
def test_another_districts_list_with_the_same_departments_makes_units_of_its_own():
    lines = given.REAL.read_text(encoding="utf-8").splitlines(keepends=True)
    own_codes = [line for line in lines if "511602" in line.rsplit(",", 1)[0]]
    other = "".join([lines[0], *own_codes]).replace("511602", "511603").encode()
    imported(given.REAL)

    report = imported(other)

    assert counts(report) == (375, 375, 0, 0, 0)
    assert Organisation.objects.filter(name="区公安分局").count() == 2


@real
def test_a_code_that_another_district_uses_too_is_refused_with_its_place():
    imported(given.REAL)

    report = imported(given.REAL.read_bytes().replace(b",511602000000", b",511603000000"))

    assert counts(report) == (379, 0, 0, 0, 379)
    assert "已是区划 511602000000 的事项" in report.refused[0].reason


# --- Contents ---------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_the_encoding_is_found(encoding):
    report = imported(csv_file([row(1)], encoding=encoding))

    assert counts(report) == (1, 1, 0, 0, 0)
    assert ItemVersion.objects.get(item__code="TEST-000001").name == "取水许可（第1种）"


def test_an_xlsx_with_a_title_above_its_headings_goes_in():
    report = imported(xlsx_file([row(1), row(2)], above=(["某县事项清单"], [])))

    assert counts(report) == (2, 2, 0, 0, 0)


def test_a_code_that_a_spreadsheet_made_a_number_is_refused():
    at = given.HEADINGS.index("implementation_code")
    cells = [115113010087781831 if i == at else cell for i, cell in enumerate(row(1))]

    assert "后几位已经丢失" in reasons(imported(xlsx_file([cells])))
    assert "后几位已经丢失" in reasons(
        imported(csv_file([row(1, implementation_code="1.15113E+17")]))
    )


def test_json_with_materials_goes_in_and_the_law_fills_the_limit():
    report = imported(json_file(item()))

    assert counts(report) == (1, 1, 0, 0, 0)
    version = ItemVersion.objects.get(item__code="TEST-JSON-1")
    assert (version.statutory_limit, version.statutory_unit) == (20, "WD")
    assert version.limit_basis == "《行政许可法》第四十二条"
    assert version.deemed_acceptance
    assert (version.promised_limit, version.fee_fen, version.visits) == (8, 1250, 1)
    assert version.is_online is False
    assert version.unit.name == "水务局"
    found = version.materials.order_by("order").values_list("order", "name", "originals", "copies")
    assert list(found) == [(1, "申请书", 1, 2), (2, "河段图", 1, 0)]


def test_unknown_columns_are_named_and_the_rest_goes_in():
    report = imported(csv_file([[*row(1), "x"]], headings=[*given.HEADINGS, "心情"]))

    assert counts(report) == (1, 1, 0, 0, 0)
    assert report.unknown_columns == ("心情",)


def test_a_changed_row_makes_the_next_version_and_replaces_the_one_that_waits():
    imported(csv_file([row(1), row(2)]))

    report = imported(csv_file([row(1, name="新名字"), row(2)]), at=AT + timedelta(days=1))

    assert counts(report) == (2, 0, 1, 1, 0)
    versions = ItemVersion.objects.filter(item__code="TEST-000001").order_by("number")
    assert [(v.number, v.status) for v in versions] == [(1, "superseded"), (2, "submitted")]


def test_what_a_file_has_no_column_for_stays_as_it_was():
    imported(json_file(item(phone="0873-7100001", place="一楼")))
    sparse = {k: item()[k] for k in ("code", "name", "unit", "item_type", "kind")}

    same = imported(json_file(sparse))
    renamed = imported(json_file(sparse | {"name": "河道采砂许可证核发", "place": "二楼"}))

    said = ItemVersion.objects.get(item__code="TEST-JSON-1", status="submitted")
    assert (counts(same), counts(renamed)) == ((1, 0, 0, 1, 0), (1, 0, 1, 0, 0))
    assert (said.name, said.place, said.phone) == ("河道采砂许可证核发", "二楼", "0873-7100001")
    assert (said.promised_limit, said.fee_fen, said.materials.count()) == (8, 1250, 2)


def test_what_is_in_force_is_no_change_while_another_version_waits_for_its_day():
    later = AT + timedelta(days=3)
    imported(json_file(item()))
    catalogue.publish("TEST-JSON-1", by=given.PUBLISHER, at=AT)
    imported(json_file(item(place="二楼", effective_on=f"{later:%Y-%m-%d}")))
    catalogue.publish("TEST-JSON-1", by=given.PUBLISHER, at=AT)

    report = imported(json_file(item()))

    assert counts(report) == (1, 0, 0, 1, 0)


# --- What is refused --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"name": "a\0b"}, "U+0000"),
        ({"name": "a\x1b[31m"}, "U+001B"),
        ({"name": "a\u202eb"}, "U+202E"),
        ({"name": ""}, "没有填"),
        ({"name": "长" * 1001}, "太长"),
        ({"implementation_code": "a b"}, "不能用的符号"),
        ({"implementation_code": "../etc"}, "不能用的符号"),
        ({"implementation_code": "x" * 65}, "太长"),
        ({"item_type_code": "99"}, "不认识。认识的有：01 行政许可、05 行政给付"),
        ({"item_type_code": "2"}, "依职权"),
        ({"division_code": "51160"}, "区划代码"),
    ],
)
def test_one_bad_row_keeps_the_whole_file_out_and_is_named(changes, reason):
    before = Item.objects.count(), Organisation.objects.count()

    report = imported(csv_file([row(1), row(2, **changes), row(3)]))

    assert counts(report) == (3, 0, 0, 0, 1)
    assert report.refused[0].row == 3
    assert reason in report.refused[0].reason
    assert (Item.objects.count(), Organisation.objects.count()) == before


def test_a_code_twice_is_refused_with_both_rows():
    report = imported(csv_file([row(1), row(2), row(1, name="另一件")]))

    assert str(report.refused[0]) == "第 4 行：编码 TEST-000001 和第 2 行重复。"


def test_a_code_of_another_place_is_refused_and_nothing_of_the_file_stays():
    imported(csv_file([row(1)]))
    before = Item.objects.count()

    report = imported(csv_file([row(i, division_code="532598000000") for i in (5, 1)]))

    assert counts(report) == (2, 0, 0, 0, 1)
    assert "已是区划" in reasons(report)
    assert Item.objects.count() == before
    assert not Organisation.objects.filter(code__startswith="532598").exists()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file.empty"),
        (b"\n\n", "file.empty"),
        (csv_file([]), "catalogue.no_rows"),
        (b"a,b\n1,2\n", "catalogue.column_missing"),
        (csv_file([], headings=[*given.HEADINGS, "事项名称"]), "catalogue.column_twice"),
        (csv_file([row(1)]) + b'"cut', "catalogue.broken_csv"),
        (b"\xff\x00\x81\xff\xff,\x80\n", "file.encoding"),
        (csv_file([row(1)], encoding="utf-16")[:-1], "file.encoding"),
        (csv_file([row(1)], encoding="utf-16") + b"\x00\xd8", "file.encoding"),
        (xlsx_file([row(1)])[:3000], "file.broken_xlsx"),
        (b'{"items": [{"code": "x"', "file.broken_json"),
        (b"[" * 100_000, "file.broken_json"),
        (b'{"code": "x"}\n{"code": "y"}\n', "file.json_lines"),
        (b'\xef\xbb\xbf{"code": "x"}\r\n\r\n{"code": "y"}', "file.json_lines"),
        (b'{"code": "x"}\n{"code"', "file.broken_json"),
        (b'{"items": 3}', "catalogue.no_items"),
        (b"[1]", "catalogue.not_an_object"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "file.old_excel"),
        (b"%PDF-1.4\n", "file.not_a_table"),
        (b"\n<html><table></table></html>", "file.not_a_table"),
        (b'{"data": {"rows": 3}}', "catalogue.no_items"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_its_reason(content, code):
    with refused(code):
        imported(content)


def test_a_missing_column_is_named_beside_the_headings_there_are():
    with refused("catalogue.column_missing") as refusal:
        imported(csv_file([], headings=["事项名称", "编号", "部门", "事项类型"]))

    assert refusal.value.data["columns"] == "实施编码 implementation_code"
    assert refusal.value.data["found"] == "事项名称、编号、部门、事项类型"


def test_columns_named_as_other_provinces_name_them_are_known():
    headings = ["所属部门", "主项", "子项名称", "清单编码", "权力类型", "组织机构代码", "行政区划"]

    report = imported(csv_file([row(1)], headings=headings))

    assert (report.created, report.unknown_columns) == (1, ())


def test_columns_of_the_countys_own_stay_with_the_item_under_their_names():
    headings = [*given.HEADINGS, "是否提供代办服务", "是否异地代收", "星级"]
    report = imported(csv_file([[*row(1), "是", "", "五星"]], headings=headings))

    version = ItemVersion.objects.get(item__code="TEST-000001")
    assert report.unknown_columns == ()
    assert version.details["extras"] == [
        {"name": "是否提供代办服务", "value": "是"},
        {"name": "星级", "value": "五星"},
    ]
    again = imported(csv_file([row(1)]))
    assert (again.unchanged, again.changed) == (1, 0), "a file without them leaves them"


def test_codes_in_full_width_are_the_same_codes():
    wide = str.maketrans("0123456789-TES", "０１２３４５６７８９－ＴＥＳ")
    imported(csv_file([row(1)]))

    report = imported(
        csv_file([[row(1)[i].translate(wide) if i > 2 else row(1)[i] for i in range(7)]])
    )

    assert counts(report) == (1, 0, 0, 1, 0)


def test_what_copying_left_around_a_cell_is_not_part_of_it():
    imported(csv_file([row(1)]))

    report = imported(csv_file([[f"\u200b\u00a0{cell}\ufeff " for cell in row(1)]]))

    assert counts(report) == (1, 0, 0, 1, 0)


def test_a_name_on_two_lines_is_refused_in_words():
    report = imported(csv_file([row(1, name="取水许可\n（新办）")]))

    assert "“name”里换了行" in reasons(report)


@pytest.mark.parametrize("wrapped", [{"data": [0]}, {"code": 200, "result": {"rows": [0]}}])
def test_a_list_in_the_answer_of_an_interface_is_found(wrapped):
    text = json.dumps(wrapped).replace("[0]", json.dumps([item()]))

    assert imported(text.encode()).created == 1


# --- Workbooks as people keep them --------------------------------------------------------------


def _workbook(arrange, *rows):
    book = Workbook()
    sheet = book.worksheets[0]
    for cells in (given.HEADINGS, *rows):
        sheet.append(cells)
    arrange(book, sheet)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_department_merged_over_rows_holds_for_each():
    rows = [row(1), row(2, department=""), row(3, department=""), row(4, department="")]

    report = imported(_workbook(lambda _, sheet: sheet.merge_cells("A2:A4"), *rows))

    assert [refused.row for refused in report.refused] == [5]


@pytest.mark.parametrize("state", ["hidden", "visible"])
def test_a_sheet_of_explanations_before_the_list_is_passed_over(state):
    def explain(book, _):
        first = book.create_sheet("填表说明", 0)
        first.append(["请如实填写"])
        first.sheet_state = state

    assert imported(_workbook(explain, row(1))).created == 1


def test_a_hidden_copy_of_the_list_is_not_read():
    def copy(book, sheet):
        book.copy_worksheet(sheet).sheet_state = "hidden"

    assert imported(_workbook(copy, row(1))).read == 1


def test_two_lists_in_one_workbook_are_refused_by_name():
    with refused("file.two_sheets") as refusal:
        imported(_workbook(lambda book, sheet: book.copy_worksheet(sheet), row(1)))

    assert refusal.value.data["sheets"] == "Sheet、Sheet Copy"
    assert not Item.objects.filter(code="TEST-000001").exists()


def test_a_line_without_end_is_refused_before_it_fills_the_memory(tmp_path):
    path = tmp_path / "commas.csv"
    path.write_bytes(csv_file([row(1)]) + b"," * 50_000_000)
    tracemalloc.start()

    with refused("catalogue.broken_csv"):
        imported(path)

    assert tracemalloc.get_traced_memory()[1] < 60_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("place", [1_048_577, 999_999_999])
def test_a_sheet_that_claims_a_row_below_the_last_possible_is_refused(place):
    with refused("file.broken_xlsx"):
        imported(_with_last_row_at(place))


def test_a_sheet_with_a_row_far_below_is_read_in_time():
    report = imported(_with_last_row_at(1_048_576, item_type_code="99"))

    assert [refused.row for refused in report.refused] == [1_048_576]


def _with_last_row_at(place, **changes):
    sheet, changed = "xl/worksheets/sheet1.xml", io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx_file([row(1), row(2, **changes)]))) as old,
        zipfile.ZipFile(changed, "w") as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name == sheet:
                content = content.replace(b'<row r="3"', b'<row r="%d"' % place)
            new.writestr(name, content)
    return changed.getvalue()


def test_the_kinds_of_refusal_fit_the_file():
    assert issubclass(TooLarge, NotValid)
    assert issubclass(WrongType, NotValid)


def test_a_row_cut_short_is_refused():
    report = imported(csv_file([row(1), row(2)[:5]]))

    assert "少 2 格" in reasons(report)


def test_a_division_cut_short_is_refused_and_loses_no_parent():
    whole = "code,name,parent_code\n532599,示例县,532500\n".encode()
    catalogue.import_divisions(whole, filename="list", by=SYSTEM, at=AT)

    report = catalogue.import_divisions(
        "code,name,parent_code\n532599,示例县\n".encode(), filename="list", by=SYSTEM, at=AT
    )

    assert "少 1 格" in reasons(report)
    assert Division.objects.get(code="532599").parent == "532500"


def test_of_a_file_with_too_many_rows_nothing_goes_in(monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS", 10)

    with refused("catalogue.too_many_rows"):
        imported(csv_file([row(i) for i in range(11)]))


def test_memory_does_not_grow_with_the_file(tmp_path):
    path = tmp_path / "big.csv"
    path.write_bytes(csv_file([row(i, main_item="未分类" * 200) for i in range(6000)]))
    tracemalloc.start()

    report = imported(path)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert counts(report) == (6000, 6000, 0, 0, 0)
    assert path.stat().st_size > 10_000_000
    assert peak < 12_000_000


# --- Who may ----------------------------------------------------------------------------------


def test_only_an_editor_imports():
    with pytest.raises(NotAllowed):
        imported(csv_file([row(1)]), by=given.STRANGER)


def test_the_editor_of_one_unit_imports_its_items_only():
    water = Organisation.objects.get(name="水务局")
    editor = Actor("person:w", "水务编辑示例", holdings=(Holding(Role.EDITOR, water.pk),))

    own = imported(json_file(item()), by=editor)
    other = imported(json_file(item(), item(code="TEST-2", unit="市监局")), by=editor)

    assert counts(own) == (1, 1, 0, 0, 0)
    assert counts(other) == (2, 0, 0, 0, 1)
    assert "只能导入本单位" in reasons(other)


# --- Divisions --------------------------------------------------------------------------------


def test_divisions_go_in_and_are_brought_up_to_date():
    first = "code,name,parent_code\n530000,云南省,\n532500,红河州,530000\n".encode()
    second = first.replace("红河州".encode(), "红河哈尼族彝族自治州".encode())

    def load(content):
        return counts(catalogue.import_divisions(content, filename="d", by=SYSTEM, at=AT))

    assert load(first) == (2, 2, 0, 0, 0)
    assert load(second) == (2, 0, 1, 1, 0)
    assert load(second) == (2, 0, 0, 2, 0)
    assert load(b"code,name\n53x,y\n530000,a\n530000,b\n") == (3, 0, 0, 0, 2)
    assert Division.objects.get(code="532500").name == "红河哈尼族彝族自治州"
