"""Which app answers which prefix."""

from django.contrib import admin
from django.urls import include, path

from onedoor.api import api
from onedoor.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("api/v1/", api.urls),
    path("admin/", admin.site.urls),
    path("", include("onedoor.accounts.urls")),
    path("", include("onedoor.messages.urls")),
    path("", include("onedoor.citizens.urls")),
    path("", include("onedoor.papers.urls")),
    path("", include("onedoor.seals.urls")),
    path("", include("onedoor.catalogue.urls")),
    path("", include("onedoor.cases.urls")),
    path("", include("onedoor.rectification.urls")),
    path("", include("onedoor.reports.urls")),
    path("", include("onedoor.disclosure.urls")),
    path("", include("onedoor.archive.urls")),
    path("", include("onedoor.feedback.urls")),
    path("", include("onedoor.market.urls")),
    path("", include("onedoor.hall.urls")),
    path("", include("onedoor.portal.urls")),
]

handler400 = "onedoor.kernel.web.bad_request"
handler404 = "onedoor.kernel.web.page_not_found"
handler500 = "onedoor.kernel.web.failed"
