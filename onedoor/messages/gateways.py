"""Where messages go: the county's gateway, or a folder without one; letters by Django's mail.

A gateway takes a number or address, a text and a key, and takes the same key twice without sending
twice; a letter carries its key as its name, by which a mail server or reader knows it again. The
same tests hold for every one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Protocol
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from django.conf import settings
from django.core.mail import EmailMessage

TIMEOUT = 10
"""Seconds; shorter than the worker's lease."""
TRY_AGAIN = frozenset({408, 425, 429})
"""Answers of a gateway that is there but wants to be asked later, as all from 500 on are."""


REFUSED_FOR_GOOD = 500
"""From this answer on a mail server will never take letters to an address."""


class Undelivered(Exception):
    """The gateway did not take a message: for now, or for good (``is_final``)."""

    def __init__(self, fault: str, *, is_final: bool) -> None:
        super().__init__(fault)
        self.fault, self.is_final = fault, is_final


class Gateway(Protocol):
    """Something that sends messages: to a mobile number, or to an e-mail address."""

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


class Mail:
    """Sends letters through Django's mail backend: a mail server, or files in a folder of the data.

    The first line of a text is the subject.
    """

    name = "mail"

    def send(self, phone: str, text: str, *, key: str) -> None:
        subject, _, body = text.partition("\n")
        domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
        letter = EmailMessage(
            subject, body, to=[phone], headers={"Message-ID": f"<{key}@{domain}>"}
        )
        try:
            letter.send()
        except SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            is_final = bool(codes) and min(codes) >= REFUSED_FOR_GOOD
            raise Undelivered(f"SMTP {min(codes, default=0)}", is_final=is_final) from error
        except (SMTPException, OSError) as error:
            raise Undelivered(type(error).__name__, is_final=False) from error
        except ValueError as error:  # an address no letter can be written to
            raise Undelivered(type(error).__name__, is_final=True) from error


def mailer() -> Gateway:
    """Return what letters go through."""
    return Mail()


def gateway() -> Gateway:
    """Return the gateway this installation was told of, or the folder."""
    if settings.SMS_GATEWAY:
        return Http(settings.SMS_GATEWAY, settings.SMS_TOKEN)
    return Folder(Path(settings.DATA) / "messages")
