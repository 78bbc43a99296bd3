"""One case while it is told: who acts, when, what they hand over; only through the services."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import NamedTuple

from django.conf import settings
from PIL import Image

from onedoor.accounts.models import Person
from onedoor.accounts.rules import APPLICANT, Actor
from onedoor.calendar.rules.working_days import WorkingDays
from onedoor.cases import queries
from onedoor.cases import services as cases
from onedoor.cases.commitments import bar_of, check_for, checks_of
from onedoor.cases.inputs import ApplicantData, Demand, Handed, Recipient
from onedoor.cases.models import Case
from onedoor.cases.rules.commitment import Checked
from onedoor.cases.rules.delivery import Relation
from onedoor.cases.rules.words import ApplicantKind, Channel, IdType, MaterialState
from onedoor.cases.services.intake import Slot
from onedoor.cases.services.uploading import Upload
from onedoor.catalogue.models import Item, ItemVersion
from onedoor.catalogue.queries import competent_unit
from onedoor.catalogue.rules.words import Form, Necessity
from onedoor.demo.pack import CountyPack
from onedoor.files import services as files
from onedoor.kernel import clock, crypto
from onedoor.kernel.errors import Refusal
from onedoor.ledger import queries as ledger
from onedoor.papers import sealing
from onedoor.seals import queries as seals
from onedoor.seals.rules.words import SealKind

OK, MISSING, DEFECTIVE = MaterialState.OK, MaterialState.MISSING, MaterialState.DEFECTIVE
PERSON = "1"
"""The national code of a natural person among whom an item serves (服务对象)."""


class Cast(NamedTuple):
    """The pack, and its people as actors."""

    pack: CountyPack
    actors: dict[str, Actor]

    def of(self, role: str, unit: str, pick: int) -> Actor:
        """Return somebody with the role in the unit, or over the whole centre."""
        return self.actors[self.name_of(role, unit, pick)]

    def name_of(self, role: str, unit: str, pick: int = 0) -> str:
        """Return the user name of somebody with the role."""
        found = [
            s.username
            for s in self.pack.staff
            if role in s.centre_roles or (role in s.unit_roles and s.unit == unit)
        ]
        if not found:
            raise Refusal(
                "demo.nobody", "演示县里%(unit)s没有人担任%(role)s。", unit=unit, role=role
            )
        return found[pick % len(found)]


class Surveyor(NamedTuple):
    """One of the two who go to inspect: as a person, and as who signs."""

    person: Person
    actor: Actor


@dataclass(frozen=True)
class Stage:
    """Where tales are told: the people, the working days, and the moment none goes beyond."""

    cast: Cast
    days: WorkingDays
    until: datetime


def _photo() -> BytesIO:
    """Return a photo with nothing on it: no paper of anybody, not even an invented one."""
    made = BytesIO()
    Image.new("RGB", (480, 640), "white").save(made, "PNG")
    return made


class Tale:
    """One case while it is told: the people of its unit, and the time, which only goes on."""

    def __init__(self, stage: Stage, item: Item, dice: random.Random, at: datetime) -> None:
        self.stage, self.item, self.dice = stage, item, dice
        self.at = min(at + timedelta(minutes=dice.randint(0, 470)), stage.until)
        self.unit_name = competent_unit(item, at=self.at).short_name
        self.case: Case | None = None
        self._applicant: ApplicantData | None = None

    @property
    def version(self) -> ItemVersion:
        assert self.item.current_version is not None
        return self.item.current_version

    def by(self, role: str) -> Actor:
        return self.stage.cast.of(role, self.unit_name, self.dice.randrange(7))

    def later(self, *, days: int = 0) -> datetime:
        """Let working days or some minutes go by, never beyond now."""
        if days:
            ordinal = self.stage.days.ordinal(clock.day_of(self.at)) + days
            day = self.stage.days.day_with_ordinal(ordinal)
            self.at = clock.at_local(day, 9) + timedelta(minutes=self.dice.randint(5, 470))
        else:
            self.at += timedelta(minutes=self.dice.randint(2, 9))
        self.at = min(self.at, self.stage.until)
        return self.at

    @property
    def now(self) -> Case:
        assert self.case is not None
        return self.case

    def applicant(self) -> ApplicantData:
        """Return one of the pack's applicants whom the item serves, the same one each time."""
        if self._applicant is None:
            self._applicant = self._somebody()
        return self._applicant

    def may_promise(self) -> bool:
        """Take an applicant without a broken promise on record; say whether there is one."""
        on = clock.day_of(self.stage.until)
        for _ in range(20):
            given = self._somebody()
            person = crypto.index_of(given.checked(on=on).id_number, purpose="applicant.id_number")
            if bar_of(person, on=on) is None:
                self._applicant = given
                return True
        return False

    def _somebody(self) -> ApplicantData:
        serves = self.version.serves.split("^")
        fitting = [
            a
            for a in self.stage.cast.pack.applicants
            if (a.kind == ApplicantKind.PERSON and PERSON in serves)
            or (a.kind != ApplicantKind.PERSON and set(serves) - {PERSON})
        ]
        given = self.dice.choice(fitting)
        return ApplicantData(
            kind=ApplicantKind(given.kind),
            name=given.name,
            id_type=IdType(given.id_type),
            id_number=given.id_number,
            phone=given.phone,
            address=given.address,
            agent=given.contact_name,
        )

    def taker(self, *, by_post: bool = False) -> Recipient:
        """Return who takes the paper: the applicant, or somebody an organisation sends."""
        if self.now.applicant.kind == ApplicantKind.PERSON.value:
            return Recipient()
        if by_post:
            return Recipient(Relation.RECEPTION, "收发室（演示）")
        people = [a for a in self.stage.cast.pack.applicants if a.id_type == IdType.CITIZEN_ID]
        sent = self.dice.choice(people)
        return Recipient(
            Relation.ENTRUSTED, sent.name, IdType.CITIZEN_ID, sent.id_number, "授权委托书"
        )

    def phrase(self, kind: str, *, about: str = "", favourable: bool = True) -> str:
        """Return one of the county's usual sentences (常用语) that says something true of this.

        ``about`` is the name of a material; without one the sentence is about the kind of item.
        """
        told = about or self.version.item_type
        fitting = [p for p in self.stage.cast.pack.phrases if p.kind == kind]
        if kind == "opinion":
            fitting = [p for p in fitting if ("建议同意" in p.text) is favourable]
        own = [p.text for p in fitting if any(word in told for word in p.about)]
        return self.dice.choice(own or [p.text for p in fitting if "*" in p.about])

    def higher_body(self) -> str:
        """Return the unit's like one level up: who handles what is not the county's."""
        names = {d.code: d for d in self.stage.cast.pack.divisions}
        county = names[settings.COUNTY]
        return str(self.item.unit.name).replace(county.name, names[county.parent].name)

    def seal(self) -> None:
        """Seal what was decided, where the unit is under the one seal; receipts still wait."""
        decided = seals.waiting(SealKind.APPROVAL).filter(subject=self.now.number)
        for asked in decided:
            sealing.seal(asked, by=self.stage.cast.of("keeper", "", 0), at=self.later())

    def _received(self, slot: Slot, handed: Sequence[Handed]) -> None:
        self.case = cases.receive(
            slot,
            applicant=self.applicant(),
            materials=handed,
            identity_checked=True,
            by=self.by("desk"),
            at=self.at,
        ).case

    def receive_tolerantly(self) -> None:
        """Receive the case without what may follow, take the promise, and accept it on it."""
        slot = cases.reserve(self.item.code, at=self.at)
        handed = [
            Handed(m.order, MISSING)
            if m.necessity is Necessity.TOLERANT
            else Handed(m.order, OK, m.originals, m.copies)
            for m in slot.version.materials
        ]
        self._received(slot, handed)
        self.later()
        self.step(cases.promise, "desk", identity_checked=True)
        self.later()
        self.step(cases.accept_tolerant, "acceptor")

    def receive_committed(self) -> None:
        """Receive the case without what may be vouched for, take the commitment, and accept it."""
        slot = cases.reserve(self.item.code, at=self.at)
        vouched = [m.order for m in slot.version.materials if m.name in slot.version.vouched]
        handed = [
            Handed(m.order, MISSING)
            if m.order in vouched
            else Handed(m.order, OK, m.originals, m.copies)
            for m in slot.version.materials
        ]
        self._received(slot, handed)
        self.later()
        self.step(cases.commit, "desk", orders=vouched, identity_checked=True)
        self.later()
        self.step(cases.accept, "acceptor")

    def check(self, outcome: Checked, findings: str) -> None:
        """Let somebody who had no hand in the case check what it rests on, with a photo."""
        hands = {entry.actor for entry in ledger.history(self.now.subject)}
        colleagues = (
            self.stage.cast.of(role, self.unit_name, place)
            for role in ("reviewer", "head")
            for place in range(7)
        )
        checker = next(one for one in colleagues if one.ref not in hands)
        photo = Upload(files.store(_photo(), at=self.at), "核查照片（演示）.png")
        for one in checks_of(self.afresh()):
            found = check_for(checker, self.now.number, one.place)
            cases.verify(
                found,
                outcome=outcome,
                findings=findings,
                document=photo,
                by=checker,
                at=self.at,
            )

    def keep_promise(self) -> None:
        """Let the applicant bring what was promised."""
        handed = [
            Handed(row.order, OK, row.material.originals, row.material.copies)
            for row in queries.awaited(self.now)
        ]
        self.step(cases.supplement, "desk", materials=handed, identity_checked=True)

    def receive(self, *, lacking: int = 0, finish: bool = False) -> None:
        """Receive the case at a window, with so many materials missing or defective."""
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

    def send_online(self) -> None:
        """Send the application from home, with a photo of every material that must be there."""
        slot = cases.reserve(self.item.code, at=self.at)
        asked = [m for m in slot.version.materials if m.necessity is Necessity.REQUIRED]
        photo = Upload(files.store(_photo(), at=self.at), "照片（演示）.png")
        uploads = {m.order: [photo] for m in asked if m.form is not Form.PAPER}
        channels = {m.order: Channel.UPLOAD for m in asked} | {
            m.order: Channel.BRING for m in asked if m.form is Form.PAPER
        }
        applicant = self.applicant()
        self.case = cases.submit(
            slot, applicant=applicant, channels=channels, uploads=uploads, by=APPLICANT, at=self.at
        ).case

    def send_back(self) -> None:
        """Let the desk send back the first material, in words."""
        row = self.now.materials.select_related("material").order_by("order").first()
        assert row is not None
        said = self.phrase("defect", about=row.material.name)
        demands = [Demand(row.order, DEFECTIVE, said)]
        self.step(cases.pre_return, "desk", demands=demands)

    def step(self, service: Callable[..., Case], role: str, **given: object) -> None:
        """Let somebody with the role take one step, as the clerk's page would."""
        self.case = service(
            self.afresh(), seen=self.now.version, by=self.by(role), at=self.at, **given
        )

    def step_by(self, by: Actor, service: Callable[..., Case], **given: object) -> None:
        """Let this very person take one step."""
        self.case = service(self.afresh(), seen=self.now.version, by=by, at=self.at, **given)

    def reviewers(self) -> list[Surveyor]:
        """Return the reviewers of the unit, by name: the same two each time."""
        able = queries.surveyors(self.now, on=clock.day_of(self.at))
        actors = self.stage.cast.actors
        return [
            Surveyor(person, actors[person.username])
            for person in sorted(able, key=lambda p: p.username)
        ]

    def person_with(self, role: str) -> Person:
        """Return somebody with the role as a person: who chairs, who goes."""
        return Person.objects.get(username=self.stage.cast.name_of(role, self.unit_name))

    def working_day(self, days: int) -> date:
        """Return the day so many working days from now."""
        return self.stage.days.day_with_ordinal(
            self.stage.days.ordinal(clock.day_of(self.at)) + days
        )

    def end_procedure(self, result: str) -> None:
        """End the procedure that runs, with a sheet of nothing for its report."""
        (running,) = queries.running(self.now)
        report = Upload(files.store(_photo(), at=self.at), "报告（演示）.png")
        self.step(cases.resume, "reviewer", kind=running, result=result, document=report)

    def afresh(self) -> Case:
        """Return the case as it stands: what kept its rows from receipt is read again."""
        found = queries.BY_NUMBER.first(self.now.number)
        assert found is not None
        return found

    def notice(self, *, reason: str = "") -> None:
        """Tell the applicant, once, all that is not in order."""
        rows = self.now.materials.select_related("material").order_by("order")
        demands = [
            Demand(
                row.order,
                row.found,
                self.phrase(
                    "missing" if row.found is MISSING else "defect", about=row.material.name
                ),
            )
            for row in rows
            if row.found is not OK
        ]
        self.step(cases.ask_correction, "acceptor", demands=demands, reason=reason)

    def supply(self, state: MaterialState = OK) -> None:
        """Let the applicant bring what was asked for."""
        rows = self.now.materials.filter(gaps__supplied_at__isnull=True, gaps__isnull=False)
        handed = [Handed(row.order, state, 1, 0) for row in rows.distinct().order_by("order")]
        self.step(cases.take_correction, "desk", materials=handed, identity_checked=True)
