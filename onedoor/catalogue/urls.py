"""What the public reads about items, and where staff publish them."""

from django.urls import path

from onedoor.catalogue.views import items as views
from onedoor.catalogue.views import packages, search

app_name = "catalogue"

urlpatterns = [
    path("search/", search.search, name="search"),
    path("items/", views.items, name="items"),
    path("items/<path:code>/", views.item, name="item"),
    path("packages/", packages.packages, name="packages"),
    path("packages/<slug:code>/", packages.package, name="package"),
    path("catalogue/", views.publishing, name="publishing"),
    path("catalogue/publish/", views.publish_all, name="publish_all"),
    path("catalogue/publish/<path:code>/", views.publish, name="publish"),
    path("catalogue/version/<path:code>/", views.waiting, name="waiting"),
]
