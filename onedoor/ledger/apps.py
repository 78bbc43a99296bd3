"""The ledger's triggers are put back after every migration: a rebuilt SQLite table loses them."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LedgerConfig(AppConfig):
    name = "onedoor.ledger"
    verbose_name = "台账"

    def ready(self) -> None:
        from onedoor.kernel import clock
        from onedoor.ledger import installation

        post_migrate.connect(install_triggers, sender=self)
        clock.set_offset_source(installation.clock_offset)


def install_triggers(using: str, **kwargs: Any) -> None:
    from onedoor.ledger import triggers

    triggers.install(using)
