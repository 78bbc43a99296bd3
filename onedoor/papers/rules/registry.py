"""Which contents belong to which kind: the one table."""

from __future__ import annotations

from collections.abc import Iterator

from onedoor.papers.rules import arriving, certificates, commitments, endings, procedures, road
from onedoor.papers.rules.contents import Contents
from onedoor.papers.rules.kinds import Kind


def _declared() -> Iterator[type[Contents]]:
    for module in (arriving, road, certificates, procedures, commitments, endings):
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Contents) and "kind" in vars(value):
                yield value


CONTENTS: dict[Kind, type[Contents]] = {each.kind: each for each in _declared()}
"""Every kind with what it must say."""
