"""What the public reads about items, and where staff write and publish them."""

from django.urls import path

from onedoor.catalogue.views import (
    deciding,
    editing,
    items,
    packages,
    search,
    situations,
    transfers,
)

app_name = "catalogue"

urlpatterns = [
    path("search/", search.search, name="search"),
    path("search/suggest/", search.suggest, name="suggest"),
    path("catalogue/links/", deciding.links, name="links"),
    path("catalogue/missed/", search.missed, name="missed"),
    path("catalogue/missed/answer/", search.answer_missed, name="answer_missed"),
    path("catalogue/missed/settle/", search.settle_missed, name="settle_missed"),
    path("catalogue/aliases/<path:code>/", search.aliases, name="aliases"),
    path("items/", items.items, name="items"),
    path("items/themes/", items.lists, {"way": "themes"}, name="themes"),
    path("items/events/", items.lists, {"way": "events"}, name="events"),
    path("items/units/", items.lists, {"way": "units"}, name="units"),
    path("items/az/", items.lists, {"way": "az"}, name="az"),
    path("items/reductions/", items.reductions, name="reductions"),
    path("items/transfers/", transfers.transfers, name="transfers"),
    path("items/<path:code>/check/", situations.check, name="check_situation"),
    path("items/<path:code>/", items.item, name="item"),
    path("i/<slug:short>/", items.short, name="short"),
    path("i/<slug:short>/file/<slug:digest>/", items.file, name="file"),
    path("i/<slug:short>/report/", items.report, name="report"),
    path("packages/", packages.packages, name="packages"),
    path("packages/<slug:code>/", packages.package, name="package"),
    path("catalogue/", deciding.publishing, name="publishing"),
    path("catalogue/mine/", editing.mine, name="mine"),
    path("catalogue/transfers/", transfers.listed, name="transfer_drafts"),
    path(
        "catalogue/transfers/<int:number>/<slug:action>/", transfers.settle, name="transfer_settle"
    ),
    path("catalogue/new/", editing.new, name="new"),
    path("catalogue/reports/", deciding.reports, name="reports"),
    path("catalogue/reports/<str:report>/", deciding.answer, name="answer"),
    path("catalogue/publish/", deciding.publish_all, name="publish_all"),
    path("catalogue/publish/<path:code>/", deciding.publish, name="publish"),
    path("catalogue/version/<path:code>/", deciding.waiting, name="waiting"),
    path("catalogue/edit/<path:code>/", editing.edit, name="edit"),
    path("catalogue/check/<path:code>/", editing.check, name="check"),
    path("catalogue/file/<slug:digest>/", editing.guide_file, name="guide_file"),
    path("catalogue/history/<path:code>/", deciding.history, name="history"),
    path("catalogue/turns/<str:order>/", deciding.settle_turn, name="settle_turn"),
    path("catalogue/turn/<path:code>/", deciding.turn, name="turn"),
]
