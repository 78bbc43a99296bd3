"""The rows of the open data sets, read a few hundred at a time; nothing of persons is in them."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.urls import reverse

from onedoor.kernel import sheets
from onedoor.kernel.clock import day_of, local
from onedoor.rectification.models import Finding
from onedoor.reports import pack, publications
from onedoor.reports.models import Edition
from onedoor.reports.rules.open_data import COLUMNS, Dataset, dictionary
from onedoor.reports.rules.publishing import privacy
from onedoor.version import VERSION

CHUNK = 500
Row = dict[str, Any]


def findings() -> QuerySet[Finding]:
    """Return the published findings, in the order of their numbers."""
    return Finding.objects.filter(is_public=True).order_by("number")


def _findings() -> Iterator[Row]:
    rows = findings().select_related("project", "unit").defer("detail", "claim_lead", "heading")
    for f in rows.iterator(chunk_size=CHUNK):
        yield {
            "number": f.number,
            "project": _clean(f.project.title),
            "title": _clean(f.title),
            "category": f.category,
            "subcategory": f.subcategory,
            "class": f.kind.zh,
            "unit": f.unit.name if f.unit else "",
            "deadline": f.due_on.isoformat() if f.due_on else "",
            "state": f.standing.zh,
            "claimed": f.claim.zh if f.claim.value else "",
            "verified": f.result.zh if f.outcome else "",
            "opened_on": day_of(f.opened_at).isoformat(),
            "closed_on": day_of(f.closed_at).isoformat() if f.closed_at else "",
            "reopened": f.reopened_count,
        }


def _clean(text: str) -> str:
    """Return a text with whatever looks like a number or name of a person masked."""
    for hit in privacy.find(text, pack.rules().patterns):
        end = hit.start + hit.length
        text = text[: hit.start] + privacy.masked(hit.kind, text[hit.start : end]) + text[end:]
    return text


def _published() -> QuerySet[Edition]:
    return publications.public().order_by("publication__number")


def _information() -> Iterator[Row]:
    for e in _published().iterator(chunk_size=CHUNK):
        assert e.published_at is not None
        yield {
            "index_number": e.publication.index_number,
            "title": e.title,
            "column": e.column,
            "publisher": e.publisher_name,
            "doc_number": e.doc_number,
            "formed_on": e.formed_on.isoformat(),
            "published_on": day_of(e.published_at).isoformat(),
            "validity": e.holds.zh,
            "topic": e.topic,
            "genre": e.genre,
            "edition": e.number,
            "digest": e.digest,
            "address": reverse("reports:publication", args=[e.publication.number]),
        }


def _figures() -> Iterator[Row]:
    rows = _published().defer(None).defer("paragraphs", "tables", "text")
    for e in rows.iterator(chunk_size=CHUNK):
        assert e.published_at is not None
        for figure in e.figures:
            yield {
                "index_number": e.publication.index_number,
                "edition": e.number,
                "published_on": day_of(e.published_at).isoformat(),
                **{key: figure[key] for key in ("code", "label", "value", "query", "at")},
            }


ROWS: dict[Dataset, Callable[[], Iterator[Row]]] = {
    Dataset.FINDINGS: _findings,
    Dataset.INFORMATION: _information,
    Dataset.FIGURES: _figures,
}


@dataclass(frozen=True)
class Stand:
    """How a data set stands: when it last changed, how many rows it is made from, its tag."""

    updated_at: datetime | None
    count: int
    etag: str


def stand(dataset: Dataset) -> Stand:
    """Return how a data set stands; one statement."""
    if dataset is Dataset.FINDINGS:
        told = findings().aggregate(at=Max("moved_at"), n=Count("pk"))
    else:
        ever = Edition.objects.filter(published_at__isnull=False)
        told = ever.aggregate(at=Max("published_at"), ended=Max("ended_at"), n=Count("pk"))
        told["at"] = max(filter(None, (told["at"], told["ended"])), default=None)
    at, count = told["at"], told["n"]
    mark = f"{VERSION} {dataset.value} {count} {at.astimezone(UTC).isoformat() if at else ''}"
    # The licence and the words of the columns belong to what was taken.
    mark += repr((COLUMNS[dataset], pack.rules().licence))
    return Stand(at, count, f'"{sha256(mark.encode()).hexdigest()[:32]}"')


class _Echo:
    """A file that gives back what is written to it, so that a row is sent and not kept."""

    def write(self, text: str) -> str:
        return text


def as_csv(dataset: Dataset) -> Iterator[str]:
    """Yield a data set as CSV, its head the keys of the dictionary; no cell is a formula."""
    writer = csv.writer(_Echo())
    keys = [c.key for c in COLUMNS[dataset]]
    yield "\ufeff" + writer.writerow(keys)
    for row in ROWS[dataset]():
        yield writer.writerow([sheets.cell(row[key]) for key in keys])


def as_json(dataset: Dataset) -> Iterator[str]:
    """Yield a data set as JSON with its dictionary, licence and the moment it last changed."""
    head = json.dumps(told_of(dataset), ensure_ascii=False)
    yield f'{head[:-1]}, "rows": ['
    yield from _joined(json.dumps(row, ensure_ascii=False) for row in ROWS[dataset]())
    yield "\n]}\n"


def _joined(rows: Iterable[str]) -> Iterator[str]:
    for n, row in enumerate(rows):
        yield f"{',' if n else ''}\n{row}"


def told_of(dataset: Dataset) -> dict[str, Any]:
    """Return what goes with a data set: its name, dictionary, licence, when it last changed."""
    at = stand(dataset).updated_at
    return {
        "dataset": dataset.value,
        "name": dataset.zh,
        "updated_at": local(at).isoformat(timespec="seconds") if at else None,
        "licence": pack.rules().licence,
        "columns": dictionary(dataset),
    }
