"""Where messages go: the county's gateway, or a folder where there is none.

A gateway takes a number, a text and a key, and takes the same key twice without sending twice. The
same tests hold for every one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from django.conf import settings

TIMEOUT = 10
"""Seconds; shorter than the worker's lease."""
TRY_AGAIN = frozenset({408, 425, 429})
"""Answers of a gateway that is there but wants to be asked later, as all from 500 on are."""


class Undelivered(Exception):
    """The gateway did not take a message: for now, or for good (``is_final``)."""

    def __init__(self, fault: str, *, is_final: bool) -> None:
        super().__init__(fault)
        self.fault, self.is_final = fault, is_final


class Gateway(Protocol):
    """Something that sends text messages."""

    name: str

    def send(self, phone: str, text: str, *, key: str) -> None:
        """Send a text to a number, once for each key, or raise ``Undelivered``."""


class Folder:
    """Writes each message to a file: for trial and training, where nobody may be disturbed."""

    name = "folder"

    def __init__(self, place: Path) -> None:
        self.place = place

    def send(self, phone: str, text: str, *, key: str) -> None:
        try:
            self.place.mkdir(parents=True, exist_ok=True, mode=0o700)
            path = self.place / f"{key}.txt"
            path.touch(mode=0o600)
            path.write_text(f"{phone}\n{text}\n", encoding="utf-8")
        except OSError as error:
            raise Undelivered(type(error).__name__, is_final=False) from error


class Http:
    """Sends a JSON object (``phone``, ``text``, ``key``) to an address with a bearer token."""

    name = "http"

    def __init__(self, address: str, token: str) -> None:
        self.address, self.token = address, token

    def send(self, phone: str, text: str, *, key: str) -> None:
        body = json.dumps({"phone": phone, "text": text, "key": key}).encode()
        try:
            with urlopen(self._request(body), timeout=TIMEOUT):
                return
        except HTTPError as error:
            error.close()
            is_final = error.code < 500 and error.code not in TRY_AGAIN
            raise Undelivered(f"HTTP {error.code}", is_final=is_final) from error
        except (URLError, OSError) as error:
            raise Undelivered(type(error).__name__, is_final=False) from error

    def _request(self, body: bytes) -> Request:
        headers: Mapping[str, str] = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {self.token}",
        }
        return Request(self.address, data=body, headers=dict(headers), method="POST")


def gateway() -> Gateway:
    """Return the gateway this installation was told of, or the folder."""
    if settings.SMS_GATEWAY:
        return Http(settings.SMS_GATEWAY, settings.SMS_TOKEN)
    return Folder(Path(settings.DATA) / "messages")
