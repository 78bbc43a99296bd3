"""Rows and limits without a database."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from onedoor.catalogue import queries
from onedoor.catalogue.rules.content import (
    Content,
    Fee,
    MaterialContent,
    ResultPaper,
    SpecialProcedure,
    Step,
)
from onedoor.catalogue.rules.content_columns import columns, from_columns
from onedoor.catalogue.rules.gates import Basic, Setting, look
from onedoor.catalogue.rules.item_file import ItemRow, RowFault, read_row
from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.catalogue.rules.words import ItemState, Kind, Necessity, Origin, SpecialKind

FILE = "sha256:" + "0" * 64
FILES = frozenset({FILE})
OTHER = "sha256:" + "1" * 64
BASIS = "《食品安全法》第三十五条"
ON = date(2026, 3, 5)
CELLS = {"code": "A-1", "name": "取水许可", "unit_name": "水务局", "item_type": "行政许可"}
TABLES: dict[str, Any] = {"types": queries.item_types(), "sets": queries.code_sets()}


def read(**cells):
    return read_row(2, CELLS | cells, names={}, on=ON, **TABLES)


@pytest.mark.parametrize(
    ("cells", "limit"),
    [
        ({}, None),
        ({"promised": "5个工作日"}, Limit(5, LimitUnit.WD)),
        ({"promised": "5"}, Limit(5, LimitUnit.WD)),
        ({"promised": "30", "promised_unit": "自然日"}, Limit(30, LimitUnit.ND)),
        ({"promised": "即办"}, Limit(0, LimitUnit.WD)),
        ({"kind": "即办件"}, Limit(0, LimitUnit.WD)),
    ],
)
def test_a_promise_is_read_in_any_of_its_spellings(cells, limit):
    row = read(**cells)

    assert isinstance(row, ItemRow)
    assert row.content.promised == limit
    assert row.content.statutory == Limit(20, LimitUnit.WD)
    assert row.content.deemed_acceptance


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"promised": "21"}, "catalogue.promise_exceeds_law"),
        ({"promised": "soon"}, "catalogue.not_a_limit"),
        ({"item_type": "20", "promised": "5"}, "catalogue.limit_unit"),
        ({"fee": "12.345"}, "catalogue.not_an_amount"),
        ({"is_fee": "是"}, "catalogue.fee_missing"),
        ({"is_fee": "否", "fee": "5"}, "catalogue.fee_contradicts"),
        ({"visits": "-1"}, "catalogue.not_a_count"),
        ({"is_single_login": "也许"}, "catalogue.not_yes_or_no"),
        ({"is_online": "也许"}, "catalogue.not_yes_or_no"),
        ({"kind": "其他"}, "catalogue.unknown_word"),
    ],
)
def test_what_cannot_be_meant_is_a_fault_with_its_reason(cells, code):
    row = read(**cells)

    assert isinstance(row, RowFault)
    assert [fault.code for fault in row.reasons] == [code]


def test_the_digest_is_of_what_the_row_says_not_of_where_it_stands():
    first, other = read(), read(name="另一件")
    assert isinstance(first, ItemRow)
    assert isinstance(other, ItemRow)
    again = read_row(9, CELLS, names={}, on=ON, **TABLES)

    assert isinstance(again, ItemRow)
    first_, again_, other_ = (
        r.content.digest(code=r.code, unit="U") for r in (first, again, other)
    )
    assert first_ == again_ != other_
    assert first.content.digest(code=first.code, unit="V") != first_


# --- Publish gates ----------------------------------------------------------------------------


def whole(**changes):
    """Return a content no gate has anything against, but for these changes."""
    said: dict[str, Any] = {
        "name": "食品经营许可（新办）",
        "item_type": "01",
        "basic_code": "530102001001",
        "legal_basis": "《食品安全法》第三十五条",
        "conditions": "1. 您已经办好营业执照。",
        "use_level": "4",
        "unit_kind": "1",
        "power_source": "1",
        "serves": "1^2",
        "statutory": Limit(20, LimitUnit.WD),
        "limit_basis": "《行政许可法》第四十二条",
        "promised": Limit(5, LimitUnit.WD),
        "steps": (
            Step(name="收件", who="综合窗口", days=0),
            Step(name="审批", who="市监局", days=5),
        ),
        "visits": 1,
        "visits_reason": "要当面核对身份证。",
        "is_online": True,
        "place": "市民之家A区",
        "hours": "9:00–17:00",
        "phone": "0873-0000202",
        "complaint_phone": "0873-0000110、12345",
        "result_name": "食品经营许可证",
        "results": (ResultPaper(name="食品经营许可证", sample_file=FILE),),
        "checked_on": ON - timedelta(days=30),
        "is_tolerant": True,
        "tolerance_days": 3,
        "special_procedures": (
            SpecialProcedure(kind=SpecialKind.TESTING, days=15, basis="许可法45"),
        ),
        "materials": (
            MaterialContent(
                name="食品经营许可申请书", basis=BASIS, form_file=FILE, sample_file=FILE
            ),
            MaterialContent(name="场所布局图", basis=BASIS, necessity=Necessity.TOLERANT),
        ),
    }
    return Content(**said | changes)


def known(*, on=ON, origin=Origin.EDITED, basic=None, has_directory=False):
    """Return what the gates know beside a content: all files are those of guides."""
    return Setting(
        on=on,
        origin=origin,
        words=queries.plain_words(),
        basic=basic,
        has_directory=has_directory,
        files=FILES,
    )


def codes(content, *, origin=Origin.EDITED, basic=None, on=ON):
    setting = known(on=on, origin=origin, basic=basic)
    found = look(content, setting)
    return [f.refusal.code.removeprefix("catalogue.") for f in found if f.is_reject]


def test_a_whole_guide_passes_every_gate():
    setting = known(on=ON, origin=Origin.EDITED)

    assert [f.refusal.code for f in look(whole(), setting)] == []


DAYS = LimitUnit.WD
WRONG = [
    ({"promised": Limit(21, DAYS)}, "promise_exceeds_law"),
    ({"kind": Kind.INSTANT, "is_tolerant": False, "materials": ()}, "instant_takes_days"),
    ({"statutory": None, "promised": None}, "no_limit"),
    ({"statutory": Limit(30, DAYS)}, "limit_not_cited"),
    ({"fee_fen": 500}, "fee_without_basis"),
    ({"fees": (Fee(name="工本费", amount_fen=500, basis=BASIS),)}, "fees_do_not_add_up"),
    ({"unit_kind": "3"}, "entrusted_by_nobody"),
    ({"visits": 0, "is_online": False, "is_posted": True}, "no_visit_not_online"),
    ({"phone": "7123456"}, "dead_phone"),
    ({"complaint_phone": "0873-71234"}, "dead_phone"),
    ({"phone": "110"}, "emergency_phone"),
    ({"complaint_phone": "12345、0873-0000000"}, "made_up_phone"),
    ({"phone": "(0873)1234567"}, "made_up_phone"),
    ({"phone": "13800000000"}, "made_up_phone"),
    ({"legal_basis": "按有关规定"}, "basis_names_no_rule"),
    ({"fee_basis": "上级要求"}, "basis_names_no_rule"),
    ({"materials": (MaterialContent(name="身份证", basis="有规定"),), "is_tolerant": False},
     "basis_names_no_rule"),
    ({"tolerance_days": 6}, "tolerance_too_long"),
    ({"is_tolerant": True, "materials": ()}, "tolerance_without_material"),
    ({"special_procedures": (SpecialProcedure(kind=SpecialKind.TESTING, days=0),)},
     "procedure_without_days"),
    ({"special_procedures": (SpecialProcedure(kind=SpecialKind.SURVEY, days=5),)},
     "procedure_without_basis"),
    ({"materials": (MaterialContent(name="身份证"),), "is_tolerant": False},
     "material_without_basis"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "code"), WRONG)
def test_what_is_wrong_is_refused_wherever_it_came_from(changes, code):
    assert codes(whole(**changes)) == [code]
    assert codes(whole(**changes), origin=Origin.IMPORTED) == [code]


GAPS = [
    ({"statutory": None}, "no_statutory_limit"),
    ({"promised": None}, "no_promised_limit"),
    ({"legal_basis": ""}, "no_legal_basis"),
    ({"legal_basis": "食品安全法"}, "basis_without_article"),
    ({"visits": None}, "no_visits"),
    ({"visits_reason": ""}, "visits_without_reason"),
    ({"visits": 0}, "no_visit_not_posted"),
    ({"phone": "请到窗口问"}, "no_phone"),
    ({"phone": "12345"}, "general_phone"),
    ({"complaint_phone": ""}, "no_complaint_phone"),
    ({"place": " "}, "no_place"),
    ({"hours": ""}, "no_hours"),
    ({"steps": ()}, "no_steps"),
    ({"steps": (Step(name="收件", days=0),)}, "step_without_who"),
    ({"steps": (Step(name="收件", who="窗口"),)}, "step_without_time"),
    ({"results": ()}, "no_result_sample"),
    ({"result_name": "", "results": ()}, "no_result"),
    ({"checked_on": None}, "not_checked"),
    ({"checked_on": ON - timedelta(days=181)}, "checked_long_ago"),
    ({"checked_on": ON + timedelta(days=1)}, "checked_tomorrow"),
    ({"tolerance_days": None}, "tolerance_without_days"),
    ({"conditions": "符合有关部门的要求。"}, "vague_words"),
    ({"basic_code": ""}, "no_basic_code"),
]


@pytest.mark.parametrize(("changes", "code"), GAPS)
def test_a_gap_is_refused_in_what_we_wrote_and_a_reminder_in_what_was_imported(changes, code):
    setting = known(on=ON, origin=Origin.IMPORTED)

    assert codes(whole(**changes)) == [code]
    assert codes(whole(**changes), origin=Origin.IMPORTED) == []
    assert [f.refusal.code for f in look(whole(**changes), setting)] == [f"catalogue.{code}"]


@pytest.mark.parametrize(
    ("name", "is_caught"),
    [
        ("其他材料", True),
        ("其它有关材料", True),
        ("有关部门要求的材料", True),
        ("法律法规规定的其他材料", True),
        ("法律、行政法规规定应当提交的其他文件", True),
        ("相关证明材料", True),
        ("审批机关认为需要提交的材料", True),
        ("其他组织的登记证书", False),
        ("其他应提交的材料", True),
        ("身份证明", False),
        ("原材料采购合同", False),
        ("申请材料真实性承诺书", False),
    ],
)
def test_a_catch_all_is_no_material(name, is_caught):
    material = MaterialContent(name=name, basis=BASIS, form_file=FILE, sample_file=FILE)

    found = codes(whole(materials=(material,), is_tolerant=False))

    assert found == (["catch_all_material"] if is_caught else [])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        (
            {"materials": (MaterialContent(name="图", basis=BASIS, sample_file=OTHER),)},
            "materials-1",
        ),
        ({"results": (ResultPaper(name="证", sample_file=OTHER),)}, "results-1"),
    ],
)
def test_a_file_that_was_not_uploaded_for_a_guide_is_never_published(changes, field):
    setting = known(on=ON, origin=Origin.IMPORTED)
    found = [f for f in look(whole(is_tolerant=False, **changes), setting) if f.is_reject]

    assert [(f.gate.id, f.refusal.field) for f in found] == [("G26", field)]


def test_a_form_comes_with_its_blank_and_a_sample():
    form = MaterialContent(name="个体工商户登记申请书", basis=BASIS)

    assert codes(whole(materials=(form,), is_tolerant=False)) == ["form_missing", "sample_missing"]


def test_a_longer_limit_of_another_law_passes():
    basis = "《食品经营许可和备案管理办法》第十条"

    assert codes(whole(statutory=Limit(30, DAYS), limit_basis=basis)) == []


def test_the_states_directory_is_not_overruled():
    cancelled = Basic("食品经营许可", "01", ItemState.CANCELLED)
    other = Basic("食品经营许可", "07", ItemState.IN_USE)

    named = Basic("食品生产许可", "01", ItemState.IN_USE)
    assert codes(whole(), basic=cancelled) == ["basic_cancelled"]
    assert codes(whole(), basic=other) == ["basic_type_differs"]
    assert codes(whole(), basic=named) == ["basic_name_differs"]
    assert codes(whole(main_item="食品生产许可"), basic=named) == []
    assert codes(whole(), basic=named, origin=Origin.IMPORTED) == []
    assert [f.refusal.code for f in look(whole(), known(has_directory=True))] == [
        "catalogue.basic_unknown"
    ]
    assert codes(whole(), basic=Basic("食品经营许可", "01", ItemState.IN_USE)) == []


def test_all_is_told_at_once_and_what_is_refused_comes_first():
    bad = whole(phone="7123456", visits=None, conditions="相关要求")
    setting = known(on=ON, origin=Origin.EDITED)

    found = look(bad, setting)

    assert [f.is_reject for f in found] == [True, True, False]


def test_a_content_survives_its_columns():
    content = whole()

    again = Content(**from_columns(columns(content), materials=content.materials))

    # The limit of the law carries its basis when it is read.
    assert replace(again, statutory=content.statutory) == content
    assert again.digest(code="A", unit="U") == content.digest(code="A", unit="U")
