from django.apps import AppConfig


class MarketConfig(AppConfig):
    name = "onedoor.market"
    verbose_name = "中介超市"
