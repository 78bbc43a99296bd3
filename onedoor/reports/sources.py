"""From a file to the lines of a report: plain text in the usual encodings, or docx.

A docx is a zip: nothing of it is unpacked but the two parts that hold words, each up to a limit,
so neither pictures nor a bomb matter. Numbers that Word counts by itself are put before their
paragraphs as a reader sees them.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from onedoor.kernel.errors import NotValid, TooLarge, WrongType
from onedoor.reports.rules.reading.lines import Line
from onedoor.reports.rules.reading.tables import columns_of
from onedoor.reports.rules.rendering import numeral

LARGEST = 50 * 1024 * 1024
LARGEST_PART = 30 * 1024 * 1024
MOST_TAGS = 1_500_000
"""A report of some hundred pages has not half as many; each becomes an object in memory."""
MOST_LINES = 20_000
LEAST = 20
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_BROKEN = (NotImplementedError, EOFError, OSError, RuntimeError)
_LEVELS = 9
"""So many levels a list of Word has; a file may claim any, and each would be counted up to it."""
_CONTROL = dict.fromkeys((*range(9), *range(11, 13), *range(14, 32), 127))


def lines_of(data: bytes) -> list[Line]:
    """Return the lines of a report file, or refuse with what to do instead."""
    if len(data) > LARGEST:
        raise TooLarge(
            "report.source_too_large",
            "文件超过 %(most)s MB，没有读。请去掉图片再试，或者另存为纯文本。",
            field="file",
            most=LARGEST // 2**20,
        )
    if data.startswith(b"PK\x03\x04"):
        found = _docx(data)
    else:
        _refuse_others(data)
        found = _of_text(_text(data).splitlines())
    if len(found) > MOST_LINES:
        raise NotValid("report.too_many_lines", "这个文件行数太多，不像一份报告。", field="file")
    if sum(len(line.text.strip()) + sum(map(len, line.cells)) for line in found) < LEAST:
        raise NotValid(
            "report.no_words",
            "文件里几乎没有文字，可能是扫描件或图片。请用文字版，或先做文字识别再试。",
            field="file",
        )
    return found


_MARKS = re.compile(r"^(?:#{1,6}\s+|[-*+]\s+(?=\S))")


def _of_text(texts: list[str]) -> list[Line]:
    """Return lines of plain text; a table copied out of a program is one, marks of layout go."""
    is_marked = sum(text.startswith(("# ", "## ", "### ")) for text in texts) > 1
    if is_marked:
        texts = [_MARKS.sub("", text).replace("**", "") for text in texts]
    rows = [_cells(text) for text in texts]
    is_tabled = any(cells and columns_of(cells) for cells in rows)
    return [
        Line(n, "" if is_tabled and (cells or _RULE.match(text)) else text, cells * is_tabled)
        for n, (text, cells) in enumerate(zip(texts, rows, strict=True), 1)
    ]


_RULE = re.compile(r"^\|?(?:\s*:?-{3,}:?\s*\|)+[\s:-]*$")


def _cells(text: str) -> tuple[str, ...]:
    """Return the cells of a row that is parted by tabs, or by bars on both sides."""
    if text.count("\t") > 1:
        return tuple(cell.strip() for cell in text.split("\t"))
    bare = text.strip()
    if _RULE.match(bare):
        return ()
    if bare.startswith("|") and bare.endswith("|") and bare.count("|") > 3:
        return tuple(cell.strip() for cell in bare.strip("|").split("|"))
    return ()


def _refuse_others(data: bytes) -> None:
    head = data[:1024].lstrip()
    if head.startswith((b"%PDF", b"\xff\xd8\xff", b"\x89PNG", b"II*\x00", b"MM\x00*", b"GIF8")):
        raise WrongType(
            "report.is_scan",
            "这是 PDF 或图片，读不出文字的结构。请用报告的文字版（txt）或 Word 版（docx）。",
            field="file",
        )
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise WrongType(
            "report.old_word",
            "这是旧版 Word（doc）或 WPS 文件。请在 Word 或 WPS 里另存为 docx 再试。",
            field="file",
        )
    if head[:200].lower().startswith((b"<!doctype html", b"<html", b"{\\rtf")):
        raise WrongType(
            "report.is_page",
            "这是网页或 RTF 文件。请把正文复制出来，存为纯文本再试。",
            field="file",
        )


def _text(data: bytes) -> str:
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ()
    for encoding in (*encodings, "utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text and sum(c == "\ufffd" for c in text) * 50 <= len(text):
            return text.translate(_CONTROL)
    raise WrongType(
        "report.not_text",
        "这个文件不是文字，或者编码不认识。请存为 UTF-8 的纯文本再试。",
        field="file",
    )


def _docx(data: bytes) -> list[Line]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _lines(archive)
    # Nesting without end is a RuntimeError too: nobody wrote such a document in Word.
    # And a number that is none is a ValueError, bytes that do not unpack are zlib's own error.
    except (zipfile.BadZipFile, zlib.error, ValueError, *_BROKEN) as error:
        raise NotValid(
            "report.damaged", "这个 docx 打不开，可能损坏了或者有密码。", field="file"
        ) from error


def _lines(archive: zipfile.ZipFile) -> list[Line]:
    names = archive.namelist()
    if "word/document.xml" not in names:
        raise WrongType("report.not_docx", "这个压缩文件不是 Word 文档（docx）。", field="file")
    body = _parsed(archive, "word/document.xml")
    counted = _parsed(archive, "word/numbering.xml") if "word/numbering.xml" in names else None
    root = body.find(f"{_W}body")
    numbering = _Numbering(counted)
    found: list[Line] = []
    for element in _blocks(root if root is not None else body):
        if element.tag == f"{_W}tbl":
            for cells in _rows(element):
                found.append(Line(len(found) + 1, "", cells))
        else:
            text = numbering.before(element) + _words(element)
            found += [Line(len(found) + 1 + k, part) for k, part in enumerate(text.split("\n"))]
    return found


def _parsed(archive: zipfile.ZipFile, name: str) -> Element:
    with archive.open(name) as part:
        data = part.read(LARGEST_PART + 1)
    if len(data) > LARGEST_PART or data.count(b"<") > MOST_TAGS:
        raise TooLarge(
            "report.part_too_large",
            "这个 docx 里的文字展开以后超过 %(most)s MB，或者太碎，没有读。",
            field="file",
            most=LARGEST_PART // 2**20,
        )
    try:
        root: Element = ElementTree.fromstring(data, forbid_dtd=True)
        return root
    except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
        raise NotValid(
            "report.damaged", "这个 docx 打不开，可能损坏了或者有密码。", field="file"
        ) from error


def _blocks(parent: Element) -> Iterator[Element]:
    for element in parent:
        if element.tag in (f"{_W}p", f"{_W}tbl"):
            yield element
        elif element.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}smartTag"):
            yield from _blocks(element)


def _words(paragraph: Element) -> str:
    """Return the words of a paragraph as they stand after all changes were accepted."""
    return "".join(_runs(paragraph)).translate(_CONTROL)


def _runs(element: Element) -> Iterator[str]:
    for child in element:
        if child.tag in (f"{_W}del", f"{_W}moveFrom", f"{_MC}Fallback", f"{_W}pPr", f"{_W}rPr"):
            continue
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag == f"{_W}tab":
            yield "\t"
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        else:
            yield from _runs(child)


def _rows(table: Element) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a table; a cell merged downwards says again what it said above."""
    above: list[str] = []
    for row in table.findall(f"{_W}tr"):
        cells: list[str] = []
        for cell in row.findall(f"{_W}tc"):
            place = len(cells)
            merged = cell.find(f"{_W}tcPr/{_W}vMerge")
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            text = "\n".join(_words(p) for p in cell.iter(f"{_W}p")).strip()
            if merged is not None and merged.get(f"{_W}val") != "restart" and place < len(above):
                text = above[place]
            wide = span.get(f"{_W}val", "1") if span is not None else "1"
            cells += [text, *[""] * (min(int(wide), 50) - 1 if wide.isdecimal() else 0)]
        above = cells
        yield tuple(cells)


class _Numbering:
    """The numbers Word counts by itself: by list and level, reset under each higher one."""

    def __init__(self, root: Element | None) -> None:
        self.counts: dict[str, list[int]] = {}
        self.levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        if root is None:
            return
        abstract = {
            a.get(f"{_W}abstractNumId", ""): {
                int(level.get(f"{_W}ilvl", "0")): (
                    _value(level, "numFmt"),
                    _value(level, "lvlText"),
                    int(_value(level, "start") or 1),
                )
                for level in a.findall(f"{_W}lvl")
            }
            for a in root.findall(f"{_W}abstractNum")
        }
        for num in root.findall(f"{_W}num"):
            self.levels[num.get(f"{_W}numId", "")] = abstract.get(_value(num, "abstractNumId"), {})

    def before(self, paragraph: Element) -> str:
        about = paragraph.find(f"{_W}pPr/{_W}numPr")
        if about is None:
            return ""
        kind, at = _value(about, "numId"), int(_value(about, "ilvl") or 0)
        levels = self.levels.get(kind, {})
        if not 0 <= at < _LEVELS or at not in levels or levels[at][0] in ("bullet", "none"):
            return ""
        counts = self.counts.setdefault(kind, [])
        while len(counts) <= at:
            counts.append(levels.get(len(counts), ("", "", 1))[2] - 1)
        counts[at] += 1
        del counts[at + 1 :]
        text = levels[at][1]
        for n, count in enumerate(counts):
            text = text.replace(f"%{n + 1}", _counted(count, levels.get(n, ("", "", 1))[0]))
        return text


def _value(element: Element, name: str) -> str:
    child = element.find(f"{_W}{name}")
    return "" if child is None else child.get(f"{_W}val", "")


def _counted(number: int, form: str) -> str:
    if "chinese" in form.lower() or form in (
        "japaneseCounting",
        "ideographDigital",
        "taiwaneseCounting",
    ):
        return numeral(number)
    if form == "decimalEnclosedCircle" and 1 <= number <= 20:
        return chr(0x245F + number)
    return str(number)
