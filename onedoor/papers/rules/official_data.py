"""An official document as plain data and back: how it is kept, for as long as it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from onedoor.papers.rules.official import (
    Attachment,
    Document,
    Form,
    Heading,
    Imprint,
    Piece,
    Table,
    Text,
)

_PIECES: dict[str, type[Piece]] = {"heading": Heading, "text": Text, "table": Table}
_NAMES = {kind: name for name, kind in _PIECES.items()}


def told(document: Document) -> dict[str, Any]:
    """Return a document as data: texts, numbers, lists; every field by its name.

    >>> paper = Document(title="甲", unit="乙", day=date(2026, 3, 6), body=(Text("丙"),))
    >>> read(told(paper)) == paper
    True
    """
    return {each.name: _told(getattr(document, each.name)) for each in fields(document)}


def _told(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_told(each) for each in value]
    if isinstance(value, Form):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (Heading, Text, Table)):
        return _fields(value) | {"piece": _NAMES[type(value)]}
    return _fields(value) if isinstance(value, (Attachment, Imprint)) else value


def _fields(value: Piece | Attachment | Imprint) -> dict[str, Any]:
    return {each.name: _told(getattr(value, each.name)) for each in fields(value)}


def read(data: Mapping[str, Any]) -> Document:
    """Return the document that was kept; what a later release added has its usual value."""
    imprint = data.get("imprint")
    return Document(
        title=data["title"],
        unit=data["unit"],
        day=date.fromisoformat(data["day"]),
        body=_body(data["body"]),
        form=Form(data["form"]),
        head=data["head"],
        number=data["number"],
        recipients=tuple(data["recipients"]),
        signer=data["signer"],
        copy_number=data["copy_number"],
        secrecy=data["secrecy"],
        urgency=data["urgency"],
        attachments=tuple(
            Attachment(each["name"], _body(each["body"]), is_landscape=each["is_landscape"])
            for each in data["attachments"]
        ),
        is_sealed=data["is_sealed"],
        note=data["note"],
        imprint=_imprint(imprint) if imprint else None,
    )


def _imprint(data: Mapping[str, Any]) -> Imprint:
    on = data["printed_on"]
    return Imprint(
        tuple(data["copies_to"]), data["printed_by"], date.fromisoformat(on) if on else None
    )


def _body(data: Sequence[Mapping[str, Any]]) -> tuple[Piece, ...]:
    return tuple(_piece(each) for each in data)


def _piece(data: Mapping[str, Any]) -> Piece:
    said = {name: value for name, value in data.items() if name != "piece"}
    if data["piece"] == "table":
        said |= {
            "head": tuple(said["head"]),
            "rows": tuple(tuple(row) for row in said["rows"]),
            "widths": tuple(said["widths"]),
        }
    return _PIECES[data["piece"]](**said)
