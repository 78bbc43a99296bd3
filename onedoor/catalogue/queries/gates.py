"""What the publish gates find in versions, and what they must know for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from onedoor.catalogue.models import BasicItem, ItemVersion
from onedoor.catalogue.queries.guides import guide_files
from onedoor.catalogue.queries.packs import plain_words
from onedoor.catalogue.queries.versions import contents_of
from onedoor.catalogue.rules.content import Content
from onedoor.catalogue.rules.gates import Basic, Finding, Setting, look
from onedoor.catalogue.rules.publishing import Draft, gate
from onedoor.catalogue.rules.words import ItemState, Origin
from onedoor.kernel.clock import at_local, day_of
from onedoor.kernel.errors import Refusal


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


NOT_YET = "sha256:" + "0" * 64
"""Stands for a file that was chosen and not sent yet."""


def findings_of(content: Content, *, on: date) -> tuple[Finding, ...]:
    """Return what the gates say of a content being written here."""
    known = known_of([content])
    known = replace(known, files=known.files | {NOT_YET})
    return look(content, known.setting(content, on=on, origin=Origin.EDITED))


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
