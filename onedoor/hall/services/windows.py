"""Windows: somebody sits down, pauses with a reason, leaves; the duty officer sets skills."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError

from onedoor.accounts.rules import Actor, Role
from onedoor.cases.inputs import plain
from onedoor.hall import queries
from onedoor.hall.events import BoardMuted, BoardWritten, WindowMoved
from onedoor.hall.models import Skill, Window, Zone
from onedoor.hall.rules.queue import Skills
from onedoor.hall.rules.words import Pause, WindowState
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.kernel.rows import altered
from onedoor.kernel.written import insert, update
from onedoor.ledger import services as ledger


@ledger.recorded
def open_window(window: Window, *, by: Actor, at: datetime) -> Window:
    """Sit down at a window; it calls from now on. Sitting there already, nothing changes."""
    if not by.holds_any(*queries.WORKERS) or by.person_id is None:
        raise NotAllowed("hall.not_a_clerk", "坐窗口的是综窗、受理、出件人员和值班长。")
    skills = queries.skills_of(window)
    if not skills.main:
        raise Refusal("hall.no_skills", "这个窗口没有排业务，请值班长先排。")
    if window.clerk_id == by.person_id and window.standing is WindowState.OPEN:
        return window
    if window.clerk_id not in (None, by.person_id):
        raise _occupied()
    before = queries.window_of(by)
    if before is not None and before.pk != window.pk:
        raise Refusal(
            "hall.sits_elsewhere",
            "您还坐在 %(number)s 号窗口，先离开那里。",
            number=before.number,
        )
    changes = {"clerk_id": by.person_id, "state": WindowState.OPEN.value}
    return _moved(window, "open", changes, skills=skills, by=by, at=at)


@ledger.recorded
def pause(
    window: Window, *, reason: Pause, back_at: datetime | None, by: Actor, at: datetime
) -> Window:
    """Call nobody for a while, saying why and until when; the board shows both."""
    _sits(window, by=by)
    if window.standing is not WindowState.OPEN:
        raise _wrong(window)
    if back_at is not None and back_at <= at:
        raise NotValid("hall.back_before", "回来的时间要比现在晚。", field="back_at")
    changes = {"state": WindowState.PAUSED.value, "reason": reason.value, "back_at": back_at}
    return _moved(window, "pause", changes, skills=None, by=by, at=at)


@ledger.recorded
def unpause(window: Window, *, by: Actor, at: datetime) -> Window:
    """Call again after a pause."""
    _sits(window, by=by)
    if window.standing is not WindowState.PAUSED:
        raise _wrong(window)
    return _moved(window, "resume", {"state": WindowState.OPEN.value}, skills=None, by=by, at=at)


@ledger.recorded
def close_window(window: Window, *, by: Actor, at: datetime) -> Window:
    """Leave a window; refused while somebody is before it or was asked to come back to it."""
    _sits(window, by=by)
    if window.standing is WindowState.CLOSED:
        return window
    if queries.at_window(window) or queries.held_at(window, day=day_of(at)):
        raise Refusal("hall.not_finished", "这个窗口还有没办完或挂起的号，先办完再离开。")
    return closed(window, by=by, at=at)


def closed(window: Window, *, by: Actor, at: datetime) -> Window:
    """Close a window inside another service's transaction."""
    changes = {"state": WindowState.CLOSED.value, "clerk_id": None}
    return _moved(window, "close", changes, skills=None, by=by, at=at)


@ledger.recorded
def set_skills(
    window: Window, *, main: Iterable[str], helping: Iterable[str] = (), by: Actor, at: datetime
) -> Skills:
    """Let a window call from other groups from now on; refused with none of its own."""
    if not by.holds(Role.DUTY):
        raise NotAllowed("hall.duty_only", "窗口办什么由值班长来排。")
    groups = {each.letter: each for each in window.hall.groups.all()}
    own, help_in = set(main), set(helping) - set(main)
    if not own or not own | help_in <= groups.keys():
        raise NotValid(
            "hall.bad_skills", "至少给窗口排一类业务，而且要是大厅里有的。", field="main"
        )
    locked = Window.objects.select_for_update().get(pk=window.pk)
    Skill.objects.filter(window=window).delete()
    insert(
        [
            Skill(window=window, group=groups[letter], is_main=letter in own)
            for letter in sorted(own | help_in)
        ]
    )
    skills = Skills(window.number, frozenset(own), frozenset(help_in))
    changes: dict[str, Any] = {"state": locked.state, "reason": locked.reason}
    _moved(window, "skills", changes, skills=skills, by=by, at=at)
    return skills


@ledger.recorded
def say(zone: Zone, text: str, *, by: Actor, at: datetime) -> Zone:
    """Put words on the boards of a zone; empty words take down what is there."""
    if not by.holds(Role.DUTY):
        raise NotAllowed("hall.duty_words", "屏上写什么由值班长来定。")
    words = plain("text", text, "屏上的话", most=40, required=False)
    after = altered(zone, {"message": words, "version": zone.version + 1})
    if not update(zone, after):
        raise Refusal("hall.board_changed", "您打开以后，别人换过屏上的话。请看过再写。")
    ledger.record(
        BoardWritten(subject=f"zone:{zone.hall.code}-{zone.code}", text=words), by=by.ref, at=at
    )
    return after


@ledger.recorded
def mute(zone: Zone, *, is_muted: bool, by: Actor, at: datetime) -> Zone:
    """Let the boards of a zone call aloud or not; they say which."""
    if not by.holds(Role.DUTY):
        raise NotAllowed("hall.duty_sound", "屏要不要出声由值班长来定。")
    if zone.is_muted == is_muted:
        return zone
    after = altered(zone, {"is_muted": is_muted, "version": zone.version + 1})
    if not update(zone, after):
        raise Refusal("hall.board_changed", "您打开以后，别人换过屏上的话。请看过再写。")
    event = BoardMuted(subject=f"zone:{zone.hall.code}-{zone.code}", is_muted=is_muted)
    ledger.record(event, by=by.ref, at=at)
    return after


def _moved(
    window: Window,
    action: str,
    changes: dict[str, Any],
    *,
    skills: Skills | None,
    by: Actor,
    at: datetime,
) -> Window:
    skills = skills or queries.skills_of(window)
    told = {"reason": "", "back_at": None, "since": at} | changes
    after = altered(window, told | {"version": window.version + 1})
    try:
        is_written = update(window, after)
    except IntegrityError:
        raise _occupied() from None
    if not is_written:
        raise Refusal(
            "hall.window_changed", "您打开以后，别人动过这个窗口。这一步没有做，请看过再办。"
        )
    event = WindowMoved(
        subject=subject_of(after, at),
        action=action,
        state=after.state,
        clerk=f"person:{after.clerk_id}" if after.clerk_id else "",
        main="".join(sorted(skills.main)),
        helping="".join(sorted(skills.helping)),
        reason=after.reason,
    )
    ledger.record(event, by=by.ref, at=at)
    return after


def subject_of(window: Window, at: datetime) -> str:
    """Return the name of the chain of one window's day."""
    return f"window:{window.hall.code}-{day_of(at):%Y%m%d}-{window.number}"


def _sits(window: Window, *, by: Actor) -> None:
    is_theirs = by.person_id is not None and window.clerk_id == by.person_id
    if not is_theirs and not by.holds_any(Role.DUTY, Role.TIMER):
        raise NotAllowed(
            "hall.not_your_window", "您没有坐在 %(number)s 号窗口。", number=window.number
        )


def _wrong(window: Window) -> Refusal:
    return Refusal(
        "hall.window_state", "这个窗口现在是“%(state)s”，这一步做不了。", state=window.standing
    )


def _occupied() -> Refusal:
    return Refusal("hall.window_occupied", "这个窗口有人坐着。请换一个，或者请他先离开。")
