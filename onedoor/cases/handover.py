"""Whom a window has before it, handed from the hall's page to the intake's: encrypted, in the
session alone, never in an address."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import MutableMapping
from typing import Any

from onedoor.cases.rules.words import ApplicantKind, IdType
from onedoor.kernel import crypto

_KEY = "desk_person"
_PURPOSE = "desk.person"


def hand_over(session: MutableMapping[str, Any], *, name: str, id_number: str, phone: str) -> None:
    """Keep who stands at the window until the next receipt; who said nothing clears it."""
    session.pop(_KEY, None)
    told = {"name": name, "id_number": id_number, "phone": phone}
    if any(told.values()):
        text = json.dumps(told, ensure_ascii=False)
        session[_KEY] = b64encode(crypto.encrypt(text, purpose=_PURPOSE)).decode()


def handed_over(session: MutableMapping[str, Any]) -> dict[str, str]:
    """Return what the intake's form can start with: somebody the hall knows, or nothing."""
    kept = session.get(_KEY)
    if not kept:
        return {}
    told: dict[str, str] = json.loads(crypto.decrypt(b64decode(kept), purpose=_PURPOSE))
    if told["id_number"]:
        told |= {"kind": ApplicantKind.PERSON.value, "id_type": IdType.CITIZEN_ID.value}
    return {name: value for name, value in told.items() if value}
