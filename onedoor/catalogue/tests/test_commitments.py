"""What a commitment may stand for: told in full, checked before publishing, read everywhere."""

from dataclasses import replace

import pytest

from onedoor.catalogue import queries
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.models import ItemVersion
from onedoor.catalogue.rules.changes import changes
from onedoor.catalogue.rules.commitments import Commitment, Extent, Way
from onedoor.catalogue.rules.gates import look
from onedoor.catalogue.rules.item_file import ItemRow, read_row
from onedoor.catalogue.rules.labels import RowLabel
from onedoor.catalogue.rules.spelled import as_cells, as_lists
from onedoor.catalogue.rules.words import Origin, Source
from onedoor.catalogue.tests.given import AT, EDITOR, PUBLISHER, imported, item, json_file
from onedoor.catalogue.tests.test_editing import CODE, page_of, sent, signed_in
from onedoor.catalogue.tests.test_rules import ON, TABLES, codes, known, whole

MAP = Commitment(
    matter="场所布局",
    replaces="场所布局图",
    basis="《食品安全法》第三十三条",
    content="场所的布局和申请书上写的一样。",
    liability="承诺不实的，撤销许可。",
    days=30,
)


def on_promise(*commitments, **said):
    return whole(is_on_promise=True, commitments=commitments or (MAP,), **said)


def test_a_guide_that_tells_all_of_a_commitment_passes():
    assert codes(on_promise()) == []
    assert on_promise().vouched == {"场所布局图": MAP}
    assert whole(commitments=(MAP,)).vouched == {}


WRONG = [
    ({"replaces": "身份证"}, "commitment_of_no_material"),
    ({"replaces": "场所布局图\n食品经营许可申请书"}, "commitment_of_many"),
]


@pytest.mark.parametrize(("said", "code"), WRONG)
def test_what_a_commitment_cannot_stand_for_is_refused_wherever_it_came_from(said, code):
    content = on_promise(replace(MAP, **said))

    assert codes(content) == [code]
    assert codes(content, origin=Origin.IMPORTED) == [code]


def test_a_paper_has_one_commitment_and_the_item_says_that_it_takes_them():
    twice = on_promise(MAP, replace(MAP, matter="平面布局"))

    assert codes(twice) == ["committed_twice", "committed_twice"]
    assert codes(replace(on_promise(), is_on_promise=False)) == ["commitment_not_offered"]


def test_only_a_licence_is_granted_on_a_commitment_as_a_whole():
    licence = replace(MAP, extent=Extent.LICENCE, replaces="场所布局图\n食品经营许可申请书")

    assert codes(on_promise(licence)) == []
    assert codes(on_promise(licence, item_type="07")) == ["commitment_of_no_licence"]


GAPS = [
    ({"replaces": ""}, "commitment_for_nothing"),
    ({"basis": " "}, "commitment_without_basis"),
    ({"content": ""}, "commitment_without_content"),
    ({"liability": ""}, "commitment_without_liability"),
    ({"days": None}, "commitment_without_days"),
]


@pytest.mark.parametrize(("said", "code"), GAPS)
def test_what_is_not_told_is_a_gap(said, code):
    content = on_promise(replace(MAP, **said))

    assert codes(content) == [code]
    assert codes(content, origin=Origin.IMPORTED) == []


def test_what_tells_too_little_stands_for_nothing():
    assert on_promise(replace(MAP, liability="")).vouched == {}
    assert on_promise(replace(MAP, days=None)).vouched == {}
    assert on_promise(replace(MAP, days=None, way=Way.NONE)).vouched


def test_an_item_on_promise_says_what_is_promised():
    assert codes(whole(is_on_promise=True)) == ["commitment_missing"]
    promised = tuple(replace(m, source_kind=Source.PROMISE) for m in whole().materials)

    found = look(on_promise(materials=promised), known())

    assert [(f.gate.id, f.refusal.field) for f in found] == [("G28", "materials-1")]


def test_commitments_read_from_their_cells_are_the_same():
    content = on_promise(replace(MAP, is_open_to_broken=True, way=Way.ONLINE))

    row = read_row(
        1,
        as_cells(content) | {"code": "A", "unit_name": "U"},
        names={},
        on=ON,
        lists=as_lists(content),
        **TABLES,
    )

    assert isinstance(row, ItemRow)
    assert row.content.commitments == content.commitments


def test_a_change_names_the_commitment_and_its_field():
    found = changes(on_promise(), on_promise(replace(MAP, days=20)))

    assert [(c.field.value, c.row, c.part, c.old, c.new) for c in found] == [
        ("commitments", "场所布局", RowLabel.DAYS, 30, 20)
    ]


OFFERED = {
    "matter": "河段位置",
    "replaces": "河段图",
    "basis": "《河道管理条例》第二十五条",
    "conditions": "没有不实承诺的记录。",
    "content": "采砂的河段和申请书上写的一样。",
    "liability": "承诺不实的，撤销许可。",
    "way": "现场核查",
    "days": "30工作日",
}


@pytest.fixture
def published():
    imported(json_file(item(commitments=[OFFERED])))
    catalogue.publish(CODE, by=PUBLISHER, at=AT)


@pytest.mark.django_db
def test_a_commitment_of_a_file_is_in_force_and_exported_as_it_came(published, tmp_path):
    facts = queries.current_version(CODE, at=AT)

    assert list(facts.vouched) == ["河段图"]
    assert facts.as_row().vouched == facts.vouched
    assert ItemVersion.objects.get(pk=facts.version_id).vouched == facts.vouched

    catalogue.export_items(tmp_path, at=AT)
    again = catalogue.import_items(tmp_path, filename="tables", by=EDITOR, at=AT)

    assert (again.unchanged, again.changed, again.unknown_columns) == (again.read, 0, ())


@pytest.mark.django_db
def test_everybody_reads_what_may_be_committed_to(published, client):
    text = client.get(f"/items/{CODE}/").content.decode()

    for words in (
        "可以用承诺代替的",
        "可以不交，用承诺代替",
        "采砂的河段和申请书上写的一样。",
        "决定后 30 工作日内",
        "承诺不实的，撤销许可。",
    ):
        assert words in text


@pytest.mark.django_db
def test_an_editor_writes_a_commitment_on_the_page(published):
    client = signed_in("editor")
    _, seen = page_of(client)
    content = replace(whole(), is_on_promise=True, commitments=(MAP,), is_tolerant=True)

    page = client.post(f"/catalogue/edit/{CODE}/", sent(content, seen=seen))

    assert page.status_code == 302, page.context["form"].errors
    draft = ItemVersion.objects.get(status="draft")
    assert list(draft.vouched) == ["场所布局图"]
    assert draft.vouched["场所布局图"].days == 30
