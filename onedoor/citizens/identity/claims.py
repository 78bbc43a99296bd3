"""Whom an identity service says somebody is: the one contract its adapters keep.

``begin`` answers where to send somebody and what to remember meanwhile; ``finish`` what came back
as an ``Identity``, or refuses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from onedoor.kernel import packs
from onedoor.kernel.codes import citizen_id
from onedoor.kernel.codes import phone as phones
from onedoor.kernel.errors import NotValid, Refusal

CITIZEN_ID = "111"


@dataclass(frozen=True)
class Identity:
    """Somebody as an identity service knows them; ``phone`` may be empty."""

    name: str
    id_type: str
    id_number: str
    phone: str = ""


class Service(Protocol):
    """Something that knows who people are."""

    name: str

    def begin(self, back: str) -> tuple[str, Mapping[str, str]]:
        """Return the address to go to, and what to remember until somebody comes ``back``."""

    def finish(
        self, told: Mapping[str, str], kept: Mapping[str, str], back: str, *, on: date
    ) -> Identity:
        """Return who came back on that day, or refuse."""


def named() -> Mapping[str, Any]:
    """Return what the county says of the service: its name, and which claim means what."""
    told: Mapping[str, Any] = packs.county().get("identity", {})
    return told


def read(claims: Mapping[str, Any], *, on: date) -> Identity:
    """Return the person a service's claims tell of, or refuse claims that name nobody."""
    told = named()

    def said(what: str) -> str:
        return str(claims.get(str(told.get(what, what)), "")).strip()

    id_type = str(claims.get("id_type") or told.get("id_type", CITIZEN_ID))
    number = said("id_number").upper()
    try:
        if id_type == CITIZEN_ID:
            number = citizen_id.parse(number, on=on).value
        phone = phones.parse(said("phone")).value if said("phone") else ""
    except NotValid:
        number, phone = "", ""
    if not said("name") or not number:
        raise Refusal(
            "identity.unreadable",
            "统一身份认证没有说清您是谁，没有登录。请再试一次，或者用手机号登录。",
        )
    return Identity(said("name")[:100], id_type, number, phone)
