"""What the public reads about items, and where staff publish them."""

from django.urls import path

from onedoor.catalogue.views import items as views
from onedoor.catalogue.views import packages, search

app_name = "catalogue"

urlpatterns = [
    path("search/", search.search, name="search"),
    path("search/suggest/", search.suggest, name="suggest"),
    path("catalogue/missed/", search.missed, name="missed"),
    path("catalogue/missed/answer/", search.answer_missed, name="answer_missed"),
    path("catalogue/missed/settle/", search.settle_missed, name="settle_missed"),
    path("catalogue/aliases/<path:code>/", search.aliases, name="aliases"),
    path("items/", views.items, name="items"),
    path("items/<path:code>/", views.item, name="item"),
    path("packages/", packages.packages, name="packages"),
    path("packages/<slug:code>/", packages.package, name="package"),
    path("catalogue/", views.publishing, name="publishing"),
    path("catalogue/publish/", views.publish_all, name="publish_all"),
    path("catalogue/publish/<path:code>/", views.publish, name="publish"),
    path("catalogue/version/<path:code>/", views.waiting, name="waiting"),
]
