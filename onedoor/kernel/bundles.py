"""One stylesheet for the public's pages: a phone far from a mast asks once instead of five times.

The parts stay files of their own; they are put together when static files are looked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

NAME = "site.css"
PARTS = ("tokens.css", "base.css", "components.css", "modes.css")
PRINT = "print.css"


def together(folder: Path) -> str:
    """Return the parts one after the other, what is for printing last."""
    parts = [(folder / name).read_text("utf-8") for name in PARTS]
    return "\n".join([*parts, f"@media print {{\n{(folder / PRINT).read_text('utf-8')}}}\n"])


class Bundles(BaseFinder):
    """Finds the stylesheet, written anew whenever a part of it has changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=Path(settings.DATA) / "made")
        super().__init__(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path != NAME:
            return []
        found = self._made()
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        self._made()
        yield NAME, self.storage

    def _made(self) -> str:
        place = Path(self.storage.path(NAME))
        text = together(settings.PACKAGE / "static")
        if not place.exists() or place.read_text("utf-8") != text:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        return str(place)
