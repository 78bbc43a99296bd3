from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "onedoor.accounts"
    verbose_name = "用户与机构"
