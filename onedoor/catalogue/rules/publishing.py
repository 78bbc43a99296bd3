"""What stands between a version and its publication (发布): among all, a second person."""

from __future__ import annotations

from dataclasses import dataclass

from onedoor.catalogue.rules.limits import Limit, is_within
from onedoor.catalogue.rules.words import ItemState, Kind, VersionStatus
from onedoor.kernel.errors import Refusal


@dataclass(frozen=True)
class Draft:
    """What the gate looks at."""

    code: str
    state: str
    status: str
    kind: str
    statutory: Limit | None
    promised: Limit | None
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
    if draft.kind == Kind.PROMISED.value and draft.statutory is None and draft.promised is None:
        return Refusal(
            "catalogue.no_limit",
            "事项 %(item)s 没有写办结时限，不能发布。请先补上法定时限或承诺时限。",
            basis="许可法42" if draft.kind else "",
            item=code,
        )
    if draft.promised and draft.statutory and is_within(draft.promised, draft.statutory) is False:
        return Refusal(
            "catalogue.promise_exceeds_law", "事项 %(item)s 的承诺时限超过了法定时限。", item=code
        )
    return None
