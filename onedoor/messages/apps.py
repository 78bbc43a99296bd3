from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "onedoor.messages"
    label = "outbox"  # Django's own messages have the other name
    verbose_name = "短信"
