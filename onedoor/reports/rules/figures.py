"""A figure of a report (数字) with where it comes from, and what differs between two reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from onedoor.reports.rules.document import Content, said


@dataclass(frozen=True)
class Figure:
    """A number that is told: by which query it was taken, when, and from which findings."""

    code: str
    label: str
    value: str
    query: str
    at: str
    rows: tuple[str, ...]

    @property
    def told(self) -> dict[str, Any]:
        return {**vars(self), "rows": list(self.rows)}


def figures_of(content: Content) -> list[Figure]:
    """Return the figures a report carries; none where it is not made from the ledger."""
    return [
        Figure(
            code=said(each, "code"),
            label=said(each, "label"),
            value=said(each, "value"),
            query=said(each, "query"),
            at=said(each, "at"),
            rows=tuple(str(row) for row in each.get("rows") or ()),
        )
        for each in content.get("figures") or []
        if isinstance(each, dict)
    ]


@dataclass(frozen=True)
class Difference:
    """What one report says and another does not: of a figure or of a finding."""

    label: str
    before: str
    after: str
    gone: tuple[str, ...] = ()
    come: tuple[str, ...] = ()


def differences(old: Content, new: Content) -> list[Difference]:
    """Return what differs between two reports, figures first; nothing where they say the same."""
    return [*_of_figures(old, new), *_of_findings(old, new)]


def _of_figures(old: Content, new: Content) -> list[Difference]:
    before = {f.code: f for f in figures_of(old)}
    after = {f.code: f for f in figures_of(new)}
    found = []
    for code in dict.fromkeys([*before, *after]):
        was, now = before.get(code), after.get(code)
        rows = (set(was.rows) if was else set(), set(now.rows) if now else set())
        if was and now and was.value == now.value and rows[0] == rows[1]:
            continue
        label = now.label if now else was.label if was else code
        gone, come = sorted(rows[0] - rows[1]), sorted(rows[1] - rows[0])
        values = (was.value if was else "—", now.value if now else "—")
        found.append(Difference(label, *values, tuple(gone), tuple(come)))
    return found


def _of_findings(old: Content, new: Content) -> list[Difference]:
    before, after = _findings(old), _findings(new)
    found = []
    for code in dict.fromkeys([*before, *after]):
        was, now = before.get(code), after.get(code)
        title = (now or was or ("", ""))[0]
        said_before, said_after = was[1] if was else "—", now[1] if now else "—"
        if said_before != said_after:
            found.append(Difference(title, said_before, said_after))
    return found


def _findings(content: Content) -> Mapping[str, tuple[str, str]]:
    return {
        said(each, "id"): (said(each, "title"), _standing(each))
        for each in content.get("issues") or []
        if isinstance(each, dict) and said(each, "id")
    }


def _standing(issue: Content) -> str:
    claimed = said(issue, "status", "claimed") or "—"
    verified = said(issue, "status", "verified")
    return f"自述{claimed}；核验{verified}" if verified else f"自述{claimed}"
