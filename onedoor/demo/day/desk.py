"""What somebody in the hall does, as requests: the one place that knows the addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from onedoor.demo.day.crowd import Visitor
from onedoor.demo.day.wire import Answer, Wire


class Hall(Protocol):
    """What people and windows of a day ask for, and are answered."""

    def take(self, who: Visitor) -> Answer: ...
    def come_back(self, number: str, seen: int) -> Answer: ...
    def window(self, window: int, what: str) -> Answer: ...
    def next(self, window: int, key: str) -> Answer: ...
    def step(self, window: int, number: str, action: str, seen: int, **more: Any) -> Answer: ...


@dataclass(frozen=True)
class Desks:
    """The hall as people and windows reach it: the guide's token for numbers, a clerk's each."""

    wire: Wire
    day: str
    guide: str
    clerks: dict[int, str]

    def take(self, who: Visitor) -> Answer:
        """Take a number, at a kiosk, a guide's desk or a telephone."""
        body: dict[str, Any] = {"group": who.letter, "channel": who.channel.value}
        if who.is_special:
            body["special"] = "elder"
        return self._post("/tickets", self.guide, body, key=f"{self.day}-{who.number}")

    def come_back(self, number: str, seen: int) -> Answer:
        """Say that one is back, at the guide's desk."""
        return self._post(f"/tickets/{number}/return", self.guide, {"seen": seen})

    def window(self, window: int, what: str) -> Answer:
        """Open a window, let it pause for a meal, go on, or close."""
        body = {"reason": "meal"} if what == "pause" else {}
        return self._post(f"/windows/{window}/{what}", self.clerks[window], body)

    def next(self, window: int, key: str) -> Answer:
        """Call who is next."""
        whole = f"{self.day}-{key}"
        return self._post(f"/windows/{window}/next", self.clerks[window], {}, key=whole)

    def step(self, window: int, number: str, action: str, seen: int, **more: Any) -> Answer:
        """Recall, start, skip or end the ticket that is at a window, as it was seen."""
        told = {"seen": seen, **more}
        return self._post(f"/tickets/{number}/{action}", self.clerks[window], told)

    def _post(self, path: str, token: str, body: dict[str, Any], key: str = "") -> Answer:
        return self.wire.ask("POST", f"/hall{path}", token=token, body=body, key=key)
