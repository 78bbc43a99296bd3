"""Published information for programs: the public list, what is due, and each step of an edition."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor, Scope
from onedoor.cases.api.answers import Key, actor_of, created_once, respond
from onedoor.cases.api.schemas import In, Ref, Short
from onedoor.cases.api.steps import IfMatch, version_seen
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound
from onedoor.reports import publications, queries
from onedoor.reports import services as reports
from onedoor.reports.models import Edition
from onedoor.reports.publications import Search, Undecided, Waiting
from onedoor.reports.rules.publishing.lifecycle import Action, State
from onedoor.reports.rules.publishing.words import HitKind, Settling, Urgency, Validity

router = Router(tags=["information"])
PAGE = 50
Which = Annotated[int, Query(ge=0, le=9999)]
"""The edition meant; 0 the one that is worked on: on its way, else public, else the latest."""
Reason = Annotated[str, Field(max_length=500)]


# --- What comes in --------------------------------------------------------------------------------


class EnterIn(In):
    report: Ref
    publisher: Ref
    """The code of the unit in whose name it is published."""


class NothingIn(In):
    """A step that takes nothing but the version seen."""


class ReasonIn(In):
    reason: Reason


class CorrectIn(ReasonIn):
    report: Ref = ""


class EditIn(In):
    title: Annotated[str, Field(max_length=300)]
    column: Annotated[str, Field(max_length=50)]
    formed_on: date
    text: str
    doc_number: Short = ""
    validity: Validity = Validity.IN_FORCE
    topic: Short = ""
    genre: Short = ""
    audience: Short = ""
    keywords: Short = ""
    summary: Annotated[str, Field(max_length=500)] = ""


class SettleIn(In):
    hit: Annotated[int, Field(ge=1, le=9999)]
    settling: Settling
    reason: Reason


# --- What goes out --------------------------------------------------------------------------------


class InformationOut(Schema):
    number: str
    index_number: str
    edition: int
    state: State
    title: str
    publisher: str
    doc_number: str
    formed_on: date
    published_at: datetime | None
    validity: Validity
    digest: str


class InformationList(Schema):
    information: list[InformationOut]
    more: bool


class EditionOut(InformationOut):
    """One edition as the public reads it; of what was withdrawn only the reason."""

    change_reason: str
    end_reason: str
    fields: dict[str, str]
    text: str
    figures: list[dict[str, str]]


class HitOut(Schema):
    hit: int
    kind: HitKind
    words: str
    places: int
    settling: Settling
    reason: str


class DraftOut(InformationOut):
    version: int
    due_on: date
    is_provisional: bool
    days_left: int
    returned_reason: str
    text: str
    hits: list[HitOut]
    actions: list[Action]


class DueOut(Schema):
    number: str
    """Of the information on its way, or of the report nobody decided about."""
    is_entered: bool
    title: str
    formed_on: date
    due_on: date
    is_provisional: bool
    days_left: int
    urgency: Urgency


def _body(edition: Edition) -> dict[str, Any]:
    publication = edition.publication
    names = ("state", "doc_number", "formed_on", "published_at", "digest")
    return {
        "number": publication.number,
        "index_number": publication.index_number or "",
        "edition": edition.number,
        "publisher": edition.publisher_name or publication.publisher.name,
        "validity": edition.holds.value,
        "title": publications.shown_title(edition),
        **{name: getattr(edition, name) for name in names},
    }


def _draft(edition: Edition, actor: Actor) -> dict[str, Any]:
    due = publications.due_of(edition.formed_on, on=clock.day_of(clock.now()))
    hits = [
        {
            "hit": h.row.place,
            "kind": h.row.kind,
            "words": h.words,
            "places": h.count,
            "settling": h.row.settling,
            "reason": h.row.reason or "",
        }
        for h in publications.hits(edition)
    ]
    return {
        **_body(edition),
        "version": edition.version,
        "due_on": due.on,
        "is_provisional": due.is_provisional,
        "days_left": due.days_left,
        "returned_reason": edition.returned_reason,
        "text": edition.text or publications.text_of(edition),
        "hits": hits,
        "actions": [a.value for a in publications.open_actions(edition, actor)],
    }


# --- For everybody with a token -------------------------------------------------------------------


@router.get("", response=InformationList, operation_id="list_information", summary="公开的政府信息")
def listed(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=100)] = "",
    year: Annotated[str, Query(max_length=4)] = "",
    unit: Annotated[str, Query(max_length=64)] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> HttpResponse:
    """List or search what is public, fifty at a time, the latest first."""
    actor_of(request, Scope.READ)
    found = publications.public(Search(q, year, unit))
    rows = list(found[(page - 1) * PAGE : page * PAGE + 1])
    return respond({"information": [_body(r) for r in rows[:PAGE]], "more": len(rows) > PAGE})


@router.get("/due", response=list[DueOut], operation_id="due_information", summary="公开时限")
def due(request: HttpRequest) -> HttpResponse:
    """List what has to be public by when, entered or not, for whoever works on it."""
    actor = _office(actor_of(request, Scope.READ))
    on = clock.day_of(clock.now())
    rows = [
        _due(w, w.edition.publication.number, w.edition.title, w.edition.formed_on)
        for w in publications.waiting(actor, on=on)
    ]
    rows += [
        _due(u, u.report.number, u.report.title, u.formed_on) for u in publications.undecided(on=on)
    ]
    return respond(sorted(rows, key=lambda row: (row["due_on"], row["number"])))


def _due(each: Waiting | Undecided, number: str, title: str, formed_on: date) -> dict[str, Any]:
    return {
        "number": number,
        "is_entered": isinstance(each, Waiting),
        "title": title,
        "formed_on": formed_on,
        "due_on": each.due.on,
        "is_provisional": each.due.is_provisional,
        "days_left": each.due.days_left,
        "urgency": each.urgency.value,
    }


def _office(actor: Actor) -> Actor:
    if not actor.holds_any(*publications.OFFICE):
        raise NotFound("information.not_found", "没有这条信息，或者还没有公开。")
    return actor


@router.get(
    "/{number}/editions/{edition}",
    response=EditionOut,
    operation_id="read_edition",
    summary="一版公开的信息",
)
def read_edition(request: HttpRequest, number: str, edition: int) -> HttpResponse:
    """Read an edition that was public: its fields, its text, its digest; withdrawn: why."""
    actor_of(request, Scope.READ)
    publication = publications.public_with(number)
    found = next((e for e in publications.shown(publication) if e.number == edition), None)
    if found is None:
        raise NotFound("information.no_edition", "没有这一版，或者已经撤回。")
    is_open = found.standing is not State.WITHDRAWN
    return respond(
        {
            **_body(found),
            "change_reason": found.change_reason if is_open else "",
            "end_reason": found.end_reason,
            "fields": {f.value: v for f, v in publications.page_fields(found)},
            "text": found.text if is_open else "",
            "figures": found.figures if is_open else [],
        }
    )


# --- For the office -------------------------------------------------------------------------------


@router.get("/{number}", response=DraftOut, operation_id="read_information", summary="办理情况")
def read(request: HttpRequest, number: str, edition: Which = 0) -> HttpResponse:
    """Read an edition as who works on it sees it: its hits, what may be done."""
    actor = _office(actor_of(request, Scope.READ))
    found = publications.edition_with(number, actor, order=edition)
    return respond(_draft(found, actor), version=found.version)


@router.post("", response={201: DraftOut}, operation_id="enter_information", summary="登记公开")
def enter(request: HttpRequest, data: EnterIn, idempotency_key: Key) -> HttpResponse:
    """Enter a report to be published in a unit's name."""
    actor, now = actor_of(request, Scope.WORK), clock.now()

    def prepare() -> Organisation:
        return _unit(data.publisher)

    def create(publisher: Organisation) -> dict[str, Any]:
        report = queries.report_with(data.report)
        return _draft(reports.enter(report, publisher=publisher, by=actor, at=now), actor)

    return created_once(
        request,
        create,
        prepare=prepare,
        actor=actor,
        key=idempotency_key,
        at=now,
        address="information/{number}",
    )


def _unit(code: str) -> Organisation:
    found = Organisation.objects.filter(code=code, is_active=True).first()
    if found is None:
        raise NotFound("accounts.no_such_unit", "没有编码为 %(unit)s 的部门。", unit=code)
    return found


def _edit(edition: Edition, *, seen: int, by: Actor, at: datetime, **typed: Any) -> Edition:
    return reports.edit(edition, reports.Typed(**typed), seen=seen, by=by, at=at)


def _settle(edition: Edition, *, hit: int, **told: Any) -> Edition:
    return reports.settle(edition, hit, **told)


def _correct(edition: Edition, *, report: str, **told: Any) -> Edition:
    source = queries.report_with(report) if report else None
    return reports.correct(edition, report=source, **told)


class Way(NamedTuple):
    """One step: its action, what it takes, what it calls."""

    action: Action
    takes: type[In]
    service: Callable[..., Edition]


WAYS = (
    Way(Action.EDIT, EditIn, _edit),
    Way(Action.SUBMIT, NothingIn, reports.submit),
    Way(Action.DROP, ReasonIn, reports.drop),
    Way(Action.SETTLE, SettleIn, _settle),
    Way(Action.SEND_BACK, ReasonIn, reports.send_back),
    Way(Action.CLEAR, NothingIn, reports.clear),
    Way(Action.PUBLISH, NothingIn, reports.publish),
    Way(Action.WITHDRAW, ReasonIn, reports.withdraw),
    Way(Action.CORRECT, CorrectIn, _correct),
)
"""Every step of the table a person takes; a replaced edition is a step of the next."""


def _add(way: Way) -> None:
    """Put a step on the router: its body is what it takes, typed."""

    def operation(
        request: HttpRequest, number: str, data: Any, edition: int = 0, if_match: str = ""
    ) -> HttpResponse:
        actor, now = _office(actor_of(request, Scope.WORK)), clock.now()
        found = publications.edition_with(number, actor, order=edition)
        seen = version_seen(if_match, found)
        after = way.service(found, **data.model_dump(), seen=seen, by=actor, at=now)
        return respond(_draft(after, actor), version=after.version)

    operation.__annotations__ |= {"data": way.takes, "if_match": IfMatch, "number": str}
    operation.__annotations__ |= {"edition": Which}
    operation.__annotations__ |= {"request": HttpRequest}
    name = way.action.value
    operation.__doc__ = f"Take the step on the version that If-Match names ({name})."
    router.post(
        f"/{{number}}/{name}",
        response=DraftOut,
        operation_id=f"information_{name}",
        summary=way.action.zh,
    )(operation)


for each in WAYS:
    _add(each)
