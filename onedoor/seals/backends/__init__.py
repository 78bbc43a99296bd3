"""Who keeps the keys of seals and signs with them, behind one protocol.

Built in are the demo authority and a file (PKCS#12) that an authority gave out, opened by a PIN
each time. Devices (PKCS#11) and the province's unified service come later, behind the same
protocol.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, Protocol

from onedoor.seals.rules.words import Backing


class Keys(NamedTuple):
    """A private key, its certificate, and those who vouch for it one after another: all PEM.

    As a seal keeps them, the key may be locked up in what only its backend can open.
    """

    key: str
    certificate: str
    chain: str = ""


class Place(NamedTuple):
    """Where the visible stamp goes: page from 0, its middle in points from the lower left."""

    page: int
    x: float
    y: float


class WrongPin(Exception):
    """The PIN does not open the key."""


class Backend(Protocol):
    """What seals need of whoever keeps their keys."""

    mark: str
    """What has to stand on every stamp; empty where the seal has force of law."""

    needs_pin: bool
    """Whether the keeper gives a PIN each time."""

    def opened(self, kept: Keys, *, pin: str) -> Keys:
        """Return the keys as they sign, or raise ``WrongPin``."""

    def sign(self, pdf: bytes, *, seal: Keys, name: str, place: Place, at: datetime) -> bytes:
        """Return the PDF with a signature and a visible stamp added behind its last byte."""


NEED_PIN = frozenset({Backing.PKCS12})
"""The backings whose keeper gives a PIN, for whoever shows a form and loads no backend."""


def backend(backing: Backing = Backing.DEMO) -> Backend:
    """Return a backend; loaded where somebody seals, not before: pyHanko comes with it."""
    if backing is Backing.PKCS12:
        from onedoor.seals.backends.pkcs12 import Pkcs12

        return Pkcs12()
    from onedoor.seals.backends.demo import Demo

    return Demo()
