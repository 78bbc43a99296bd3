from django.apps import AppConfig


class CitizensConfig(AppConfig):
    name = "onedoor.citizens"
    verbose_name = "办事人"
