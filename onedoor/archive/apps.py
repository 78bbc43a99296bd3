from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "onedoor.archive"
    verbose_name = "电子档案"
