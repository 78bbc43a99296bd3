"""Requests to the running county: one kept-alive connection a thread, every answer counted."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any, NamedTuple


class Answer(NamedTuple):
    """What the county answered."""

    status: int
    body: dict[str, Any]

    @property
    def is_done(self) -> bool:
        return 200 <= self.status < 300

    @property
    def code(self) -> str:
        """The refusal's code; empty where it was done."""
        return str(self.body.get("code", ""))


@dataclass
class Wire:
    """The way to the county, and what went over it: times in seconds, refusals by code."""

    port: int
    times: list[float] = field(default_factory=list)
    refusals: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    _mine: threading.local = field(default_factory=threading.local)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(
        self, method: str, path: str, *, token: str, body: object = None, key: str = ""
    ) -> Answer:
        """Send one request, again once where the connection was closed, and return the answer.

        With a key the second one is answered as the first was: nothing is done twice.
        """
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        content = json.dumps(body) if body is not None else None
        began = time.perf_counter()
        for is_last in (False, True):
            try:
                found = self._once(method, f"/api/v1{path}", content, headers)
                break
            except (HTTPException, OSError) as error:
                self._mine.wire = None
                if is_last:
                    found = Answer(0, {"code": f"lost: {error}"})
        with self._lock:
            self.times.append(time.perf_counter() - began)
            if not found.is_done:
                self.refusals[f"{found.status} {found.code}"] += 1
                if found.status == 0 or found.status >= 500:
                    self.failures.append(f"{method} {path}: {found.status} {found.code}")
        return found

    def _once(self, method: str, path: str, content: str | None, headers: dict[str, str]) -> Answer:
        wire = getattr(self._mine, "wire", None)
        if wire is None:
            wire = self._mine.wire = HTTPConnection("127.0.0.1", self.port, timeout=60)
        wire.request(method, path, content, headers)
        response = wire.getresponse()
        told = response.read()
        try:
            return Answer(response.status, json.loads(told) if told else {})
        except ValueError:
            return Answer(response.status, {"code": "not_json"})
