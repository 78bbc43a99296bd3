"""Histories of cases, told through the services with times in the past.

Every story is one lawful road; which road, item, applicant and days follow from the case's place
in the row, so that the same day always gives the same county.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from onedoor.accounts.rules import Actor
from onedoor.calendar import queries as calendar
from onedoor.cases import services as cases
from onedoor.cases.inputs import ApplicantData, Demand, Handed
from onedoor.cases.models import Case
from onedoor.cases.rules.words import ApplicantKind, IdType, MaterialState, SpecialKind
from onedoor.catalogue.models import Item
from onedoor.demo.pack import CountyPack
from onedoor.kernel import clock
from onedoor.kernel.errors import Refusal

OK, MISSING, DEFECTIVE = MaterialState.OK, MaterialState.MISSING, MaterialState.DEFECTIVE


class Cast(NamedTuple):
    """The pack, and its people as actors."""

    pack: CountyPack
    actors: dict[str, Actor]

    def of(self, role: str, unit: str, pick: int) -> Actor:
        """Return somebody with the role in the unit, or over the whole centre."""
        found = [
            s.username
            for s in self.pack.staff
            if role in s.centre_roles or (role in s.unit_roles and s.unit == unit)
        ]
        if not found:
            raise Refusal(
                "demo.nobody", "演示县里%(unit)s没有人担任%(role)s。", unit=unit, role=role
            )
        return self.actors[found[pick % len(found)]]


# Of every hundred cases so many go this way; the rest is granted and closed.
ROADS = (
    ("instant", 12),
    ("waiting", 7),
    ("correcting", 6),
    ("corrected", 10),
    ("reviewing", 12),
    ("reviewed", 7),
    ("suspended", 2),
    ("resumed", 2),
    ("refused", 5),
    ("rejected", 2),
    ("withdrawn", 2),
    ("deemed", 2),
    ("making", 4),
    ("ready", 5),
)

# So many of the cases are about what people come for every day.
WELL_KNOWN = 0.7


class Teller:
    """Tells one case after another; knows today and the people."""

    def __init__(self, cast: Cast, *, today: date, at: datetime) -> None:
        self.cast, self.today, self.until = cast, today, at
        self.days = calendar.working_days()
        items = Item.objects.exclude(current_version=None).select_related("current_version", "unit")
        self.items = list(items.order_by("code"))
        self.well_known = [item for item in self.items if item.code in cast.pack.well_known]

    def tell(self, number: int) -> Case:
        """Play the story of the case with this place in the row."""
        dice = random.Random(f"onedoor-demo-{number}")
        road = _road(number)
        instant = road == "instant"
        asked = self.well_known if dice.random() < WELL_KNOWN else self.items
        item = dice.choice([i for i in asked if _fits(i, road)])
        back = {
            "waiting": 3,
            "reviewing": 4,
            "reviewed": 4,
            "correcting": 12,
            "suspended": 8,
            "resumed": 14,
        }
        ago = dice.randint(0, 60) if instant else dice.randint(1, back.get(road, 60))
        if road == "deemed":
            ago = dice.randint(8, 14)
        if road not in back and not instant and road != "deemed":
            ago = max(ago, 22)
        if road in ("making", "ready"):
            ago = min(ago, 26)
        tale = Tale(self, item, dice, self._morning(ago))
        TALES.get(road, granted)(tale)
        assert tale.case is not None
        return tale.case

    def _morning(self, working_days_ago: int) -> datetime:
        before = self.days.ordinal(self.today) - working_days_ago
        return clock.at_local(self.days.day_with_ordinal(before), 9)


def _road(number: int) -> str:
    place = (number * 37) % 100
    for road, share in ROADS:
        if place < share:
            return road
        place -= share
    return "granted"


def _fits(item: Item, road: str) -> bool:
    version = item.current_version
    assert version is not None
    is_instant = version.kind == "instant" and version.instant_authorised
    if road == "instant" or is_instant:
        return road == "instant" and is_instant
    if road == "deemed":
        return version.deemed_acceptance
    return version.promised_limit is not None and version.promised_limit >= 3


class Tale:
    """One case while it is told: the people of its unit, and the time, which only goes on."""

    def __init__(self, teller: Teller, item: Item, dice: random.Random, at: datetime) -> None:
        self.teller, self.item, self.dice = teller, item, dice
        self.at = at + timedelta(minutes=dice.randint(0, 470))
        self.case: Case | None = None

    def by(self, role: str) -> Actor:
        return self.teller.cast.of(role, self.item.unit.short_name, self.dice.randrange(7))

    def later(self, *, days: int = 0) -> datetime:
        """Let working days or some minutes go by, never beyond now."""
        calendar_ = self.teller.days
        if days:
            day = calendar_.day_with_ordinal(calendar_.ordinal(clock.day_of(self.at)) + days)
            self.at = clock.at_local(day, 9) + timedelta(minutes=self.dice.randint(5, 470))
        else:
            self.at += timedelta(minutes=self.dice.randint(2, 9))
        if self.at > self.teller.until:
            self.at = self.teller.until
        return self.at

    @property
    def now(self) -> Case:
        assert self.case is not None
        return self.case

    def applicant(self) -> ApplicantData:
        given = self.dice.choice(self.teller.cast.pack.applicants)
        return ApplicantData(
            kind=ApplicantKind(given.kind),
            name=given.name,
            id_type=IdType(given.id_type),
            id_number=given.id_number,
            phone=given.phone,
            address=given.address,
            agent=given.contact_name,
        )

    def phrase(self, kind: str, *, favourable: bool = True) -> str:
        texts = [p.text for p in self.teller.cast.pack.phrases if p.kind == kind]
        if kind == "opinion":
            texts = [text for text in texts if ("建议同意" in text) is favourable]
        return self.dice.choice(texts)

    def receive(self, *, lacking: int = 0, finish: bool = False) -> None:
        slot = cases.reserve(self.item.code, at=self.at)
        handed = [
            Handed(
                m.order,
                (MISSING if n % 2 else DEFECTIVE) if n < lacking else OK,
                0 if n < lacking and n % 2 else m.originals,
                0 if n < lacking and n % 2 else m.copies,
            )
            for n, m in enumerate(slot.version.materials)
        ]
        take = cases.receive_and_finish if finish else cases.receive
        self.case = take(
            slot,
            applicant=self.applicant(),
            materials=handed,
            identity_checked=True,
            by=self.by("desk"),
            at=self.at,
        ).case

    def step(self, service: Callable[..., Case], role: str, **given: object) -> None:
        # What kept its rows from receipt is read afresh, as a clerk's page would be.
        case = Case.objects.select_related("item", "item_version", "unit", "applicant").get(
            pk=self.now.pk
        )
        self.case = service(case, seen=case.version, by=self.by(role), at=self.at, **given)

    def notice(self) -> None:
        rows = self.now.materials.select_related("material").order_by("order")
        demands = [
            Demand(
                row.order,
                row.found,
                self.phrase("missing" if row.found is MISSING else "defect"),
            )
            for row in rows
            if row.found is not OK
        ]
        self.step(cases.ask_correction, "acceptor", demands=demands, reason="")

    def supply(self) -> None:
        rows = self.now.materials.filter(gaps__supplied_at__isnull=True, gaps__isnull=False)
        handed = [Handed(row.order, OK, 1, 0) for row in rows.distinct().order_by("order")]
        self.step(cases.take_correction, "desk", materials=handed, identity_checked=True)


# --- Roads ----------------------------------------------------------------------------------


def instant(tale: Tale) -> None:
    tale.receive(finish=True)


def waiting(tale: Tale) -> None:
    tale.receive()


def correcting(tale: Tale) -> None:
    tale.receive(lacking=tale.dice.randint(1, 2))
    tale.later(days=tale.dice.randint(0, 2))
    tale.notice()


def accepted(tale: Tale) -> None:
    tale.receive()
    tale.later(days=tale.dice.randint(0, 1))
    tale.step(cases.accept, "acceptor")


def reviewing(tale: Tale) -> None:
    accepted(tale)


def reviewed(tale: Tale, *, favourable: bool = True) -> None:
    accepted(tale)
    tale.later(days=1)
    opinion = tale.phrase("opinion", favourable=favourable)
    tale.step(cases.review, "reviewer", opinion=opinion)


def suspended(tale: Tale) -> None:
    accepted(tale)
    tale.later(days=1)
    kind = tale.dice.choice([SpecialKind.TESTING, SpecialKind.EXPERT_REVIEW])
    tale.step(cases.suspend, "head", kind=kind, planned_days=15, reason="要等检测或评审的结果。")


def resumed(tale: Tale) -> None:
    suspended(tale)
    tale.later(days=tale.dice.randint(3, 8))
    tale.step(cases.resume, "reviewer", result="结果已收到，合格。")


def decided(tale: Tale) -> None:
    reviewed(tale)
    tale.later(days=1)
    tale.step(cases.grant, "decider", opinion=tale.phrase("grant"))


def making(tale: Tale) -> None:
    decided(tale)
    tale.later(days=1)
    tale.step(cases.make, "maker")


def ready(tale: Tale) -> None:
    making(tale)
    tale.later()
    tale.step(cases.make_ready, "maker")


def granted(tale: Tale) -> None:
    ready(tale)
    tale.later(days=tale.dice.randint(1, 3))
    tale.step(cases.hand_out, "issuer", recipient="本人", identity_checked=True)


def corrected(tale: Tale) -> None:
    correcting(tale)
    tale.later(days=tale.dice.randint(1, 5))
    tale.supply()
    tale.later(days=tale.dice.randint(0, 1))
    tale.step(cases.accept, "acceptor")
    tale.later(days=1)
    tale.step(cases.review, "reviewer", opinion=tale.phrase("opinion"))
    tale.later(days=1)
    tale.step(cases.grant, "decider", opinion=tale.phrase("grant"))


def refused(tale: Tale) -> None:
    reviewed(tale, favourable=False)
    tale.later(days=1)
    basis = tale.now.item_version.legal_basis.splitlines()[0]
    tale.step(cases.refuse, "decider", reason=tale.phrase("refused"), basis=basis)


def rejected(tale: Tale) -> None:
    tale.receive()
    tale.later(days=1)
    tale.step(
        cases.reject,
        "acceptor",
        reason="这件事不归我们管，请到住所地的同级部门办理。",
        basis="《行政许可法》第三十二条第一款第二项",
    )


def withdrawn(tale: Tale) -> None:
    accepted(tale)
    tale.later(days=1)
    tale.step(cases.withdraw, "desk", reason="暂时不办了", identity_checked=True)


def deemed(tale: Tale) -> None:
    tale.receive()
    tale.later(days=6)
    case = Case.objects.select_related("item", "item_version", "unit", "applicant").get(
        pk=tale.now.pk
    )
    tale.case = cases.deem_accepted(case, at=tale.at)


TALES: dict[str, Callable[[Tale], None]] = {
    "instant": instant,
    "waiting": waiting,
    "correcting": correcting,
    "corrected": corrected,
    "reviewing": reviewing,
    "reviewed": reviewed,
    "suspended": suspended,
    "resumed": resumed,
    "refused": refused,
    "rejected": rejected,
    "withdrawn": withdrawn,
    "deemed": deemed,
    "making": making,
    "ready": ready,
    "granted": granted,
}
