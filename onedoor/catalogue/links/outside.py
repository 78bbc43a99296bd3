"""The network itself: one request, to the address that was looked up and checked, and its status.

Only public addresses are asked, after every redirect again: what an editor typed must not become a
way to our neighbours. Nothing of a page is read.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Thread
from urllib.parse import urljoin

from onedoor.catalogue.rules.links import Address, Answer, Reply, is_public, reply_of, take_apart
from onedoor.version import VERSION

SECONDS = 5.0
"""For one connection; the whole of an address has half as much again."""
REDIRECTS = 3
_HEADERS = {"User-Agent": f"OneDoor/{VERSION} link check", "Accept": "*/*", "Connection": "close"}


@dataclass(frozen=True)
class Outside:
    """Asks over the network; ``may_reach`` says which of its addresses are anybody's."""

    may_reach: Callable[[str], bool] = is_public
    seconds: float = SECONDS

    def ask(self, address: str) -> Reply:
        """Return how the address answered, in time.

        A name server or a site that drips a byte a second keeps a thread of its own waiting, not
        the worker, who seals the ledger.
        """
        replies: list[Reply] = []
        asking = Thread(target=lambda: replies.append(self._ask(address)), daemon=True)
        asking.start()
        asking.join(self.seconds * 1.5)
        return replies[0] if replies else Reply(Answer.SILENT)

    def _ask(self, address: str) -> Reply:
        for _ in range(REDIRECTS + 1):
            parts = take_apart(address)
            if parts is None:
                return Reply(Answer.UNFIT)
            try:
                ip = self._ip(parts)
                if ip is None:
                    return Reply(Answer.UNFIT)
                status, led_to = self._status(parts, ip)
            except ssl.SSLError:
                return Reply(Answer.BROKEN)  # a citizen's browser warns of it
            except (OSError, HTTPException, ValueError):
                return Reply(Answer.SILENT)
            if not (300 <= status < 400 and led_to):
                return reply_of(status)
            address = urljoin(address, led_to)
        return Reply(Answer.BROKEN, status)

    def _ip(self, parts: Address) -> str | None:
        """Return one of the name's addresses, or nothing where one of them is not public."""
        found = socket.getaddrinfo(parts.host, parts.port, type=socket.SOCK_STREAM)
        ips = [str(place[4][0]) for place in found]
        return ips[0] if ips and all(self.may_reach(ip) for ip in ips) else None

    def _status(self, parts: Address, ip: str) -> tuple[int, str]:
        """Ask the very address that was checked: the name is not looked up a second time."""
        is_safe = parts.scheme == "https"
        asking = (HTTPSConnection if is_safe else HTTPConnection)(parts.host, parts.port)
        with socket.create_connection((ip, parts.port), timeout=self.seconds) as wire:
            if is_safe:
                context = ssl.create_default_context()
                asking.sock = context.wrap_socket(wire, server_hostname=parts.host)
            else:
                asking.sock = wire
            try:
                asking.request("GET", parts.target, headers=_HEADERS)
                answer = asking.getresponse()
                return answer.status, answer.headers.get("Location", "")
            finally:
                asking.close()
