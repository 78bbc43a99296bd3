"""Starting: what is out of date is mended or refused, and what is right is left alone."""

from __future__ import annotations

import argparse
import os

import pytest
from django.db import connection

from onedoor.cli import serving
from onedoor.kernel.errors import Refusal
from onedoor.ledger import triggers

LOST = {"sqlite": "DROP TRIGGER ledger_entry_no_update"}.get(
    connection.vendor, "DROP TRIGGER ledger_entry_no_change ON ledger_entry"
)


@pytest.mark.django_db
def test_a_ledger_without_its_triggers_is_not_served_and_migrate_puts_them_back():
    with connection.cursor() as cursor:
        cursor.execute(LOST)

    with pytest.raises(Refusal) as refused:
        serving.prepare()
    serving.run_migrate(argparse.Namespace())

    assert refused.value.code == "ledger.unprotected"
    triggers.check()


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no roles")
def test_a_role_that_does_not_own_the_tables_may_serve():
    role = f"onedoor_web_{os.getpid()}"
    with connection.cursor() as cursor:
        for statement in (
            f"CREATE ROLE {role}",
            f"GRANT USAGE ON SCHEMA public TO {role}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
            f"SET LOCAL ROLE {role}",
        ):
            cursor.execute(statement)

    serving.prepare()
