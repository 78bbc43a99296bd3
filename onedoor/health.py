"""Whether we are well: version, database, ledger head, the worker's last sign of life."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from onedoor.accounts.web import public
from onedoor.ledger import leases, queries
from onedoor.version import VERSION

WORKER_SILENT = 60  # seconds


@public
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the database answers, 503 otherwise; ``status`` says if the worker lags."""
    body: dict[str, object] = {"status": "ok", "version": VERSION}
    try:
        state = queries.state()
        beat = leases.last_beat("worker")
    except DatabaseError:
        return JsonResponse({**body, "status": "down", "database": "unreachable"}, status=503)
    silent = (datetime.now(UTC) - beat).total_seconds() if beat else None
    if silent is None or silent > WORKER_SILENT:
        body["status"] = "degraded"
    return JsonResponse(
        {
            **body,
            "database": connection.vendor,
            "ledger": {
                "size": state.size,
                "pending": state.pending,
                "head": state.head_root,
                "head_size": state.head_size,
                "head_at": state.head_at.isoformat() if state.head_at else None,
            },
            "worker": {"beat_at": beat.isoformat() if beat else None, "silent_seconds": silent},
        }
    )
