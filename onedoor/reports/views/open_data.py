"""Open data for everybody: the sets as CSV and JSON, and what their columns mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import condition

from onedoor.accounts.web import Request, public
from onedoor.kernel.errors import NotFound
from onedoor.reports import open_data, pack
from onedoor.reports.rules.open_data import COLUMNS, Dataset

MAKE: dict[str, tuple[str, Callable[[Dataset], Iterator[str]]]] = {
    "csv": ("text/csv; charset=utf-8", open_data.as_csv),
    "json": ("application/json", open_data.as_json),
}


def _dataset(name: str) -> Dataset:
    found = next((d for d in Dataset if d.value == name), None)
    if found is None:
        raise NotFound("page.not_found", "没有这一页，或者不是给您看的。")
    return found


@public
def page(request: Request) -> HttpResponse:
    """Show every data set with its files, its dictionary, the licence and when it changed."""
    sets = [(d, open_data.stand(d).updated_at, COLUMNS[d]) for d in Dataset]
    context = {"sets": sets, "licence": pack.rules().licence}
    return render(request, "reports/open_data.html", context)


@public
def dictionary(request: Request) -> JsonResponse:
    """Send the dictionaries of all data sets."""
    body = {"datasets": [open_data.told_of(d) for d in Dataset]}
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


def _etag(request: Request, dataset: str, form: str) -> str:
    tag = open_data.stand(_dataset(dataset)).etag
    return f'{tag[:-1]}-{form}"'


def _changed(request: Request, dataset: str, form: str) -> datetime | None:
    return open_data.stand(_dataset(dataset)).updated_at


@public
@condition(etag_func=_etag, last_modified_func=_changed)
def file(request: Request, dataset: str, form: str) -> HttpResponseBase:
    """Send a data set as it is read, row by row; 304 where it has not changed."""
    wanted = _dataset(dataset)
    if form not in MAKE:
        raise NotFound("page.not_found", "没有这一页，或者不是给您看的。")
    media, make = MAKE[form]
    response = StreamingHttpResponse(make(wanted), content_type=media)
    response["Content-Disposition"] = f'attachment; filename="{dataset}.{form}"'
    response["Cache-Control"] = "no-cache"
    return response
