"""Who answers for a company: the register of companies, or a demo's stand-in that says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext_noop

from onedoor.citizens.identity.claims import named
from onedoor.ledger import installation


@dataclass(frozen=True)
class Company:
    """A company as the register knows it, and the document of its legal representative."""

    name: str
    credit_code: str
    legal_number: str


class Register(Protocol):
    """Something that knows companies (企业登记信息)."""

    name: str

    def company(self, code: str) -> Company | None:
        """Return the company with this unified credit code."""


class Standin:
    """The invented companies of the county's file: for a demo, and it says so."""

    name = gettext_noop("演示用的企业登记信息（不是真的）")

    def company(self, code: str) -> Company | None:
        for one in named().get("companies", ()):
            if one["credit_code"] == code:
                return Company(str(one["name"]), code, str(one["legal_number"]))
        return None


def register() -> Register | None:
    """Return the register this installation may ask: none, or the stand-in in a demo."""
    return Standin() if installation.current().is_demo else None
