"""The county pack: it loads, its people and codes are invented, and a broken one is refused."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from importlib import resources

import pytest

from onedoor.accounts.models import Organisation
from onedoor.catalogue import judging, queries
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.models import Item
from onedoor.catalogue.rules.situations import Situation, faults, paths
from onedoor.catalogue.tests import given
from onedoor.demo.loading import load
from onedoor.kernel.errors import NotValid

PACK = resources.files("onedoor") / "packs" / "532502"
# ux.md §4.1: catch-alls, excuses and words for touch screens are never written to the public.
BANNED = re.compile(
    "其他材料|相关|有关部门|按规定|请稍后再试|点击|系统繁忙|网络异常|权限不足|非法|！"
)
INVENTED = re.compile("示范|样例|演示|示例")


@pytest.fixture(scope="module")
def pack():
    return load()


@pytest.fixture
def broken(tmp_path):
    """Load the county's pack with some text of one file replaced, once."""

    def load_broken(name, old, new):
        shutil.copytree(str(PACK), tmp_path / "pack")
        file = tmp_path / "pack" / name
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        return load(tmp_path / "pack")

    return load_broken


def test_the_county_is_as_large_as_its_model(pack):
    """The published report counts 41 units, 1099 items on request and more than 260 staff."""
    assert (len(pack.units), len(pack.items)) == (41, 1099)
    assert {item["unit"] for item in pack.items} == {u.short_name for u in pack.units}
    assert 260 < len(pack.staff) < 280
    assert 30 <= sum(s.signs_in for s in pack.staff) <= 50
    assert len([d for d in pack.divisions if d.parent == "532502"]) == 7


def test_every_unit_and_item_has_an_english_name(pack):
    whole = pack.whole()

    assert [unit.name for unit in whole.units if not unit.english] == []
    assert [item["name"] for item in whole.items if not item["english_name"]] == []
    assert len({item["english_name"] for item in pack.items}) > 1000


def test_every_township_has_a_unit_with_people_and_items_of_its_own_level(pack):
    towns = pack.towns
    known = {d.code for d in pack.divisions if d.parent == "532502"}

    assert {item["town_code"] for item in towns.items} == known
    assert {item["use_level"] for item in towns.items} == {"5"}
    assert {item["unit"] for item in towns.items} == {u.short_name for u in towns.units}
    assert {s.unit for s in towns.staff} == {u.short_name for u in towns.units}
    assert not {u.sequence for u in towns.units} & {u.sequence for u in pack.units}
    assert not {i["code"] for i in towns.items} & {i["code"] for i in pack.items}
    assert "宅基地用地建房申请" not in {
        i["name"] for i in towns.items if i["unit"].endswith("街道")
    }


def test_the_mix_of_items_is_that_of_a_county(pack):
    """A third on the spot, as the neighbouring 蒙自 counts (441 of 1318); most are licences."""
    kinds = Counter(item["kind"] for item in pack.items)
    types = Counter(item["item_type"] for item in pack.items)

    assert 0.30 < kinds["instant"] / len(pack.items) < 0.40
    assert set(types) == {"01", "05", "07", "08", "09", "10", "20"}
    assert [code for code, _ in types.most_common(3)] == ["01", "20", "07"]


def test_some_hundred_and_thirty_are_told_to_the_last_field(pack):
    told = [item for item in pack.items if item["code"] in pack.well_known]

    assert len(told) > 120
    assert [i["name"] for i in told if len(i["aliases"]) < 2 or len(i["conditions"]) < 10] == []
    assert [i["name"] for i in pack.items if not i["questions"] or not i["steps"]] == []
    assert {item["unit"] for item in told} > {"市监局", "人社局", "公安局", "税务局", "供电局"}


def test_no_two_items_have_one_name_or_code(pack):
    for field in ("name", "code"):
        counted = Counter(item[field] for item in pack.items)
        assert [value for value, count in counted.items() if count > 1] == []


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


@pytest.mark.parametrize(
    ("package", "once"),
    [
        ("开饭店", ["申请人身份证明", "场所使用证明"]),
        ("企业开办", ["法定代表人身份证", "营业执照"]),
        ("二手房转移", ["不动产权证书", "完税证明"]),
    ],
)
def test_a_package_calls_the_same_paper_by_one_name(pack, package, once):
    """许可法31: what one member asks for, the next one does not ask for again by another name."""
    members = next(p.members for p in pack.packages if p.name == package)
    asked = Counter(
        material["name"]
        for item in pack.items
        if item["name"] in members
        for material in item["materials"]
    )

    assert {name: asked[name] for name in once if not asked[name]} == {}
    assert [n for n in asked if n in {"经营者身份证", "房屋使用证明", "完税凭证"}] == []
    assert [n for n in asked if "经营场所" in n or "股东和法定代表人" in n] == []


def test_everybody_in_it_is_obviously_invented(pack):
    names = [s.name for s in pack.staff] + [a.name for a in pack.applicants]
    names += [a.contact_name for a in pack.applicants if a.contact_name]
    phones = [u.phone for u in pack.units] + [a.phone for a in pack.applicants]

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
        read += [item["name"], item["conditions"], item["result_name"], item["visits_reason"]]
        read += [m[key] for m in item["materials"] for key in ("name", "standard", "source")]

    assert [text for text in read if BANNED.search(text)] == []
    assert [s for text in read for s in re.split(r"[。\n]", text) if len(s) > 25] == []


@pytest.mark.django_db
def test_the_catalogue_takes_every_item_and_the_gates_let_it_pass(pack):
    """What remains are reminders: an article we are not sure of, forms and samples as files."""
    for u in pack.units:
        Organisation.objects.get_or_create(
            code=u.code,
            # The small county of the tests has numbers of its own.
            defaults={"name": u.name, "short_name": u.short_name, "sequence": 1000 + u.sequence},
        )
    units = Organisation.objects.count()
    before = set(Item.objects.values_list("code", flat=True))

    report = catalogue.import_items(
        pack.items_as_json(checked_on=given.AT.date()),
        filename="county.json",
        by=given.EDITOR,
        at=given.AT,
    )

    assert [str(refused) for refused in report.refused] == []
    assert report.created + report.changed == len(pack.items)
    assert report.unknown_columns == ()
    assert Organisation.objects.count() == units, "every unit is known by its short name"
    waiting = list(queries.awaiting_publication())
    assert len(waiting) == len(pack.items)
    # An item the tests made keeps what the pack does not state of it.
    found = judging.findings([v for v in waiting if v.item.code not in before], on=given.AT.date())
    assert [str(one.refusal) for each in found.values() for one in each if one.is_reject] == []
    assert {one.gate.id for each in found.values() for one in each} == {"G10", "G23", "G48"}


COUNTY, COMMON, PEOPLE = "county.toml", "common.toml", "people.toml"
CENTRE, MARKET = "units/01-zw.toml", "units/02-sc.toml"
UNIT_2 = "11532502DEM0000224"


@pytest.mark.parametrize(
    ("file", "old", "new", "row", "why"),
    [
        (COUNTY, "dated = 2026-01-01", 'dated = "今年"', ("county", 1), "应是日期"),
        (COUNTY, 'parent = "532500"', 'parent = "532501"', ("division", 3), "没有上级区划"),
        (COUNTY, 'code = "missing-02"', 'code = "missing-01"', ("phrase", 2), "missing-01 重复"),
        (COUNTY, 'kind = "missing"', 'kind = "absent"', ("phrase", 1), "没有用语种类 absent"),
        (MARKET, UNIT_2, UNIT_2[:-1] + "5", ("unit", 2), "信用代码"),
        (MARKET, "sequence = 2\n", "sequence = 1\n", ("unit", 2), "1 重复"),
        (MARKET, "sequence = 2\n", 'sequence = "2"\n', ("unit", 2), "sequence 的值写法不对"),
        (MARKET, 'short_name = "市监局"', 'short_name = "政务局"', ("unit", 2), "政务局 重复"),
        (MARKET, 'kind = "bureau"\n', "", ("unit", 2), "字段多了或少了：kind"),
        (MARKET, "posts = { acceptor", "posts = { doorman", ("unit", 2), "没有岗位 doorman"),
        (CENTRE, '"clerk2"', '"clerk"', ("staff", 2), "clerk 重复"),
        (CENTRE, '"clerk2"', '"王样例"', ("staff", 2), "小写字母"),
        (CENTRE, '["desk"]', '["door"]', ("staff", 1), "没有角色 door"),
        (MARKET, '["decider"]', '["decider", "acceptor"]', ("staff", 26), "不能同时是决定岗"),
        (PEOPLE, 'marks = ["示范", ', 'marks = ["示范"] # ', ("names", 1), "名字不够用"),
        (MARKET, "{ no = 11,", "{ no = 12,", ("市监局.object", 2), "12 重复"),
        (MARKET, "{ no = 11,", "{ no = 1000,", ("item", 6), "编码"),
        (MARKET, '"补证", "注销"]', '"补证", "注消"]', ("市监局.object", 16), "没有行为 注消"),
        (MARKET, "law =", "laws =", ("市监局.object", 1), "字段多了或少了：law、laws"),
        (MARKET, '[full."变更"]', '[full."延期"]', ("市监局.object", 16), "没有列在 do 里：延期"),
        (MARKET, 'promised = [5, "WD"]', 'promised = [-5, "WD"]', ("item", 40), "承诺时限"),
        (MARKET, 'promised = [5, "WD"]', 'promised = [5, "ND"]', ("item", 40), "不能比"),
        (COMMON, "main = true\n", "", ("action", 1), "字段多了或少了：main"),
        (PEOPLE, 'kind = "person"', 'kind = "animal"', ("applicant", 1), "没有申请人类型 animal"),
        (PEOPLE, 'id_type = "111"', 'id_type = "11"', ("applicant", 1), "没有证件类型 11"),
        (PEOPLE, '"532502195304120', '"532502195304121', ("applicant", 1), "身份证号不对"),
    ],
)  # fmt: skip
def test_a_broken_pack_is_refused_by_table_row_and_reason(broken, file, old, new, row, why):
    with pytest.raises(NotValid, match=why) as refusal:
        broken(file, old, new)

    assert refusal.value.code == "pack.wrong_row"
    assert (refusal.value.data["table"], refusal.value.data["number"]) == row


@pytest.mark.parametrize("file", ["county.toml", "common.toml", "units/02-sc.toml"])
@pytest.mark.parametrize("content", ["[county", "\ufeff["])
def test_what_is_no_pack_is_refused_as_unreadable(broken, file, content):
    with pytest.raises(NotValid) as refusal:
        broken(file, (PACK / file).read_text(encoding="utf-8"), content)

    assert refusal.value.code == "pack.unreadable"
    assert file.rpartition("/")[2] in str(refusal.value)


def test_a_county_without_a_pack_is_refused():
    with pytest.raises(NotValid) as refusal:
        load(county="999999")

    assert refusal.value.code == "pack.unreadable"


@pytest.mark.parametrize("table", ["division", "phrase"])
def test_a_pack_without_a_table_is_refused(broken, table):
    with pytest.raises(NotValid, match="没有这张表"):
        broken(
            "county.toml",
            (PACK / "county.toml").read_text("utf-8"),
            "[county]\ndated = 2026-01-01\n",
        )


def test_the_county_asks_about_twenty_items_and_none_of_it_is_broken(pack):
    asked = [item for item in pack.items if item["situations"]]

    assert len(asked) >= 20
    for item in asked:
        situations = [Situation(**one) for one in item["situations"]]
        names = {one["name"] for one in item["materials"]}
        assert [str(fault) for fault in faults(situations, names)] == [], item["name"]
        frees = [walk.free for walk in paths(situations)]
        assert any(frees), item["name"]
