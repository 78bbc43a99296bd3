"""Where reports are published, taken in and read."""

from django.urls import path

from onedoor.reports.views import pages, standing

app_name = "reports"

urlpatterns = [
    path("oversight/reports/", pages.listed, name="list"),
    path("oversight/reports/new/", pages.take_in, name="take_in"),
    path("oversight/standing/", standing.page, name="standing"),
    path("oversight/standing/file.<str:form>", standing.file, name="standing_file"),
    path("oversight/readings/<str:number>/", pages.reading, name="reading"),
    path("oversight/readings/<str:number>/drop/", pages.drop, name="drop"),
    path("oversight/reports/<str:number>/", pages.report, name="report"),
    path("oversight/reports/<str:number>/tasks/<int:order>/", pages.break_down, name="break_down"),
    path("oversight/reports/<str:number>/file.<str:form>", pages.file, name="file"),
]
