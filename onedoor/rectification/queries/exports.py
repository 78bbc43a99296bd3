"""Exports with proofs: who may ask for them, and how far each is."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from onedoor.accounts.queries import names_of
from onedoor.accounts.rules import Actor, Role
from onedoor.kernel.errors import NotFound
from onedoor.rectification.models import ProofExport, ProofPart

EXPORTING = (Role.AUDITOR, Role.AUDIT_SUPERVISOR, Role.SUPERVISOR, Role.AUDIT_ADMIN)


def exports(actor: Actor) -> QuerySet[ProofExport]:
    """Return what was asked for, the latest first: all of it, for all who may ask."""
    if not actor.holds_any(*EXPORTING):
        return ProofExport.objects.none()
    return ProofExport.objects.order_by("-asked_at", "-number")


def part_for(actor: Actor, number: str, place: int) -> ProofPart:
    """Return a part that is made, or refuse."""
    rows = ProofPart.objects.select_related("export", "package")
    found = rows.filter(export__number=number, place=place, package__isnull=False).first()
    if found is None or not actor.holds_any(*EXPORTING):
        raise NotFound("proofs.no_part", "没有这份导出，或者还没有做好。")
    return found


@dataclass(frozen=True)
class Asked:
    """An export as its list shows it."""

    export: ProofExport
    parts: list[ProofPart]
    made: int
    who: str

    @property
    def is_ready(self) -> bool:
        return self.made == len(self.parts)


def told(rows: list[ProofExport]) -> list[Asked]:
    """Return exports with their parts and who asked; two statements for all of them."""
    names = names_of(row.asked_by for row in rows)
    parts: dict[object, list[ProofPart]] = {}
    kept = ProofPart.objects.filter(export__in=rows).select_related("package", "export")
    for part in kept.order_by("place"):
        parts.setdefault(part.export_id, []).append(part)
    return [
        Asked(
            row,
            found := parts.get(row.pk, []),
            sum(each.make_at is None for each in found),
            names.get(row.asked_by, ""),
        )
        for row in rows
    ]
