"""What a way of serving asks for beside its table row: witnesses, days, and what shows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from onedoor.accounts.rules import Actor
from onedoor.cases.inputs import plain, same_name
from onedoor.cases.rules.delivery import Way
from onedoor.cases.services.uploading import Upload
from onedoor.kernel.clock import at_local, day_of
from onedoor.kernel.errors import NotValid

WITNESSES = 2


def witnessed(given: Sequence[str], by: Actor) -> str:
    """Return who was there, or refuse: two, different, and not whoever left the paper."""
    named = [plain("witness", each, "见证人", most=100) for each in given if each.strip()]
    others = [each for each in named if not same_name(each, by.name)]
    if len({*others}) < WITNESSES:
        raise NotValid(
            "delivery.witnesses",
            "要写两位不同的见证人（姓名和单位），送达人自己不算。",
            basis="民事诉讼法89",
            field="witness",
        )
    return "；".join(others)


def left_on_a_day(left_on: date, *, decided_on: date, on: date) -> None:
    """Refuse a day on which the paper cannot have been left."""
    if not decided_on <= left_on <= on:
        raise NotValid("delivery.left_on", "留置的日期应在决定那天和今天之间。", field="left_on")


def served_on_a_day(served_on: date, *, since: date, on: date) -> None:
    """Refuse a day on which the paper cannot have been handed over."""
    if not since <= served_on <= on:
        raise NotValid("delivery.served_on", "送达日期应在交出那天和今天之间。", field="served_on")


def shown(document: Upload | None, *, way: Way, basis: str) -> Upload:
    """Return the file that shows how the paper was served, or refuse where there is none."""
    if document is None:
        raise NotValid(
            "delivery.no_proof",
            "请附照片，或者签了名的文件。没有证明，不能登记为“%(way)s”。",
            basis=basis,
            field="document",
            way=way,
        )
    name = plain("document", document.name, "文件名", most=200, required=False)
    return Upload(document.file, name)


def worded(document: Upload) -> str:
    """Return the file as a proof of delivery names it."""
    return f"{document.name}（{document.file.digest[:23]}…）"


def ended_at(on: date, *, at: datetime) -> datetime:
    """Return when a paper served that day ended its case: now, or the end of an earlier day."""
    return at if on == day_of(at) else at_local(on, 23)
