"""What may be done on a finding's page: one table of offers, each with its form and its service."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext_noop

from onedoor.accounts.rules import Actor, Role
from onedoor.accounts.steps import open_actions
from onedoor.files import services as files
from onedoor.kernel.errors import NotFound
from onedoor.kernel.money import fen
from onedoor.rectification import forms
from onedoor.rectification import services as rectification
from onedoor.rectification.models import Finding, Milestone
from onedoor.rectification.queries import lists
from onedoor.rectification.rules.lifecycle import BEFORE, DONE, LIFECYCLE, Action, State
from onedoor.rectification.rules.words import Answer, Decision, EvidenceState
from onedoor.rectification.web import Doing, decide, on_goal, on_row, one


class Offer(NamedTuple):
    """Something somebody may do now: its name in addresses, its title, its form."""

    name: str
    title: str
    form: type[forms.FindingForm]


STEPS: dict[Action, tuple[type[forms.FindingForm], Doing]] = {
    Action.REGISTER: (forms.NoForm, rectification.register),
    Action.ISSUE: (forms.NoForm, rectification.issue),
    Action.SUBMIT_PLAN: (forms.NoForm, rectification.submit_plan),
    Action.APPROVE_PLAN: (forms.NoForm, rectification.approve_plan),
    Action.RETURN_PLAN: (forms.TextForm, rectification.return_plan),
    Action.START: (forms.NoForm, rectification.start),
    Action.SUBMIT: (forms.SubmitForm, rectification.submit),
    Action.TAKE: (forms.NoForm, rectification.take),
    Action.SEND_BACK: (forms.TextForm, rectification.send_back),
    Action.RECOGNISE: (forms.RecogniseForm, rectification.recognise),
    Action.CLOSE: (forms.NoForm, rectification.close),
    Action.KEEP_OPEN: (forms.NoForm, rectification.keep_open),
    Action.DISAGREE: (forms.TextForm, rectification.disagree),
    Action.BEGIN_RECHECK: (forms.NoForm, rectification.begin_recheck),
    Action.CONFIRM: (forms.ConfirmForm, rectification.confirm),
    Action.REOPEN: (forms.TextForm, rectification.reopen),
    Action.SET_ASIDE: (forms.TextForm, rectification.set_aside),
}


def _add_evidence(finding: Finding, *, by: Actor, at: datetime, **given: Any) -> Finding:
    file, dated_on = given.pop("file"), given.pop("dated_on")
    upload = rectification.Upload(files.store(file, at=at), file.name, dated_on)
    files.try_to_open(upload.file)
    given["measure"] = one(finding.measures, sequence=given["measure"])
    chosen = given.pop("replaces")
    replaces = one(finding.evidence, sequence=chosen) if chosen else None
    return rectification.add_evidence(finding, upload, replaces=replaces, by=by, at=at, **given)


def _amount(finding: Finding, *, due: str, **given: Any) -> Finding:
    return rectification.add_amount(finding, due_fen=fen(due), **given)


def _pay(finding: Finding, *, amount: str, yuan: str, **given: Any) -> Finding:
    row = one(finding.amounts, kind=amount)
    row.finding = finding
    return rectification.pay(row, fen=fen(yuan), **given)


BESIDE: dict[str, tuple[str, type[forms.FindingForm], Doing]] = {
    "complete": (gettext_noop("定单位、类型和时限"), forms.CompleteForm, rectification.complete),
    "measure": (gettext_noop("增加措施"), forms.MeasureForm, rectification.add_measure),
    "progress": (
        gettext_noop("填报进展"),
        forms.ProgressForm,
        on_row("measures", "sequence", "measure", rectification.report_progress),
    ),
    "milestone": (
        gettext_noop("增加阶段目标"),
        forms.MilestoneForm,
        on_row("measures", "sequence", "measure", rectification.add_milestone),
    ),
    "move_milestone": (
        gettext_noop("调整阶段目标"),
        forms.MoveMilestoneForm,
        on_goal(rectification.move_milestone),
    ),
    "reach": (gettext_noop("阶段目标已完成"), forms.ReachForm, on_goal(rectification.reach)),
    "evidence": (gettext_noop("上传佐证"), forms.EvidenceForm, _add_evidence),
    "judge": (
        gettext_noop("审核佐证"),
        forms.JudgeForm,
        on_row("evidence", "sequence", "evidence", rectification.judge),
    ),
    "withdraw": (
        gettext_noop("撤回佐证"),
        forms.WithdrawForm,
        on_row("evidence", "sequence", "evidence", rectification.withdraw),
    ),
    "amount": (gettext_noop("登记应处理金额"), forms.AmountForm, _amount),
    "pay": (gettext_noop("登记已处理金额"), forms.PayForm, _pay),
    "extend": (gettext_noop("申请延期"), forms.ExtensionForm, rectification.ask_extension),
    "decide": (gettext_noop("批复延期"), forms.DecideForm, decide),
    "up": (gettext_noop("向上级请示"), forms.UpForm, rectification.send_up),
    "pursue": (
        gettext_noop("向上级催复"),
        forms.LetterForm,
        on_row("upward", "pk", "letter", rectification.pursue),
    ),
    "answer": (
        gettext_noop("登记上级答复"),
        forms.AnswerUpForm,
        on_row("upward", "pk", "letter", rectification.answer_up),
    ),
    "sign": (
        gettext_noop("签发督办"),
        forms.SignForm,
        on_row("supervisions", "number", "supervision", rectification.sign_supervision),
    ),
    "reply": (
        gettext_noop("回复督办"),
        forms.ReplyForm,
        on_row("supervisions", "number", "supervision", rectification.reply),
    ),
    "conclude": (
        gettext_noop("登记督办结果"),
        forms.ConcludeForm,
        on_row("supervisions", "number", "supervision", rectification.conclude),
    ),
    "settle": (
        gettext_noop("核清信号"),
        forms.SettleForm,
        on_row("signals", "pk", "signal", rectification.settle),
    ),
}


def offers(finding: Finding, actor: Actor) -> list[Offer]:
    """Return what somebody may try now on this finding; the services say the last word."""
    mine = actor.roles_in(finding.unit_id)
    steps = open_actions(LIFECYCLE, finding.standing, roles=mine)
    found = [Offer(a.value, a.zh, STEPS[a][0]) for a in steps]
    return found + [Offer(name, *BESIDE[name][:2]) for name in _beside(finding, actor, mine)]


def _beside(finding: Finding, actor: Actor, mine: frozenset[Role]) -> list[str]:
    works = not mine.isdisjoint({Role.OFFICER, Role.HEAD}) and finding.unit_id is not None
    audits, leads = actor.holds_any(Role.AUDITOR), actor.holds_any(Role.LEAD_OFFICE)
    is_open = finding.standing not in DONE
    is_out = is_open and finding.standing not in BEFORE
    evidence = finding.evidence.exclude(state=EvidenceState.WITHDRAWN.value)
    goals = Milestone.objects.filter(measure__finding=finding, done_on=None)
    letters = finding.upward.filter(answer=Answer.WAITING.value).exists()
    signs = actor.holds_any(Role.AUDIT_SUPERVISOR, Role.LEAD_OFFICE)
    holds = {
        "complete": (audits or leads) and finding.standing in BEFORE,
        "measure": works and is_out,
        "progress": works and is_out and finding.measures.exists(),
        "milestone": works and is_out and finding.measures.exists(),
        "move_milestone": works and is_out and goals.exists(),
        "reach": works and is_out and goals.exists(),
        "evidence": works and is_out and finding.measures.exists(),
        "judge": audits and is_out and evidence.filter(state=EvidenceState.WAITING.value).exists(),
        "withdraw": (works or audits) and evidence.exists() and finding.standing is not State.VOID,
        "amount": (audits or leads) and is_open,
        "pay": works and is_out and finding.amounts.exists(),
        "extend": Role.HEAD in mine and is_out,
        "decide": (audits or leads)
        and finding.extensions.filter(decision=Decision.WAITING.value).exists(),
        "up": (leads or Role.HEAD in mine) and is_out,
        "pursue": (leads or works) and letters,
        "answer": (leads or works) and letters,
        "sign": signs and finding.supervisions.filter(issued_by="").exists(),
        "reply": works and lists.replying(finding).exists(),
        "conclude": signs and lists.concluding(finding).exists(),
        "settle": actor.holds_any(Role.AUDITOR, Role.AUDIT_SUPERVISOR)
        and finding.signals.filter(settled_at=None).exists(),
    }
    return [name for name, offered in holds.items() if offered]


def doing(name: str) -> tuple[type[forms.FindingForm], Doing]:
    """Return the form and the service behind a name, or refuse."""
    if name in BESIDE:
        return BESIDE[name][1:]
    action = next((a for a in STEPS if a.value == name), None)
    if action is None:
        raise NotFound("page.not_found", "没有这一页，或者不是给您看的。")
    return STEPS[action]
