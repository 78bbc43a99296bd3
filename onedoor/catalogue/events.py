"""The facts this app announces. Contents are proven by digest, never spelled out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from onedoor.ledger.events import Event
from onedoor.ledger.rules.chain import Fact


@dataclass(frozen=True, kw_only=True)
class ItemsImported(Event):
    """A list was taken in; ``content`` is the digest over the versions it made."""

    kind: ClassVar[str] = "catalogue.items_imported"

    file: str
    content: str
    read: int
    created: int
    changed: int
    unchanged: int
    aliases: int


@dataclass(frozen=True, kw_only=True)
class AliasesChanged(Event):
    """How many common names an item had, and has."""

    kind: ClassVar[str] = "item.aliases_changed"

    before: int
    after: int


@dataclass(frozen=True, kw_only=True)
class MissSettled(Event):
    """A question asked in vain was taken off the list; on so many days it had been asked."""

    kind: ClassVar[str] = "catalogue.miss_settled"

    days: int


@dataclass(frozen=True, kw_only=True)
class GuideFileUploaded(Event):
    """An editor uploaded a blank form or sample for everybody to download."""

    kind: ClassVar[str] = "item.file_uploaded"

    file: str


@dataclass(frozen=True, kw_only=True)
class LinkFailed(Event):
    """An item promised online could not be reached there; it could the night before."""

    kind: ClassVar[str] = "item.link_failed"

    answer: str
    status: int
    version: int


@dataclass(frozen=True, kw_only=True)
class LinkRecovered(Event):
    """An item can be reached online again, or is no longer promised there."""

    kind: ClassVar[str] = "item.link_recovered"

    answer: str


@dataclass(frozen=True, kw_only=True)
class ItemPublished(Event):
    kind: ClassVar[str] = "item.published"

    number: int
    content: str
    edited_by: str
    effective_at: str


@dataclass(frozen=True, kw_only=True)
class ItemVersionTookOver(Event):
    """A version published for a later day came into force; nobody had to do anything."""

    kind: ClassVar[str] = "item.took_over"

    number: int


@dataclass(frozen=True, kw_only=True)
class ItemVersionReturned(Event):
    """A version that waited was sent back to its editor."""

    kind: ClassVar[str] = "item.returned"

    number: int
    edited_by: str


@dataclass(frozen=True, kw_only=True)
class ItemSubmitted(Event):
    """An editor handed a version in."""

    kind: ClassVar[str] = "item.submitted"

    number: int
    content: str


@dataclass(frozen=True, kw_only=True)
class GuideReported(Event):
    """A reader says that something in a guide is wrong."""

    kind: ClassVar[str] = "item.guide_reported"

    number: int


@dataclass(frozen=True, kw_only=True)
class GuideAnswered(Event):
    """An editor answered a reader's report."""

    kind: ClassVar[str] = "item.guide_answered"

    outcome: str


@dataclass(frozen=True, kw_only=True)
class ItemStateAsked(Event):
    """An editor asks for a suspension, resumption or cancellation."""

    kind: ClassVar[str] = "item.state_asked"

    turn: str
    effective_on: str
    successor: str = ""


@dataclass(frozen=True, kw_only=True)
class ItemStateChanged(Event):
    kind: ClassVar[str] = "item.state_changed"

    before: str
    after: str
    asked_by: str


@dataclass(frozen=True, kw_only=True)
class DirectoryImported(Event):
    """Lines of the basic directory were taken in."""

    kind: ClassVar[str] = "catalogue.directory_imported"

    file: str
    read: int
    created: int
    changed: int
    unchanged: int


@dataclass(frozen=True, kw_only=True)
class DivisionsImported(Event):
    kind: ClassVar[str] = "catalogue.divisions_imported"

    file: str
    read: int
    created: int
    changed: int
    unchanged: int


@dataclass(frozen=True, kw_only=True)
class PackageSet(Event):
    """A joint package was made or changed: its members and what each of them waits for."""

    kind: ClassVar[str] = "package.set"

    name: str
    unit: str
    is_joint: bool
    members: list[Fact]


@dataclass(frozen=True, kw_only=True)
class PackageStateChanged(Event):
    kind: ClassVar[str] = "package.state_changed"

    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class TransferDrafted(Event):
    """A batch of the transfer list was written down; it holds for nobody yet."""

    kind: ClassVar[str] = "transfer.drafted"

    basis: str
    effective_on: date
    unit: str
    items: list[Fact]


@dataclass(frozen=True, kw_only=True)
class TransferDropped(Event):
    """A draft of the transfer list was thrown away."""

    kind: ClassVar[str] = "transfer.dropped"


@dataclass(frozen=True, kw_only=True)
class TransferPublished(Event):
    """A batch was published by a second person: from its day on the powers have gone over."""

    kind: ClassVar[str] = "transfer.published"

    basis: str
    effective_on: date
    unit: str
    drafted_by: str
    items: list[Fact]


@dataclass(frozen=True, kw_only=True)
class ItemTransferred(Event):
    """The power to decide on an item goes from its department to another body from a day on."""

    kind: ClassVar[str] = "item.transferred"

    batch: int
    former_unit: str
    unit: str
    effective_on: date
