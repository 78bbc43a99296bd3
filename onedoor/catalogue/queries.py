"""What may be asked of the catalogue. A published version never changes: it is kept in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor, Role
from onedoor.calendar.queries import working_days
from onedoor.catalogue.models import (
    BasicItem,
    GuideFile,
    GuideReport,
    Item,
    ItemVersion,
    Material,
    Reduction,
    StateOrder,
)
from onedoor.catalogue.rules.code_sets import CodeSets, read_sets
from onedoor.catalogue.rules.content import (
    Content,
    MaterialContent,
    columns,
    from_columns,
    material_from,
)
from onedoor.catalogue.rules.gates import Basic, Finding, Setting, look
from onedoor.catalogue.rules.item_types import ItemTypes, read_types
from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.catalogue.rules.plain_words import PlainWords, read_words
from onedoor.catalogue.rules.publishing import Draft, gate
from onedoor.catalogue.rules.turns import TurnStatus
from onedoor.catalogue.rules.words import ItemState, Kind, Origin, ReportStatus, VersionStatus
from onedoor.files.models import StoredFile
from onedoor.kernel.clock import at_local, day_of
from onedoor.kernel.errors import NotFound, Refusal

KEPT = 5000
"""So many versions are kept in a process before it starts afresh."""


@dataclass(frozen=True, kw_only=True)
class MaterialFacts(MaterialContent):
    """A material as the version states it."""

    id: UUID
    order: int


@dataclass(frozen=True, kw_only=True)
class VersionFacts(Content):
    """A version with its item, unit and materials; what a case is received under."""

    version_id: UUID
    item_id: UUID
    unit_id: UUID
    unit_code: str
    unit_name: str
    unit_sequence: int
    code: str
    parent_code: str
    number: int
    effective_at: datetime | None
    materials: tuple[MaterialFacts, ...]

    @property
    def is_instant(self) -> bool:
        """Whether the window itself may answer on the spot."""
        return self.kind is Kind.INSTANT and self.instant_authorised

    def as_row(self) -> ItemVersion:
        """Return the version as a row that was not read, to stand beside a new case."""
        return ItemVersion(
            id=self.version_id,
            item_id=self.item_id,
            unit_id=self.unit_id,
            status=VersionStatus.PUBLISHED.value,
            number=self.number,
            effective_at=self.effective_at,
            **columns(self),
        )


_kept: dict[tuple[str, UUID], VersionFacts] = {}


def current_version(code: str, *, at: datetime) -> VersionFacts:
    """Return the version under which applications are taken now, or refuse; one statement warm."""
    item = Item.objects.filter(code=code).select_related("unit").first()
    if item is None:
        raise NotFound("catalogue.not_found", "没有编码为 %(item)s 的事项。", item=code)
    state = state_of(item, at=at)
    if state is ItemState.SUSPENDED:
        raise Refusal(
            "catalogue.not_in_use",
            "事项 %(item)s 暂停办理，现在不能收件。恢复以后才能再收。",
            item=code,
            state=state.value,
        )
    if state is ItemState.CANCELLED:
        raise Refusal(
            "catalogue.not_in_use",
            "事项 %(item)s 已经取消，不再办理。",
            item=code,
            state=state.value,
        )
    facts = facts_of(item, at=at)
    if facts is None or (facts.effective_at is not None and facts.effective_at > at):
        raise Refusal(
            "catalogue.not_published",
            "事项 %(item)s 还没有发布，不能收件。请先由另一位同事发布。",
            item=code,
        )
    return facts


def state_of(item: Item, *, at: datetime) -> ItemState:
    """Return whether the item is applied for at this instant, whatever was written down so far."""
    is_due = item.turns_at is not None and item.turns_at <= at
    return ItemState(item.turns_to if is_due else item.state)


def facts_of(item: Item, *, at: datetime) -> VersionFacts | None:
    """Return the item's version in force at this instant, from memory where it was read before.

    A planned version counts from its first second, whether or not the worker has noticed.
    """
    is_due = item.planned_at is not None and item.planned_at <= at
    version_id = item.planned_version_id if is_due else item.current_version_id
    if version_id is None:
        return None
    key = (str(connection.settings_dict["NAME"]), version_id)
    facts = _kept.get(key)
    if facts is None:
        facts = version_facts(item, ItemVersion.objects.select_related("unit").get(pk=version_id))
        if len(_kept) >= KEPT:
            _kept.clear()
        _kept[key] = facts
    unit = item.unit
    if facts.unit_id == unit.pk and (facts.unit_name, facts.unit_code, facts.unit_sequence) != (
        unit.name,
        unit.code,
        unit.sequence,
    ):
        return replace(facts, unit_name=unit.name, unit_code=unit.code, unit_sequence=unit.sequence)
    return facts


def version_facts(item: Item, version: ItemVersion) -> VersionFacts:
    """Return all that a version states, with its materials."""
    return VersionFacts(
        version_id=version.pk,
        item_id=item.pk,
        unit_id=version.unit.pk,
        unit_code=version.unit.code,
        unit_name=version.unit.name,
        unit_sequence=version.unit.sequence,
        code=item.code,
        parent_code=item.parent_code,
        number=version.number,
        effective_at=version.effective_at,
        **from_columns(vars(version), materials=_facts(version.materials.order_by("order"))),
    )


def _facts(rows: Iterable[Material]) -> tuple[MaterialFacts, ...]:
    return tuple(MaterialFacts(id=row.pk, order=row.order, **material(row)) for row in rows)


def material(row: Material) -> dict[str, Any]:
    """Return what a material's row says, as the fields of its content."""
    return material_from({f.name: getattr(row, f.name) for f in fields(MaterialContent)})


def contents_of(versions: Sequence[ItemVersion]) -> dict[UUID, Content]:
    """Return what these versions say, by version; one statement for all their materials."""
    rows: dict[UUID, list[MaterialContent]] = {version.pk: [] for version in versions}
    for row in Material.objects.filter(version__in=list(rows)).order_by("version", "order"):
        rows[row.version_id].append(MaterialContent(**material(row)))
    return {
        version.pk: Content(**from_columns(vars(version), materials=tuple(rows[version.pk])))
        for version in versions
    }


def takeable() -> QuerySet[ItemVersion]:
    """Return the versions under which a window may take applications."""
    return _in_force().filter(item__state=ItemState.IN_USE.value)


def published(unit_code: str = "") -> QuerySet[ItemVersion]:
    """Return what the public may read: versions in force, of items not cancelled."""
    found = _in_force().exclude(item__state=ItemState.CANCELLED.value)
    return found.filter(unit__code=unit_code) if unit_code else found


def _in_force() -> QuerySet[ItemVersion]:
    found = ItemVersion.objects.filter(status=VersionStatus.PUBLISHED.value)
    return found.select_related("item", "unit").order_by("name", "item__code")


def units_with_items() -> QuerySet[Organisation]:
    """Return the units of which the public may read items, in the order of the centre."""
    theirs = Item.objects.filter(unit=OuterRef("pk"), current_version__isnull=False)
    there = Exists(theirs.exclude(state=ItemState.CANCELLED.value))
    return Organisation.objects.filter(there).order_by("sequence", "code")


def awaiting_publication() -> QuerySet[ItemVersion]:
    """Return the versions handed in and not yet published, the oldest first."""
    return (
        ItemVersion.objects.filter(status=VersionStatus.SUBMITTED.value)
        .select_related("item", "unit")
        .annotate(material_count=Count("materials"))
        .order_by("edited_at", "item__code")
    )


def closed_gates(versions: Sequence[ItemVersion], *, at: datetime) -> dict[UUID, Refusal]:
    """Return the refusal of each version that says something wrong or leaves something out."""
    found = {}
    for pk, looked_at in findings(versions, on=day_of(at)).items():
        rejects = tuple(finding.refusal for finding in looked_at if finding.is_reject)
        if rejects:
            code = next(version.item.code for version in versions if version.pk == pk)
            found[pk] = Refusal(
                "catalogue.gates_closed",
                "事项 %(item)s 还有 %(count)s 处要改，不能发布：%(faults)s",
                item=code,
                count=len(rejects),
                faults=rejects,
            )
    return found


def findings_of(content: Content, *, on: date) -> tuple[Finding, ...]:
    """Return what the gates say of a content being written here."""
    known = known_of([content])
    return look(content, known.setting(content, on=on, origin=Origin.EDITED))


def any_item(code: str) -> Item:
    """Return an item staff may work on, published or not, or refuse."""
    item = Item.objects.filter(code=code).select_related("unit").first()
    if item is None:
        raise NotFound("catalogue.not_found", "没有编码为 %(item)s 的事项。", item=code)
    return item


def latest(item: Item) -> ItemVersion | None:
    """Return what an editor goes on from: the last version that was not put aside."""
    found = ItemVersion.objects.filter(item=item).exclude(status=VersionStatus.SUPERSEDED.value)
    return found.select_related("item", "unit").order_by("-number").first()


def seen_token(version: ItemVersion | None) -> str:
    """Return what tells one state of a version from the next, for whoever writes on top of it."""
    if version is None:
        return "new"
    return (
        f"{version.number}:{version.status}:{version.content_digest.removeprefix('sha256:')[:16]}"
    )


def editable(text: str, units: frozenset[UUID] | None) -> QuerySet[Item]:
    """Return the items of these units, found by name or code, those with a draft first."""
    found = Item.objects.exclude(state=ItemState.CANCELLED.value)
    if units is not None:
        found = found.filter(unit__in=list(units))
    if text:
        named = ItemVersion.objects.filter(name__icontains=text).values("item")
        found = found.filter(Q(code__icontains=text) | Q(pk__in=named))
    newest = ItemVersion.objects.filter(item=OuterRef("pk")).order_by("-number")
    drafts = newest.filter(status__in=[VersionStatus.DRAFT.value, VersionStatus.REJECTED.value])
    return (
        found.select_related("unit")
        .annotate(
            newest_name=Subquery(newest.values("name")[:1]),
            newest_status=Subquery(newest.values("status")[:1]),
            has_draft=Exists(drafts),
        )
        .order_by("-has_draft", "newest_name", "code")
    )


def asked_turns() -> QuerySet[StateOrder]:
    """Return the changes of state that wait for a second person, the oldest first."""
    found = StateOrder.objects.filter(status=TurnStatus.ASKED.value)
    return found.select_related("item__current_version", "item__unit").order_by("asked_at")


def notice_of(item: Item) -> StateOrder | None:
    """Return the last confirmed change of state, with what the public is told."""
    found = item.turns.filter(status=TurnStatus.CONFIRMED.value)
    return found.order_by("-asked_at").first()


def turn_key(text: str) -> UUID:
    """Return a key given in an address, or refuse."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("catalogue.no_such_turn", "没有这个状态变更。") from None


def item_by_short(short: str) -> Item:
    """Return the item behind a short address (``/i/…``), or refuse."""
    item = Item.objects.filter(short=short.lower()).select_related("unit").first()
    if item is None:
        raise NotFound("catalogue.no_short", "没有这个短地址。请核对，或直接查事项名称。")
    return item


def parts_of(item: Item) -> list[ItemVersion]:
    """Return the versions in force of an item's handling items (业务办理项)."""
    if item.parent_code:
        return []
    found = ItemVersion.objects.filter(
        status=VersionStatus.PUBLISHED.value,
        item__parent_code=item.code,
        item__state=ItemState.IN_USE.value,
    )
    return list(found.select_related("item").only("name", "item__code").order_by("item__code"))


def file_name(facts: VersionFacts, digest: str) -> str:
    """Return what a file that this version names is called, or nothing: then it names none."""
    for one in facts.materials:
        if one.form_file == digest:
            return one.name
        if one.sample_file == digest:
            return f"{one.name}（样本）"
    return next((f"{one.name}（样本）" for one in facts.results if one.sample_file == digest), "")


def guide_file(digest: str) -> StoredFile | None:
    """Return a file that was uploaded for everybody to download, or nothing."""
    found = GuideFile.objects.filter(file__digest=digest).select_related("file").first()
    return found.file if found else None


def guide_files(contents: Iterable[Content]) -> frozenset[str]:
    """Return which of the files these contents name were uploaded for everybody to download."""
    named = sorted(frozenset[str]().union(*(content.files for content in contents)))
    if not named:
        return frozenset()
    found = GuideFile.objects.filter(file__digest__in=named)
    return frozenset(found.values_list("file__digest", flat=True))


def reduction_counts() -> dict[str, int]:
    """Return how many materials and steps of how many items are no longer asked for."""
    found = Reduction.objects.aggregate(
        materials=Count("pk", filter=Q(list_name="materials")),
        steps=Count("pk", filter=Q(list_name="steps")),
        items=Count("version__item", distinct=True),
    )
    return {name: int(count) for name, count in found.items()}


def open_reports(actor: Actor) -> QuerySet[GuideReport]:
    """Return what readers reported about the guides this editor answers for, by due date."""
    found = GuideReport.objects.filter(status=ReportStatus.OPEN.value)
    units = actor.units_of((Role.EDITOR,))
    if units is not None:
        found = found.filter(item__unit__in=list(units))
    return found.select_related("item__current_version").order_by("answer_by", "reported_at")


def reductions() -> QuerySet[Reduction]:
    """Return what is no longer asked for, the newest first."""
    return Reduction.objects.select_related("version__item", "version__unit").order_by(
        "-version__effective_at", "version__item__code", "list_name", "name"
    )


def not_waiting(code: str) -> Refusal:
    """Return the refusal of what is no longer there to be published."""
    return Refusal(
        "catalogue.not_waiting",
        "事项 %(item)s 的这一版已不在待发布里，可能有人先发布或又改了。请刷新再看。",
        item=code,
    )


def obstacles(versions: Sequence[ItemVersion], *, by: str, on: date) -> dict[UUID, Refusal]:
    """Return what keeps versions from being published by this person: who they are, what it says.

    All that must be changed is told at once.
    """
    found = {v.pk: refusal for v in versions if (refusal := _obstacle(v, by=by))}
    rest = [version for version in versions if version.pk not in found]
    return found | closed_gates(rest, at=at_local(on))


def _obstacle(version: ItemVersion, *, by: str) -> Refusal | None:
    draft = Draft(
        code=version.item.code,
        state=version.item.state,
        status=version.status,
        edited_by=version.edited_by,
    )
    return gate(draft, by=by)


def findings(versions: Sequence[ItemVersion], *, on: date) -> dict[UUID, tuple[Finding, ...]]:
    """Return what the publish gates find wrong or doubtful in each version."""
    contents = contents_of(versions)
    known = known_of(contents.values())
    found = {}
    for version in versions:
        content = contents[version.pk]
        setting = known.setting(content, on=on, origin=Origin(version.origin))
        found[version.pk] = look(content, setting)
    return found


def predecessors(
    versions: Sequence[ItemVersion],
) -> Iterator[tuple[ItemVersion, ItemVersion]]:
    """Return each version with the last one that was in force before it, where there was one."""
    were = ItemVersion.objects.filter(
        item__in=[version.item_id for version in versions], published_at__isnull=False
    ).order_by("number")
    by_item: dict[UUID, list[ItemVersion]] = {}
    for one in were:
        by_item.setdefault(one.item_id, []).append(one)
    for version in versions:
        earlier = [v for v in by_item.get(version.item_id, ()) if v.number < version.number]
        if earlier:
            yield version, earlier[-1]


@dataclass(frozen=True)
class Known:
    """What the gates must know of some contents: their lines of the directory, their files."""

    directory: Mapping[str, Basic]
    has_directory: bool
    files: frozenset[str]

    def setting(self, content: Content, *, on: date, origin: Origin) -> Setting:
        """Return what the gates know beside one of the contents."""
        return Setting(
            on=on,
            origin=origin,
            words=plain_words(),
            basic=self.directory.get(content.basic_code),
            has_directory=self.has_directory,
            files=self.files,
        )


def known_of(contents: Collection[Content]) -> Known:
    """Return what is known of all these contents; a few statements however many they are."""
    lines = directory(content.basic_code for content in contents)
    return Known(lines, bool(lines) or BasicItem.objects.exists(), guide_files(contents))


def directory(codes: Iterable[str]) -> dict[str, Basic]:
    """Return the lines of the basic directory with these codes."""
    wanted = sorted({code for code in codes if code})
    lines = BasicItem.objects.filter(code__in=wanted) if wanted else ()
    return {line.code: Basic(line.name, line.item_type, ItemState(line.state)) for line in lines}


def item_named(code: str) -> Item:
    """Return an item the public may read about, whatever its state, or refuse."""
    found = Item.objects.filter(code=code).exclude(current_version=None, planned_version=None)
    item = found.select_related("unit").first()
    if item is None:
        raise NotFound("catalogue.not_found", "没有编码为 %(item)s 的事项。", item=code)
    return item


def _pack(name: str) -> str:
    return (files("onedoor") / "packs" / "national" / name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def item_types() -> ItemTypes:
    """Return the item types of the national pack."""
    return read_types(_pack("item_types.toml"))


@lru_cache(maxsize=1)
def code_sets() -> CodeSets:
    """Return the code sets of the national pack."""
    return read_sets(_pack("code_sets.toml"))


@lru_cache(maxsize=1)
def plain_words() -> PlainWords:
    """Return the words no guide may hold, of the national pack."""
    return read_words(_pack("plain_words.toml"))


def ready_on(limit: Limit, *, today: date) -> date | None:
    """Return when something accepted today is decided at the latest; hours and months: not said.

    Basis: 许可法82; 民法典201, 203.
    """
    calendar = working_days()
    if limit.unit is LimitUnit.WD:
        if limit.count == 0:
            return today
        return calendar.day_with_ordinal(calendar.ordinal(today) + limit.count)
    if limit.unit is LimitUnit.ND:
        return calendar.next_working_day(today + timedelta(days=limit.count))
    return None


def aliases(item: Item) -> list[str]:
    """Return what people call an item."""
    return list(item.aliases.order_by("text").values_list("text", flat=True))
