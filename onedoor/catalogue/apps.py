"""The search index is put in place after every migration: a rebuilt SQLite table loses it."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CatalogueConfig(AppConfig):
    name = "onedoor.catalogue"
    verbose_name = "事项目录"

    def ready(self) -> None:
        post_migrate.connect(install_search_index, sender=self)


def install_search_index(using: str, **kwargs: Any) -> None:
    from onedoor.catalogue import search_index

    search_index.install(using)
