"""Findings with all that their ledgers tell of them: a statement for each kind of row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import QuerySet

from onedoor.accounts.queries import names_of
from onedoor.papers.models import Letter
from onedoor.papers.queries import letters_about
from onedoor.rectification.models import (
    Amount,
    Evidence,
    Extension,
    Finding,
    FindingUnit,
    Measure,
    Recheck,
    Recommendation,
    Signature,
    Supervision,
    UpwardMatter,
)
from onedoor.rectification.rules.words import EvidenceKind, EvidenceState, LetterKind

Cells = Sequence[object]


class Sheet(NamedTuple):
    """One ledger: its name, its columns, its lines."""

    name: str
    heads: tuple[str, ...]
    lines: Iterable[Cells]


@dataclass
class Whole:
    """A finding with what belongs to it, each in the order it is told."""

    finding: Finding
    names: dict[str, str]
    measures: list[Measure] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    amounts: list[Amount] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    supervisions: list[Supervision] = field(default_factory=list)
    rechecks: list[Recheck] = field(default_factory=list)
    upward: list[UpwardMatter] = field(default_factory=list)
    signatures: list[Signature] = field(default_factory=list)
    co_units: list[FindingUnit] = field(default_factory=list)
    advice: list[Recommendation] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)

    @property
    def unit(self) -> str:
        return self.finding.unit.name if self.finding.unit else ""

    @property
    def due_yuan(self) -> float | None:
        return sum(a.due_fen for a in self.amounts) / 100 if self.amounts else None

    @property
    def approved(self) -> list[Evidence]:
        return [e for e in self.evidence if e.standing is EvidenceState.APPROVED]

    @property
    def regulations(self) -> list[Evidence]:
        return [e for e in self.approved if e.what is EvidenceKind.REGULATION]

    def number_of(self, kind: LetterKind, about: str = "") -> str:
        """Return the number under which a letter went out last, of a row of its own where told."""
        sent = [x for x in self.letters if x.kind == kind.value and about in ("", x.about)]
        return sent[-1].number if sent else ""

    def name(self, ref: str) -> str:
        return self.names.get(ref, "")


BATCH = 500
"""So many findings are asked about in one statement: a database takes only so many values."""


def read(rows: Sequence[Finding]) -> list[Whole]:
    """Return findings with all that belongs to them; a dozen statements for each few hundred."""
    return [
        whole
        for first in range(0, len(rows), BATCH)
        for whole in _read(rows[first : first + BATCH])
    ]


def _read(rows: Sequence[Finding]) -> list[Whole]:
    ids = [row.pk for row in rows]
    beside: dict[str, QuerySet[Any]] = {
        "measures": Measure.objects.prefetch_related("milestones")
        .select_related("unit")
        .order_by("sequence"),
        "evidence": Evidence.objects.exclude(state=EvidenceState.WITHDRAWN.value)
        .select_related("measure")
        .order_by("sequence"),
        "amounts": Amount.objects.prefetch_related("payments").order_by("kind"),
        "extensions": Extension.objects.order_by("asked_at"),
        "supervisions": Supervision.objects.order_by("number"),
        "rechecks": Recheck.objects.order_by("due_on"),
        "upward": UpwardMatter.objects.order_by("sent_on", "addressee"),
        "signatures": Signature.objects.order_by("round", "place"),
        "co_units": FindingUnit.objects.select_related("unit").order_by("unit__sequence"),
    }
    kept = {name: _by_finding(query.filter(finding__in=ids)) for name, query in beside.items()}
    letters: defaultdict[str, list[Letter]] = defaultdict(list)
    for letter in letters_about(row.subject for row in rows):
        letters[letter.subject].append(letter)
    names = names_of(_people(kept) | {x.issued_by for sent in letters.values() for x in sent})
    advised: defaultdict[tuple[Any, Any], list[Recommendation]] = defaultdict(list)
    projects = {row.project_id for row in rows}
    for each in Recommendation.objects.filter(project__in=projects).order_by("number"):
        advised[each.project_id, each.unit_id].append(each)
    return [
        Whole(
            row,
            names,
            advice=advised[row.project_id, row.unit_id],
            letters=letters[row.subject],
            **{name: found[row.pk] for name, found in kept.items()},
        )
        for row in rows
    ]


def _by_finding(rows: Iterable[Any]) -> defaultdict[Any, list[Any]]:
    found: defaultdict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.finding_id].append(row)
    return found


def _people(kept: dict[str, defaultdict[Any, list[Any]]]) -> set[str]:
    """Return the refs of everybody a ledger names."""
    fields = {
        "supervisions": ("issued_by",),
        "extensions": ("asked_by", "decided_by"),
        "rechecks": ("done_by",),
        "signatures": ("signer",),
    }
    return {
        ref
        for kind, names in fields.items()
        for rows in kept[kind].values()
        for row in rows
        for name in names
        if (ref := getattr(row, name))
    }
