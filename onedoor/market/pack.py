"""The county's own rules of the market as they come with the product, to be handed in."""

from __future__ import annotations

from importlib.resources import files

from django.conf import settings

FILE = "market.toml"


def text() -> str:
    """Return the text of the county's rules; nothing where it has none."""
    path = files("onedoor") / "packs" / settings.COUNTY / FILE
    return path.read_text(encoding="utf-8") if path.is_file() else ""
