from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "onedoor.feedback"
    verbose_name = "好差评"
