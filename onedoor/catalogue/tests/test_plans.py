"""How the database finds things once there are many: read from its own plan."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onedoor.accounts.models import Organisation
from onedoor.catalogue import queries
from onedoor.catalogue.models import Item

pytestmark = pytest.mark.django_db


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite plans by averages alone.")
def test_the_parts_of_an_item_are_found_by_it_where_most_items_are_part_of_nothing():
    unit = Organisation.objects.filter(items__isnull=False).first()
    Item.objects.bulk_create(Item(code=f"MANY-{n:05d}", unit=unit) for n in range(3000))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

        with CaptureQueriesContext(connection) as read:
            assert queries.parts_of(Item.objects.get(code="MANY-00001")) == []

        cursor.execute(f"EXPLAIN QUERY PLAN {read.captured_queries[-1]['sql']}")
        plan = " ".join(str(row[3]) for row in cursor.fetchall())
        # Gone with the transaction, but not what was loaded.
        cursor.execute("DELETE FROM sqlite_stat1")
        cursor.execute("ANALYZE sqlite_schema")

    assert "catalogue_item_by_parent" in plan
    assert "SCAN" not in plan
