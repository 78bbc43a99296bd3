"""Where reports are published, taken in and read."""

from django.urls import path

from onedoor.reports.views import live, pages, standing

app_name = "reports"

urlpatterns = [
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
