"""Where the office sees what was sent to people."""

from django.urls import path

from onedoor.messages import views

app_name = "outbox"

urlpatterns = [
    path("outbox/", views.outbox, name="outbox"),
    path("outbox/again/", views.again, name="again"),
]
