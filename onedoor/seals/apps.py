from django.apps import AppConfig


class SealsConfig(AppConfig):
    name = "onedoor.seals"
