"""The roads a demo case may go, half way or as far as its decision."""

from __future__ import annotations

from onedoor.cases import county
from onedoor.cases import services as cases
from onedoor.catalogue.rules.words import SpecialKind
from onedoor.demo.tale import Tale
from onedoor.kernel import clock


def sent_online(tale: Tale) -> None:
    tale.send_online()


def sent_back(tale: Tale) -> None:
    tale.send_online()
    tale.later(days=1)
    tale.send_back()


def waiting(tale: Tale) -> None:
    tale.receive()


def correcting(tale: Tale) -> None:
    tale.receive(lacking=tale.dice.randint(1, 2))
    tale.later(days=tale.dice.randint(0, 2))
    tale.notice()


def returned(tale: Tale) -> None:
    tale.receive(lacking=1)
    tale.notice()
    tale.later(days=county.correction_limit().count + 1)
    tale.case = cases.return_unanswered(tale.afresh(), at=tale.at)


def accepted(tale: Tale) -> None:
    tale.receive()
    tale.later(days=tale.dice.randint(0, 1))
    tale.step(cases.accept, "acceptor")


def tolerated(tale: Tale) -> None:
    if tale.may_promise():
        tale.receive_tolerantly()
    else:
        tale.receive()


def unkept(tale: Tale) -> None:
    if not tale.may_promise():
        return accepted(tale)
    tale.receive_tolerantly()
    days = tale.now.item_version.tolerance_days or 0
    tale.later(days=days + 1)
    cases.return_unkept(tale.afresh(), at=tale.at)


def committed(tale: Tale) -> None:
    if tale.may_promise():
        tale.receive_committed()
    else:
        tale.receive()


def reviewed(tale: Tale, *, favourable: bool = True) -> None:
    accepted(tale)
    review(tale, favourable=favourable)


def review(tale: Tale, *, favourable: bool = True) -> None:
    tale.later(days=1)
    opinion = tale.phrase("opinion", favourable=favourable)
    tale.step(cases.review, "reviewer", opinion=opinion)


def proposed(tale: Tale) -> None:
    accepted(tale)
    tale.later(days=1)
    propose(
        tale,
        tale.dice.choice([SpecialKind.TESTING, SpecialKind.EXPERT_REVIEW]),
        "要等检测或评审的结果。",
    )


def propose(tale: Tale, kind: SpecialKind, reason: str, days: int = 5) -> None:
    tale.step(cases.propose_special, "reviewer", kind=kind, planned_days=days, reason=reason)


def stop(tale: Tale, kind: SpecialKind, reason: str) -> None:
    propose(tale, kind, reason, days=20)
    tale.later()
    tale.step(cases.suspend, "head")


def suspended(tale: Tale) -> None:
    proposed(tale)
    tale.later()
    tale.step(cases.suspend, "head")


def turned_down(tale: Tale) -> None:
    proposed(tale)
    tale.later()
    reason = "已有三个月内的检测报告，不用再检。"
    tale.step(cases.turn_down_special, "head", reason=reason)


def ordered(tale: Tale) -> None:
    """Send two of the unit's reviewers to inspect within the week (许可法55)."""
    accepted(tale)
    tale.later()
    first, second = tale.reviewers()[:2]
    day = tale.stage.days.ordinal(clock.day_of(tale.at)) + 2
    tale.step(
        cases.order_survey,
        "head",
        first=first.person,
        second=second.person,
        planned_on=tale.stage.days.day_with_ordinal(day),
        place="申请书写的场所",
    )


def surveyed(tale: Tale) -> None:
    ordered(tale)
    first, second = tale.reviewers()[:2]
    tale.later(days=2)
    found = "现场和材料一致，设备齐全，出口畅通。"
    there = tale.at
    tale.later()
    said = {"passed": True, "findings": found, "surveyed_at": there}
    tale.step_by(first.actor, cases.record_survey, **said)
    tale.later()
    tale.step_by(second.actor, cases.sign_survey)
    review(tale)


def told(tale: Tale) -> None:
    """Tell a neighbour's right to be heard; the neighbour asks for it (许可法47)."""
    accepted(tale)
    tale.later()
    reason = "隔壁住户和这项许可有重大利益关系。"
    tale.step(cases.tell_hearing, "reviewer", reason=reason)
    tale.later(days=1)
    tale.step(cases.ask_hearing, "desk", asked_by="利害关系人：隔壁住户（演示）")


def call(tale: Tale) -> None:
    tale.later(days=1)
    day = tale.stage.days.ordinal(clock.day_of(tale.at)) + 9
    held_at = clock.at_local(tale.stage.days.day_with_ordinal(day), 10)
    chair = tale.person_with("decider")
    tale.step(cases.call_hearing, "head", held_at=held_at, place="市民之家三楼会议室", chair=chair)


def called(tale: Tale) -> None:
    told(tale)
    tale.later()
    stop(tale, SpecialKind.HEARING, "有人申请听证，听证的时间不算在办理期限里。")
    call(tale)


def resumed(tale: Tale) -> None:
    suspended(tale)
    tale.later(days=tale.dice.randint(3, 5))
    tale.end_procedure("结果已收到，合格。")


def extended(tale: Tale) -> None:
    accepted(tale)
    tale.later(days=2)
    reason = "要到外地核实材料，期限内做不完。"
    tale.step(cases.extend, "head", days=5, reason=reason)


def forwarded(tale: Tale) -> None:
    reviewed(tale)
    tale.later(days=1)
    expected_on = tale.working_day(20)
    tale.step(cases.forward, "head", body="红河州主管部门（演示）", expected_on=expected_on)


def decide(tale: Tale) -> None:
    tale.later(days=1)
    tale.step(cases.grant, "decider", opinion=tale.phrase("grant"))


def decided(tale: Tale) -> None:
    reviewed(tale)
    decide(tale)


def make(tale: Tale) -> None:
    tale.later(days=1)
    tale.step(cases.make, "maker")


def made_ready(tale: Tale) -> None:
    make(tale)
    tale.seal()
    tale.later()
    tale.step(cases.make_ready, "maker")


def making(tale: Tale) -> None:
    decided(tale)
    make(tale)


def ready(tale: Tale) -> None:
    decided(tale)
    made_ready(tale)
