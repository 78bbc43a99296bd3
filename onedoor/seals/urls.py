"""Where seals are kept, and where their uses are looked up."""

from django.urls import path

from onedoor.seals import views

app_name = "seals"

urlpatterns = [
    path("seals/uses/", views.uses, name="uses"),
    path("seals/uses/uses.csv", views.uses_file, {"form": "csv"}, name="uses_csv"),
    path("seals/uses/uses.xlsx", views.uses_file, {"form": "xlsx"}, name="uses_xlsx"),
    path("seals/register/", views.register, name="register"),
    path("seals/register/seals.csv", views.register_file, {"form": "csv"}, name="register_csv"),
    path("seals/register/seals.xlsx", views.register_file, {"form": "xlsx"}, name="register_xlsx"),
    path("seals/register/<str:code>/<str:action>/", views.act, name="act"),
]
