"""Typefaces, sizes, styles and footers of an official document as docx."""

from __future__ import annotations

from onedoor.papers.rules import official_text
from onedoor.papers.rules.official_text import Face
from onedoor.papers.typesetting import wordml
from onedoor.papers.typesetting.wordml import borders, mm, paragraph

NAMES = {Face.FANG: "仿宋_GB2312", Face.HEI: "黑体", Face.KAI: "楷体_GB2312"}
TITLE, SONG = "方正小标宋简体", "宋体"
THREE, FOUR, SMALL_FOUR, TWO = 32, 28, 24, 44
"""三号, 四号, 小四, 二号 in half points."""
LINE, CHARACTER = 579, 316
LINE_OF_TITLE, LINE_OF_FOOT = 660, 400
RED = "FF0000"
EXACT = f'w:line="{LINE}" w:lineRule="exact"'
NO_INDENT = 'w:firstLineChars="0" w:firstLine="0"'
OFF_GRID = '<w:snapToGrid w:val="0"/>'


def _style(name: str, shown: str, about: str, size: int, font: str, based: str = "Normal") -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{shown}"/>'
        f'<w:basedOn w:val="{based}"/><w:qFormat/><w:pPr>{about}</w:pPr>'
        f'<w:rPr>{wordml.fonts(font)}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
        "</w:style>"
    )


def styles() -> str:
    indent = f'<w:ind w:firstLineChars="200" w:firstLine="{2 * CHARACTER}"/>'
    plain = f"<w:ind {NO_INDENT}/>"
    loose = f'<w:widowControl w:val="0"/>{OFF_GRID}<w:spacing w:before="0" w:after="0" {EXACT}/>'
    made = [
        f"<w:docDefaults><w:rPrDefault><w:rPr>{wordml.fonts(NAMES[Face.FANG])}"
        f'<w:sz w:val="{THREE}"/><w:szCs w:val="{THREE}"/>'
        '<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults>',
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        f'<w:qFormat/><w:pPr>{loose}{indent}<w:jc w:val="both"/></w:pPr>'
        # The grid is reckoned from the size of this style, so it is said here as well. Programs
        # differ in how they snap characters to it; three tenths of a point less between them give
        # 28 to the line in all.
        f'<w:rPr><w:spacing w:val="-6"/><w:sz w:val="{THREE}"/><w:szCs w:val="{THREE}"/></w:rPr>'
        "</w:style>",
    ]
    tall = f'<w:spacing w:line="{LINE_OF_TITLE}" w:lineRule="exact"/>'
    made.append(_style("Title", "Title", f'{tall}{plain}<w:jc w:val="center"/>', TWO, TITLE))
    for level, face in official_text.FACES.items():
        about = f'<w:keepNext/><w:outlineLvl w:val="{level - 1}"/>'
        made.append(_style(f"Heading{level}", f"heading {level}", about, THREE, NAMES[face]))
    free = '<w:spacing w:line="240" w:lineRule="auto"/>'
    cell = f'{free}{plain}<w:jc w:val="left"/>'
    made.append(_style("Cell", "Cell", cell, SMALL_FOUR, NAMES[Face.FANG]))
    made.append(_style("Foot", "footer", f"{free}{plain}", FOUR, SONG))
    return "".join(made)


def settings() -> str:
    return (
        "<w:evenAndOddHeaders/>"
        '<w:characterSpacingControl w:val="compressPunctuation"/>'
        '<w:compat><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    )


def footers(*, is_letter: bool) -> dict[str, str]:
    number = wordml.page_number(FOUR, SONG)
    made = {
        "footer-odd": paragraph(
            number, style="Foot", indent=f'w:right="{CHARACTER}"', align="right"
        ),
        "footer-even": paragraph(
            number, style="Foot", indent=f'w:left="{CHARACTER}"', align="left"
        ),
        "footer-odd-turned": _beside(number, down=mm(210 - 26) - CHARACTER - mm(20)),
        "footer-even-turned": _beside(number, down=mm(28) + CHARACTER),
    }
    if is_letter:
        frame = (
            f'<w:framePr w:w="{mm(170)}" w:h="40" w:hRule="exact" w:hAnchor="page" '
            f'w:x="{mm(20)}" w:vAnchor="page" w:y="{mm(277)}"/>'
        )
        rule = borders("pBdr", top=("thinThickSmallGap", 24, 0, RED))
        made["footer-first"] = paragraph(style="Foot", before=frame + rule) + paragraph(
            style="Foot"
        )
    return made


def _beside(number: str, *, down: int) -> str:
    """Return a page number at the left of a turned page, where the other pages have their foot."""
    about = (
        '<w:tblpPr w:vertAnchor="page" w:horzAnchor="page" '
        f'w:tblpX="{mm(35 - 7 - 6)}" w:tblpY="{down}"/>'
        f'<w:tblW w:w="{mm(7)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
    )
    cell = '<w:textDirection w:val="tbRl"/>'
    content = paragraph(number, style="Foot", align="left")
    made = wordml.table([[content]], [mm(7)], about=about, heights=[mm(20)], cell=cell)
    return made + paragraph(style="Foot")
