"""Builders: a small county, and cases that got where they are lawfully.

The people are always the same: a clerk, an acceptor, a reviewer, a decider, a head, an issuer,
a stranger from another unit.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from django.test import Client

from onedoor.accounts import queries as accounts_queries
from onedoor.accounts import services as accounts
from onedoor.accounts.models import Organisation, Person
from onedoor.accounts.rules import SYSTEM, Actor, Role, Scope
from onedoor.cases import services as cases
from onedoor.cases.inputs import ApplicantData, Demand, Handed
from onedoor.cases.models import Case, Licence
from onedoor.cases.rules.licences import CancellationGround
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.rules.words import ApplicantKind, IdType, MaterialState, RejectionGround
from onedoor.cases.services.uploading import Upload
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.models import ItemVersion
from onedoor.catalogue.rules.words import SpecialKind
from onedoor.files import services as files
from onedoor.kernel import clock

OK, MISSING, DEFECTIVE = MaterialState.OK, MaterialState.MISSING, MaterialState.DEFECTIVE

BEGAN = clock.at_local(date(2026, 1, 5), 9)
FRIDAY = clock.at_local(date(2026, 3, 6), 10)
"""The day most tests begin with: an ordinary Friday; nothing is off within weeks of it."""

LICENCE = "11532502DEM00002244530102001001"
AT_ONCE = "11532502DEM00002242532002001001"
FORWARDED = "11532502DEM00002244530102009001"
TOLERANT = "11532502DEM00002244530102002001"
COMMITTABLE = "11532502DEM00002244530102003001"
CONFIRMATION = "11532502DEM00002247530702001001"
DISSOLVED = CancellationGround.DISSOLVED
PASSWORD = "a-long-test-password"
DOUBTFUL_CREDIT_CODE = "91532502DEM0009900"
"""Its own check character is right, that of the organisation code inside it is not."""

PEOPLE = {
    "clerk": ("综窗示例", "market", [Role.DESK], True),
    "clerk2": ("综窗样例", "market", [Role.DESK], True),
    "acceptor": ("受理示例", "market", [Role.ACCEPTOR], False),
    "reviewer": ("初审示例", "market", [Role.REVIEWER], False),
    "decider": ("决定示例", "market", [Role.DECIDER], False),
    "head": ("局长示例", "market", [Role.HEAD], False),
    "everything": (
        "一人示例",
        "market",
        [Role.DESK, Role.ACCEPTOR, Role.REVIEWER, Role.DECIDER],
        False,
    ),
    "issuer": ("出件示例", "centre", [Role.MAKER, Role.ISSUER], True),
    "keeper": ("印章示例", "centre", [Role.KEEPER], True),
    "keeper2": ("印章样例", "centre", [Role.KEEPER], True),
    "supervisor": ("督查示例", "centre", [Role.SUPERVISOR], True),
    "operator": ("运营示例", "centre", [Role.MARKET], True),
    "archivist": ("档案示例", "centre", [Role.ARCHIVIST], True),
    "archivist2": ("档案样例", "centre", [Role.ARCHIVIST], True),
    "editor": ("编辑示例", "centre", [Role.EDITOR], True),
    "publisher": ("发布示例", "centre", [Role.PUBLISHER], True),
    "guide": ("导办示例", "centre", [Role.GUIDE], True),
    "duty": ("值班示例", "centre", [Role.DUTY], True),
    "admin": ("管理示例", "centre", [Role.ADMIN], True),
    "stranger": ("外单位示例", "water", [Role.ACCEPTOR, Role.DECIDER, Role.REVIEWER], False),
}


def prepare() -> None:
    """Make the small county; called once a run."""
    units = {
        key: Organisation.objects.create(
            code=code, name=name, short_name=name, sequence=number, kind="bureau"
        )
        for number, (key, code, name) in enumerate(
            (
                ("centre", "11532502DEM0000149", "政务局"),
                ("market", "11532502DEM0000224", "市监局"),
                ("water", "11532502DEM000102P", "水务局"),
            ),
            start=1,
        )
    }
    day = clock.day_of(BEGAN)
    for username, (name, unit, roles, is_centre) in PEOPLE.items():
        person = Person.objects.create_user(username, name, PASSWORD)
        accounts.appoint(
            person,
            unit=units[unit],
            title=name,
            window="3号综合窗口" if Role.DESK in roles else "",
            card_number=f"KZ-{username}",
            first_on=day,
        )
        for role in roles:
            where = None if is_centre else units[unit]
            accounts.give_role(person, role, unit=where, first_on=day, by=SYSTEM, at=BEGAN)
        accounts.issue_token(
            person,
            name="test",
            scopes=frozenset(Scope),
            by=SYSTEM,
            at=BEGAN,
            secret=f"token-{username}",
        )
    items = [_licence(), _at_once(), _confirmation(), _forwarded(), _tolerant(), _committable()]
    body = json.dumps({"items": items}).encode()
    report = catalogue.import_items(body, filename="items.json", by=actor("editor"), at=BEGAN)
    assert not report.refused, report.refused
    catalogue.publish_all(by=actor("publisher"), at=BEGAN)


def _material(name: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "necessity": "required",
        "form": "either",
        "originals": 1,
        "copies": 0,
        "source": "申请人自备",
        "basis": "《食品安全法》",
        "standard": f"{name}签名清楚",
    } | more


def _licence() -> dict[str, Any]:
    return {
        "code": LICENCE,
        "name": "食品经营许可（测试）",
        "unit": "市监局",
        "item_type": "01",
        "kind": "promised",
        "statutory_limit": 20,
        "statutory_unit": "WD",
        "promised_limit": 5,
        "promised_unit": "WD",
        "deemed_acceptance": True,
        "legal_basis": "《食品安全法》第三十五条",
        "limit_basis": "《行政许可法》第四十二条",
        "phone": "0873-0000202",
        "fee_fen": 0,
        "is_online": True,
        "special_procedures": [
            {"kind": "检测", "days": 30, "basis": "《食品安全法》第八十七条"},
            {"kind": "专家评审", "days": 20},
            {"kind": "听证", "days": 20},
        ],
        "materials": [
            _material("申请书"),
            _material("布局图"),
            _material("说明", necessity="optional"),
        ],
    }


def _at_once() -> dict[str, Any]:
    return _licence() | {
        "code": AT_ONCE,
        "name": "证明打印（测试）",
        "item_type": "20",
        "kind": "instant",
        "promised_limit": 0,
        "is_online": False,
        "statutory_limit": 1,
        "deemed_acceptance": False,
        "special_procedures": [],
        "instant_authorised": True,
        "materials": [_material("身份证")],
    }


def _forwarded() -> dict[str, Any]:
    """An item on which the upper body decides."""
    return _licence() | {
        "code": FORWARDED,
        "name": "生产许可转报（测试）",
        "is_forwarded": True,
    }


def _confirmation() -> dict[str, Any]:
    return _licence() | {
        "code": CONFIRMATION,
        "name": "资格确认（测试）",
        "item_type": "07",
        "deemed_acceptance": False,
        "promised_limit": 10,
        "materials": [
            _material("申请书"),
            _material("布局图", form="paper"),
            _material("说明", necessity="optional"),
        ],
    }


def _tolerant() -> dict[str, Any]:
    return _licence() | {
        "code": TOLERANT,
        "name": "场所许可（测试）",
        "is_tolerant": True,
        "tolerance_days": 3,
        "materials": [
            _material("申请书"),
            _material("检测报告", necessity="tolerant"),
            _material("租赁合同", necessity="tolerant"),
            _material("说明", necessity="optional"),
        ],
    }


def commitment(**changes: Any) -> dict[str, Any]:
    """Return a matter one may vouch for instead of the lease."""
    return {
        "matter": "场所使用权",
        "replaces": "租赁合同",
        "basis": "《食品安全法》第三十五条",
        "content": "场所由申请人合法使用",
        "liability": "承诺不实的，撤销许可",
        "way": "site",
        "days": 10,
    } | changes


def _committable() -> dict[str, Any]:
    return _licence() | {
        "code": COMMITTABLE,
        "name": "承诺许可（测试）",
        "is_tolerant": True,
        "tolerance_days": 3,
        "materials": [
            _material("申请书"),
            _material("租赁合同"),
            _material("检测报告", necessity="tolerant"),
            _material("健康证"),
        ],
        "commitments": [
            commitment(),
            commitment(matter="健康状况", replaces="健康证", way="none", is_open_to_broken=True),
        ],
    }


def actor(username: str, *, on: date = date(2026, 3, 6)) -> Actor:
    """Return one of the people, as they act on that day."""
    return accounts_queries.actor_named(username, on=on)


def signed_in(username: str) -> Client:
    """Return a browser in which one of the people is signed in."""
    client = Client()
    person = Person.objects.get(username=username)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def applicant(**changes: Any) -> ApplicantData:
    """Return an invented applicant, valid unless changed."""
    given: dict[str, Any] = {
        "kind": ApplicantKind.PERSON,
        "name": "阿普·木嘎示例",
        "id_type": IdType.CITIZEN_ID,
        "id_number": "532502199203080001",
        "phone": "13800000001",
        "address": "开远市演示路1号",
    }
    return ApplicantData(**(given | changes))


def handed(count: int = 3, **states: MaterialState) -> list[Handed]:
    """Return materials all in order, but for those named ``m2=MISSING``."""
    return [
        Handed(n, state := states.get(f"m{n}", OK), 0 if state is MISSING else 1, 0)
        for n in range(1, count + 1)
    ]


def receipt(item: str = LICENCE, *, at: datetime = FRIDAY, **states: MaterialState) -> Any:
    """Return the receipt of a fresh case."""
    slot = cases.reserve(item, at=at)
    return cases.receive(
        slot,
        applicant=applicant(),
        materials=handed(len(slot.version.materials), **states),
        identity_checked=True,
        by=actor("clerk"),
        at=at,
    )


def case(status: Status = Status.RECEIVED, *, at: datetime = FRIDAY, **states: Any) -> Case:
    """Return a case that reached ``status``, an hour after each step before."""
    made = reload(receipt(states.pop("item", LICENCE), at=at, **states).case)
    road: list[tuple[Status, Callable[[Case, datetime], Case]]] = [
        (Status.IN_REVIEW, lambda c, t: step(cases.accept, c, "acceptor", at=t)),
        (Status.SPECIAL, _reviewed),
        (Status.DECIDED_YES, lambda c, t: step(cases.grant, c, "decider", at=t, opinion="同意")),
        (Status.MAKING, lambda c, t: step(cases.make, c, "issuer", at=t)),
        (Status.READY, lambda c, t: step(cases.make_ready, c, "issuer", at=t)),
    ]
    for reached, take in road:
        if made.status == status.value:
            return made
        at += timedelta(hours=1)
        made = take(made, at)
        if reached is Status.SPECIAL and status is Status.SPECIAL:
            raise AssertionError("Use given.suspended: the kind matters.")
    assert made.status == status.value, (made.status, status)
    return made


def _reviewed(case: Case, at: datetime) -> Case:
    return step(cases.review, case, "reviewer", at=at, opinion="材料齐全，建议准予")


def reviewed(*, at: datetime = FRIDAY, **states: Any) -> Case:
    """Return a case in review that has its first opinion."""
    return _reviewed(case(Status.IN_REVIEW, at=at, **states), at + timedelta(hours=2))


def refused(case: Case, *, at: datetime) -> Case:
    """Return a case the decider refused, with facts, reason and the item's own article."""
    said = {"facts": "操作间没有隔开", "reason": "布局不符合条件"}
    return step(cases.refuse, case, "decider", at=at, **said, basis="《食品安全法》第三十五条")


def rejected(case: Case, *, at: datetime) -> Case:
    """Return a case that was not accepted, because another body is competent."""
    return step(
        cases.reject,
        case,
        "acceptor",
        at=at,
        ground=RejectionGround.NOT_OURS,
        competent="水务局",
        reason="取水归水务局管",
        basis="《食品安全法》第三十五条",
    )


def step(service: Callable[..., Case], case: Case, by: str, *, at: datetime, **given: Any) -> Case:
    """Take one step as one of the people, on the case as it is now."""
    now = reload(case)
    return service(now, seen=now.version, by=actor(by), at=at, **given)


def proposed(
    case: Case, *, at: datetime, kind: SpecialKind = SpecialKind.TESTING, days: int = 10
) -> Case:
    """Return a case for which the reviewer proposed a special procedure."""
    return step(
        cases.propose_special,
        case,
        "reviewer",
        at=at,
        kind=kind,
        planned_days=days,
        reason="要等结果",
    )


def suspended(
    case: Case, *, at: datetime, kind: SpecialKind = SpecialKind.TESTING, days: int = 10
) -> Case:
    """Return a case whose clock stands: proposed, and approved by the head at the same moment."""
    return step(cases.suspend, proposed(case, at=at, kind=kind, days=days), "head", at=at)


def report() -> Upload:
    """Return a stored file, for what a procedure ended with."""
    return Upload(files.store(BytesIO(b"%PDF-1.4 report %%EOF"), at=BEGAN), "检测报告.pdf")


def resumed(
    case: Case,
    *,
    at: datetime,
    by: str = "reviewer",
    kind: SpecialKind = SpecialKind.TESTING,
    **given: Any,
) -> Case:
    """Return a case one of whose procedures ended with its report."""
    told: dict[str, Any] = {"result": "合格", "document": report()} | given
    return step(cases.resume, case, by, at=at, kind=kind, **told)


def promised(*, at: datetime = FRIDAY, **states: MaterialState) -> Case:
    """Return a received case for whose missing report a promise was signed."""
    made = reload(receipt(TOLERANT, at=at, **(states or {"m2": MISSING})).case)
    return step(cases.promise, made, "clerk", at=at, identity_checked=True)


def tolerated(*, at: datetime = FRIDAY, **states: MaterialState) -> Case:
    """Return a case accepted on a promise, an hour after it was received."""
    return step(cases.accept_tolerant, promised(at=at, **states), "acceptor", at=at)


def licence(item: str = LICENCE, *, months: int = 12, at: datetime = FRIDAY, **who: Any) -> Licence:
    """Return a licence that holds so many months, granted four days after ``at``."""
    said = {"results": [{"name": "证", "validity": f"{months}个月"}]}
    ItemVersion.objects.filter(item__code=item).update(details=said)
    slot = cases.reserve(item, at=at)
    made = cases.receive(
        slot,
        applicant=applicant(**who),
        materials=handed(len(slot.version.materials)),
        identity_checked=True,
        by=actor("clerk"),
        at=at,
    ).case
    step(cases.accept, made, "acceptor", at=at)
    _reviewed(made, at + timedelta(hours=2))
    step(cases.grant, made, "decider", at=at + timedelta(days=4), opinion="同意")
    return Licence.objects.select_related("case").get(case=made)


def renewed(licence: Licence, *, at: datetime) -> Licence:
    """Return the licence that renews this one."""
    asked = case(at=at)
    linked = step(cases.link_licence, asked, "acceptor", at=at, number=licence.number)
    accepted = step(cases.accept, linked, "acceptor", at=at)
    step(cases.review, accepted, "reviewer", at=at, opinion="建议准予")
    step(cases.grant, asked, "decider", at=at + timedelta(days=1), opinion="同意")
    return Licence.objects.select_related("case").get(case=asked)


def committed(*, at: datetime = FRIDAY, orders: Sequence[int] = (2,), **states: Any) -> Case:
    """Return a received case whose applicant vouched for the lease instead of handing it in."""
    missing = {f"m{order}": MISSING for order in orders} | states
    made = reload(receipt(COMMITTABLE, at=at, **missing).case)
    return step(cases.commit, made, "clerk", at=at, orders=list(orders), identity_checked=True)


def reload(case: Case) -> Case:
    """Return the case read again."""
    return Case.objects.select_related("item", "item_version", "unit", "applicant").get(pk=case.pk)


def demand(order: int, problem: MaterialState = MISSING, text: str = "请补1份原件") -> Demand:
    """Return a gap for a notice."""
    return Demand(order, problem, text)
