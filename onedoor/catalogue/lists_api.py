"""The public's lists for programs: themes, events of a life, letters, with how many items each."""

from __future__ import annotations

from ninja import Router, Schema

from onedoor.accounts.queries import require_scope
from onedoor.accounts.rules import Scope
from onedoor.accounts.web import Request
from onedoor.catalogue import queries
from onedoor.catalogue.rules.life_events import By

router = Router(tags=["items"])


class PlaceOut(Schema):
    """A place in the public's lists (分类)."""

    key: str
    name: str
    count: int


@router.get("", response=list[PlaceOut], operation_id="list_places", summary="分类目录")
def list_places(request: Request, by: By) -> list[PlaceOut]:
    """List where items stand: themes, events of a life, letters; each with how many items."""
    require_scope(request.actor, Scope.READ)
    return [PlaceOut(key=p.key, name=p.name, count=p.count) for p in queries.places(by)]
