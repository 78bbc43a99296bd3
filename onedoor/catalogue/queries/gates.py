"""What the publish gates must know beside a content: the basic directory, the guide files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from onedoor.catalogue.models import BasicItem
from onedoor.catalogue.queries.guides import guide_files
from onedoor.catalogue.queries.packs import plain_words
from onedoor.catalogue.rules.content import Content
from onedoor.catalogue.rules.gates import Basic, Setting
from onedoor.catalogue.rules.words import ItemState, Origin


@dataclass(frozen=True)
class Known:
    """What the gates must know of some contents: their lines of the directory, their files."""

    directory: Mapping[str, Basic]
    has_directory: bool
    files: frozenset[str]

    def setting(
        self, content: Content, *, on: date, origin: Origin, unfound: tuple[str, ...] = ()
    ) -> Setting:
        """Return what the gates know beside one of the contents."""
        return Setting(
            on=on,
            origin=origin,
            words=plain_words(),
            basic=self.directory.get(content.basic_code),
            has_directory=self.has_directory,
            files=self.files,
            unfound=unfound,
        )


def known_of(contents: Collection[Content]) -> Known:
    """Return what is known of all these contents; a few statements however many they are."""
    lines = directory(content.basic_code for content in contents)
    return Known(lines, bool(lines) or BasicItem.objects.exists(), guide_files(contents))


def directory(codes: Iterable[str]) -> dict[str, Basic]:
    """Return the lines of the basic directory with these codes."""
    wanted = sorted({code for code in codes if code})
    lines = BasicItem.objects.filter(code__in=wanted) if wanted else ()
    return {line.code: Basic(line.name, line.item_type, ItemState(line.state)) for line in lines}
