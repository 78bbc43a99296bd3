from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "onedoor.portal"
    verbose_name = "门户"
