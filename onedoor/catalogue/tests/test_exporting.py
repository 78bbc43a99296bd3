"""Out in the national tables and in again: the same, and what they would refuse is said."""

import csv
from datetime import timedelta

import pytest

from onedoor.accounts.rules import SYSTEM
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.models import ItemVersion
from onedoor.catalogue.rules.columns import CHILD_COLUMNS, ITEM_COLUMNS
from onedoor.catalogue.rules.content import CHILDREN, Content
from onedoor.catalogue.rules.national_tables import BASIC, CHILD_TABLES, ENVELOPE, problems
from onedoor.catalogue.rules.spelled import as_cells
from onedoor.catalogue.rules.turns import Turn
from onedoor.catalogue.tests.given import AT, PUBLISHER, imported, item, json_file, turned
from onedoor.kernel.errors import NotFound

pytestmark = pytest.mark.django_db

FULL = {
    "name": "食品经营许可（新办），含“引号”\n和换行".replace("\n", ""),
    "conditions": "1. 第一条，\n2. 第二条。",
    "use_level": "县",
    "serves": "自然人^企业法人",
    "is_express": "是",
    "limit_scene_explain": "核对身份证",
    "quantity": 20,
    "checked_on": "2026-02-18",
    "steps": [{"name": "收件", "who": "综合窗口", "days": 0}, {"name": "审批", "days": "5工作日"}],
    "fees": [{"name": "工本费", "amount": "12.50", "basis": "《收费办法》第三条"}],
    "results": [{"name": "许可证", "validity": "5年"}],
    "questions": [{"question": "要多久？", "answer": "五天。"}],
    "special_procedures": [{"kind": "检测", "days": 15, "basis": "许可法45"}],
    "intermediaries": [{"name": "环评", "basis": "环评法", "payer": "申请人"}],
    "link_addr": "https://zwfw.example/pc",
    "mobile_terminal_url": "https://zwfw.example/m",
    "is_single_login": "是",
    "app_is_single_login": "否",
    "extras": [{"name": "星级", "value": "五星"}],
}


@pytest.fixture
def some_items():
    imported(
        json_file(
            item(**FULL),
            item(code="P-1", item_type="20", name="公共服务一件"),
            item(code="TEST-JSON-1", handling_code="TEST-JSON-1-01", name="变更"),
        )
    )
    catalogue.publish_all(by=PUBLISHER, at=AT)


def test_what_is_exported_is_read_back_as_the_same(some_items, tmp_path):
    report = catalogue.export_items(tmp_path, at=AT)
    before = ItemVersion.objects.count()

    again = catalogue.import_items(tmp_path, filename="tables", by=SYSTEM, at=AT)

    assert report.items == again.read == again.unchanged
    assert report.items >= 3
    assert (again.created, again.changed, again.refused_count) == (0, 0, 0)
    assert again.unknown_columns == ()
    assert ItemVersion.objects.count() == before


def test_a_changed_cell_makes_one_new_version(some_items, tmp_path):
    catalogue.export_items(tmp_path, at=AT)
    path = tmp_path / "up_task_public_basic.csv"
    path.write_text(path.read_text("utf-8").replace("公共服务一件", "公共服务改名"), "utf-8")

    again = catalogue.import_items(tmp_path, filename="tables", by=SYSTEM, at=AT)

    assert (again.changed, again.created) == (1, 0)


def test_the_tables_have_the_nations_names_and_numbers(some_items, tmp_path):
    catalogue.export_items(tmp_path, at=AT)

    with (tmp_path / "up_task_general_basic.csv").open(encoding="utf-8-sig") as file:
        rows = {r["task_handle_item"] or r["task_code"]: r for r in csv.DictReader(file)}
    row = rows["TEST-JSON-1"]
    assert (row["task_type"], row["project_type"], row["task_state"]) == ("01", "2", "1")
    assert (row["anticipate_day"], row["anticipate_day_type"]) == ("20", "WD")
    assert (row["server_type"], row["use_level"], row["is_fee"]) == ("1^2", "4", "1")
    assert rows["TEST-JSON-1-01"]["task_code"] == "TEST-JSON-1"
    with (tmp_path / "up_task_general_material.csv").open(encoding="utf-8-sig") as file:
        needs = [r["is_need"] for r in csv.DictReader(file) if r["item_code"] == "TEST-JSON-1"]
    assert needs == ["1", "3"]


def test_addresses_logins_and_what_the_county_adds_go_out_as_they_came(some_items, tmp_path):
    turned("TEST-JSON-1", Turn.CANCEL, at=AT, effective_on=AT.date() + timedelta(days=30))

    catalogue.export_items(tmp_path, at=AT)

    with (tmp_path / "up_task_general_basic.csv").open(encoding="utf-8-sig") as file:
        row = next(r for r in csv.DictReader(file) if r["task_code"] == "TEST-JSON-1")
    assert (row["link_addr"], row["mobile_terminal_url"]) == (
        "https://zwfw.example/pc",
        "https://zwfw.example/m",
    )
    assert (row["is_single_login"], row["app_is_single_login"]) == ("1", "0")
    assert row["plan_cancel_date"] == "2026-04-04"
    assert "星级,五星" in (tmp_path / "onedoor_extras.csv").read_text("utf-8-sig")


def test_what_the_exchange_would_refuse_is_written_beside(some_items, tmp_path):
    report = catalogue.export_items(tmp_path, at=AT)

    found = {(p.item, p.column): p.why for p in report.problems}
    assert found["TEST-JSON-1", "catalog_code"] == "empty"
    assert ("TEST-JSON-1", "task_name") not in found
    assert "catalog_code" in (tmp_path / "problems.csv").read_text("utf-8")
    wide = dict.fromkeys((c.name for c in BASIC), "1") | {"link_way": "1" * 257}
    assert [p.why for p in problems("A", "t", BASIC, wide)] == ["257 > 256"]


def test_a_folder_without_tables_is_refused(tmp_path):
    with pytest.raises(NotFound):
        catalogue.import_items(tmp_path, filename="tables", by=SYSTEM, at=AT)


def test_every_field_has_its_column_and_every_column_its_field():
    """The one-to-one mapping: nothing a version says is lost on the way out."""
    fields = {*as_cells(Content(name="", item_type=""))}
    written = {c.field for c in BASIC}

    assert fields - written == set()
    assert {c.name for c in BASIC} - set(ENVELOPE) <= set(ITEM_COLUMNS)
    for name, made_of in CHILDREN.items():
        has = {c.field for c in CHILD_TABLES[name]} - {"order"}
        assert has == set(made_of.__dataclass_fields__), name
        assert {c.name for c in CHILD_TABLES[name]} <= set(CHILD_COLUMNS[name])
