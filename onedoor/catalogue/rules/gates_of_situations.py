"""The gate of the questions that cut the list of papers (情形引导)."""

from __future__ import annotations

from collections.abc import Iterator

from onedoor.catalogue.rules.content import Content
from onedoor.catalogue.rules.setting import Setting
from onedoor.catalogue.rules.situations import faults
from onedoor.kernel.errors import NotValid


def hold_together(content: Content, setting: Setting) -> Iterator[NotValid]:
    """Every way through ends, none goes round, and each paper they speak of is asked for."""
    yield from faults(content.situations, {one.name for one in content.materials})
