"""Pieces of a docx: runs, paragraphs, tables, sections, and the package that holds them.

Only what an official document needs, so that the same document gives the same bytes.
Source: ECMA-376 (Office Open XML), WordprocessingML.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

LATIN = "Times New Roman"
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def mm(length: float) -> int:
    """Return a length in twentieths of a point."""
    return round(length / 25.4 * 1440)


def fonts(name: str) -> str:
    """Return what sets Chinese in this typeface, digits and letters in the usual one."""
    latin = f"w:ascii={quoteattr(LATIN)} w:hAnsi={quoteattr(LATIN)} w:cs={quoteattr(LATIN)}"
    return f"<w:rFonts {latin} w:eastAsia={quoteattr(name)}/>"


def run(text: str, *, font: str = "", half_points: int = 0, color: str = "") -> str:
    """Return a run; what is not said comes from the style."""
    about = fonts(font) if font else ""
    about += f'<w:color w:val="{color}"/>' if color else ""
    about += f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>' if half_points else ""
    about = f"<w:rPr>{about}</w:rPr>" if about else ""
    tab = '</w:t><w:tab/><w:t xml:space="preserve">'
    said = escape(text).replace("\t", tab)
    return f'<w:r>{about}<w:t xml:space="preserve">{said}</w:t></w:r>'


def page_number(half_points: int, font: str) -> str:
    """Return — 1 —, the number as a field."""
    about = f'<w:rPr>{fonts(font)}<w:sz w:val="{half_points}"/></w:rPr>'
    field = "".join(
        f"<w:r>{about}{part}</w:r>"
        for part in (
            '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>1</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
        )
    )
    dash = run("— ", font=font, half_points=half_points)
    return dash + field + run(" —", font=font, half_points=half_points)


def paragraph(
    runs: str = "",
    *,
    style: str = "",
    before: str = "",
    spacing: str = "",
    indent: str = "",
    align: str = "",
    section: str = "",
) -> str:
    """Return a paragraph; ``before`` holds what the schema wants ahead of its spacing."""
    about = f'<w:pStyle w:val="{style}"/>' if style else ""
    about += before
    about += f"<w:spacing {spacing}/>" if spacing else ""
    about += f"<w:ind {indent}/>" if indent else ""
    about += f'<w:jc w:val="{align}"/>' if align else ""
    about += section
    return f"<w:p>{f'<w:pPr>{about}</w:pPr>' if about else ''}{runs}</w:p>"


def table(
    rows: Iterable[Sequence[str]],
    widths: Sequence[int],
    *,
    about: str,
    is_headed: bool = False,
    heights: Sequence[int] = (),
    cell: str = "",
) -> str:
    """Return a table of cells that are paragraphs already; a head is repeated on each page.

    Rows are at least as high as ``heights`` say.
    """
    out = [f"<w:tbl><w:tblPr>{about}</w:tblPr><w:tblGrid>"]
    out += [f'<w:gridCol w:w="{width}"/>' for width in widths]
    out.append("</w:tblGrid>")
    for n, row in enumerate(rows):
        head = "<w:tblHeader/>" if is_headed and n == 0 else ""
        tall = f'<w:trHeight w:val="{heights[n]}" w:hRule="atLeast"/>' if heights else ""
        out.append(f"<w:tr><w:trPr><w:cantSplit/>{tall}{head}</w:trPr>")
        out += [
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{cell}</w:tcPr>{content}</w:tc>'
            for width, content in zip(widths, row, strict=True)
        ]
        out.append("</w:tr>")
    return "".join([*out, "</w:tbl>"])


def borders(element: str, **sides: tuple[str, int, int, str]) -> str:
    """Return borders: for each side its kind, eighths of a point, distance in points, colour."""
    lines = "".join(
        f'<w:{side} w:val="{kind}" w:sz="{size}" w:space="{space}" w:color="{color}"/>'
        for side, (kind, size, space, color) in sides.items()
    )
    return f"<w:{element}>{lines}</w:{element}>"


def package(
    body: str,
    styles: str,
    settings: str,
    footers: Mapping[str, str],
    headers: Mapping[str, str],
    *,
    title: str,
    author: str,
    day: str,
) -> bytes:
    """Return the docx: parts in one order, no clock."""
    related = {"styles": "styles", "settings": "settings"}
    related |= dict.fromkeys(footers, "footer") | dict.fromkeys(headers, "header")
    kinds = {"document": "document.main"} | related
    parts = {
        "[Content_Types].xml": _content_types(kinds),
        "_rels/.rels": _relationships(
            [
                ("rId1", f"{_RELATIONS}/officeDocument", "word/document.xml"),
                (
                    "rId2",
                    "http://schemas.openxmlformats.org/package/2006/relationships/metadata/"
                    "core-properties",
                    "docProps/core.xml",
                ),
            ]
        ),
        "docProps/core.xml": _core(title, author, day),
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {NAMESPACES}>{styles}</w:styles>",
        "word/settings.xml": f"<w:settings {NAMESPACES}>{settings}</w:settings>",
        "word/_rels/document.xml.rels": _relationships(
            [
                (f"id-{name}", f"{_RELATIONS}/{kind}", f"{name}.xml")
                for name, kind in related.items()
            ]
        ),
    }
    parts |= {f"word/{name}.xml": f"<w:ftr {NAMESPACES}>{x}</w:ftr>" for name, x in footers.items()}
    parts |= {f"word/{name}.xml": f"<w:hdr {NAMESPACES}>{x}</w:hdr>" for name, x in headers.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), _DECLARED + text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _content_types(kinds: Mapping[str, str]) -> str:
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPES}.{kind}+xml"/>'
        for name, kind in kinds.items()
    )
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        f"{overrides}</Types>"
    )


def _relationships(rows: Iterable[tuple[str, str, str]]) -> str:
    lines = "".join(
        f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>'
        for name, kind, target in rows
    )
    where = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{where}">{lines}</Relationships>'


def _core(title: str, author: str, day: str) -> str:
    at = f"{day}T00:00:00Z"
    return (
        "<cp:coreProperties "
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>{escape(author)}</dc:creator>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{at}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{at}</dcterms:modified>'
        "</cp:coreProperties>"
    )
