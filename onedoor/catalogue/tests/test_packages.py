"""Joint packages: set, read by the public and by programs, suspended and resumed."""

from dataclasses import replace
from datetime import date

import pytest
from django.test import Client

from onedoor.accounts.queries import actor_named
from onedoor.catalogue import packages as queries
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.models import Package
from onedoor.catalogue.rules.turns import Turn
from onedoor.catalogue.tests.given import turned
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed, NotFound, NotValid, Refusal

pytestmark = pytest.mark.django_db

AT = clock.at_local(date(2026, 3, 6), 9)
MARKET = "11532502DEM0000224"
LICENCE = "11532502DEM00002244530102001001"
CONFIRMATION = "11532502DEM00002247530702001001"
"""Items of the small county that every test starts from: three materials, 5 and 10 days."""


def actor(username):
    return actor_named(username, on=date(2026, 3, 6))


def told(**changes):
    shop = catalogue.PackageTold(
        code="shop",
        name="开小店（测试）",
        unit=MARKET,
        members=[(LICENCE, ""), (CONFIRMATION, LICENCE)],
        theme="准营准办",
        is_joint=True,
    )
    return replace(shop, **changes)


def made(**changes):
    catalogue.set_packages([told(**changes)], by=actor("publisher"), at=AT)
    return queries.package_facts(queries.package_row("shop"), at=AT)


def test_a_package_asks_for_each_material_once_and_adds_its_longest_road():
    facts = made()

    assert [(m.name, m.members) for m in facts.materials] == [
        ("申请书", (1, 2)),
        ("布局图", (1, 2)),
        ("说明", (1, 2)),
    ]
    assert facts.longest == 15
    assert facts.is_open


def test_setting_the_same_again_changes_nothing_and_another_order_another_edition():
    first = made().edition

    again = catalogue.set_packages([told()], by=actor("publisher"), at=AT)
    turned = made(members=[(CONFIRMATION, ""), (LICENCE, "")]).edition

    assert (again, Package.objects.count()) == (0, 1)
    assert first != turned


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"members": [(LICENCE, "")]}, "package.members"),
        ({"members": [(LICENCE, ""), (LICENCE, "")]}, "package.twice"),
        (
            {"members": [(LICENCE, CONFIRMATION), (CONFIRMATION, "")]},
            "package.order",
        ),
        ({"members": [(LICENCE, ""), ("nothing", "")]}, "catalogue.not_found"),
        ({"code": "../x"}, "package.code"),
        ({"name": ""}, "package.name"),
        ({"unit": "none"}, "accounts.no_such_unit"),
    ],
)
def test_an_absurd_package_is_refused_with_all_that_came_with_it(changes, code):
    with pytest.raises((NotValid, NotFound)) as refused:
        catalogue.set_packages(
            [told(), told(**{"code": "other"} | changes)], by=actor("publisher"), at=AT
        )

    assert refused.value.code == code
    assert not Package.objects.exists()


def test_only_a_publisher_of_the_lead_unit_sets_a_package():
    with pytest.raises(NotAllowed):
        catalogue.set_packages([told()], by=actor("clerk"), at=AT)


def test_a_suspended_package_or_member_takes_no_application():
    made()
    catalogue.suspend_package("shop", by=actor("publisher"), at=AT)
    with pytest.raises(Refusal) as twice:
        catalogue.suspend_package("shop", by=actor("publisher"), at=AT)
    with pytest.raises(Refusal) as suspended:
        queries.open_package("shop", at=AT)
    catalogue.resume_package("shop", by=actor("publisher"), at=AT)
    turned(CONFIRMATION, Turn.SUSPEND, at=AT)
    with pytest.raises(Refusal) as member:
        queries.open_package("shop", at=AT)

    codes = [r.value.code for r in (twice, suspended, member)]
    assert codes == ["package.wrong_state", "package.not_in_use", "catalogue.not_in_use"]


def test_the_public_reads_what_to_bring_once_and_what_waits_for_what():
    made()

    page = Client().get("/packages/shop/").content.decode()
    listed = Client().get("/packages/").content.decode()
    item = Client().get(f"/items/{LICENCE}/").content.decode()

    assert page.count("布局图") == 2  # the name and what it is checked for, once
    assert "第 1 项办好后自动开始" in page
    assert "不超过 45 个工作日" in page
    assert "/packages/shop/" in listed
    assert "/packages/shop/" in item
    assert Client().get("/packages/none/").status_code == 404


def test_who_searches_for_a_part_or_the_name_finds_the_package():
    made()

    by_part = Client().get("/search/?q=食品经营许可").content.decode()
    by_name = Client().get("/search/?q=开小店").content.decode()
    elsewhere = Client().get("/search/?q=身份证").content.decode()
    catalogue.suspend_package("shop", by=actor("publisher"), at=AT)
    suspended = Client().get("/search/?q=开小店").content.decode()

    pages = (by_part, by_name, elsewhere, suspended)
    assert ["/packages/shop/" in page for page in pages] == [True, True, False, False]


def test_a_program_reads_the_list_and_one_package():
    made()
    headers = {"Authorization": "Bearer token-clerk"}

    lines = Client().get("/api/v1/packages", headers=headers).json()
    body = Client().get("/api/v1/packages/shop", headers=headers).json()

    assert [line["code"] for line in lines] == ["shop"]
    assert [(m["item"], m["after"]) for m in body["members"]] == [
        (LICENCE, None),
        (CONFIRMATION, 1),
    ]
    assert (body["longest_working_days"], len(body["materials"])) == (15, 3)
    assert Client().get("/api/v1/packages", headers={}).status_code == 401


def test_reading_a_package_is_two_statements_and_one_more_for_the_page(
    django_assert_max_num_queries,
):
    made()

    with django_assert_max_num_queries(3):
        queries.package_facts(queries.package_row("shop"), at=AT)
