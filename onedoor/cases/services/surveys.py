"""On-site inspection (现场勘验): ordered, done by two, written down by one and signed by the other.

Basis: 许可法34, 55. It does not stop the clock.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

from onedoor.accounts.models import Person
from onedoor.accounts.queries import card_of
from onedoor.accounts.rules import Actor
from onedoor.cases import conditions, contents, queries
from onedoor.cases.inputs import plain
from onedoor.cases.models import Case, Survey
from onedoor.cases.rules.lifecycle import Action
from onedoor.cases.services.moving import Effect, Words, guard, move
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotValid
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import Fact


@ledger.recorded
def order_survey(
    case: Case,
    *,
    first: Person,
    second: Person,
    planned_on: date,
    place: str,
    seen: int,
    by: Actor,
    at: datetime,
) -> Case:
    """Send two of the unit's reviewers to inspect (T8b)."""
    if first.pk == second.pk:
        raise NotValid("survey.same_person", "勘验要两个人，请另选一位。", field="second")
    able = {person.pk for person in queries.surveyors(case, on=day_of(at))}
    if not {first.pk, second.pk} <= able:
        raise NotValid("survey.not_able", "勘验人要是本单位的审批岗。", field="first")
    for person, field in ((first, "first"), (second, "second")):
        if not card_of(person, on=day_of(at)):
            raise NotValid(
                "survey.no_card",
                "%(name)s的岗位没有登记工作证号，不能去勘验。请系统管理员先登记。",
                basis="许可法34",
                field=field,
                name=person.name,
            )
    if planned_on < day_of(at):
        raise NotValid("survey.past", "勘验日期不能早于今天。", field="planned_on")
    where = plain("place", place, "勘验地点", most=200)
    step = guard(case, Action.ORDER_SURVEY, by=by, seen=seen, met=conditions.of_surveys(case, by))
    details: dict[str, Fact] = {
        "first": first.ref,
        "second": second.ref,
        "planned_on": planned_on,
    }
    moved = move(case, step, Effect(details=details), by=by, at=at)
    Survey.objects.create(
        case=moved, first=first, second=second, planned_on=planned_on, place=where, ordered_at=at
    )
    return moved


@ledger.recorded
def record_survey(
    case: Case,
    *,
    passed: bool,
    findings: str,
    surveyed_at: datetime,
    seen: int,
    by: Actor,
    at: datetime,
) -> Case:
    """Write down what was found (T8c) and when they were there, by one of the two who went."""
    words = Words(plain("findings", findings, "勘验情况", most=1000))
    step = guard(case, Action.RECORD_SURVEY, by=by, seen=seen, met=conditions.of_surveys(case, by))
    planned_on = Survey.objects.get(case=case, signed_at__isnull=True).planned_on
    if surveyed_at > at or day_of(surveyed_at) < planned_on:
        raise NotValid(
            "survey.when",
            "勘验时间要在计划的%(planned_on)s以后，也不能晚于现在。",
            field="surveyed_at",
            planned_on=planned_on,
        )
    details: dict[str, Fact] = {"passed": passed, "surveyed_on": day_of(surveyed_at)}
    moved = move(case, step, Effect({}, details, words), by=by, at=at)
    Survey.objects.filter(case=case, signed_at__isnull=True).update(
        passed=passed,
        record_version=moved.version,
        surveyed_at=surveyed_at,
        written_by=by.ref,
        written_at=at,
    )
    return moved


@ledger.recorded
def sign_survey(case: Case, *, seen: int, by: Actor, at: datetime) -> Case:
    """Sign the record as the other of the two (T8d); only then does it count."""
    step = guard(case, Action.SIGN_SURVEY, by=by, seen=seen, met=conditions.of_surveys(case, by))
    survey = Survey.objects.select_related("first", "second").get(case=case, signed_at__isnull=True)
    assert survey.record_version is not None
    findings = str(case.notes.get(version=survey.record_version).text)
    paper = partial(contents.survey, survey=survey, findings=findings, by=by)
    moved = move(case, step, Effect(paper=paper), by=by, at=at)
    Survey.objects.filter(pk=survey.pk).update(signed_at=at)
    return moved
