"""What the publish gates find in versions, and what keeps them from being published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from onedoor.catalogue import findable, queries
from onedoor.catalogue.models import Item, ItemVersion
from onedoor.catalogue.rules.content import Content
from onedoor.catalogue.rules.gates import Finding, look
from onedoor.catalogue.rules.publishing import Draft, gate
from onedoor.catalogue.rules.words import Origin
from onedoor.kernel.clock import at_local, day_of
from onedoor.kernel.errors import Refusal

NOT_YET = "sha256:" + "0" * 64
"""Stands for a file that was chosen and not sent yet."""


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


def findings_of(content: Content, item: Item, *, on: date) -> tuple[Finding, ...]:
    """Return what the gates say of a content being written here."""
    known = queries.known_of([content])
    known = replace(known, files=known.files | {NOT_YET})
    unfound = findable.unfound(item, content)
    return look(content, known.setting(content, on=on, origin=Origin.EDITED, unfound=unfound))


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
    contents = queries.contents_of(versions)
    known = queries.known_of(contents.values())
    found = {}
    for version in versions:
        content, origin = contents[version.pk], Origin(version.origin)
        # Of a list taken over it would be a reminder only: not worth thousands of searches.
        is_asked = origin is Origin.EDITED or len(versions) == 1
        unfound = findable.unfound(version.item, content) if is_asked else ()
        setting = known.setting(content, on=on, origin=origin, unfound=unfound)
        found[version.pk] = look(content, setting)
    return found
