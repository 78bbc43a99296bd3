"""Where findings are listed, read and handled."""

from django.urls import path

from onedoor.rectification.views import advising, exporting, leaving, pages

app_name = "rectification"

urlpatterns = [
    path("oversight/issues/", pages.ledger, name="ledger"),
    path("oversight/issues.csv", leaving.ledger_file, name="ledger_file"),
    path("oversight/issues.xlsx", leaving.workbook, name="workbook"),
    path("oversight/issues.pdf", leaving.paper, name="paper"),
    path("oversight/summary.<str:form>", leaving.summary, name="summary"),
    path("oversight/recommendations/", advising.recommendations, name="recommendations"),
    path(
        "oversight/recommendations.csv", advising.recommendations_file, name="recommendations_file"
    ),
    path("oversight/recommendations/new/", advising.advise, name="advise"),
    path("oversight/recommendations/<str:number>/", advising.recommendation, name="recommendation"),
    path("oversight/recommendations/<str:number>/adopt/", advising.adopt, name="adopt"),
    path(
        "oversight/recommendations/<str:number>/file/<int:version>/",
        advising.adoption_file,
        name="adoption_file",
    ),
    path("oversight/exports/", exporting.exports, name="exports"),
    path("oversight/exports/<str:number>/<int:place>/", exporting.export_part, name="export_part"),
    path("oversight/inbox/", pages.inbox, name="inbox"),
    path("oversight/issues/<str:number>/", pages.finding, name="finding"),
    path(
        "oversight/issues/<str:number>/letters/<str:kind>/<int:place>.<str:form>",
        leaving.letter,
        name="letter",
    ),
    path("oversight/issues/<str:number>/doubt/", pages.doubt, name="doubt"),
    path("oversight/issues/<str:number>/do/<str:action>/", pages.act, name="act"),
    path(
        "oversight/issues/<str:number>/evidence/<int:order>/<int:version>/",
        pages.evidence_file,
        name="evidence_file",
    ),
]
