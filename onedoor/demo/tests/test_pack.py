"""The county pack: it loads, its people and codes are invented, and a broken one is refused."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from onedoor.accounts.models import Organisation
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.tests import given
from onedoor.demo.pack import load
from onedoor.kernel.errors import NotValid

PACK = resources.files("onedoor") / "packs" / "532502" / "county.toml"
TEXT = PACK.read_text(encoding="utf-8")
# ux.md §4.1: catch-alls, excuses and words for touch screens are never written to the public.
BANNED = re.compile(
    "其他材料|相关|有关部门|按规定|请稍后再试|点击|系统繁忙|网络异常|权限不足|非法|！"
)
INVENTED = re.compile("示范|样例|演示|示例")
FIRST_ITEM = "11532502DEM00002244530102001001"


@pytest.fixture(scope="module")
def pack():
    return load()


@pytest.fixture
def broken(tmp_path):
    """Load the county's pack with some text replaced, once."""

    def load_broken(old, new):
        assert old in TEXT
        path = tmp_path / "county.toml"
        path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
        return load(path)

    return load_broken


def test_the_county_loads_with_all_its_tables(pack):
    counts = [len(t) for t in (pack.units, pack.staff, pack.items, pack.phrases, pack.applicants)]

    assert counts == [16, 45, 63, 28, 42]
    assert sum(item["kind"] == "instant" for item in pack.items) == 12


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("食品经营许可（新办）", {"item_type": "01", "statutory_unit": "WD", "materials": 3}),
        ("公共场所卫生许可（延续）", {"item_type": "01", "materials": 2}),
        ("工伤认定", {"statutory_unit": "ND", "deemed_acceptance": False}),
        ("民办幼儿园设立审批", {"statutory_unit": "M", "deemed_acceptance": True}),
        ("个体工商户登记（设立）", {"kind": "instant", "instant_authorised": True}),
        ("结婚登记", {"kind": "instant", "instant_authorised": False}),
    ],
)
def test_the_kinds_of_item_the_product_must_show_are_there(pack, name, facts):
    item = next(item for item in pack.items if item["name"] == name)

    assert {k: len(item[k]) if k == "materials" else item[k] for k in facts} == facts


def test_everybody_in_it_is_obviously_invented(pack):
    names = [s.name for s in pack.staff] + [a.name for a in pack.applicants]
    names += [a.contact_name for a in pack.applicants if a.contact_name]
    phones = re.findall(r'phone = "(.*)"', TEXT)

    assert [name for name in names if not INVENTED.search(name)] == []
    assert [p for p in phones if not re.fullmatch(r"0873-0000\d{3}|13800000\d{3}", p)] == []
    assert {a.id_number[14:17] for a in pack.applicants if a.id_type == "111"} == {"000"}
    assert {u.code[8:12] for u in pack.units} == {"DEM0"}
    assert len(set(names[: len(pack.staff)])) == len(pack.staff)


def test_rare_characters_and_the_dot_of_names_are_among_the_applicants(pack):
    names = "".join(a.name for a in pack.applicants)

    assert all(character in names for character in "䶮㛃·")


def test_what_the_public_reads_is_short_and_says_what_it_means(pack):
    read = [p.text for p in pack.phrases]
    for item in pack.items:
        read += [item["name"], item["conditions"], item["result_name"]]
        read += [m[key] for m in item["materials"] for key in ("name", "standard", "source")]

    assert [text for text in read if BANNED.search(text)] == []
    assert [s for text in read for s in re.split(r"[。\n]", text) if len(s) > 25] == []


@pytest.mark.django_db
def test_the_catalogue_takes_every_item_of_it(pack):
    for u in pack.units:
        Organisation.objects.get_or_create(
            code=u.code,
            # The small county of the tests has numbers of its own.
            defaults={"name": u.name, "short_name": u.short_name, "sequence": 1000 + u.sequence},
        )
    units = Organisation.objects.count()

    report = catalogue.import_items(
        pack.items_as_json(), filename="county.json", by=given.EDITOR, at=given.AT
    )

    assert [str(refused) for refused in report.refused] == []
    assert report.created + report.changed == 63
    assert Organisation.objects.count() == units, "every unit is known by its short name"


@pytest.mark.parametrize(
    ("old", "new", "row", "why"),
    [
        ("dated = 2026-01-01", 'dated = "今年"', ("county", 1), "应是日期"),
        ('code = "11532502DEM0000224"', 'code = "11532502DEM0000225"', ("unit", 2), "信用代码"),
        ("sequence = 2\n", "sequence = 1\n", ("unit", 2), "1 重复"),
        ("sequence = 2\n", 'sequence = "2"\n', ("unit", 2), "sequence 的值写法不对"),
        ('short_name = "市监局"', 'short_name = "政务局"', ("unit", 2), "政务局 重复"),
        ('kind = "bureau"\n', "", ("unit", 2), "字段多了或少了：kind"),
        ('username = "clerk2"', 'username = "clerk"', ("staff", 2), "clerk 重复"),
        ('username = "clerk2"', 'username = "王样例"', ("staff", 2), "小写字母"),
        ('unit = "政务局"', 'unit = "林业局"', ("staff", 1), "没有单位 林业局"),
        ('centre_roles = ["desk"]', 'centre_roles = ["door"]', ("staff", 1), "没有角色 door"),
        ('["decider"]', '["decider", "acceptor"]', ("staff", 14), "不能同时是决定岗"),
        ('unit_roles = ["head"]', "unit_roles = []", ("item", 1), "市监局没有人担任负责人"),
        (FIRST_ITEM, FIRST_ITEM[:-1] + "2", ("item", 2), "重复"),
        (FIRST_ITEM, FIRST_ITEM[:-1], ("item", 1), "编码"),
        ('item_type = "01"', 'item_type = "07"', ("item", 1), "类型一致"),
        ("promised_limit = 5\n", "promised_limit = 11\n", ("item", 1), "比法定时限长"),
        ("promised_limit = 5\n", "promised_limit = -5\n", ("item", 1), "承诺时限"),
        ('promised_unit = "WD"', 'promised_unit = "ND"', ("item", 1), "不能比"),
        ('code = "missing-02"', 'code = "missing-01"', ("phrase", 2), "missing-01 重复"),
        ('kind = "missing"', 'kind = "absent"', ("phrase", 1), "没有用语种类 absent"),
        ('kind = "person"', 'kind = "animal"', ("applicant", 1), "没有申请人类型 animal"),
        ('id_type = "111"', 'id_type = "11"', ("applicant", 1), "没有证件类型 11"),
        ('"532502195304120', '"532502195304121', ("applicant", 1), "身份证号不对"),
    ],
)  # fmt: skip
def test_a_broken_pack_is_refused_by_table_row_and_reason(broken, old, new, row, why):
    with pytest.raises(NotValid, match=why) as refusal:
        broken(old, new)

    assert refusal.value.code == "pack.wrong_row"
    assert (refusal.value.data["table"], refusal.value.data["number"]) == row


@pytest.mark.parametrize("content", ["", "[county]", "[county", "county = 1", "\ufeff["])
def test_what_is_no_pack_is_refused_as_unreadable(tmp_path, content):
    path = tmp_path / "county.toml"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(NotValid) as refusal:
        load(path)

    assert refusal.value.code == "pack.unreadable"


def test_a_county_without_a_pack_is_refused():
    with pytest.raises(NotValid) as refusal:
        load(county="999999")

    assert refusal.value.code == "pack.unreadable"


def test_a_pack_without_a_table_is_refused(tmp_path):
    path = tmp_path / "county.toml"
    path.write_text("[county]\ndated = 2026-01-01\n", encoding="utf-8")

    with pytest.raises(NotValid, match="没有这张表"):
        load(path)
