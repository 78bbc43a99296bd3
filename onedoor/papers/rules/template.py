"""The small language papers are written in: lines an office can read, with named places.

    = 标题            the title                      : 名称 | 内容      a row of facts
    # 小标题          a heading                      - 一条             an item of a list
    > 称呼            a line without indent          _ 签名             a line to sign on
    @ 网址 | 说明     a QR code with its words       其他               a paragraph
    {申请人}          what is put in                 **重要**           bold
    {如有 收费} … {否则} … {完}    only if          {每个 材料} … {完}  once for each row

What is put in is never read as markup, and nothing but the fields of the kind can be reached; its
punctuation is that of Chinese. The record keeps what was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from onedoor.kernel.errors import NotValid
from onedoor.papers.rules.contents import Words
from onedoor.papers.rules.punctuation import corrected

LONGEST = 20_000
MARKS = {
    "=": "title",
    "#": "heading",
    ":": "facts",
    "-": "list",
    ">": "address",
    "_": "sign",
    "@": "code",
}
_TAG = re.compile(r"\{(如有|每个) *([^{}]+?) *\}|\{(否则|完)\}")
_PLACE = re.compile(r"\{([^{}]*)\}|(\*\*)")


class Part(NamedTuple):
    """A run of text, bold or not."""

    text: str
    bold: bool = False


class Block(NamedTuple):
    """A piece of a finished paper: both the page and the PDF are made of these."""

    kind: str
    text: tuple[Part, ...] = ()
    rows: tuple[tuple[str, tuple[Part, ...]], ...] = ()
    items: tuple[tuple[Part, ...], ...] = ()
    address: str = ""


@dataclass(frozen=True)
class Line:
    """One line of the template: its number, its kind, its two halves where it has them."""

    number: int
    kind: str
    label: str
    text: str

    def names(self) -> Iterator[str]:
        for half in (self.label, self.text):
            yield from (m[1].strip() for m in _PLACE.finditer(half) if m[1] is not None)


@dataclass
class Group:
    """Lines that are there only if, or once for each, of what they are about."""

    number: int
    word: str
    about: str
    body: list[Line | Group] = field(default_factory=list)
    otherwise: list[Line | Group] = field(default_factory=list)


Node = Line | Group


def parse(text: str) -> tuple[Node, ...]:
    """Return the template as nodes, or refuse with the line that cannot be read."""
    if len(text) > LONGEST:
        raise NotValid(
            "paper.template_long", "模板最多 %(most)s 个字。", field="text", most=LONGEST
        )
    top: list[Node] = []
    open_: list[tuple[Group, list[Node]]] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        into = open_[-1][1] if open_ else top
        tag = _TAG.fullmatch(line)
        if tag is None:
            if line:
                into.append(_line(number, line))
        elif tag[1]:
            group = Group(number, tag[1], tag[2])
            into.append(group)
            open_.append((group, group.body))
        elif not open_ or (tag[3] == "否则" and open_[-1][1] is not open_[-1][0].body):
            raise NotValid(
                "paper.template_unopened",
                "模板第 %(line)s 行：“%(tag)s”前面没有%(opening)s。",
                field="text",
                line=number,
                tag=line,
                opening="“如有”“每个”",
            )
        elif tag[3] == "否则":
            open_[-1] = (open_[-1][0], open_[-1][0].otherwise)
        else:
            open_.pop()
    if open_:
        raise NotValid(
            "paper.template_unclosed",
            "模板第 %(line)s 行：“%(tag)s”没有写“%(closing)s”。",
            field="text",
            line=open_[-1][0].number,
            tag=open_[-1][0].word,
            closing="完",
        )
    return tuple(top)


def _line(number: int, line: str) -> Line:
    if _TAG.search(line):
        raise NotValid(
            "paper.template_inline",
            "模板第 %(line)s 行：%(tags)s要自己占一行。",
            field="text",
            line=number,
            tags="“如有”“每个”“否则”“完”",
        )
    kind = MARKS.get(line[0]) if line[:2].strip() == line[0] else None
    text = line[1:].strip() if kind else line
    label = ""
    if kind in ("facts", "code"):
        label, bar, text = (half.strip() for half in text.partition("|"))
        if not bar or not label:
            raise NotValid(
                "paper.template_halves",
                "模板第 %(line)s 行：要写成“名称 | 内容”。",
                field="text",
                line=number,
            )
    rest = _PLACE.sub("", label + text)
    if "{" in rest or "}" in rest or text.count("**") % 2:
        raise NotValid(
            "paper.template_unpaired",
            "模板第 %(line)s 行：大括号或“**”没有配对。",
            field="text",
            line=number,
        )
    return Line(number, kind or "text", label, text)


def fill(text: str, words: Words) -> tuple[str, tuple[Block, ...]]:
    """Return the title and the blocks of a paper; words never become markup."""
    title = ""
    blocks: list[Block] = []
    for line, at in _lay(parse(text), words):
        if line.kind == "title":
            title = "".join(p.text for p in _parts(line.text, at))
            continue
        block = _block(line, at)
        last = blocks[-1] if blocks else None
        if block is None:
            continue
        if last is not None and last.kind == block.kind and block.kind in ("list", "facts"):
            blocks[-1] = last._replace(
                rows=(*last.rows, *block.rows), items=(*last.items, *block.items)
            )
        else:
            blocks.append(block)
    return title, tuple(blocks)


def _lay(nodes: Sequence[Node], words: Words) -> Iterator[tuple[Line, Words]]:
    for node in nodes:
        if isinstance(node, Line):
            yield node, words
            continue
        value = words.get(node.about, "")
        if node.word == "如有":
            yield from _lay(node.body if value else node.otherwise, words)
        elif not isinstance(value, str):
            for row in value:
                yield from _lay(node.body, {**words, **row})


def _block(line: Line, words: Words) -> Block | None:
    parts = _parts(line.text, words)
    if line.kind == "facts":
        said = any(p.text.strip() for p in parts)
        label = "".join(p.text for p in _parts(line.label, words))
        return Block("facts", rows=((label, parts),)) if said else None
    if line.kind == "list":
        return Block("list", items=(parts,))
    if line.kind == "code":
        address = "".join(p.text for p in _parts(line.label, words))
        return Block("code", text=parts, address=address)
    return Block(line.kind, text=parts)


def _parts(text: str, words: Words) -> tuple[Part, ...]:
    parts: list[Part] = []
    bold, at = False, 0
    for found in _PLACE.finditer(text):
        if found.start() > at:
            parts.append(Part(text[at : found.start()], bold))
        at = found.end()
        if found[2]:
            bold = not bold
        elif value := words.get(found[1].strip(), ""):
            parts.append(Part(corrected(str(value)), bold))
    if at < len(text):
        parts.append(Part(text[at:], bold))
    return tuple(parts)
