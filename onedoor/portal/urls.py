"""The public's pages, and the first page of the staff."""

from django.urls import path

from onedoor.portal import views

app_name = "portal"

urlpatterns = [
    path("", views.home, name="home"),
    path("staff/", views.staff, name="staff"),
    path("prefs/", views.prefs, name="prefs"),
    path("hall/", views.hall_page, name="hall"),
    path("hall/t/<str:token>/rate/", views.rate_visit, name="rate_visit"),
    path("open/ratings/visits/", views.visit_ratings, name="visit_ratings"),
    path("sitemap/", views.sitemap, name="sitemap"),
    path("offline/", views.offline, name="offline"),
    path("sw.js", views.service_worker, name="service_worker"),
    path("app.webmanifest", views.manifest, name="manifest"),
    path("help/", views.help_page, name="help"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
]
