"""Roads of demo cases to their end, and late ones for the lights."""

from __future__ import annotations

from onedoor.cases import queries
from onedoor.cases import services as cases
from onedoor.cases.rules.commitment import Checked
from onedoor.cases.rules.words import RejectionGround
from onedoor.demo.roads import (
    accepted,
    called,
    correcting,
    decide,
    decided,
    forwarded,
    made_ready,
    ready,
    resumed,
    review,
    reviewed,
    surveyed,
)
from onedoor.demo.tale import DEFECTIVE, Tale
from onedoor.kernel import clock


def instant(tale: Tale) -> None:
    tale.receive(finish=True)


def send(tale: Tale) -> None:
    tale.later()
    waybill = f"DEMO{tale.dice.randrange(10**9):09d}"
    tale.step(cases.post, "issuer", carrier="邮政快递（演示）", waybill=waybill)


def deliver(tale: Tale) -> None:
    """Bring the paper to the applicant: by post, so that nobody comes more often than promised."""
    made_ready(tale)
    send(tale)
    tale.later(days=tale.dice.randint(1, 3))
    signed_on = clock.day_of(tale.at)
    taker = tale.taker(by_post=True)
    tale.step(cases.confirm_delivery, "issuer", recipient=taker, signed_on=signed_on)


def granted(tale: Tale) -> None:
    decided(tale)
    deliver(tale)


def fetched(tale: Tale) -> None:
    ready(tale)
    tale.later(days=tale.dice.randint(1, 3))
    tale.step(cases.hand_out, "issuer", recipient=tale.taker(), identity_checked=True)


def corrected(tale: Tale) -> None:
    correcting(tale)
    tale.later(days=tale.dice.randint(1, 5))
    tale.supply()
    tale.later(days=tale.dice.randint(0, 1))
    tale.step(cases.accept, "acceptor")
    review(tale)
    decide(tale)
    deliver(tale)


def resumed_and_granted(tale: Tale) -> None:
    resumed(tale)
    review(tale)
    decide(tale)
    deliver(tale)


def replied(tale: Tale) -> None:
    forwarded(tale)
    tale.later(days=tale.dice.randint(6, 12))
    tale.step(
        cases.record_reply,
        "reviewer",
        is_approved=True,
        reference=f"红演批〔2026〕{tale.dice.randint(1, 90)}号",
        replied_on=clock.day_of(tale.at),
        reason="同意初审意见。",
    )


def replied_and_granted(tale: Tale) -> None:
    replied(tale)
    decide(tale)
    deliver(tale)


def refused(tale: Tale) -> None:
    reviewed(tale, favourable=False)
    refuse(tale)


def refuse(tale: Tale) -> None:
    tale.later(days=1)
    conditions = tale.version.conditions.splitlines()
    facts = "核对了全部材料和初审意见：您的情况和申请书写的不一致。"
    reason = f"{tale.phrase('refused')}第{tale.dice.choice(conditions)}"
    basis = queries.bases(tale.now)[0]
    tale.step(cases.refuse, "decider", facts=facts, reason=reason, basis=basis)


def refused_and_told(tale: Tale) -> None:
    refused(tale)
    deliver(tale)


def rejected(tale: Tale) -> None:
    tale.receive()
    tale.later(days=1)
    tale.step(
        cases.reject,
        "acceptor",
        ground=RejectionGround.NOT_OURS,
        competent=tale.higher_body(),
        reason="您申请的范围跨了县，不归我们管。",
        basis=queries.rejection_bases(tale.now)[1 if tale.version.is_licence else 0],
    )


def withdrawn(tale: Tale) -> None:
    accepted(tale)
    tale.later()
    tale.step(cases.withdraw, "desk", reason="暂时不办了", identity_checked=True)


def deemed(tale: Tale) -> None:
    tale.receive()
    tale.later(days=6)
    tale.case = cases.deem_accepted(tale.afresh(), at=tale.at)


def noticed_twice(tale: Tale) -> None:
    correcting(tale)
    tale.later(days=2)
    tale.supply(DEFECTIVE)
    tale.later(days=1)
    tale.notice(reason="补来的材料还是不合格。")


def hasty(tale: Tale) -> None:
    """Decide within the minute: faster than anybody can read."""
    reviewed(tale)
    tale.step(cases.grant, "decider", opinion=tale.phrase("grant"))
    deliver(tale)


def fetched_late(tale: Tale) -> None:
    decided(tale)
    tale.later(days=13)
    tale.step(cases.make, "maker")


def kept(tale: Tale) -> None:
    if not tale.may_promise():
        return accepted(tale)
    tale.receive_tolerantly()
    tale.later(days=1)
    tale.keep_promise()
    review(tale)
    decide(tale)
    deliver(tale)


def granted_on_commitment(tale: Tale) -> None:
    if not tale.may_promise():
        return accepted(tale)
    tale.receive_committed()
    review(tale)
    decide(tale)
    deliver(tale)


def found_true(tale: Tale) -> None:
    granted_on_commitment(tale)
    tale.later(days=3)
    tale.check(Checked.KEPT, "现场核对，和承诺的一致。")


def found_false(tale: Tale) -> None:
    granted_on_commitment(tale)
    tale.later(days=3)
    tale.check(Checked.FALSE, "现场和承诺的不一致，当事人当场承认。")


def surveyed_and_granted(tale: Tale) -> None:
    surveyed(tale)
    decide(tale)
    deliver(tale)


def heard(tale: Tale) -> None:
    called(tale)
    tale.later(days=9)
    came = "申请人：本人\n利害关系人：隔壁住户（演示）"
    minutes = "利害关系人担心夜里吵，申请人答应晚上十点以后不营业。"
    tale.step(cases.record_hearing, "head", attendants=came, minutes=minutes)
    tale.later()
    tale.end_procedure("听证结束，笔录已签。")
    review(tale)
    decide(tale)
    deliver(tale)


def posted(tale: Tale) -> None:
    ready(tale)
    send(tale)
