"""Sending a matter to the centre, and its road to an answer: each step by the table, on record."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import APPLICANT, Actor
from onedoor.cases.inputs import plain
from onedoor.cases.models import Case
from onedoor.feedback import matters, pack
from onedoor.feedback.due import due_on
from onedoor.feedback.events import MatterMoved, MatterPhotoShown, MatterSent, SenderShown
from onedoor.feedback.models import Matter, MatterNote
from onedoor.feedback.rules.matters import Action, Kind, Need, Outcome, Source, State, step_for
from onedoor.feedback.rules.words import Way
from onedoor.files.models import StoredFile
from onedoor.kernel import crypto
from onedoor.kernel.clock import day_of
from onedoor.kernel.codes import phone as phones
from onedoor.kernel.errors import NotFound, NotValid, Refusal
from onedoor.kernel.fields import new_id
from onedoor.kernel.rows import altered
from onedoor.kernel.written import update
from onedoor.ledger import numbers
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import salted

TEXT, WORDS, NAME = 1000, 100, 50
"""So many characters: what happened, where it was, who says so."""


@dataclass(frozen=True)
class Sent:
    """What somebody sends. Nobody has to say who they are, but who wants help to find something
    is called back."""

    kind: Kind
    text: str
    source: Source = Source.WEB
    place: str = ""
    name: str = ""
    phone: str = ""
    case: Case | None = None
    photo: StoredFile | None = None

    def checked(self) -> dict[str, str]:
        """Return the words in normal form, or refuse with the field that is wrong."""
        found = {
            "text": plain("text", self.text, "发生了什么", most=TEXT),
            "place": plain("place", self.place, "在哪里", most=WORDS, required=False),
            "name": plain("name", self.name, "怎么称呼您", most=NAME, required=False),
            "phone": phones.parse(self.phone).value if self.phone.strip() else "",
        }
        if self.kind is Kind.FIND and not found["phone"]:
            raise NotValid(
                "matter.phone_needed", "请写电话，我们打给您，帮您找。", field=phones.FIELD
            )
        return found


@dataclass(frozen=True)
class Move:
    """What is written at a step: the words, the unit, what came of it, how they were reached."""

    text: str = ""
    unit: Organisation | None = None
    outcome: Outcome | None = None
    way: Way | None = None


def follow_token(matter_id: UUID, key_version: int) -> str:
    """Return the 128 bits of the address at which whoever sent a matter follows it."""
    return crypto.token(matter_id, purpose="matter.follow", version=key_version)


@ledger.recorded
def send(sent: Sent, *, by: Actor, at: datetime) -> Matter:
    """Take a matter, give it a number and the day by which it is answered."""
    words = sent.checked()
    key, version = new_id(), crypto.keyring().active
    answer_by = due_on(at, pack.matter_rules().answer[sent.kind])
    matter = Matter(
        id=key,
        number=numbers.take_yearly("matter", Matter.objects.all(), stem="FY", width=5, at=at),
        follow_digest=crypto.token_digest(follow_token(key, version)),
        code_key=version,
        kind=sent.kind.value,
        source=sent.source.value,
        case=sent.case,
        photo=sent.photo,
        salt=secrets.token_hex(16),
        sent_at=at,
        due_on=answer_by,
        first_due_on=answer_by,
        **words,
    )
    matter.save(force_insert=True)
    event = MatterSent(
        subject=matter.subject,
        what=matter.kind,
        source=matter.source,
        case=sent.case.number if sent.case else "",
        due_on=answer_by.isoformat(),
        text=salted(words["text"], matter.salt),
    )
    ledger.record(event, by=by.ref or APPLICANT.ref, at=at)
    return matter


@ledger.recorded
def move_matter(
    matter: Matter, action: Action, said: Move, *, seen: int, by: Actor, at: datetime
) -> Matter:
    """Take one step about a matter, or refuse: changed meanwhile, state, role, need."""
    if seen != matter.version:
        raise _meanwhile()
    return _take(matter, action, said, by=by, at=at)


@ledger.recorded
def reopen(matter: Matter, *, text: str, at: datetime) -> Matter:
    """Take it up again because whoever sent it says that it is not solved; the days begin anew."""
    return _take(matter, Action.REOPEN, Move(text), by=APPLICANT, at=at)


def _take(matter: Matter, action: Action, said: Move, *, by: Actor, at: datetime) -> Matter:
    text = plain("text", said.text, "情况", most=2000, required=False)
    step = step_for(
        matter.standing,
        action,
        roles=by.roles_in(matter.unit_id),
        met=_met(matter, said, text=text, by=by, at=at),
    )
    after = altered(matter, _changes(matter, action, step.target, said, at=at))
    if not update(matter, after):
        raise _meanwhile()
    salt = secrets.token_hex(16)
    MatterNote.objects.create(
        matter=after,
        version=after.version,
        action=action.value,
        way=said.way.value if said.way else "",
        unit=said.unit,
        outcome=said.outcome.value if said.outcome else "",
        text=text,
        salt=salt,
        by=by.ref,
        at=at,
    )
    event = MatterMoved(
        subject=after.subject,
        step=step.id,
        action=action.value,
        source=step.source.value,
        target=step.target.value,
        unit=after.unit.code if after.unit else "",
        outcome=after.outcome,
        way=said.way.value if said.way else "",
        due_on=after.due_on.isoformat(),
        note=salted(text, salt) if text else "",
    )
    ledger.record(event, by=by.ref, at=at)
    return after


def _met(matter: Matter, said: Move, *, text: str, by: Actor, at: datetime) -> set[Need]:
    found = {
        Need.NO_HAND: not matters.had_a_hand(by, matter),
        Need.UNIT: said.unit is not None,
        Need.TEXT: bool(text),
        Need.OUTCOME: said.outcome is not None,
        Need.CONTACT: said.way is not None or not (matter.what.is_complaint and matter.phone),
        Need.OTHER_HAND: matters.answered_by(matter) != by.ref,
        Need.FIRST_TIME: matter.due_on == matter.first_due_on,
        Need.SOON: matters.may_be_reopened(matter, on=day_of(at)),
    }
    return {need for need, holds in found.items() if holds}


def _changes(
    matter: Matter, action: Action, target: State, said: Move, *, at: datetime
) -> dict[str, object]:
    changes: dict[str, object] = {"state": target.value, "version": matter.version + 1}
    rules = pack.matter_rules()
    if action is Action.ASSIGN:
        changes["unit"] = said.unit
    elif action is Action.ANSWER:
        changes |= {"answered_at": at, "outcome": said.outcome.value if said.outcome else ""}
    elif action is Action.LONGER:
        changes["due_on"] = max(due_on(matter.sent_at, rules.longer), matter.due_on)
    elif action is Action.ARCHIVE:
        changes["ended_at"] = at
    elif action in (Action.SEND_BACK, Action.REOPEN):
        changes |= {"answered_at": None, "outcome": "", "ended_at": None}
    if action is Action.REOPEN:
        answer_by = due_on(at, rules.answer[matter.what])
        changes |= {
            "due_on": answer_by,
            "first_due_on": answer_by,
            "times_reopened": matter.times_reopened + 1,
        }
    return changes


@ledger.recorded
def show_sender(matter: Matter, *, by: Actor, at: datetime) -> tuple[str, str]:
    """Return name and number of whoever sent a matter, and record who saw them.

    Refused to whoever had a hand in what it is about.
    """
    if matters.had_a_hand(by, matter):
        raise Refusal("matter.sender_hidden", "经手过这一件的人不看反映人的电话。")
    ledger.record(SenderShown(subject=matter.subject), by=by.ref, at=at)
    return matter.name, matter.phone


@ledger.recorded
def show_photo(matter: Matter, *, by: Actor, at: datetime) -> StoredFile:
    """Return the photo sent with a matter, and record who opened it.

    Refused to whoever had a hand in what it is about: it may show who sent it.
    """
    if matters.had_a_hand(by, matter):
        raise Refusal("matter.photo_hidden", "经手过这一件的人不看反映人的照片。")
    if matter.photo is None:
        raise NotFound("matter.no_photo", "这件反映没有照片。")
    ledger.record(MatterPhotoShown(subject=matter.subject), by=by.ref, at=at)
    return matter.photo


def _meanwhile() -> Refusal:
    return Refusal(
        "matter.changed_meanwhile",
        "您打开以后，别人办过这件反映。您的这一步没有做，请看过再办。",
    )
