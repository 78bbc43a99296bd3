"""Kernel is an app only for its template tags and the place of the keys."""

from django.apps import AppConfig
from django.conf import settings


class KernelConfig(AppConfig):
    name = "onedoor.kernel"

    def ready(self) -> None:
        from onedoor.kernel import crypto

        crypto.use_folder(settings.DATA / "keys")
