"""Every step of the tables as one operation: one row each, with what it takes and its service."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from ninja import File, Form
from ninja.files import UploadedFile

from onedoor.accounts.rules import Scope
from onedoor.cases.api.answers import Key, actor_of, created_once, respond
from onedoor.cases.api.schemas import In
from onedoor.cases.api.steps import IfMatch, version_seen
from onedoor.files import services as files
from onedoor.kernel import clock
from onedoor.rectification import services as rectification
from onedoor.rectification.api import schemas as s
from onedoor.rectification.api.door import finding_for, router
from onedoor.rectification.api.reading import whole
from onedoor.rectification.inputs import FindingTold, ProjectTold
from onedoor.rectification.models import Finding
from onedoor.rectification.rules.lifecycle import Action
from onedoor.rectification.rules.words import Change
from onedoor.rectification.web import Doing, decide, on_goal, on_row, one, unit_coded


class Way(NamedTuple):
    """One operation: the end of its address, its summary, what it takes, what it calls."""

    name: str
    summary: str
    takes: type[In]
    service: Doing


def _complete(finding: Finding, *, unit: str, co_units: list[str], **given: Any) -> Finding:
    others = [unit_coded(code) for code in co_units]
    return rectification.complete(finding, unit=unit_coded(unit), co_units=others, **given)


def _measure(finding: Finding, *, unit: str, milestones: list[Any], **given: Any) -> Finding:
    goals = tuple((each["due_on"], each["text"]) for each in milestones)
    return rectification.add_measure(
        finding, unit=unit_coded(unit) if unit else None, milestones=goals, **given
    )


_A, _R = Action, rectification
STEPS = (
    Way("register", _A.REGISTER.zh, s.NothingIn, _R.register),
    Way("issue", _A.ISSUE.zh, s.NothingIn, _R.issue),
    Way("submit_plan", _A.SUBMIT_PLAN.zh, s.NothingIn, _R.submit_plan),
    Way("approve_plan", _A.APPROVE_PLAN.zh, s.NothingIn, _R.approve_plan),
    Way("return_plan", _A.RETURN_PLAN.zh, s.TextIn, _R.return_plan),
    Way("start", _A.START.zh, s.NothingIn, _R.start),
    Way("submit", _A.SUBMIT.zh, s.SubmitIn, _R.submit),
    Way("take", _A.TAKE.zh, s.NothingIn, _R.take),
    Way("send_back", _A.SEND_BACK.zh, s.TextIn, _R.send_back),
    Way("recognise", _A.RECOGNISE.zh, s.RecogniseIn, _R.recognise),
    Way("close", _A.CLOSE.zh, s.NothingIn, _R.close),
    Way("keep_open", _A.KEEP_OPEN.zh, s.NothingIn, _R.keep_open),
    Way("disagree", _A.DISAGREE.zh, s.TextIn, _R.disagree),
    Way("begin_recheck", _A.BEGIN_RECHECK.zh, s.NothingIn, _R.begin_recheck),
    Way("confirm", _A.CONFIRM.zh, s.ConfirmIn, _R.confirm),
    Way("reopen", _A.REOPEN.zh, s.TextIn, _R.reopen),
    Way("set_aside", _A.SET_ASIDE.zh, s.TextIn, _R.set_aside),
)
"""The steps of the lifecycle: each action of the table is here, and a test says so."""

_C = Change
BESIDE = (
    Way("complete", _C.COMPLETED.zh, s.CompleteIn, _complete),
    Way("measure", _C.MEASURE.zh, s.MeasureIn, _measure),
    Way(
        "progress",
        _C.PROGRESS.zh,
        s.ProgressIn,
        on_row("measures", "sequence", "measure", _R.report_progress),
    ),
    Way(
        "milestone",
        _C.MILESTONE.zh,
        s.MilestoneToIn,
        on_row("measures", "sequence", "measure", _R.add_milestone),
    ),
    Way("move_milestone", _C.MILESTONE_MOVED.zh, s.MoveIn, on_goal(_R.move_milestone)),
    Way("reach", _C.REACHED.zh, s.ReachIn, on_goal(_R.reach)),
    Way("judge", _C.JUDGED.zh, s.JudgeIn, on_row("evidence", "sequence", "evidence", _R.judge)),
    Way(
        "withdraw",
        _C.WITHDRAWN.zh,
        s.WithdrawIn,
        on_row("evidence", "sequence", "evidence", _R.withdraw),
    ),
    Way("amount", _C.AMOUNT.zh, s.AmountIn, _R.add_amount),
    Way("pay", _C.PAID.zh, s.PayIn, on_row("amounts", "kind", "kind", _R.pay)),
    Way("extend", _C.EXTENSION_ASKED.zh, s.ExtendIn, _R.ask_extension),
    Way("decide", _C.EXTENSION_DECIDED.zh, s.DecideIn, decide),
    Way("send_up", _C.SENT_UP.zh, s.UpIn, _R.send_up),
    Way("pursue", _C.PURSUED.zh, s.LetterIn, on_row("upward", "pk", "letter", _R.pursue)),
    Way("answer", _C.ANSWERED.zh, s.AnswerIn, on_row("upward", "pk", "letter", _R.answer_up)),
    Way(
        "sign",
        "签发督办",
        s.SignIn,
        on_row("supervisions", "number", "supervision", _R.sign_supervision),
    ),
    Way(
        "reply", _C.REPLIED.zh, s.ReplyIn, on_row("supervisions", "number", "supervision", _R.reply)
    ),
    Way(
        "conclude",
        _C.CONCLUDED.zh,
        s.ConcludeIn,
        on_row("supervisions", "number", "supervision", _R.conclude),
    ),
    Way("settle", _C.SETTLED.zh, s.SettleIn, on_row("signals", "pk", "signal", _R.settle)),
)
"""What is done beside the steps."""


def _take(request: HttpRequest, number: str, if_match: str, service: Doing, given: Any) -> Any:
    actor, now = actor_of(request, Scope.WORK), clock.now()
    finding = finding_for(actor, number)
    seen = version_seen(if_match, finding)
    after = service(finding, **given, seen=seen, by=actor, at=now)
    return respond(whole(after, actor, on=clock.day_of(now)), version=after.version)


def _add(way: Way) -> None:
    """Put a row of the tables on the router: its body is what the row takes, typed."""

    def operation(request: HttpRequest, number: str, data: Any, if_match: str = "") -> HttpResponse:
        answer: HttpResponse = _take(request, number, if_match, way.service, data.model_dump())
        return answer

    operation.__annotations__ |= {"data": way.takes, "if_match": IfMatch, "number": str}
    operation.__annotations__ |= {"request": HttpRequest}
    operation.__doc__ = f"Take the step on the version that If-Match names ({way.name})."
    router.post(
        f"/{{number}}/{way.name}",
        response=s.WholeFindingOut,
        operation_id=f"finding_{way.name}",
        summary=way.summary,
    )(operation)


for each in (*STEPS, *BESIDE):
    _add(each)


@router.post(
    "/{number}/evidence",
    response=s.WholeFindingOut,
    operation_id="finding_evidence",
    summary=Change.EVIDENCE.zh,
)
def evidence(
    request: HttpRequest,
    number: str,
    file: Annotated[UploadedFile, File()],
    data: Annotated[s.EvidenceIn, Form()],
    if_match: IfMatch = "",
) -> HttpResponse:
    """Hand in evidence for a measure, or a new version of it, as a multipart form."""

    def add(finding: Finding, **given: Any) -> Finding:
        measure = one(finding.measures, sequence=data.measure)
        earlier = data.replaces and one(finding.evidence, sequence=data.replaces)
        stored = files.store(file, at=given["at"])
        upload = rectification.Upload(stored, file.name or "", data.dated_on)
        files.try_to_open(stored)
        return rectification.add_evidence(
            finding,
            upload,
            measure=measure,
            kind=data.kind,
            title=data.title,
            replaces=earlier or None,
            **given,
        )

    answer: HttpResponse = _take(request, number, if_match, add, {})
    return answer


@router.post("", response={201: s.FindingOut}, operation_id="open_finding", summary="登记一个问题")
def openone(
    request: HttpRequest,
    data: s.OpenIn,
    idempotency_key: Key,
) -> HttpResponse:
    """Open a finding of an audit; the audit is known by its key, the finding by its code."""
    actor, now = actor_of(request, Scope.WORK), clock.now()
    given = data.model_dump(exclude={"project"})
    project = ProjectTold(**data.project.model_dump())

    def create(told: FindingTold) -> dict[str, Any]:
        [made] = rectification.open_findings(project, [told], by=actor, at=now)
        return whole(made, actor, on=clock.day_of(now))

    return created_once(
        request,
        create,
        prepare=lambda: FindingTold(**given),
        actor=actor,
        key=idempotency_key,
        at=now,
        address="findings/{number}",
    )
