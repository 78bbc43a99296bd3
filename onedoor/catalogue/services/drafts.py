"""A version before it is published: written by an editor, whole, for somebody else to look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from onedoor.catalogue.models import ItemVersion, Material
from onedoor.catalogue.rules.content import Content, MaterialContent


def material_rows(content: Content, version: ItemVersion) -> Iterator[Material]:
    """Return the rows of a version's materials, in the order they are listed."""
    for order, one in enumerate(content.materials, start=1):
        said = {f.name: getattr(one, f.name) for f in fields(MaterialContent)}
        yield Material(version=version, order=order, **said)
