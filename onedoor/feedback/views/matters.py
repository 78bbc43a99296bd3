"""Where people send what they could not get done or want to know, and where it is answered."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.queries import names_of
from onedoor.accounts.rules import APPLICANT
from onedoor.accounts.services import count_attempt
from onedoor.accounts.web import (
    Request,
    answer_form_once,
    for_roles,
    origin_of,
    private,
    public,
)
from onedoor.cases import queries as cases
from onedoor.cases.models import Case
from onedoor.feedback import matters as queries
from onedoor.feedback import pack
from onedoor.feedback import services as feedback
from onedoor.feedback.due import due_on
from onedoor.feedback.forms import MoveForm, NoteForm, ReopenForm, SendForm
from onedoor.feedback.models import Matter
from onedoor.feedback.rules.matters import Action, Kind, Source
from onedoor.feedback.services.matters import Sent, follow_token
from onedoor.feedback.views.rating import month_asked, months
from onedoor.files import services as files
from onedoor.files import web as files_web
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound, NotValid, TooOften

PAGE, FORM = 50, 422
SENDS, HOUR = 10, timedelta(hours=1)
"""So many matters are taken from one address in an hour; a hall's own address sends more."""
COMPLAINTS = (Kind.CANNOT, Kind.NO_RECEIPT)
QUESTIONS = (Kind.ASK, Kind.FIND, Kind.SUGGEST)


@public
@private  # what is written here is nobody else's
def cannot(request: Request) -> HttpResponse:
    """Take what somebody could not get done, or that they got no receipt."""
    return _send(request, COMPLAINTS)


@public
@private
def ask(request: Request) -> HttpResponse:
    """Take a question, a suggestion, or the wish to be helped to find something."""
    return _send(request, QUESTIONS)


def _send(request: Request, kinds: Sequence[Kind]) -> HttpResponse:
    now = clock.now()
    case = _case_of(request)
    first = {"kind": request.GET.get("kind", kinds[0].value), "text": request.GET.get("q", "")[:50]}
    if request.method != "POST":
        return _form(request, SendForm(kinds=kinds, initial=first), kinds, case)
    form = SendForm(request.POST, request.FILES, kinds=kinds)
    if not form.is_valid():
        return _form(request, form, kinds, case, status=FORM)
    try:
        count_attempt(f"matter-from:{origin_of(request)}", limit=SENDS, window=HOUR, at=now)
        number = _sent_once(request, form, form.sent(case=case), at=now)
    except (NotValid, TooOften) as refusal:  # what was written stays: it can be sent later
        form.tell(refusal)
        return _form(request, form, kinds, case, status=refusal.status)
    made = Matter.objects.get(number=number)
    return redirect("feedback:follow_matter", follow_token(made.pk, made.code_key))


def _sent_once(request: Request, form: SendForm, sent: Sent, *, at: datetime) -> str:
    """Send it once, however often the button was pressed, and return its number."""

    def prepare() -> Sent:
        photo = form.cleaned_data["photo"]
        kept = files.store(photo.file, at=at) if photo else None
        if kept is not None:
            files.try_to_open(kept)
        return replace(sent, photo=kept)

    return answer_form_once(
        request,
        lambda whole: feedback.send(whole, by=request.actor, at=at).number,
        prepare=prepare,
        door="matter",
        at=at,
    )


def _case_of(request: Request) -> Case | None:
    """Return the case whose progress page led here; a wrong address is no reason to stop."""
    token = request.POST.get("case") or request.GET.get("case", "")
    try:
        return cases.tracked(token) if token else None
    except NotFound:
        return None


def _form(
    request: Request, form: SendForm, kinds: Sequence[Kind], case: Case | None, *, status: int = 200
) -> HttpResponse:
    answer = pack.matter_rules().answer
    context = {
        "form": form,
        "is_complaint": kinds is COMPLAINTS,
        "limits": [(kind, answer[kind].count, due_on(clock.now(), answer[kind])) for kind in kinds],
        "case": case,
        "case_token": request.POST.get("case") or request.GET.get("case", ""),
        "key": request.POST.get("key") or secrets.token_hex(16),
    }
    return render(request, "feedback/send.html", context, status=status)


@public
@private  # the address itself opens the matter
def follow(request: Request, token: str) -> HttpResponse:
    """Show how far a matter is and what was answered; let it be said that it is not solved."""
    now, found = clock.now(), queries.followed(token)
    may_reopen = queries.may_be_reopened(found, on=clock.day_of(now))
    form = ReopenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        feedback.reopen(found, text=form.cleaned_data["text"], at=now)
        messages.success(request, gettext("收到了，我们再办。"))
        return redirect("feedback:follow_matter", token)
    answers = [note for note in found.notes.all() if note.action == Action.ANSWER.value]
    context = {
        "matter": found,
        "token": token,
        "answers": answers,
        "form": form if may_reopen else None,
        "is_late": found.is_late(clock.day_of(now)),
        "reopen_by": due_on(found.answered_at, pack.matter_rules().reopen)
        if found.answered_at
        else None,
    }
    return render(request, "feedback/follow.html", context, status=FORM if form.errors else 200)


@public
def published(request: Request) -> HttpResponse:
    """Show how what was sent in a month was answered, by kind."""
    first, last = month_asked(request.GET.get("month", ""))
    answer = pack.matter_rules().answer
    context = {
        "rows": [(r, answer[r.kind].count) for r in queries.figures(first=first, last=last)],
        "first": first,
        "last": last,
        "months": months(),
        "month": f"{first:%Y-%m}",
        "basis": answer[Kind.CANNOT].basis,
    }
    return render(request, "feedback/published_matters.html", context)


# --- The office -----------------------------------------------------------------------------------


@for_roles(*queries.OFFICE)
def listed(request: Request) -> HttpResponse:
    """List what waits for an answer, what is due first; or everything."""
    is_all = request.GET.get("box") == "all"
    chosen = queries.visible_to if is_all else queries.open_matters
    page = Paginator(chosen(request.actor), PAGE).get_page(request.GET.get("page"))
    today = clock.day_of(clock.now())
    rows = [(each, each.is_late(today)) for each in page.object_list]
    return render(request, "feedback/matters.html", {"page": page, "rows": rows, "is_all": is_all})


@for_roles(*queries.DESK)
def note(request: Request) -> HttpResponse:
    """Write down what somebody says at a window or on the telephone, for them."""
    now, kinds = clock.now(), tuple(Kind)
    key = request.POST.get("key") or secrets.token_hex(16)
    form = NoteForm(
        request.POST or None,
        request.FILES or None,
        kinds=kinds,
        initial={"kind": Kind.CANNOT.value, "source": Source.WINDOW.value},
    )
    if request.method == "POST" and form.is_valid():
        try:
            sent = form.sent(source=Source(form.cleaned_data["source"]))
            made = Matter.objects.get(number=_sent_once(request, form, sent, at=now))
        except NotValid as refusal:
            form.tell(refusal)
        else:
            token = follow_token(made.pk, made.code_key)
            context = {"matter": made, "token": token}
            return render(request, "feedback/noted.html", context)
    status = FORM if form.errors else 200
    return render(request, "feedback/note.html", {"form": form, "key": key}, status=status)


@for_roles(*queries.OFFICE)
def matter(request: Request, number: str) -> HttpResponse:
    """Show one matter, what was done about it, and what may be done now."""
    return _page(request, number)


@require_POST
@for_roles(*queries.OFFICE)
def sender(request: Request, number: str) -> HttpResponse:
    """Show whom to call, once that is on record."""
    found = queries.matter_for(request.actor, number)
    shown = feedback.show_sender(found, by=request.actor, at=clock.now())
    return _page(request, number, shown=shown)


@require_POST
@for_roles(*queries.OFFICE)
def photo(request: Request, number: str) -> FileResponse:
    """Send the photo, once that is on record."""
    found = queries.matter_for(request.actor, number)
    kept = feedback.show_photo(found, by=request.actor, at=clock.now())
    return files_web.download(kept, name=found.number)


def _page(
    request: Request,
    number: str,
    *,
    failed: Action | None = None,
    form: MoveForm | None = None,
    shown: tuple[str, str] | None = None,
) -> HttpResponse:
    found = queries.matter_for(request.actor, number)
    seen = {"seen": found.version, "unit": found.case.unit.code if found.case else ""}
    offers = [
        (action, form if action is failed else MoveForm(action=action, initial=seen))
        for action in queries.actions_of(found, request.actor)
    ]
    notes = list(found.notes.select_related("unit"))
    names = names_of(note.by for note in notes) | {APPLICANT.ref: gettext("反映人")}
    context = {
        "matter": found,
        "notes": [(note, Action(note.action), names.get(note.by, note.by)) for note in notes],
        "offers": offers,
        "is_late": found.is_late(clock.day_of(clock.now())),
        "bound": form,
        "shown": shown,
    }
    return render(request, "feedback/matter.html", context, status=FORM if form else 200)


@require_POST
@for_roles(*queries.OFFICE)
def act(request: Request, number: str, action: str) -> HttpResponse:
    """Take one step about a matter."""
    if action not in {each.value for each in Action}:
        raise NotFound("matter.not_found", "没有这件反映，或者不归您办。")
    now, wanted = clock.now(), Action(action)
    found = queries.matter_for(request.actor, number)
    form = MoveForm(request.POST, action=wanted)
    if not form.is_valid():
        return _page(request, number, failed=wanted, form=form)
    feedback.move_matter(
        found, wanted, form.said(), seen=form.cleaned_data["seen"], by=request.actor, at=now
    )
    messages.success(request, gettext("已记下。"))
    if queries.visible_to(request.actor).filter(pk=found.pk).exists():
        return redirect("feedback:matter", number)
    return redirect("feedback:matters")
