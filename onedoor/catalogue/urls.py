"""What the public reads about items, and where staff publish them."""

from django.urls import path

from onedoor.catalogue.views import items as views
from onedoor.catalogue.views import search

app_name = "catalogue"

urlpatterns = [
    path("search/", search.search, name="search"),
    path("items/", views.items, name="items"),
    path("items/<path:code>/", views.item, name="item"),
    path("catalogue/", views.publishing, name="publishing"),
    path("catalogue/publish/", views.publish_all, name="publish_all"),
    path("catalogue/publish/<path:code>/", views.publish, name="publish"),
    path("catalogue/version/<path:code>/", views.waiting, name="waiting"),
]
