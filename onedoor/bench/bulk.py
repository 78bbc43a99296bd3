"""A million cases for the benchmarks, copied inside the database: synthetic, never a history."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Model

from onedoor.accounts.models import Organisation
from onedoor.calendar.models import Day
from onedoor.cases.models import Applicant, Case
from onedoor.rectification.models import NO_DATE, Finding

UNIT = "市监局"
"""The unit whose cases are listed; it gets its share of the copies."""


def unit_code(short_name: str) -> str:
    return Organisation.objects.get(short_name=short_name).code


def fill(wanted: int) -> int:
    """Make the table hold at least so many open cases; return how many there are."""
    there = Case.objects.count()
    if there >= wanted:
        return there
    # Of items whose limits are in working days, as nearly all are: the dates of a copy are spread
    # over weeks, and whatever has another kind of limit would be moved row by row for that alone.
    fitting = Case.objects.filter(
        status="in_review",
        pauses__isnull=True,
        renews__isnull=True,
        extended_days=0,
        item_version__statutory_unit="WD",
        item_version__promised_unit="WD",
        promised_due_on__isnull=False,
    )
    mine = fitting.filter(unit__short_name=UNIT).order_by("number").values_list("pk", flat=True)
    others = fitting.exclude(unit__short_name=UNIT).order_by("number").values_list("pk", flat=True)
    sources = [*mine[:5], *others[:5]]
    copies = -(-(wanted - there) // len(sources))
    with transaction.atomic(), connection.cursor() as cursor:
        for place, pk in enumerate(sources):
            _copy(cursor, pk, place, copies)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Case.objects.count()


def _copy(cursor: Any, pk: UUID, place: int, copies: int) -> None:
    """Copy a case and its applicant so many times; keys and unique codes come from the count."""
    is_postgres, series = connection.vendor == "postgresql", _series(copies)
    made = _key(is_postgres, place, "a")
    values = {"id": made}
    _insert(cursor, Applicant, values, series, "id", _applicant_of(pk))
    spread = (
        "(urgent_on + (n %% 20))" if is_postgres else "date(urgent_on, '+' || (n %% 20) || ' days')"
    )
    hexed = "lpad(to_hex(n), 6, '0')" if is_postgres else "printf('%%06x', n)"
    letter = "UVWXYZUVWX"[place]
    case = {
        "id": _key(is_postgres, place, "c"),
        "applicant_id": made,
        "number": f"'9{place}' || "
        + ("lpad(n::text, 21, '0')" if is_postgres else "printf('%%021d', n)"),
        "alias": f"'{letter}{place}' || upper({hexed})",
        "track_digest": f"'bench{place}' || "
        + ("lpad(n::text, 58, '0')" if is_postgres else "printf('%%058d', n)"),
        "urgent_on": spread,
        "promised_due_on": spread.replace("urgent_on", "promised_due_on"),
    }
    _insert(cursor, Case, case, series, "id", pk)


def fill_findings(wanted: int) -> int:
    """Make the public ledger hold at least so many findings; return how many there are."""
    there = Finding.objects.filter(is_public=True)
    dated = there.exclude(deadline_on=NO_DATE)
    sources = list(dated.order_by("number").values_list("pk", flat=True)[:5])
    copies = -(-max(wanted - there.count(), 0) // len(sources))
    is_postgres = connection.vendor == "postgresql"
    padded = "lpad(n::text, 8, '0')" if is_postgres else "printf('%%08d', n)"
    spread = "(deadline_on + (n %% 200))"
    if not is_postgres:
        spread = "date(deadline_on, '+' || (n %% 200) || ' days')"
    with transaction.atomic(), connection.cursor() as cursor:
        for place, pk in enumerate(sources):
            values = {
                "id": _key(is_postgres, place, "f"),
                "number": f"'BENCH{place}' || {padded}",
                "code": f"'bench{place}' || {padded}",
                "deadline_on": spread,
            }
            _insert(cursor, Finding, values, _series(copies), "id", pk)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return there.count()


def _series(copies: int) -> str:
    if connection.vendor == "postgresql":
        return f"generate_series(1, {copies}) AS series(n)"
    return (
        f"(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {copies}) "
        f"SELECT n FROM s WHERE n <= {copies}) AS series"
    )


def _key(is_postgres: bool, place: int, letter: str) -> str:
    text = f"'{letter}{place}000000000000000000' || " + (
        "lpad(to_hex(n), 12, '0')" if is_postgres else "printf('%%012x', n)"
    )
    return f"CAST({text} AS uuid)" if is_postgres else f"({text})"


def _applicant_of(pk: UUID) -> UUID:
    return Case.objects.values_list("applicant_id", flat=True).get(pk=pk)


def _insert(
    cursor: Any, model: type[Model], values: dict[str, str], series: str, key: str, pk: UUID
) -> None:
    table = model._meta.db_table
    columns = [f.column for f in model._meta.concrete_fields if not f.generated]
    names = ", ".join(f'"{c}"' for c in columns)
    chosen = ", ".join(values.get(str(c), f'"{c}"') for c in columns)
    value = pk if connection.vendor == "postgresql" else str(pk).replace("-", "")
    cursor.execute(
        f'INSERT INTO "{table}" ({names}) SELECT {chosen} FROM "{table}", {series} '
        f'WHERE "{table}"."{key}" = %s',
        [value],
    )


def close_a_day() -> None:
    """Take a working day out of the calendar, two days after the synthetic cases were accepted."""
    accepted = (
        Case.objects.filter(number__startswith="9", status="in_review")
        .values_list("accepted_at", flat=True)
        .first()
    )
    assert accepted is not None
    day = Day.objects.filter(date__gt=accepted.date() + timedelta(days=1), is_working=True)
    first = day.order_by("date").first()
    assert first is not None
    with transaction.atomic():
        Day.objects.filter(pk=first.pk).update(is_working=False, kind="off", name="bench")
        later = Day.objects.filter(date__gte=first.date).order_by("date")
        rows = list(later)
        # Two passes: a number names one working day at every moment.
        for row in rows:
            row.ordinal -= 1_000_000
        Day.objects.bulk_update(rows, ["ordinal"], batch_size=500)
        for row in rows:
            row.ordinal += 999_999
        Day.objects.bulk_update(rows, ["ordinal"], batch_size=500)


def plain_update_rate() -> float:
    """Return how many rows a second one bare UPDATE of a due date changes: the baseline."""
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_case SET statutory_due_on = promised_due_on WHERE number > '9'"
        )
        count = int(cursor.rowcount)
    return count / (time.perf_counter() - began)
