"""How the databases find what a list or a timer asks for: by an index, however many cases.

SQLite's plans are read with the figures of a county of a million open cases and without any, as
in an installation that was never analysed. PostgreSQL plans by the rows there are: its times are
the benchmark's matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import QuerySet

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import CENTRE, Actor, Holding, Role
from onedoor.cases import queries
from onedoor.cases.models import Case
from onedoor.cases.services import timers
from onedoor.cases.tests import given
from onedoor.kernel import clock
from onedoor.kernel.fields import new_id

pytestmark = pytest.mark.django_db

TODAY = clock.day_of(given.FRIDAY)
MILLION = (
    ("sqlite_autoindex_cases_case_1", "1000000 1"),
    ("cases_open_by_urgency", "1000000 50000 1000 1"),
    ("cases_open_in_all_units", "1000000 20000 1"),
    ("cases_open_by_state", "1000000 100000 1000 1"),
    ("cases_waiting_for_precheck", "2000 100 1 1"),
    ("cases_open_renewals", "2000 1"),
)


@pytest.fixture(params=["without figures", "a million cases"], autouse=True)
def figures(request: pytest.FixtureRequest, db: None) -> Iterator[None]:
    if connection.vendor != "sqlite":
        pytest.skip("plans of SQLite")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE sqlite_schema")
        cursor.execute("DELETE FROM sqlite_stat1")
        if request.param == "a million cases":
            rows = [("cases_case", name, figure) for name, figure in MILLION]
            cursor.executemany("INSERT INTO sqlite_stat1 VALUES (%s, %s, %s)", rows)
        cursor.execute("ANALYZE sqlite_schema")
    yield
    with connection.cursor() as cursor:  # gone with the transaction, but not what was loaded
        cursor.execute("DELETE FROM sqlite_stat1")
        cursor.execute("ANALYZE sqlite_schema")


def plan(cases: QuerySet[Case]) -> str:
    """Return how SQLite goes about it, of the table of cases and of sorting."""
    sql, params = cases[:51].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + sql, params)
        steps = [row[-1] for row in cursor.fetchall()]
    return "\n".join(step for step in steps if "cases_case" in step or "ORDER BY" in step)


def actor(*holdings: tuple[Role, str | None]) -> Actor:
    """Return somebody with these roles, each in the unit of that short name or the centre."""
    units = {unit.short_name: unit.pk for unit in Organisation.objects.all()}
    held = tuple(Holding(role, units[unit] if unit else CENTRE) for role, unit in holdings)
    return Actor(ref="person:x", name="示例", person_id=new_id(), holdings=held)


def in_unit(*roles: Role) -> Actor:
    return actor(*((role, "市监局") for role in roles))


def everywhere(*roles: Role) -> Actor:
    return actor(*((role, None) for role in roles))


OFFICE = (Role.ACCEPTOR, Role.REVIEWER, Role.DECIDER, Role.HEAD)


@pytest.mark.parametrize(
    ("ask", "index"),
    [
        (lambda: queries.open_cases(in_unit(Role.HEAD), unit=_unit()), "cases_open_by_urgency"),
        (lambda: queries.open_cases(in_unit(Role.HEAD), unit=None), "cases_open_by_urgency"),
        (
            lambda: queries.open_cases(everywhere(Role.SUPERVISOR), unit=None),
            "cases_open_in_all_units",
        ),
        (lambda: queries.inbox(in_unit(Role.ACCEPTOR), [Role.ACCEPTOR]), "cases_open_by_urgency"),
        (lambda: queries.inbox(in_unit(*OFFICE), OFFICE), "cases_open_by_urgency"),
        (
            lambda: queries.inbox(everywhere(Role.SUPERVISOR), [Role.SUPERVISOR]),
            "cases_open_in_all_units",
        ),
        (lambda: queries.sent_online(in_unit(Role.DESK)), "cases_waiting_for_precheck"),
    ],
)
def test_a_list_is_read_in_its_order_from_its_index(
    ask: Callable[[], QuerySet[Case]], index: str
) -> None:
    steps = plan(ask())

    assert f"USING INDEX {index}" in steps
    assert "TEMP B-TREE" not in steps


def _unit() -> UUID:
    return Organisation.objects.get(short_name="市监局").pk


def test_paging_goes_on_where_the_last_page_ended() -> None:
    page = queries.after(queries.open_cases(in_unit(Role.HEAD), unit=_unit()), (TODAY, "5"))

    assert "cases_open_by_urgency (unit_id=? AND urgent_on>?)" in plan(page)


@pytest.mark.parametrize(
    ("ask", "index"),
    [
        (lambda: queries.unclaimed(everywhere(Role.ISSUER), on=TODAY), "cases_open_by_state"),
        (lambda: queries.unclaimed(in_unit(Role.ISSUER), on=TODAY), "cases_open_by_urgency"),
        (lambda: queries.sent_online(everywhere(Role.DESK)), "cases_open_by_state"),
        (lambda: queries.my_surveys(in_unit(Role.REVIEWER)), "sqlite_autoindex_cases_case_1"),
        (lambda: timers.unanswered(on=TODAY), "cases_open_by_state (status=? AND urgent_on<?)"),
        (lambda: timers.not_supplied(on=TODAY), "cases_open_by_state (status=? AND urgent_on<?)"),
        (lambda: timers.undecided(on=TODAY), "sqlite_autoindex_cases_case_1"),
    ],
)
def test_what_is_rare_is_found_by_an_index(ask: Callable[[], QuerySet[Case]], index: str) -> None:
    steps = plan(ask())

    assert index in steps
    assert "SCAN cases_case" not in steps


def test_what_was_left_alone_is_found_among_what_waits_online() -> None:
    steps = plan(timers.left_alone(on=TODAY))

    assert "cases_open_by_state (status=?)" in steps or "cases_waiting_for_precheck" in steps
