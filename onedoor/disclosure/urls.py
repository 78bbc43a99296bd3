"""The public list, and where staff see that nothing is late or forgotten."""

from django.urls import path

from onedoor.disclosure import views

app_name = "disclosure"

urlpatterns = [
    path("open/decisions/", views.decisions, name="decisions"),
    path("open/decisions/decisions.csv", views.as_csv, name="csv"),
    path("open/decisions/decisions.json", views.as_json, name="json"),
    path("disclosure/", views.office, name="office"),
    path("disclosure/<str:number>/propose/", views.propose, name="propose"),
    path("disclosure/<str:number>/answer/", views.answer, name="answer"),
]
