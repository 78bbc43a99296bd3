"""Where seals are kept, and where their uses are looked up."""

from django.urls import path

from onedoor.seals import views

app_name = "seals"

urlpatterns = [
    path("seals/uses/", views.uses, name="uses"),
    path("seals/register/", views.register, name="register"),
    path("seals/register/<str:code>/<str:action>/", views.act, name="act"),
]
