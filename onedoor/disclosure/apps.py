from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "onedoor.disclosure"
    verbose_name = "双公示"
