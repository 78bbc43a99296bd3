"""The back office (管理后台): reference data only, for administrators with a one-time code."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onedoor.accounts.rules import ADMINISTRATORS, NOBODY, Actor


def actor_of(request: HttpRequest) -> Actor:
    return getattr(request, "actor", NOBODY)


class BackOffice(AdminSite):
    site_header = site_title = "OneDoor 一扇门 管理后台"
    index_title = "人员、机构、岗位、授权"

    def has_permission(self, request: HttpRequest) -> bool:
        verified = getattr(request.user, "is_verified", lambda: False)()
        return bool(verified) and actor_of(request).holds_any(*ADMINISTRATORS)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Send to sign in, or to the one-time code when only that is missing."""
        if not actor_of(request).ref:
            return HttpResponseRedirect(
                f"{reverse('accounts:login')}?next={reverse('admin:index')}"
            )
        return HttpResponseRedirect(reverse("accounts:code"))


class BackOfficeConfig(AdminConfig):
    default_site = "onedoor.accounts.backoffice.BackOffice"
