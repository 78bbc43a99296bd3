"""Who may publish a version (发布): above all, a second person. What it must say: ``gates``."""

from __future__ import annotations

from dataclasses import dataclass

from onedoor.catalogue.rules.words import ItemState, VersionStatus
from onedoor.kernel.errors import Refusal


@dataclass(frozen=True)
class Draft:
    """What the gate looks at."""

    code: str
    state: str
    status: str
    edited_by: str


def gate(draft: Draft, *, by: str) -> Refusal | None:
    """Return why this person may not publish this version, or nothing.

    Basis: 许可法30 (what is asked must be made public), 42; two persons, as for every publication.
    """
    code = draft.code
    if draft.state == ItemState.CANCELLED.value:
        return Refusal("catalogue.cancelled", "事项 %(item)s 已经取消，不能再发布。", item=code)
    if draft.status != VersionStatus.SUBMITTED.value:
        return Refusal("catalogue.not_submitted", "事项 %(item)s 的这一版不在待发布里。", item=code)
    if draft.edited_by == by:
        return Refusal(
            "catalogue.same_person",
            "事项 %(item)s 的这一版是您自己编辑的，请由另一位同事发布。",
            item=code,
        )
    return None
