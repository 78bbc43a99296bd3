"""Who makes the keys of seals and signs with them, behind one protocol.

The demo authority is built in. Devices (PKCS#11), SM2 and the province's unified service come
later, behind the same protocol.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple, Protocol


class Keys(NamedTuple):
    """A private key and its certificate, both as PEM."""

    key: str
    certificate: str


class Place(NamedTuple):
    """Where the visible stamp goes: page from 0, its middle in points from the lower left."""

    page: int
    x: float
    y: float


class Backend(Protocol):
    """What seals need of whoever keeps their keys."""

    mark: str
    """What has to stand on every stamp; empty where the seal has force of law."""

    def authority(self) -> Keys:
        """Make the keys of the authority."""

    def keys(self, authority: Keys, *, name: str, unit: str, first: date, last: date) -> Keys:
        """Make the keys of a seal."""

    def sign(
        self, pdf: bytes, *, seal: Keys, authority: str, name: str, place: Place, at: datetime
    ) -> bytes:
        """Return the PDF with a signature and a visible stamp added behind its last byte."""


def backend() -> Backend:
    """Return the backend of this installation; loaded where somebody seals, not before."""
    from onedoor.seals.backends.demo import Demo  # pyHanko: what never seals needs none of it

    return Demo()
