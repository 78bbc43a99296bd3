"""Receipt at the window, and withdrawal.

Basis: 许可法29, 31, 32.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from django.conf import settings

from onedoor.accounts.rules import Actor
from onedoor.cases import codes, contents, one_seal, queries
from onedoor.cases.inputs import ApplicantData, Handed, LateEntry, counted, one_each, plain
from onedoor.cases.models import Applicant, Case, CaseMaterial, Pause
from onedoor.cases.rules import numbers
from onedoor.cases.rules.lifecycle import Action, Need, Status, Step, step_for
from onedoor.cases.services.accepting import finish_at_once
from onedoor.cases.services.moving import (
    Effect,
    Words,
    end_pauses,
    guard,
    issue_paper,
    move,
    receipt_due,
    record,
)
from onedoor.cases.services.opening import applicant_row, opened
from onedoor.catalogue import queries as catalogue
from onedoor.catalogue.queries import VersionFacts
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import Refusal
from onedoor.kernel.rows import new
from onedoor.kernel.written import insert, together
from onedoor.ledger import numbers as series
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import GENESIS, Fact, salted


@dataclass(frozen=True)
class Slot:
    """An item as it is in force now, and the number the case will have."""

    version: VersionFacts
    number: str


@dataclass(frozen=True)
class Receipt:
    """What the applicant takes home: the case, and the codes that open its progress."""

    case: Case
    query_code: str
    track_token: str


def reserve(item_code: str, *, at: datetime, seen: int | None = None) -> Slot:
    """Read the item in force and take a case number; called before the transaction of receipt.

    ``seen`` is the version whose materials were judged, where the asker knows it: when another
    is in force by now, its list has to be judged again.
    """
    version = in_force(item_code, at=at, seen=seen)
    return Slot(version, next_number(version.unit_sequence, at=at))


def in_force(item_code: str, *, at: datetime, seen: int | None) -> VersionFacts:
    """Return the version in force, or refuse when it is not the one the asker saw."""
    version = catalogue.current_version(item_code, at=at)
    if seen is not None and seen != version.number:
        raise Refusal(
            "case.item_changed",
            "您打开以后，这个事项换成了第 %(now)s 版。请按新的材料清单重新判断。",
            now=version.number,
        )
    return version


def next_number(unit: int, *, at: datetime) -> str:
    """Take a number of a unit's series of that day: for a case, or a joint application it leads."""
    day = day_of(at)
    serial = series.take(
        f"case:{unit:03d}:{day:%Y%m%d}",
        highest_used=lambda: queries.highest_serial(settings.COUNTY, unit, day),
    )
    if serial > numbers.HIGHEST:
        raise Refusal(
            "case.numbers_used_up", "这个单位今天的编号用完了，明天再收。请告诉系统管理员。"
        )
    return numbers.case_number(settings.COUNTY, unit, day, serial)


@ledger.recorded
def receive(
    slot: Slot,
    *,
    applicant: ApplicantData,
    materials: Sequence[Handed],
    identity_checked: bool,
    by: Actor,
    at: datetime,
    late: LateEntry | None = None,
    with_paper: bool = True,
) -> Receipt:
    """Take an application at the window (T2): every material judged, the receipt clock starts.

    ``late`` says that the papers came before and are entered only now (补录): the clock of
    receipt runs from that day, as the law has it, and supervision sees the entry and its reason.
    ``with_paper`` is off only where the visit ends with one merged paper.

    Basis: 许可法29, 32.
    """
    version = slot.version
    one_seal.not_the_department(version, by=by)
    met = {Need.LIST_JUDGED} | ({Need.IDENTITY} if identity_checked else set())
    step = step_for(Status.NEW, Action.RECEIVE, roles=by.roles_in(version.unit_id), met=met)
    checked = applicant.checked(on=day_of(at))
    handed = one_each(materials, [m.order for m in version.materials])
    late = late.checked(at=at) if late else None
    person = applicant_row(checked)
    with together():
        insert([person])
        return take(
            slot,
            step,
            person=person,
            digest=salted(checked.text(), person.salt),
            handed=handed,
            by=by,
            at=at,
            late=late,
            with_paper=with_paper,
        )


def take(
    slot: Slot,
    step: Step,
    *,
    person: Applicant,
    digest: str,
    handed: Mapping[int, Handed],
    by: Actor,
    at: datetime,
    received_by: str = "",
    late: LateEntry | None = None,
    with_paper: bool = True,
) -> Receipt:
    """Make the case of an application that may be taken; part of a service.

    ``received_by`` names whoever took the papers at the window, where it begins without a visit.
    """
    version = slot.version
    came_at = late.brought_at if late else at
    due = receipt_due(came_at)
    assert due.on is not None
    case, token = opened(
        slot.number,
        version,
        step,
        person,
        at=at,
        changes={
            "received_by": received_by or by.ref,
            "received_at": at,
            "brought_at": late.brought_at if late else None,
            "complete_at": came_at,
            "visit_count": 0 if received_by else 1,
            "visited_on": None if received_by else day_of(at),
            "receipt_due_on": due.on,
            "due_provisional": due.provisional,
            "urgent_on": due.on,
        },
    )
    details: dict[str, Fact] = {"materials": counted(handed.values()), "applicant": digest}
    if person.is_served_online:
        details["served_online"] = True
    if late:
        details["brought_at"] = late.brought_at.astimezone(UTC).isoformat(timespec="seconds")
    effect = Effect(details=details, words=Words(late.reason if late else ""))
    link = record(case, step, effect, by=by, at=at, link=GENESIS)
    case.version, case.head = link
    insert([case])
    insert(
        [
            new(
                CaseMaterial,
                case=case,
                material_id=m.id,
                order=m.order,
                state=handed[m.order].state.value,
                originals=handed[m.order].originals,
                copies=handed[m.order].copies,
            )
            for m in version.materials
        ]
    )
    if with_paper:
        taken = [
            (m.name, h.state, h.originals, h.copies)
            for m in version.materials
            if (h := handed[m.order])
        ]
        issue_paper(case, contents.receipt(case, step, taken, by=by), by=by, at=at)
    return Receipt(case, codes.query_code(case.pk, case.code_key), token)


@ledger.recorded
def receive_and_finish(
    slot: Slot,
    *,
    applicant: ApplicantData,
    materials: Sequence[Handed],
    identity_checked: bool,
    by: Actor,
    at: datetime,
    late: LateEntry | None = None,
) -> Receipt:
    """Receive, accept, decide and hand out in one visit (T2 and T19): 即办件."""
    receipt = receive(
        slot,
        applicant=applicant,
        materials=materials,
        identity_checked=identity_checked,
        by=by,
        at=at,
        late=late,
        with_paper=False,
    )
    case = finish_at_once(receipt.case, seen=receipt.case.version, by=by, at=at)
    return Receipt(case, receipt.query_code, receipt.track_token)


@ledger.recorded
def withdraw(
    case: Case, *, reason: str, identity_checked: bool, seen: int, by: Actor, at: datetime
) -> Case:
    """Take the application back at the applicant's wish (T14), before a decision."""
    met = {Need.IDENTITY} if identity_checked else set()
    step = guard(case, Action.WITHDRAW, by=by, seen=seen, met=met)
    words = Words(plain("reason", reason, "撤回原因", most=1000, required=False))
    changes = {"ended_at": at, **end_pauses(case, Pause.objects.all(), on=day_of(at))}
    paper = partial(contents.return_list, reason=words.text, by=by)
    return move(case, step, Effect(changes, words=words, paper=paper), by=by, at=at)
