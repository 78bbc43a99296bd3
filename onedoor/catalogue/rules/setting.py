"""What the publish gates know beside the content itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from onedoor.catalogue.rules.plain_words import PlainWords
from onedoor.catalogue.rules.words import ItemState, Origin


class Basic(NamedTuple):
    """The item's line in the basic directory (基本目录)."""

    name: str
    item_type: str
    state: ItemState


@dataclass(frozen=True, kw_only=True)
class Setting:
    """The day, how the version came in, the words not to use, the directory's line, the files.

    ``has_directory``: the basic directory was taken in, so that a code not in it is one too many.
    ``files`` are the digests that were uploaded to be shown in a guide; ``unfound`` what one may
    type of the item without seeing it among the first answers.
    """

    on: date
    origin: Origin
    words: PlainWords
    basic: Basic | None = None
    has_directory: bool = False
    files: frozenset[str] = frozenset()
    unfound: tuple[str, ...] = ()
