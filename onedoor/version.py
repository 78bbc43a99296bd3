"""The version number: the first heading of CHANGELOG.md in a checkout, else the package's own."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

_CHANGELOG = Path(__file__).resolve().parents[1] / "CHANGELOG.md"


def _version() -> str:
    if _CHANGELOG.exists():
        found = re.search(r"^## (\d+\.\d+\.\d+)", _CHANGELOG.read_text(encoding="utf-8"), re.M)
        if found:
            return found[1]
    return metadata.version("onedoor")


VERSION = _version()
