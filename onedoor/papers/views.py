"""Pages of papers: verification for everybody, templates for those who word them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.rules import Role
from onedoor.accounts.services import count_attempt
from onedoor.accounts.web import Request, for_roles, origin_of, public
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound
from onedoor.papers import pack, queries, typesetting, verifying
from onedoor.papers import services as papers
from onedoor.papers.forms import CompareForm, PublishForm, TemplateForm
from onedoor.papers.models import Template
from onedoor.papers.rules.kinds import Kind
from onedoor.papers.rules.words import Compared, TemplateState
from onedoor.papers.web import sheet_context
from onedoor.seals import queries as seals

LOOKS, WINDOW = 60, timedelta(minutes=15)
FORM = 422


@public
def verify(request: Request, code: str) -> HttpResponse:
    """Say whether a paper is genuine: kind, number, date, unit, digest; nothing about a person."""
    count_attempt(f"verify-from:{origin_of(request)}", limit=LOOKS, window=WINDOW, at=clock.now())
    paper = queries.with_code(code)
    form = CompareForm(request.POST or None, request.FILES or None)
    compared = None
    if request.method == "POST" and form.is_valid():
        compared = queries.compared(paper, form.cleaned_data["file"])
    told = verifying.told_of(paper, on=clock.day_of(clock.now()))
    context = vars(told) | {
        "form": form,
        "compared": compared,
        "is_whole": compared in (Compared.SAME, Compared.SEALED),
    }
    status = FORM if request.method == "POST" and compared is None else 200
    return render(request, "papers/verify.html", context, status=status)


@public
def signature(request: Request, code: str) -> HttpResponse:
    """The SM2 signature beside the sealed PDF, for whoever holds that; nothing about a person."""
    count_attempt(f"verify-from:{origin_of(request)}", limit=LOOKS, window=WINDOW, at=clock.now())
    paper = queries.with_code(code)
    use = seals.use_of(paper.number)
    found = seals.signed_beside(use) if use else b""
    if not found:
        raise NotFound("page.not_found", "没有这一页，或者不是给您看的。")
    return _file(found, name=f"{paper.number}.pdf.p7s", media_type="application/pkcs7-signature")


@for_roles(Role.EDITOR, Role.PUBLISHER)
def templates(request: Request) -> HttpResponse:
    """Every kind of paper with its template in force and its draft."""
    return render(request, "papers/templates.html", {"rows": queries.template_rows()})


@for_roles(Role.EDITOR, Role.PUBLISHER)
def template(request: Request, kind: str) -> HttpResponse:
    """One template: its words, a preview on invented data as page or PDF; save a draft."""
    what = _kind(kind)
    versions = list(queries.versions(what))
    if request.method != "POST":
        shown = TemplateForm({"text": _version(request, versions)}, kind=what)
        return _page(request, what, shown, versions)
    form = TemplateForm(request.POST, request.FILES, kind=what)
    if not form.is_valid():
        return _page(request, what, form, versions, status=FORM)
    text = form.cleaned_data["text"]
    if "save" in request.POST:
        papers.save_template(what, text=text, by=request.actor, at=clock.now())
        messages.success(request, gettext("草稿已保存，等另一个人发布。"))
        return redirect("papers:template", kind)
    if "pdf" in request.POST:
        made = typesetting.pdf(papers.sample(what, text))
        return _file(made, name=f"{what.zh}（样例）.pdf", media_type="application/pdf")
    return _page(request, what, form, versions)


@for_roles(Role.EDITOR, Role.PUBLISHER)
def template_file(request: Request, kind: str) -> HttpResponse:
    """A version of a template as a file, to be changed with any editor of texts."""
    what = _kind(kind)
    versions = list(queries.versions(what))
    text = _version(request, versions) or pack.template(what)
    return _file(text.encode(), name=f"{what.zh}.txt", media_type="text/plain; charset=utf-8")


def _version(request: Request, versions: list[Template]) -> str:
    """Return the text of the version asked for by its number, of the latest without one."""
    asked = request.GET.get("version", "")
    found = [v for v in versions if not asked or str(v.number) == asked]
    if asked and not found:
        raise NotFound("page.not_found", "没有这一页，或者不是给您看的。")
    return found[0].text if found else ""


def _file(content: bytes, *, name: str, media_type: str) -> HttpResponse:
    named = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(
        content, content_type=media_type, headers={"Content-Disposition": named or "attachment"}
    )


def _page(
    request: Request,
    kind: Kind,
    form: TemplateForm,
    versions: list[Template],
    *,
    status: int = 200,
) -> HttpResponse:
    drafts = [v for v in versions if v.state == TemplateState.DRAFT.value]
    context: dict[str, Any] = {
        "kind": kind,
        "form": form,
        "versions": versions,
        "draft": drafts[0] if drafts else None,
        "elements": queries.elements_of(kind).values(),
        "may_edit": request.actor.holds_any(Role.EDITOR),
        "may_publish": request.actor.holds_any(Role.PUBLISHER),
    }
    if form.is_valid():
        context |= sheet_context(papers.sample(kind, form.cleaned_data["text"]))
    return render(request, "papers/template.html", context, status=status)


@require_POST
@for_roles(Role.PUBLISHER)
def publish(request: Request, kind: str) -> HttpResponse:
    """Bring the draft into force as it was seen."""
    form = PublishForm(request.POST)
    seen = form.cleaned_data["seen"] if form.is_valid() else ""
    made = papers.publish_template(_kind(kind), digest_seen=seen, by=request.actor, at=clock.now())
    messages.success(
        request, gettext("第 %(n)s 版已发布，以后出具的文书用它。") % {"n": made.number}
    )
    return redirect("papers:template", kind)


def _kind(kind: str) -> Kind:
    try:
        return Kind(kind)
    except ValueError:
        raise NotFound("page.not_found", "没有这一页，或者不是给您看的。") from None
