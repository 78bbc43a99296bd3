"""Whether a template may be used: it asks only for what there is, and says what must be said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from onedoor.kernel.errors import NotValid
from onedoor.papers.rules.contents import Element
from onedoor.papers.rules.template import Line, Node, parse


def check(text: str, elements: Mapping[str, Element]) -> None:
    """Refuse a template that asks for what there is not, or leaves out what must be said.

    Basis: 许可法32, 38: an office may choose its words, not what the applicant is told.
    """
    nodes = parse(text)
    titles = [n for n in _lines(nodes) if n.kind == "title"]
    if len(titles) != 1:
        raise NotValid("paper.template_title", "模板要有一行标题，写成“= 标题”。", field="text")
    said: set[str] = set()
    _check(nodes, elements, said, sure=True, inside="")
    for name, element in elements.items():
        if element.required and name not in said:
            raise _left_out(name)
        for column in (element.row or {}).values():
            if element.required and column.required and f"{name}/{column.zh}" not in said:
                raise _left_out(f"{name}的{column.zh}")


def _left_out(name: str) -> NotValid:
    return NotValid(
        "paper.template_lacks",
        "模板没有写“%(element)s”。依法必须写明，不能省，也不能只在某种情况下才写。",
        field="text",
        element=name,
    )


def _lines(nodes: Sequence[Node]) -> Iterator[Line]:
    for node in nodes:
        if isinstance(node, Line):
            yield node
        else:
            yield from _lines((*node.body, *node.otherwise))


def _check(
    nodes: Sequence[Node], known: Mapping[str, Element], said: set[str], *, sure: bool, inside: str
) -> None:
    for node in nodes:
        if isinstance(node, Line):
            for name in node.names():
                element = known.get(name)
                if element is None:
                    raise _unknown(node.number, name, known)
                if element.row is not None:
                    raise NotValid(
                        "paper.template_table",
                        "模板第 %(line)s 行：“%(name)s”是一张表，要用“%(tag)s %(name)s”。",
                        field="text",
                        line=node.number,
                        name=name,
                        tag="每个",
                    )
                if sure:
                    said.add(inside + name)
            continue
        element = known.get(node.about)
        if element is None:
            raise _unknown(node.number, node.about, known)
        if node.word == "如有":
            # What is always there is always said, also under its own "if".
            stays = sure and element.required
            _check(node.body, known, said, sure=stays, inside=inside)
            _check(node.otherwise, known, said, sure=False, inside=inside)
            continue
        if element.row is None:
            raise NotValid(
                "paper.template_no_table",
                "模板第 %(line)s 行：“%(name)s”不是一张表，不能用“%(tag)s”。",
                field="text",
                line=node.number,
                name=node.about,
                tag="每个",
            )
        if sure:
            said.add(node.about)
        _check(node.body, element.row, said, sure=sure, inside=f"{node.about}/")


def _unknown(number: int, name: str, known: Mapping[str, Element]) -> NotValid:
    return NotValid(
        "paper.template_unknown",
        "模板第 %(line)s 行：没有“%(name)s”。能用的有：%(known)s。",
        field="text",
        line=number,
        name=name,
        known="、".join(known),
    )
