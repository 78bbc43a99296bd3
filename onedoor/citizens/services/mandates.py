"""Asking to act for somebody, agreeing, acting, and ending it.

Basis: 民法典 165 (what an authority says), 173 (how it ends); 个人信息保护法 13, 29.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import date, datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.urls import reverse

from onedoor.accounts.rules import APPLICANT, Actor, Role
from onedoor.accounts.services import count_attempt
from onedoor.citizens import mandates as queries
from onedoor.citizens.events import MandateAsked, MandateEnded, MandateGiven, MandateUsed
from onedoor.citizens.identity import registers
from onedoor.citizens.identity.claims import CITIZEN_ID, Identity
from onedoor.citizens.models import Citizen, Mandate
from onedoor.citizens.rules import CODE_DIGITS, CODE_LIFE, CODE_TRIES, HOUR, SENDS, SENDS_FROM
from onedoor.citizens.rules.mandates import (
    ANSWER_IN,
    MOST,
    Ended,
    How,
    Kind,
    Scope,
    State,
    Used,
    last_day,
)
from onedoor.kernel import crypto
from onedoor.kernel.clock import day_of
from onedoor.kernel.codes import citizen_id, credit_code
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.ledger import services as ledger
from onedoor.messages import services as messages
from onedoor.messages.rules import Topic

CREDIT_CODE = "001"


def require_verified(citizen: Citizen) -> None:
    """Refuse whoever is known by a telephone alone: nobody acts for another unknown."""
    if not citizen.is_verified:
        raise NotAllowed("mandate.not_verified", "替别人办要先实名登录。")


def ask_family(
    citizen: Citizen,
    party_number: str,
    *,
    known: Identity | None,
    scope: Scope,
    months: int,
    origin: str,
    at: datetime,
) -> Mandate:
    """Ask to act for a relative: a code goes to the number the centre knows of them (``known``).

    Whether anybody is known under this document is not told: without a number nothing is sent, and
    the page says the same.
    """
    require_verified(citizen)
    number = citizen_id.parse(party_number, on=day_of(at)).value
    if number == citizen.id_number:
        raise NotValid("mandate.self", "这是您自己的证件号码。", field="id_number")
    count_attempt(f"mandate-from:{origin}", limit=SENDS_FROM, window=HOUR, at=at)
    count_attempt(f"mandate-by:{citizen.pk}", limit=SENDS, window=HOUR, at=at)
    count_attempt(f"mandate-of:{queries.party_index(number)}", limit=SENDS, window=HOUR, at=at)
    party = known or Identity("", CITIZEN_ID, number)
    asked = _asked(citizen, party, kind=Kind.FAMILY, scope=scope, months=months, at=at)
    if party.phone:
        _send_code(asked, at=at)
    return asked


def consent_by_code(mandate: Mandate, code: str, *, at: datetime) -> Mandate:
    """Take the code that was sent to whoever is acted for: who has it was told it by them.

    A try is counted before it is made, and stays counted when it fails.
    """
    held = Mandate.objects.filter(pk=mandate.pk, state=State.ASKED.value, tries__lt=CODE_TRIES)
    alive = held.filter(asked_at__gt=at - CODE_LIFE)
    if not alive.update(tries=F("tries") + 1):
        raise NotValid("mandate.code_over", "这个验证码不能用了。请重新发起代办。", field="code")
    row = Mandate.objects.get(pk=mandate.pk)
    if not row.digest or not hmac.compare_digest(row.digest, _digest(row, code)):
        left = max(CODE_TRIES - row.tries, 0)
        raise NotValid(
            "mandate.code_wrong", "验证码不对。还可以试 %(n)s 次。", field="code", n=left
        )
    return _give(row, How.SMS, by=APPLICANT.ref, at=at)


def agree(mandate: Mandate, citizen: Citizen, *, at: datetime) -> Mandate:
    """Agree: to being acted for by a relative, or to acting for a company that asked."""
    is_theirs = (
        queries.is_party(mandate, citizen)
        if mandate.is_family
        else queries.is_agent(mandate, citizen)
    )
    if not is_theirs:
        raise NotAllowed("mandate.not_yours", "这项代办不由您来同意。")
    if at - mandate.asked_at > ANSWER_IN:
        raise Refusal("mandate.too_late", "过了 7 天没有同意，这次请求作废了。请重新发起。")
    return _give(mandate, How.ACCOUNT, by=APPLICANT.ref, at=at)


@ledger.recorded
def give_at_window(
    agent: Identity,
    party: Identity,
    *,
    kind: Kind,
    scope: Scope,
    months: int,
    by: Actor,
    at: datetime,
    known_phone: str = "",
) -> Mandate:
    """Note at a window what both showed: their documents, the letter of authority, the licence.

    ``known_phone`` is the number the centre knows of a relative who is acted for: it is told.
    """
    if not by.holds_any(Role.DESK):
        raise NotAllowed("mandate.window_only", "登记代办要有窗口收件的岗位。")
    agent, party = _checked(agent, party, kind=kind, on=day_of(at))
    made = _made(agent, party, kind=kind, scope=scope, months=months, by=by.ref, at=at)
    return _give(made, How.WINDOW, by=by.ref, at=at, known_phone=known_phone)


@ledger.recorded
def claim_company(citizen: Citizen, code: str, *, origin: str, at: datetime) -> Mandate:
    """Let the legal representative act for their company, as the register of companies says.

    Refused alike whether there is no such company or somebody else answers for it.
    """
    require_verified(citizen)
    number = credit_code.parse(code).value
    count_attempt(f"company-by:{citizen.pk}", limit=SENDS, window=HOUR, at=at)
    register = registers.register()
    if register is None:
        raise Refusal(
            "mandate.no_register",
            "这里还没有接企业登记信息。请法定代表人带营业执照和身份证到窗口登记。",
        )
    company = register.company(number)
    if company is None or company.legal_number != citizen.id_number:
        raise NotValid(
            "mandate.not_legal",
            "企业登记信息里，您不是这家单位的法定代表人。请核对代码，或者到窗口登记。",
            field="credit_code",
        )
    agent = Identity(str(citizen.name), citizen.id_type, str(citizen.id_number))
    party = Identity(company.name, CREDIT_CODE, number)
    made = _made(agent, party, kind=Kind.LEGAL, scope=Scope.APPLY, months=0, by="", at=at)
    return _give(made, How.REGISTER, by=APPLICANT.ref, at=at)


@ledger.recorded
def invite(legal: Mandate, agent: Identity, *, scope: Scope, months: int, at: datetime) -> Mandate:
    """Ask somebody to act for a company, by its legal representative; they agree when they sign in.

    ``legal`` is the representative's own authority.
    """
    if legal.as_what is not Kind.LEGAL or not legal.holds_on(day_of(at)):
        raise NotAllowed("mandate.not_legal_now", "请经办人要由法定代表人来请。")
    party = Identity(str(legal.party_name), legal.party_type, str(legal.party_number))
    agent, party = _checked(agent, party, kind=Kind.AGENT, on=day_of(at))
    made = _made(agent, party, kind=Kind.AGENT, scope=scope, months=months, by="", at=at)
    if agent.phone:
        messages.tell(
            Topic.INVITED,
            phone=agent.phone,
            facts={"who": str(legal.party_name), "address": _page()},
            about=made.subject,
            key=f"{made.subject}:invited",
            at=at,
        )
    return made


@ledger.recorded
def end(mandate: Mandate, how: Ended, *, by: str, at: datetime) -> None:
    """End an authority; what was handed in under it stays. Ended twice is ended once."""
    still = Mandate.objects.filter(pk=mandate.pk).exclude(state=State.ENDED.value)
    if not still.update(
        state=State.ENDED.value, ended_at=at, ended_how=how.value, digest="", party_phone=""
    ):
        return
    messages.forget_about(mandate.subject)
    ledger.record(MandateEnded(subject=mandate.subject, how=how.value), by=by, at=at)
    if mandate.as_what is Kind.LEGAL:  # nobody is left who answers for those they asked
        theirs = Mandate.objects.filter(party_index=mandate.party_index, kind=Kind.AGENT.value)
        others = Mandate.objects.filter(
            party_index=mandate.party_index, kind=Kind.LEGAL.value, state=State.GIVEN.value
        )
        if not others.exists():
            for each in theirs.exclude(state=State.ENDED.value):
                end(each, how, by=by, at=at)


def end_all(citizen: Citizen, *, at: datetime) -> None:
    """End every authority of somebody whose account is closed, on either side."""
    if citizen.is_verified:
        for each in (*queries.of_agent(citizen), *queries.over(citizen)):
            end(each, Ended.ACCOUNT_CLOSED, by=APPLICANT.ref, at=at)


def end_lapsed(*, at: datetime) -> int:
    """End what is over or was never answered; return how many."""
    asked = Q(state=State.ASKED.value, asked_at__lt=at - ANSWER_IN)
    over = Q(state=State.GIVEN.value, last_on__lt=day_of(at))
    old = list(Mandate.objects.filter(asked | over)[:200])
    for each in old:
        end(each, Ended.LAPSED, by="system", at=at)
    return len(old)


@ledger.recorded
def use(mandate: Mandate, what: Used, *, on: date, case: str = "", at: datetime) -> None:
    """Note that somebody acts for another now; refused where they may not, or not any more."""
    row = Mandate.objects.select_for_update(of=("self",)).get(pk=mandate.pk)
    if not row.holds_on(on):
        raise NotAllowed(
            "mandate.over", "您现在不能替对方办这件事：代办到期了，或者被收回了。请对方再同意一次。"
        )
    if what is Used.APPLIED and row.reach is not Scope.APPLY:
        raise NotAllowed("mandate.follow_only", "对方只同意您看进度，没有同意您替他申请。")
    event = MandateUsed(subject=row.subject, what=what.value, case=case)
    ledger.record(event, by=APPLICANT.ref, at=at)


def _checked(
    agent: Identity, party: Identity, *, kind: Kind, on: date
) -> tuple[Identity, Identity]:
    """Return both with their numbers in normal form, or refuse what cannot be one."""
    mine = citizen_id.parse(agent.id_number, on=on).value
    if kind is Kind.FAMILY:
        theirs, id_type = citizen_id.parse(party.id_number, on=on).value, CITIZEN_ID
    else:
        theirs, id_type = credit_code.parse(party.id_number).value, CREDIT_CODE
    if mine == theirs:
        raise NotValid("mandate.self", "这是您自己的证件号码。", field="id_number")
    for field, name in (("agent_name", agent.name), ("party_name", party.name)):
        if not name.strip():
            raise NotValid("mandate.no_name", "请填写姓名或名称。", field=field)
    return (
        Identity(agent.name.strip()[:100], CITIZEN_ID, mine, agent.phone),
        Identity(party.name.strip()[:100], id_type, theirs, party.phone),
    )


@ledger.recorded
def _asked(
    citizen: Citizen, party: Identity, *, kind: Kind, scope: Scope, months: int, at: datetime
) -> Mandate:
    agent = Identity(str(citizen.name), citizen.id_type, str(citizen.id_number))
    return _made(agent, party, kind=kind, scope=scope, months=months, by="", at=at)


def _made(
    agent: Identity,
    party: Identity,
    *,
    kind: Kind,
    scope: Scope,
    months: int,
    by: str,
    at: datetime,
) -> Mandate:
    """Write an authority down; one that was asked for before, or is over, makes room for it."""
    on = day_of(at)
    mine = queries.agent_index(agent.id_number)
    theirs = queries.party_index(party.id_number)
    there = Mandate.objects.filter(agent_index=mine, kind=kind.value)
    there = there.exclude(state=State.ENDED.value)
    for each in there.filter(party_index=theirs):
        if each.holds_on(on) and by == "":
            raise Refusal("mandate.there_already", "您已经可以替对方办了，不用再请一次。")
        end(each, Ended.LAPSED, by=by or APPLICANT.ref, at=at)
    if kind is Kind.FAMILY and there.count() >= MOST:
        raise Refusal("mandate.too_many", "一个人最多替 %(n)s 位亲友办。", n=MOST)
    made = Mandate(
        kind=kind.value,
        scope=scope.value,
        agent_name=agent.name,
        agent_number=agent.id_number,
        agent_index=mine,
        party_name=party.name,
        party_type=party.id_type,
        party_number=party.id_number,
        party_index=theirs,
        party_phone=party.phone,
        first_on=on,
        last_on=None if kind is Kind.LEGAL else last_day(on, months),
        asked_at=at,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise Refusal("mandate.at_once", "刚刚已经提过一次了。请刷新再看。") from None
    event = MandateAsked(
        subject=made.subject,
        relation=made.kind,
        scope=made.scope,
        last_on=made.last_on.isoformat() if made.last_on else "",
    )
    ledger.record(event, by=by or APPLICANT.ref, at=at)
    return made


@ledger.recorded
def _give(mandate: Mandate, how: How, *, by: str, at: datetime, known_phone: str = "") -> Mandate:
    waiting = Mandate.objects.filter(pk=mandate.pk, state=State.ASKED.value)
    if not waiting.update(
        state=State.GIVEN.value, given_at=at, given_how=how.value, digest="", tries=0
    ):
        raise Refusal("mandate.changed", "这项代办刚刚变了。请刷新再看。")
    mandate.refresh_from_db()
    messages.forget_about(mandate.subject)
    event = MandateGiven(
        subject=mandate.subject,
        relation=mandate.kind,
        scope=mandate.scope,
        how=how.value,
        last_on=mandate.last_on.isoformat() if mandate.last_on else "",
    )
    ledger.record(event, by=by, at=at)
    if mandate.as_what is Kind.LEGAL:
        _replace(mandate, by=by, at=at)
    if mandate.is_family:
        # What was typed at a window could be anybody's: the number the centre knows is told too.
        for n, phone in enumerate(dict.fromkeys((str(mandate.party_phone), known_phone))):
            if phone:
                messages.tell(
                    Topic.MANDATE,
                    phone=phone,
                    facts=_facts(mandate),
                    about=mandate.subject,
                    key=f"{mandate.subject}:given{n or ''}",
                    at=at,
                )
    return mandate


def _replace(legal: Mandate, *, by: str, at: datetime) -> None:
    """End the authority of whoever answered for the company before: it has one representative."""
    before = Mandate.objects.filter(party_index=legal.party_index, kind=Kind.LEGAL.value)
    for each in before.exclude(state=State.ENDED.value).exclude(pk=legal.pk):
        end(each, Ended.REPLACED, by=by, at=at)


def _send_code(mandate: Mandate, *, at: datetime) -> None:
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    Mandate.objects.filter(pk=mandate.pk).update(digest=_digest(mandate, code))
    minutes = str(int(CODE_LIFE.total_seconds() // 60))
    messages.tell(
        Topic.CONSENT,
        phone=str(mandate.party_phone),
        facts={**_facts(mandate), "code": code, "minutes": minutes},
        about=mandate.subject,
        key=f"{mandate.subject}:code",
        at=at,
    )


def _facts(mandate: Mandate) -> dict[str, str]:
    last = mandate.last_on
    return {
        "who": str(mandate.agent_name),
        "what": mandate.reach.zh,
        "due": f"{last.year}年{last.month}月{last.day}日" if last else "",
        "address": _page(),
    }


def _page() -> str:
    return settings.PUBLIC_URL + reverse("cases:acting")


def _digest(mandate: Mandate, code: str) -> str:
    return crypto.mac(f"{mandate.pk}:{code}", purpose="mandate_code").hex()
