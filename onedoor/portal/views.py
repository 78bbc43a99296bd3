"""The front door, the help pages, and how pages are shown."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_POST

from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, private, public
from onedoor.cases import red
from onedoor.cases.county import online_rules
from onedoor.catalogue import queries as catalogue
from onedoor.feedback.rules.words import Level
from onedoor.feedback.views.rating import LEVELS_AND_MORE, cells, month_asked, months
from onedoor.feedback.web import Asked, rating_page
from onedoor.hall import queries as tickets
from onedoor.kernel import clock
from onedoor.kernel.web import csv_file
from onedoor.portal import visits
from onedoor.portal.hall import hall, opening
from onedoor.portal.preferences import COOKIE, COOKIE_AGE, preferences_of
from onedoor.portal.queries import centre
from onedoor.portal.rules import changed
from onedoor.reports import publications
from onedoor.version import VERSION

SHELL = (
    "site.css",
    "favicon.svg",
    "js/form.js",
    "js/app.js",
)
"""What a page needs to look as it should without a network."""

EVENTS_KEPT = 300
"""Seconds in which the home page asks the database nothing; a new event of a life may wait."""

SITEMAP = (
    (
        _("办事"),
        (
            (_("查找事项"), "catalogue:items"),
            (_("搜索"), "catalogue:search"),
            (_("按人生大事找"), "catalogue:events"),
            (_("按主题找"), "catalogue:themes"),
            (_("按部门找"), "catalogue:units"),
            (_("按拼音首字母找"), "catalogue:az"),
            (_("一件事一次办"), "catalogue:packages"),
            (_("查进度"), "cases:track"),
            (_("预约取号"), "hall:book"),
            (_("我的"), "cases:me"),
            (_("办事大厅"), "portal:hall"),
        ),
    ),
    (
        _("帮助和反映"),
        (
            (_("帮助"), "portal:help"),
            (_("办不成事"), "feedback:cannot"),
            (_("问一问、提建议"), "feedback:ask"),
        ),
    ),
    (
        _("公开监督"),
        (
            (_("政府信息公开"), "reports:information"),
            (_("开放数据"), "reports:open_data"),
            (_("整改公开"), "rectification:ledger"),
            (_("行政许可公示"), "disclosure:decisions"),
            (_("好差评"), "feedback:published"),
            (_("到厅办事的评价"), "portal:visit_ratings"),
            (_("反映的答复"), "feedback:published_matters"),
            (_("中介超市规则"), "market:rules"),
            (_("该走哪条采购渠道"), "market:route"),
            (_("抽签"), "market:draws"),
            (_("核验抽签记录"), "market:verify_draw"),
            (_("减了什么"), "catalogue:reductions"),
            (_("划转事项清单"), "catalogue:transfers"),
        ),
    ),
    (
        _("关于网站"),
        ((_("无障碍声明"), "portal:accessibility"), (_("隐私"), "portal:privacy")),
    ),
)
"""The public's pages by what one comes for (网站地图)."""


@public
def home(request: HttpRequest) -> HttpResponse:
    """The front door: the search, the doors, and where a life's events lead."""
    events = cache.get_or_set("home-events", catalogue.events_with_items, EVENTS_KEPT)
    return render(request, "portal/home.html", {"events": events})


@public
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/help.html")


@public
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/privacy.html", {"online": online_rules()})


@public
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html")


@public
def hall_page(request: HttpRequest) -> HttpResponse:
    """Say where the hall is, whether it is open today, and what is where in it."""
    today = clock.day_of(clock.now())
    context = {"hall": hall(), "today": today, "opening": opening(today)}
    return render(request, "portal/hall.html", context)


@public
@private  # the address itself opens the ticket
def rate_visit(request: Request, token: str) -> HttpResponse:
    """Take a rating of a served visit, show it, and let it be changed once within a day."""
    ticket = tickets.followed(token)
    served = visits.served(ticket)
    words = f"{served.about} · {ticket.group.zone.name}"
    back = reverse("hall:ticket", args=[token])
    return rating_page(request, Asked(served, words, back))


@public
def visit_ratings(request: HttpRequest) -> HttpResponse:
    """Show how people rated their visits, by unit; who did not rate is a figure of its own."""
    first, last = month_asked(request.GET.get("month", ""))
    rows = visits.figures(first=first, last=last)
    if request.GET.get("form") == "csv":
        heads = ["单位", "到厅办完", *LEVELS_AND_MORE]
        return csv_file("visit-ratings.csv", (heads, *(cells(row) for row in rows)))
    context = {
        "rows": rows,
        "first": first,
        "last": last,
        "months": months(),
        "month": f"{first:%Y-%m}",
        "levels": list(Level),
    }
    return render(request, "portal/visit_ratings.html", context)


@public
def sitemap(request: HttpRequest) -> HttpResponse:
    """List the public's pages."""
    sections = [
        (gettext(heading), [(gettext(name), reverse(route)) for name, route in pages])
        for heading, pages in SITEMAP
    ]
    return render(request, "portal/sitemap.html", {"sections": sections})


@public
def offline(request: HttpRequest) -> HttpResponse:
    """Say what can still be done; kept on the device for when there is no network."""
    return render(request, "portal/offline.html")


@public
def service_worker(request: HttpRequest) -> HttpResponse:
    """Send the script that keeps guides on the device; it must come from the root of the site."""
    context = {"version": VERSION, "names": SHELL, "static_url": settings.STATIC_URL}
    response = render(request, "portal/sw.js", context, content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


@public
def manifest(request: HttpRequest) -> JsonResponse:
    """Describe the site to a device that is asked to put it among its apps."""
    name = centre().name
    icon = {"src": static("favicon.svg"), "type": "image/svg+xml", "sizes": "any"}
    told = {
        "name": name,
        "short_name": gettext("一扇门"),
        "lang": "zh-CN",
        "start_url": reverse("portal:home"),
        "scope": "/",
        "display": "minimal-ui",
        "background_color": "#ffffff",
        "theme_color": "#0a4a8f",
        "icons": [icon],
    }
    response = JsonResponse(told, json_dumps_params={"ensure_ascii": False})
    response["Content-Type"] = "application/manifest+json"
    return response


def staff(request: Request) -> HttpResponse:
    """Show the doors open to whoever signed in, and what of theirs is due to be public."""
    context: dict[str, Any] = {}
    on, actor = clock.day_of(clock.now()), request.actor
    if actor.holds_any(*publications.OFFICE):
        context["to_publish"] = publications.count_now(actor, on=on)
    if actor.holds_any(Role.GOVERNMENT):
        context["red"] = len(red.lit(actor, on=on))
    return render(request, "portal/staff.html", context)


@public
@require_POST
def prefs(request: HttpRequest) -> HttpResponse:
    """Keep what was pressed in the mode bar, and go back to the page it was pressed on."""
    wanted = changed(preferences_of(request), request.POST.dict())
    response = HttpResponseRedirect(_back(request))
    response.set_cookie(
        COOKIE,
        wanted.as_text(),
        max_age=COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _back(request: HttpRequest) -> str:
    """Return the page asked for if it is one of ours."""
    page = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return page if ours else reverse("portal:home")
