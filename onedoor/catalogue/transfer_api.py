"""The transfer list (划转事项清单) for programs: read, written as a draft, published."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from ninja import Router, Schema
from pydantic import Field

from onedoor.accounts.queries import require_scope
from onedoor.accounts.rules import Role, Scope
from onedoor.accounts.web import Request
from onedoor.catalogue import queries
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.models import TransferBatch
from onedoor.catalogue.rules.transfers import BatchState, BatchTold, Moved
from onedoor.kernel import clock

router = Router(tags=["transfers"])


class TransferUnitOut(Schema):
    code: str
    name: str
    items: int


class TransferLineOut(Schema):
    number: int
    basis: str
    effective_on: date
    unit: str
    state: BatchState
    unit_count: int
    item_count: int


class TransferItemOut(Schema):
    item: str
    name: str
    former_unit: str
    kept_duties: str


class TransferOut(TransferLineOut):
    units: list[TransferUnitOut]
    items: list[TransferItemOut]


class TransferItemIn(Schema):
    item: Annotated[str, Field(max_length=64)]
    kept_duties: Annotated[str, Field(max_length=300)] = ""
    liaison: Annotated[str, Field(max_length=100)] = ""


class TransferIn(Schema):
    """A batch; sent again with the same number it takes the place of its draft."""

    number: int
    basis: Annotated[str, Field(max_length=200)]
    effective_on: date
    unit: Annotated[str, Field(max_length=64)]
    items: Annotated[list[TransferItemIn], Field(max_length=2000)]


@router.get(
    "", response=list[TransferLineOut], operation_id="list_transfers", summary="划转事项清单"
)
def list_transfers(request: Request) -> Any:
    """List the batches; drafts only for those who write and publish them."""
    return [_line(batch) for batch in queries.batches(with_drafts=_sees_drafts(request))]


@router.get(
    "/{int:number}",
    response=TransferOut,
    operation_id="read_transfer",
    summary="读一批划转事项",
)
def read_transfer(request: Request, number: int) -> Any:
    """Read a batch with the departments the powers go from, and every item."""
    return _body(queries.batch(number, with_drafts=_sees_drafts(request)))


@router.post(
    "", response=TransferOut, operation_id="draft_transfer", summary="写一批划转事项的草稿"
)
def draft_transfer(request: Request, body: TransferIn) -> Any:
    """Write a batch down as a draft; another person publishes it."""
    require_scope(request.actor, Scope.WORK)
    told = BatchTold(
        number=body.number,
        basis=body.basis,
        effective_on=body.effective_on,
        unit=body.unit,
        items=[Moved(each.item, each.kept_duties, each.liaison) for each in body.items],
    )
    catalogue.draft_transfer(told, by=request.actor, at=clock.now())
    return _body(queries.batch(body.number, with_drafts=True))


@router.post(
    "/{int:number}/publish",
    response=TransferOut,
    operation_id="publish_transfer",
    summary="公布一批划转事项",
)
def publish_transfer(request: Request, number: int) -> Any:
    """Publish a batch; refused to whoever wrote it."""
    require_scope(request.actor, Scope.WORK)
    catalogue.publish_transfer(number, by=request.actor, at=clock.now())
    return _body(queries.batch(number, with_drafts=True))


def _sees_drafts(request: Request) -> bool:
    actor = request.actor
    require_scope(actor, Scope.READ)
    return bool(actor.holds_any(Role.EDITOR, Role.PUBLISHER))


def _line(batch: TransferBatch) -> dict[str, Any]:
    names = ("number", "basis", "effective_on", "state", "unit_count", "item_count")
    return {name: getattr(batch, name) for name in names} | {"unit": batch.unit.name}


def _body(batch: TransferBatch) -> dict[str, Any]:
    return _line(batch) | {
        "units": [
            {"code": each.unit.code, "name": each.unit.name, "items": each.items}
            for each in queries.from_units(batch)
        ],
        "items": [
            {
                "item": row.item.code,
                "name": row.item.current_version.name if row.item.current_version else "",
                "former_unit": row.former_unit.name,
                "kept_duties": row.kept_duties,
            }
            for row in queries.transferred(batch)
        ],
    }
