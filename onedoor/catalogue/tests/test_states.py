"""Suspension, resumption and cancellation: two persons, a reason, a day."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from onedoor.catalogue import queries
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.models import Item, StateOrder
from onedoor.catalogue.rules.turns import Turn
from onedoor.catalogue.tests import given
from onedoor.catalogue.tests.given import AT, BOTH, EDITOR, PUBLISHER, imported, item, json_file
from onedoor.kernel.clock import at_local
from onedoor.kernel.errors import NotAllowed, NotValid
from onedoor.kernel.tests.refusing import refused
from onedoor.ledger import queries as ledger

pytestmark = pytest.mark.django_db

CODE = "TEST-JSON-1"
LATER = AT + timedelta(days=1)
SAID = {"reason": "系统割接", "basis": "市政府通知", "notice": "3月6日起暂停，恢复时另行公告。"}


@pytest.fixture(autouse=True)
def in_force():
    imported(json_file(item()))
    catalogue.publish(CODE, by=PUBLISHER, at=AT)


def asked(turn=Turn.SUSPEND, *, by=EDITOR, at=LATER, **changes):
    return catalogue.ask_turn(CODE, turn, by=by, at=at, **SAID | changes)


def confirmed(turn=Turn.SUSPEND, *, at=LATER, **changes):
    return catalogue.confirm_turn(asked(turn, at=at, **changes).pk, by=PUBLISHER, at=at)


def test_a_suspended_item_is_not_received_until_it_is_resumed_and_a_cancelled_one_never():
    confirmed()

    with refused("catalogue.not_in_use"):
        queries.current_version(CODE, at=LATER)
    assert not queries.takeable().filter(item__code=CODE).exists()
    assert queries.published().filter(item__code=CODE).exists()

    confirmed(Turn.RESUME)
    assert queries.takeable().filter(item__code=CODE).exists()

    confirmed(Turn.CANCEL)
    assert not queries.published().filter(item__code=CODE).exists()
    with refused("catalogue.wrong_state"):
        asked(Turn.RESUME)
    assert [e.kind for e in ledger.history(f"item:{CODE}")] == [
        "item.published",
        *["item.state_asked", "item.state_changed"] * 3,
    ]


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("reason", "catalogue.turn_without_reason"),
        ("basis", "catalogue.turn_without_basis"),
        ("notice", "catalogue.turn_without_notice"),
    ],
)
def test_nothing_is_suspended_without_reason_basis_and_words_for_the_public(field, code):
    with pytest.raises(NotValid, check=lambda r: (r.code, r.field) == (code, field)):
        asked(**{field: "  "})
    assert not StateOrder.objects.exists()


def test_who_asks_does_not_confirm():
    order = asked(by=BOTH)

    with refused("catalogue.same_person"):
        catalogue.confirm_turn(order.pk, by=BOTH, at=LATER)
    with transaction.atomic(), pytest.raises(IntegrityError):
        StateOrder.objects.filter(pk=order.pk).update(
            status="confirmed", decided_by=BOTH.ref, decided_at=LATER
        )
    assert queries.current_version(CODE, at=LATER)


def test_only_an_editor_asks_and_only_a_publisher_confirms():
    for actor in (given.STRANGER, PUBLISHER):
        with pytest.raises(NotAllowed):
            asked(by=actor)
    order = asked()
    for actor in (given.STRANGER, EDITOR):
        with pytest.raises(NotAllowed):
            catalogue.confirm_turn(order.pk, by=actor, at=LATER)


def test_one_turn_at_a_time_and_each_is_settled_once():
    order = asked()
    with refused("catalogue.turn_already_asked"):
        asked()
    catalogue.decline_turn(order.pk, by=PUBLISHER, at=LATER)

    with refused("catalogue.turn_settled"):
        catalogue.confirm_turn(order.pk, by=PUBLISHER, at=LATER)
    assert queries.current_version(CODE, at=LATER)
    assert asked().status == "asked"


def test_a_cancellation_holds_from_its_legal_day_on_whether_or_not_the_worker_noticed():
    day = date(2026, 4, 1)
    confirmed(Turn.CANCEL, effective_on=day)
    before, midnight = at_local(day) - timedelta(seconds=1), at_local(day)

    assert queries.current_version(CODE, at=before)
    with refused("catalogue.not_in_use"):
        queries.current_version(CODE, at=midnight)
    assert catalogue.apply_turns(at=before) == 0
    assert catalogue.apply_turns(at=midnight) == 1
    assert catalogue.apply_turns(at=midnight) == 0
    assert Item.objects.get(code=CODE).state == "cancelled"


def test_a_suspension_and_its_end_do_not_lose_a_planned_cancellation():
    day = date(2026, 4, 1)
    confirmed(Turn.CANCEL, effective_on=day)
    confirmed()
    confirmed(Turn.RESUME)

    with refused("catalogue.not_in_use"):
        queries.current_version(CODE, at=at_local(day))


def test_a_cancelled_item_names_the_one_that_takes_its_place():
    imported(json_file(item(code="NEW-1", name="河道采砂许可（新）")))
    catalogue.publish("NEW-1", by=PUBLISHER, at=AT)

    for wrong in ("NONE-1", CODE):
        with refused("catalogue.no_such_successor"):
            asked(Turn.CANCEL, successor=wrong)
    confirmed(Turn.CANCEL, successor="NEW-1")

    notice = queries.notice_of(Item.objects.get(code=CODE))
    assert notice is not None
    assert notice.successor == Item.objects.get(code="NEW-1")
    page = Client().get(f"/items/{CODE}/")
    assert page.status_code == 410
    assert 'href="/items/NEW-1/"' in page.content.decode()


def test_nothing_is_turned_back_in_time():
    with refused("catalogue.turn_in_the_past"):
        asked(Turn.CANCEL, effective_on=date(2026, 3, 1))
