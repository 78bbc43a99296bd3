"""An official document as docx: the official typefaces by name, the grid of 22 lines by 28.

The office's computers supply the typefaces. Widths are in twentieths of a point.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from onedoor.papers.rules import official_text, title
from onedoor.papers.rules.official import Document, Form, Piece, Table
from onedoor.papers.rules.official_text import Face, Paragraph
from onedoor.papers.typesetting import wordml
from onedoor.papers.typesetting.official_styles import (
    CHARACTER,
    FOUR,
    LINE,
    LINE_OF_FOOT,
    NAMES,
    NO_INDENT,
    RED,
    SMALL_FOUR,
    TITLE,
    footers,
    settings,
    styles,
)
from onedoor.papers.typesetting.wordml import borders, mm, paragraph, run

WIDTH = mm(156)
LANDSCAPE_WIDTH = mm(225)
_KEEP = "<w:keepNext/>"
_GRID = f'<w:docGrid w:type="linesAndChars" w:linePitch="{LINE}" w:charSpace="-848"/>'


def docx(document: Document) -> bytes:
    """Return the docx of a document whose punctuation is right already."""
    body = "".join([*_head(document), *_title(document), *_body(document), *_end(document)])
    headers = {"header-first": _letter_head(document)} if document.form is Form.LETTER else {}
    return wordml.package(
        body,
        styles(),
        settings(),
        footers(is_letter=bool(headers)),
        headers,
        title=document.title.replace("\n", ""),
        author=document.unit,
        day=document.day.isoformat(),
    )


# --- Head, title ----------------------------------------------------------------------------------


def _flush(runs: str = "", **more: str) -> str:
    return paragraph(runs, indent=NO_INDENT, **more)


def _corner(document: Document) -> list[str]:
    said = ((document.copy_number, Face.FANG), (document.secrecy, Face.HEI))
    return [
        run(text, font=NAMES[face]) for text, face in (*said, (document.urgency, Face.HEI)) if text
    ]


def _mark(document: Document, tallest: float) -> tuple[str, float]:
    """Return the name in the red head and its size in points: as large as the line allows."""
    size = max(16.0, min(tallest, 154 / 25.4 * 72 / max(len(document.head), 1)))
    return run(document.head, font=TITLE, half_points=round(size * 2), color=RED), size


def _head(document: Document) -> Iterator[str]:
    if not document.head:
        return
    corner = _corner(document)
    if document.form is Form.LETTER:
        first, *rest = corner or [""]
        tab = f'<w:tabs><w:tab w:val="right" w:pos="{WIDTH}"/></w:tabs>'
        yield _flush(first + run("\t" + document.number), before=tab)
        yield from (_flush(each) for each in rest)
    else:
        yield from (_flush(each) for each in corner)
        mark, size = _mark(document, 54)
        above = max(mm(35) - len(corner) * LINE, 0)
        exact = f'w:before="{above}" w:line="{round(size * 23)}" w:lineRule="atLeast"'
        yield _flush(mark, spacing=exact, align="center")
        yield _flush() * 2
        rule = borders("pBdr", bottom=("single", 12, 11, RED))
        if document.signer:
            tab = f'<w:tabs><w:tab w:val="right" w:pos="{WIDTH - CHARACTER}"/></w:tabs>'
            signer = run("\t签发人：") + run(document.signer, font=NAMES[Face.KAI])
            yield paragraph(
                run(document.number) + signer,
                before=rule + tab,
                indent=f'w:left="{CHARACTER}" {NO_INDENT}',
            )
        else:
            yield _flush(run(document.number), before=rule, align="center")
    yield _flush() * 2


def _letter_head(document: Document) -> str:
    """Return the head of a letter: 30 mm from the edge, a double rule 170 mm wide under it."""
    mark, size = _mark(document, 48)
    wide = f'w:left="-{mm(7)}" w:right="-{mm(7)}" {NO_INDENT}'
    rule = borders("pBdr", bottom=("thickThinSmallGap", 24, 11, RED))
    exact = f'w:line="{round(size * 23)}" w:lineRule="atLeast"'
    return paragraph(mark, before=rule, spacing=exact, indent=wide, align="center")


def _title(document: Document) -> Iterator[str]:
    yield from _titled(title.lines(document.title))
    yield _flush()
    if said := official_text.recipients(document):
        yield _flush(run(said))


def _titled(lines: Sequence[str]) -> Iterator[str]:
    yield from (paragraph(run(line), style="Title") for line in lines)


# --- The text -------------------------------------------------------------------------------------


def _body(document: Document) -> Iterator[str]:
    *most, last = official_text.paragraphs(document.body)
    for each in most:
        yield _piece(each, WIDTH)
    # What is signed is never alone on its page.
    yield _piece(last, WIDTH, keep=_KEEP)


def _pieces(body: Sequence[Piece], width: int) -> Iterator[str]:
    for each in official_text.paragraphs(body):
        yield _piece(each, width)


def _piece(each: Paragraph | Table, width: int, *, keep: str = "") -> str:
    if isinstance(each, Table):
        return _table(each, width)
    runs = "".join(
        run(text, font="" if face is Face.FANG else NAMES[face]) for text, face in each.runs
    )
    if each.level and len(each.runs) == 1:
        return paragraph(run(each.runs[0].text), style=f"Heading{each.level}")
    return paragraph(runs, before=keep)


def _table(each: Table, width: int) -> str:
    shares = each.widths or (1,) * len(each.head)
    widths = [width * share // sum(shares) for share in shares]
    head = [
        paragraph(run(c, font=NAMES[Face.HEI]), style="Cell", align="center") for c in each.head
    ]
    rows = [[paragraph(run(c), style="Cell") for c in row] for row in each.rows]
    line = ("single", 4, 0, "000000")
    about = f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/>' + borders(
        "tblBorders", top=line, left=line, bottom=line, right=line, insideH=line, insideV=line
    )
    about += '<w:tblLayout w:type="fixed"/>'
    named = _flush(run(each.title, font=NAMES[Face.HEI], half_points=SMALL_FOUR), before=_KEEP,
                   align="center") if each.title else ""  # fmt: skip
    middle = '<w:vAlign w:val="center"/>'
    return named + wordml.table([head, *rows], widths, about=about, is_headed=True, cell=middle)


# --- After the text -------------------------------------------------------------------------------


def _end(document: Document) -> Iterator[str]:
    yield from _named(document)
    yield from _signed(document)
    if document.note:
        yield paragraph(run(f"（{document.note}）"))
    is_turned = False
    for index, each in enumerate(document.attachments):
        if not each.body:
            continue
        if each.is_landscape != is_turned:
            yield paragraph(section=_section(document, is_turned=is_turned))
        mark = run(official_text.attachment_mark(document, index), font=NAMES[Face.HEI])
        # A section begins on a page of its own.
        fresh = "" if each.is_landscape != is_turned else "<w:pageBreakBefore/>"
        yield _flush(mark, before=fresh)
        yield _flush()
        yield from _titled(title.lines(each.name))
        yield _flush()
        is_turned = each.is_landscape
        yield from _pieces(each.body, LANDSCAPE_WIDTH if is_turned else WIDTH)
    if is_turned:
        yield paragraph(section=_section(document, is_turned=True))
        is_turned = False
    yield from _imprint(document)
    yield _section(document, is_turned=False)


def _named(document: Document) -> Iterator[str]:
    rows = official_text.attachment_names(document) if document.attachments else []
    if not rows:
        return
    yield _flush(before=_KEEP)
    edge = 2 * CHARACTER + _wide(rows[0][0])
    for mark, name in rows:
        hanging = f'w:left="{edge}" w:hangingChars="0" w:hanging="{_wide(mark)}"'
        yield paragraph(run(mark + name), before=_KEEP, indent=hanging)


def _wide(text: str) -> int:
    return round(title.width(text) * CHARACTER)


def _signed(document: Document) -> Iterator[str]:
    """Yield name and date: the date four characters in under a seal, else two after the name."""
    day = official_text.day(document)
    unit_wide, day_wide = min(_wide(document.unit), mm(130)), _wide(day)
    if document.is_sealed:
        day_right = max(4 * CHARACTER, (unit_wide - day_wide) // 2)
        unit_right = day_right - (unit_wide - day_wide) // 2
    elif day_wide > unit_wide - 2 * CHARACTER:
        day_right = 2 * CHARACTER
        unit_right = day_right + day_wide + 2 * CHARACTER - unit_wide
    else:
        day_right, unit_right = unit_wide - day_wide, 2 * CHARACTER
    yield _flush(before=_KEEP) * (2 if document.is_sealed else 1)
    # Half a character of room on both sides, for digits that are wider than half of one.
    left, right = WIDTH - unit_wide - unit_right, unit_right
    room = min(CHARACTER // 2, left, right)
    box = f'w:left="{left - room}" w:right="{right - room}"'
    yield paragraph(run(document.unit), before=_KEEP, indent=f"{box} {NO_INDENT}", align="center")
    yield paragraph(run(day), indent=f'w:right="{day_right}" {NO_INDENT}', align="right")


def _imprint(document: Document) -> Iterator[str]:
    """Yield the foot (版记): a table that stands on the last line of the last page."""
    copies, (by, on) = official_text.copies(document), official_text.printed(document)
    side = f'w:left="{FOUR * 10}" w:right="{FOUR * 10}"'
    rows: list[list[str]] = []
    heights: list[int] = []
    if copies:
        hanging = f'w:left="{FOUR * 40}" w:right="{FOUR * 10}" w:hanging="{FOUR * 30}"'
        rows.append([paragraph(run(copies, half_points=FOUR), style="Cell", indent=hanging)])
        lines = math.ceil(title.width(copies[3:]) * FOUR * 10 / (WIDTH - FOUR * 50))
        heights.append(lines * LINE_OF_FOOT)
    if by:
        tab = f'<w:tabs><w:tab w:val="right" w:pos="{WIDTH - FOUR * 10}"/></w:tabs>'
        said = run(f"{by}\t{on}", half_points=FOUR)
        rows.append([paragraph(said, style="Cell", before=tab, indent=side)])
        heights.append(LINE_OF_FOOT)
    if not rows:
        return
    thick, thin = ("single", 8, 0, "000000"), ("single", 6, 0, "000000")
    ruled = borders("tblBorders", top=thick, bottom=thick, insideH=thin)
    about = (
        '<w:tblpPr w:vertAnchor="page" w:horzAnchor="margin" w:tblpX="1" '
        f'w:tblpY="{mm(297 - 35) - sum(heights)}"/><w:tblW w:w="{WIDTH}" w:type="dxa"/>'
        f"{'' if document.form is Form.LETTER else ruled}"
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/>'
        '<w:right w:w="0" w:type="dxa"/></w:tblCellMar>'
    )
    yield wordml.table(rows, [WIDTH], about=about, heights=heights)
    yield _flush()


# --- Sections, footers, styles --------------------------------------------------------------------


def _section(document: Document, *, is_turned: bool) -> str:
    """Return the page: A4, and turned so that its head lies where the others have their left."""
    turned = "-turned" if is_turned else ""
    is_letter = document.form is Form.LETTER
    first = '<w:headerReference w:type="first" r:id="id-header-first"/>' if is_letter else ""
    first += '<w:footerReference w:type="first" r:id="id-footer-first"/>' if is_letter else ""
    page = '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
    margins = 'w:top="1587" w:right="2098" w:bottom="1474" w:left="1984"'
    if not is_turned:
        page = '<w:pgSz w:w="11906" w:h="16838"/>'
        margins = 'w:top="2098" w:right="1474" w:bottom="1984" w:left="1587"'
    return (
        f"<w:sectPr>{first}"
        f'<w:footerReference w:type="default" r:id="id-footer-odd{turned}"/>'
        f'<w:footerReference w:type="even" r:id="id-footer-even{turned}"/>{page}'
        f'<w:pgMar {margins} w:header="{mm(30)}" w:footer="{mm(24.5)}" w:gutter="0"/>'
        f"{'<w:titlePg/>' if is_letter else ''}{_GRID}</w:sectPr>"
    )
