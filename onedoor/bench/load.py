"""A load generator that costs little: threads, kept-alive sockets, requests prepared as bytes."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

NOT_MODIFIED = 304
Make = Callable[[int, int], bytes | None]
"""(connection, count) → the request to send, or None when there is nothing left."""


@dataclass
class Measured:
    """How long each request took, in seconds; what was not answered with success."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Return the time within which this share of the requests was answered, in ms."""
        ordered = sorted(self.times)
        return 1000 * ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0


def request(
    method: str, path: str, token: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> bytes:
    """Return an HTTP/1.1 request as bytes."""
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {token}",
        *(f"{name}: {value}" for name, value in (headers or {}).items()),
    ]
    if method == "POST":
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def run(
    make: Make,
    *,
    port: int,
    connections: int,
    seconds: float,
    keep_bodies: bool = False,
    pace: float = 0.0,
) -> Measured:
    """Send requests over so many connections at once, for so long, and return what was measured.

    With a pace, so many requests a second are due whatever the server does; their time begins when
    they are due, so that one who had to wait for a connection is not counted as served quickly.
    """
    result, lock = Measured(), threading.Lock()
    start_line = threading.Barrier(connections + 1)
    ends: list[float] = []

    def connection(number: int) -> None:
        times: list[float] = []
        failures: list[str] = []
        bodies: list[bytes] = []
        with socket.create_connection(("127.0.0.1", port)) as wire:
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            start_line.wait()
            started = time.perf_counter()
            until = started + seconds
            count = 0
            while time.perf_counter() < until:
                message = make(number, count)
                if message is None:
                    break
                began = time.perf_counter()
                if pace:
                    due = started + (count * connections + number) / pace
                    time.sleep(max(0.0, due - began))
                    began = due
                count += 1
                wire.sendall(message)
                status, body = _answer(wire)
                times.append(time.perf_counter() - began)
                if not (200 <= status < 300 or status == NOT_MODIFIED):
                    failures.append(f"{status} {body[:200]!r}")
                elif keep_bodies:
                    bodies.append(body)
        with lock:
            ends.append(time.perf_counter())
            result.times += times
            result.failures += failures
            result.bodies += bodies

    threads = [threading.Thread(target=connection, args=(n,)) for n in range(connections)]
    for thread in threads:
        thread.start()
    start_line.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    result.seconds = max(ends) - began
    return result


def _answer(wire: socket.socket) -> tuple[int, bytes]:
    data = b""
    while (end := data.find(b"\r\n\r\n")) < 0:
        part = wire.recv(65536)
        if not part:
            raise ConnectionError("The server closed the connection.")
        data += part
    head = data[:end].lower()
    if int(head[9:12]) == NOT_MODIFIED:  # says nothing more, and need not say how long that is
        return NOT_MODIFIED, b""
    mark = head.index(b"content-length:") + 15
    length = int(head[mark:].split(b"\r", 1)[0])
    body = data[end + 4 :]
    while len(body) < length:
        body += wire.recv(65536)
    return int(head[9:12]), body
