"""Where reports are published, taken in and read."""

from django.urls import path

from onedoor.reports.views import information, live, open_data, pages, publishing, standing

app_name = "reports"

urlpatterns = [
    path("open/information/", information.listed, name="information"),
    path("open/information/<str:number>/", information.page, name="publication"),
    path("open/information/<str:number>/<int:order>/", information.edition, name="edition"),
    path(
        "open/information/<str:number>/<int:order>/file.<str:form>",
        information.file,
        name="edition_file",
    ),
    path("open/data/", open_data.page, name="open_data"),
    path("open/data/dictionary.json", open_data.dictionary, name="dictionary"),
    path("open/data/<str:dataset>.<str:form>", open_data.file, name="open_file"),
    path("publishing/", publishing.office, name="office"),
    path("publishing/enter/", publishing.enter, name="enter"),
    path("publishing/<str:number>/", publishing.desk, name="publishing"),
    path("publishing/<str:number>/<int:order>/", publishing.desk, name="publishing_edition"),
    path("publishing/<str:number>/<int:order>/hits/<int:place>/", publishing.settle, name="settle"),
    path("publishing/<str:number>/<int:order>/<str:action>/", publishing.act, name="publish_step"),
    path("oversight/reports/", pages.listed, name="list"),
    path("oversight/reports/new/", pages.take_in, name="take_in"),
    path("oversight/reports/make/", live.make, name="make"),
    path("oversight/standing/", standing.page, name="standing"),
    path("oversight/standing/file.<str:form>", standing.file, name="standing_file"),
    path("oversight/readings/<str:number>/", pages.reading, name="reading"),
    path("oversight/readings/<str:number>/drop/", pages.drop, name="drop"),
    path("oversight/reports/<str:number>/", pages.report, name="report"),
    path("oversight/reports/<str:number>/figures/<str:code>/", live.figure, name="figure"),
    path("oversight/reports/<str:number>/since/<str:earlier>/", live.since, name="since"),
    path("oversight/reports/<str:number>/tasks/<int:order>/", pages.break_down, name="break_down"),
    path("oversight/reports/<str:number>/file.<str:form>", pages.file, name="file"),
]
