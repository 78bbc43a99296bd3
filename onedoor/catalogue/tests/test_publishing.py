"""Two persons for every version; what is published stands, and is read from memory."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor, Holding, Role
from onedoor.catalogue import queries
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.models import Item, ItemVersion, Reduction
from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.catalogue.tests import given
from onedoor.catalogue.tests.given import AT, BOTH, PUBLISHER, imported, item, json_file
from onedoor.kernel.clock import at_local
from onedoor.kernel.errors import NotAllowed, Refusal
from onedoor.kernel.sentences import sentence
from onedoor.kernel.tests.refusing import refused
from onedoor.kernel.web import problem
from onedoor.ledger import queries as ledger

pytestmark = pytest.mark.django_db

CODE = "TEST-JSON-1"
LATER = AT + timedelta(days=1)


def refused_at(*codes):
    """Expect that publication is refused at these gates, all of them named."""
    return pytest.raises(
        Refusal,
        check=lambda r: (
            r.code == "catalogue.gates_closed"
            and [f["code"] for f in problem(r)["data"]["faults"]] == [*codes]
        ),
    )


def published(**changes):
    imported(json_file(item(**changes)))
    catalogue.publish(CODE, by=PUBLISHER, at=AT)
    return queries.current_version(CODE, at=LATER)


def test_what_another_person_published_is_in_force():
    version = published()

    assert version.promised == Limit(8, LimitUnit.WD)
    assert version.statutory == Limit(20, LimitUnit.WD, "《行政许可法》第四十二条")
    assert [m.name for m in version.materials] == ["申请书", "河段图"]
    assert not version.is_instant
    row = version.as_row()
    stored = ItemVersion.objects.get(pk=version.version_id)
    for field in ("item_id", "unit_id", "number", "name", "fee_fen", "statutory", "promised"):
        assert getattr(row, field) == getattr(stored, field)
    assert [e.kind for e in ledger.history(f"item:{CODE}")] == ["item.published"]


def test_a_version_in_force_takes_one_statement_once_it_was_read(django_assert_num_queries):
    published()

    with django_assert_num_queries(1):
        queries.current_version(CODE, at=LATER)


def test_a_unit_that_got_another_name_is_read_at_once():
    version = published()
    Organisation.objects.filter(pk=version.unit_id).update(name="水利局")

    assert queries.current_version(CODE, at=LATER).unit_name == "水利局"


def test_nobody_publishes_what_they_edited():
    imported(json_file(item()), by=BOTH)

    with refused("catalogue.same_person"):
        catalogue.publish(CODE, by=BOTH, at=AT)
    with transaction.atomic(), pytest.raises(IntegrityError):
        ItemVersion.objects.filter(item__code=CODE).update(published_by=BOTH.ref)


def test_only_a_publisher_publishes_and_only_for_the_own_unit():
    imported(json_file(item()))
    market = Organisation.objects.get(name="市监局")
    other = Actor("person:m", "市监示例", holdings=(Holding(Role.PUBLISHER, market.pk),))

    for actor in (given.STRANGER, given.EDITOR, other):
        with pytest.raises(NotAllowed):
            catalogue.publish(CODE, by=actor, at=AT)
    with pytest.raises(NotAllowed):
        catalogue.publish_all(by=given.STRANGER, at=AT)
    assert catalogue.publish_all(by=other, at=AT).published == 0


def test_an_item_without_any_limit_is_not_published():
    imported(json_file(item(item_type="20", promised_limit=None, promised_unit="")))

    with refused_at("catalogue.no_limit"):
        catalogue.publish(CODE, by=PUBLISHER, at=AT)


def test_publishing_all_says_what_it_left():
    imported(
        json_file(
            item(),
            item(code="TEST-2", item_type="20", promised_limit=None, promised_unit=""),
        )
    )

    report = catalogue.publish_all(by=PUBLISHER, at=AT)

    assert report.published == 1
    assert [(code, r.code) for code, r in report.refused] == [("TEST-2", "catalogue.gates_closed")]
    assert "没有写办结时限" in sentence(report.refused[0][1])


def test_a_version_that_changed_since_it_was_looked_at_is_not_published():
    imported(json_file(item()))
    imported(json_file(item(name="新名字")))

    with refused("catalogue.not_waiting"):
        catalogue.publish(CODE, by=PUBLISHER, at=AT, number=1)


def test_a_new_version_replaces_the_one_in_force_and_leaves_it_as_it_was():
    first = published()

    second = published(name="新名字", unit="市监局")

    assert (second.number, second.name, second.unit_name) == (2, "新名字", "市监局")
    old = ItemVersion.objects.get(pk=first.version_id)
    assert (old.status, old.name, old.materials.count()) == ("superseded", first.name, 2)
    assert Item.objects.get(code=CODE).unit_id == second.unit_id


def test_until_it_is_published_nothing_is_received():
    imported(json_file(item()))

    with refused("catalogue.not_published"):
        queries.current_version(CODE, at=AT)
    with refused("catalogue.not_found"):
        queries.current_version("no-such", at=AT)


# --- Planned switch-over ------------------------------------------------------------------------


def planned(day=date(2026, 3, 9)):
    """Return the version in force and when the next one takes over."""
    first = published()
    imported(json_file(item(name="新名字", unit="市监局")), at=LATER)
    catalogue.publish(CODE, by=PUBLISHER, at=LATER, effective_on=day)
    return first, at_local(day, 0)


def test_a_planned_version_counts_from_midnight_whether_or_not_the_worker_noticed():
    first, midnight = planned()
    second = timedelta(seconds=1)

    assert queries.current_version(CODE, at=midnight - second).version_id == first.version_id
    version = queries.current_version(CODE, at=midnight)

    assert (version.name, version.number, version.unit_name) == (
        "新名字",
        2,
        Organisation.objects.get(short_name="市监局").name,
    )
    assert version.effective_at == midnight
    assert Item.objects.get(code=CODE).current_version_id == first.version_id


def test_the_worker_writes_the_switch_down_once():
    first, midnight = planned()

    assert catalogue.take_over(at=midnight - timedelta(seconds=1)) == 0
    assert catalogue.take_over(at=midnight) == 1
    assert catalogue.take_over(at=midnight) == 0
    found = Item.objects.get(code=CODE)
    assert found.planned_version_id is None
    assert found.current_version is not None
    assert (found.current_version.number, found.unit.short_name) == (2, "市监局")
    assert ItemVersion.objects.get(pk=first.version_id).status == "superseded"
    kinds = [e.kind for e in ledger.history(f"item:{CODE}")]
    assert kinds == ["item.published", "item.published", "item.took_over"]


def test_a_plan_for_another_day_takes_the_place_of_the_first():
    first, midnight = planned()
    imported(json_file(item(name="第三个名字")), at=LATER)
    catalogue.publish(CODE, by=PUBLISHER, at=LATER, effective_on=date(2026, 3, 20))

    assert queries.current_version(CODE, at=midnight).version_id == first.version_id
    assert queries.current_version(CODE, at=at_local(date(2026, 3, 20))).number == 3
    assert ItemVersion.objects.get(item__code=CODE, number=2).status == "superseded"


def test_what_is_published_at_once_ends_an_older_plan():
    _, midnight = planned()
    imported(json_file(item(name="第三个名字")), at=LATER)
    catalogue.publish(CODE, by=PUBLISHER, at=LATER)

    assert queries.current_version(CODE, at=midnight).number == 3
    assert catalogue.take_over(at=midnight) == 0


def test_a_plan_whose_day_came_is_written_down_before_the_next_version():
    _, midnight = planned()
    imported(json_file(item(name="第三个名字")), at=midnight)

    catalogue.publish(CODE, by=PUBLISHER, at=midnight + timedelta(hours=9))

    assert [e.kind for e in ledger.history(f"item:{CODE}")][-2:] == [
        "item.took_over",
        "item.published",
    ]
    assert queries.current_version(CODE, at=midnight + timedelta(hours=9)).number == 3


def test_the_day_of_a_list_is_the_day_of_its_version():
    imported(json_file(item(plan_effective_date="2026-04-01 00:00:00")))
    catalogue.publish(CODE, by=PUBLISHER, at=AT)

    with refused("catalogue.not_published"):
        queries.current_version(CODE, at=at_local(date(2026, 3, 31), 23, 59))
    assert queries.current_version(CODE, at=at_local(date(2026, 4, 1))).number == 1


def test_a_version_is_sent_back_with_a_reason():
    imported(json_file(item()))

    with refused("catalogue.return_without_reason"):
        catalogue.send_back(CODE, reason=" ", by=PUBLISHER, at=AT)
    with pytest.raises(NotAllowed):
        catalogue.send_back(CODE, reason="材料依据不对", by=given.STRANGER, at=AT)
    catalogue.send_back(CODE, reason="材料依据不对", by=PUBLISHER, at=AT)

    version = ItemVersion.objects.get(item__code=CODE)
    assert (version.status, version.returned_reason) == ("rejected", "材料依据不对")
    with refused("catalogue.not_waiting"):
        catalogue.publish(CODE, by=PUBLISHER, at=AT)


def test_what_is_no_longer_asked_for_is_noted_with_its_basis():
    published()
    imported(json_file(item(materials=[item()["materials"][0]])), at=LATER)
    ItemVersion.objects.filter(item__code=CODE, number=2).update(
        reduction_source="shared", reduction_basis="国务院令第716号"
    )

    catalogue.publish(CODE, by=PUBLISHER, at=LATER)

    found = Reduction.objects.get(version__item__code=CODE)
    assert (found.list_name, found.name, found.source) == ("materials", "河段图", "shared")
    assert (found.count_before, found.count_after) == (2, 1)
