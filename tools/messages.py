"""Collect the interface texts and keep their English catalogue.

The texts are written in Chinese in the source and are their own keys. This finds them in Python
by the syntax tree, and in templates as Django does; writes ``django.po`` for a translator to
complete and ``django.mo`` for the program to read. Nothing has to be installed besides Babel.
``--check`` writes nothing and says what is missing, wrong or out of date.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "onedoor"
PO = PACKAGE / "locale/en/LC_MESSAGES/django.po"
MO = PO.with_suffix(".mo")

# Which argument (from 0) of which call is a text, or a singular and its plural.
CALLS: dict[str, tuple[int, ...]] = {
    "gettext": (0,),
    "gettext_lazy": (0,),
    "gettext_noop": (0,),
    "ngettext": (0, 1),
    "ngettext_lazy": (0, 1),
    "_": (0,),
    "Refusal": (1,),
    "NotAllowed": (1,),
    "NotSignedIn": (1,),
    "NotFound": (1,),
    "NotValid": (1,),
    "NotRead": (1,),
    "NotScanned": (1,),
    "NotSeen": (1,),
    "WrongMethod": (1,),
    "TooLarge": (1,),
    "WrongType": (1,),
    "TooOften": (1,),
    "SlotTaken": (1,),
    "Remark": (1,),
    "fault": (1,),
}
CONTEXT_CALLS = {"pgettext", "pgettext_lazy"}
TABLES = {"WEEKDAYS"}
"""Module-level tuples whose every text is shown."""

VOCABULARIES = ("item_types.toml", "code_sets.toml", "feedback.toml", "life_events.toml")
"""The words of the national pack that people choose from and read."""

TEMPLATE_CALLS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)")
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
KEPT = re.compile("^中文$|是/否|20工作日|申请材料")
"""The language's own name, and words that a file to import has to contain."""
HEADER = """\
# The English catalogue of OneDoor. The Chinese text in the source is the key.
# `make messages` adds and removes entries; people write the translations, with the words of
# docs/glossary.md."""
NOISE = (
    "POT-Creation-Date",
    "PO-Revision-Date",
    "Last-Translator",
    "Language-Team",
    "Report-Msgid-Bugs-To",
    "Generated-By",
)


class Text(NamedTuple):
    """One text to translate, where it stands, and its plural and context if it has them."""

    place: str
    text: str
    plural: str = ""
    context: str | None = None

    @property
    def id(self) -> str | tuple[str, str]:
        return (self.text, self.plural) if self.plural else self.text


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def _texts(nodes: list[ast.expr]) -> list[str]:
    return [n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]


def in_python(source: str, place: str) -> Iterator[Text]:
    """Yield the texts of a Python file: marked calls, refusals, the words of terms.

    >>> code = 'class A(Term):\\n    X = "x", "甲"\\nraise Refusal("a.b", "乙 %(n)s。", n=1)'
    >>> [t.text for t in in_python(code, "")]
    ['甲', '乙 %(n)s。']
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = _name(node.func)
            if name in CONTEXT_CALLS and len(texts := _texts(node.args[:2])) == 2:
                yield Text(place, texts[1], context=texts[0])
            elif name in CALLS:
                texts = _texts([node.args[n] for n in CALLS[name] if n < len(node.args)])
                if len(texts) == len(CALLS[name]):
                    yield Text(place, *texts)
        elif isinstance(node, ast.ClassDef) and "Term" in map(_name, node.bases):
            for value in (line.value for line in node.body if isinstance(line, ast.Assign)):
                if isinstance(value, ast.Tuple) and len(texts := _texts(value.elts)) == 2:
                    yield Text(place, texts[1])
        elif isinstance(node, ast.Assign) and TABLES & set(map(_name, node.targets)):
            assert isinstance(node.value, ast.Tuple)
            yield from (Text(place, text) for text in _texts(node.value.elts))


def in_template(source: str, place: str) -> Iterator[Text]:
    """Yield the texts of a template."""
    from django.utils.translation.template import templatize

    # What is left of a template is no Python to look at: its indentation means nothing.
    lines = templatize(source, origin=place).splitlines()
    code = io.BytesIO("\n".join(line.strip() for line in lines).encode())
    for _, text, _, context in extract("python", code, TEMPLATE_CALLS, options={}):
        single, plural = (text, "") if isinstance(text, str) else (text[0], text[1])
        yield Text(place, single, plural, context)


def in_pack(source: str, place: str) -> Iterator[Text]:
    """Yield the words of a fixed vocabulary: item types, the values of code sets.

    >>> [t.text for t in in_pack('[area.values]\\n1 = "全国"', "")]
    ['全国']
    """
    pack = tomllib.loads(source)
    for one in (*pack.get("type", ()), *pack.get("event", ())):
        yield Text(place, one["name"])
    for one in pack.values():
        if isinstance(one, dict):
            yield from (Text(place, word) for word in one.get("values", {}).values())


def collected() -> Catalog:
    """Return every text in the source as an empty catalogue."""
    catalog = Catalog(locale="en", domain="django", charset="utf-8", fuzzy=False)
    catalog.header_comment = HEADER
    catalog.project, catalog.version = "OneDoor", ""
    catalog.creation_date = catalog.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    for path in sorted(PACKAGE.rglob("*.py")):
        if not {"tests", "migrations"} & set(path.relative_to(PACKAGE).parts):
            _add(catalog, in_python(path.read_text(), path.relative_to(ROOT).as_posix()))
    for name in VOCABULARIES:
        path = PACKAGE / "packs" / "national" / name
        _add(catalog, in_pack(path.read_text(), path.relative_to(ROOT).as_posix()))
    for suffix in ("*.html", "*.txt"):
        for path in sorted(PACKAGE.rglob(f"templates/**/{suffix}")):
            _add(catalog, in_template(path.read_text(), path.relative_to(ROOT).as_posix()))
    return catalog


def _add(catalog: Catalog, texts: Iterator[Text]) -> None:
    for text in texts:
        if text.text:
            known = catalog.get(text.id, text.context)
            # The line is not written: moving code changes no catalogue.
            new = known is None or (text.place, 1) not in known.locations
            catalog.add(text.id, locations=[(text.place, 1)] if new else [], context=text.context)


def translated() -> Catalog:
    """Return the catalogue as it lies in the repository, or an empty one."""
    if not PO.exists():
        return Catalog(locale="en", domain="django", fuzzy=False)
    with PO.open("rb") as file:
        return read_po(file, locale="en", domain="django")


def updated() -> Catalog:
    """Return the texts of the source with the translations there are; what is gone is dropped."""
    new, old = collected(), translated()
    for message in new:
        if message.id:
            known = old.get(message.id, message.context)
            if known is not None and not known.fuzzy:
                message.string = known.string
    return new


def _strings(value: object) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list | tuple) else [str(value or "")]


def faults(message: Message) -> Iterator[str]:
    """Yield what is wrong with one translation."""
    strings = _strings(message.string)
    if not all(strings):
        yield "not translated"
        return
    if message.fuzzy:
        yield "marked as fuzzy"
    wanted = set(PLACEHOLDER.findall("".join(_strings(message.id))))
    for string in strings:
        if set(PLACEHOLDER.findall(string)) - wanted:
            yield "names a placeholder that the text does not have"
        # A singular may say "one" instead of the number.
        if wanted - set(PLACEHOLDER.findall(string)) and string is strings[-1]:
            yield "lacks a placeholder of the text"
        if CHINESE.search(KEPT.sub("", string)):
            yield "still has Chinese in it"
    if _strings(message.id)[0].endswith("\n") != strings[0].endswith("\n"):
        yield "begins or ends its lines otherwise"


def as_po(catalog: Catalog) -> bytes:
    """Return the catalogue as a file that changes only when a text does."""
    out = io.BytesIO()
    write_po(out, catalog, width=100, sort_output=False, include_lineno=False)
    lines = out.getvalue().decode().splitlines(keepends=True)
    return "".join(li for li in lines if not li.startswith(tuple(f'"{h}' for h in NOISE))).encode()


def pairs(catalog: Catalog) -> dict[object, list[str]]:
    return {(tuple(_strings(m.id)), m.context): _strings(m.string) for m in catalog if m.id}


def problems() -> list[str]:
    """Return everything that keeps the catalogue from being complete and current."""
    catalog = updated()
    found = [
        f"{message.id!r}: {fault}" for message in catalog for fault in faults(message) if message.id
    ]
    if not PO.exists() or PO.read_bytes() != as_po(catalog):
        found.append("django.po is not up to date: run make messages")
    if not MO.exists():
        return [*found, "django.mo is missing: run make messages"]
    with MO.open("rb") as file:
        compiled = pairs(read_mo(file))
    if compiled != {k: v for k, v in pairs(catalog).items() if all(v)}:
        found.append("django.mo is not up to date: run make messages")
    return found


def write() -> None:
    catalog = updated()
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(as_po(catalog))
    with MO.open("wb") as file:
        write_mo(file, catalog)


def main() -> int:
    if "--check" not in sys.argv:
        write()
    found = problems()
    for line in found:
        print(line)
    print(f"{len(pairs(updated()))} texts, {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
