"""What may be done to the ledger: record in a transaction, and take a number.

``recorded`` makes a service one transaction. Whatever it records is written once, at the end,
sorted by subject, so that two services never wait for each other in a circle; should the
database still call a deadlock, the whole service runs once more.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction
from django.db.models import Model

from onedoor.kernel.clock import local
from onedoor.kernel.errors import Refusal
from onedoor.kernel.rows import new
from onedoor.kernel.written import insert, together
from onedoor.ledger import installation
from onedoor.ledger.events import Event
from onedoor.ledger.models import Entry, Head, Pending
from onedoor.ledger.rules import chain
from onedoor.ledger.rules.chain import GENESIS, Link

P = ParamSpec("P")
R = TypeVar("R")

CLOCK_TOLERANCE = timedelta(minutes=1)
"""By how much two machines' clocks may differ before a step is refused."""


class _Draft(NamedTuple):
    """An entry to be written, with its text where its place in the chain is known already."""

    event: Event
    by: str
    at: datetime
    after: Link | None
    text: str


@dataclass
class _Book:
    """What this transaction has recorded so far."""

    drafts: list[_Draft] = field(default_factory=list)
    beside: list[Sequence[Model]] = field(default_factory=list)


_book: ContextVar[_Book | None] = ContextVar("ledger_book", default=None)

_AGAIN = {"40P01", "40001"}  # deadlock detected, serialization failure


def recorded(service: Callable[P, R]) -> Callable[P, R]:
    """Make a service one transaction that writes its entries at its end."""

    @functools.wraps(service)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _book.get() is not None:  # part of a larger service
            return service(*args, **kwargs)
        try:
            return _once(service, *args, **kwargs)
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") not in _AGAIN or connection.in_atomic_block:
                raise
        return _once(service, *args, **kwargs)

    return run


def _once(service: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    book = _Book()
    token = _book.set(book)
    try:
        with transaction.atomic():
            result = service(*args, **kwargs)
            _write(book)
        return result
    finally:
        _book.reset(token)


def record(event: Event, *, by: str, at: datetime, after: Link | None = None) -> Link:
    """Note the event in the running transaction and return where its subject's chain now stands.

    ``after`` is the link kept in the aggregate's own row, which the caller moves to the returned
    link by a conditional UPDATE. Without it the subject's head row is used, at the end.
    """
    book = _book.get()
    if book is None:
        raise RuntimeError("record() is called inside a service marked @recorded.")
    text = "" if after is None else _text(event, by, at, after)
    book.drafts.append(_Draft(event, by, at, after, text))
    return GENESIS if after is None else Link(after.version + 1, chain.digest(text.encode()))


def beside(rows: Sequence[Model]) -> None:
    """Write new rows of one model with the entries, at the end: what nothing reads before that."""
    book = _book.get()
    if book is None:
        raise RuntimeError("beside() is called inside a service marked @recorded.")
    book.beside.append(rows)


def _text(event: Event, by: str, at: datetime, after: Link) -> str:
    return chain.entry_text(
        subject=event.subject,
        after=after,
        kind=event.kind,
        schema=event.schema,
        actor=by,
        at=at,
        facts=event.facts(),
        installation=str(installation.current().pk),
    )


def _write(book: _Book) -> None:
    if not (book.drafts or book.beside):
        return
    entries = []
    heads = _heads({d.event.subject for d in book.drafts if d.after is None})
    # A stable sort: several entries of one subject keep the order in which they happened.
    for event, by, at, after, known in sorted(book.drafts, key=lambda d: d.event.subject):
        link = after or heads[event.subject]
        text = known or _text(event, by, at, link)
        entry = new(
            Entry,
            subject=event.subject,
            version=link.version + 1,
            kind=event.kind,
            actor=by,
            at=at,
            text=text,
            digest=chain.digest(text.encode()),
        )
        entries.append(entry)
        if after is None:
            heads[event.subject] = Link(entry.version, entry.digest)
    for subject, link in sorted(heads.items()):
        Head.objects.filter(subject=subject).update(version=link.version, digest=link.digest)
    written_at = datetime.now(UTC)
    with together():
        insert(entries)
        insert([new(Pending, entry=entry, written_at=written_at) for entry in entries])
        for rows in book.beside:
            insert(rows)


def _heads(subjects: set[str]) -> dict[str, Link]:
    """Lock and return the heads of subjects that have no row of their own, making missing ones."""
    if not subjects:
        return {}
    known = set(Head.objects.filter(subject__in=subjects).values_list("subject", flat=True))
    if missing := sorted(subjects - known):
        Head.objects.bulk_create([Head(subject=s) for s in missing], ignore_conflicts=True)
    locked = Head.objects.select_for_update().filter(subject__in=subjects).order_by("subject")
    return {head.subject: Link(head.version, head.digest) for head in locked}


def moment(at: datetime, *, last: datetime | None) -> datetime:
    """Return the instant to record, never before the step it follows.

    Clocks of two machines differ a little: then the later one counts. A clock that was set back
    is refused, for a step recorded before its cause would falsify every limit.
    """
    if last is None or at >= last:
        return at
    if last - at <= CLOCK_TOLERANCE:
        return last
    raise Refusal(
        "clock.set_back",
        "服务器时间比上一步还早（上一步 %(last)s）。没有做任何改动，请先校准服务器时间。",
        last=f"{local(last):%Y-%m-%d %H:%M:%S}",
    )
