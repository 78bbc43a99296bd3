"""The typst compiler and the fonts: loaded at the first use, kept, one paper at a time.

Fonts of the system are never asked, so the same paper gives the same bytes everywhere. PDF/A
refuses to lose a character none of the fonts has, and that refusal is passed on with its name.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from onedoor.kernel.errors import Refusal

if TYPE_CHECKING:
    import typst

HERE = Path(__file__).resolve().parent
CARRIED = HERE.parent / "fonts"
WHOLE = "Noto Serif SC"
FACES = {
    "song": ("SimSun", "NSimSun"),
    "fang": ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "Zhuque Fangsong (technical preview)"),
    "hei": ("SimHei", "OneDoor Hei"),
    "kai": ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "OneDoor Kai"),
    "biaosong": ("FZXiaoBiaoSong-B05S", "方正小标宋简体", "OneDoor Biaosong"),
}
"""For each typeface the families that may be it, the best first; what all lack is taken from the
one that has nearly everything."""
_LACKING = re.compile(r"the text `(\"(?:[^\"\\]|\\.)*\")` could not be displayed")
_one_at_a_time = threading.Lock()


def compiled(source: str, data: dict[str, Any]) -> bytes:
    """Return the PDF/A of data set by a source beside this file; 5 ms once the compiler is warm."""
    with _one_at_a_time:
        return _set(_compiler(), source, data)


def compiled_beside(source: str, many: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """Begin to set much data on a core and a compiler of its own; return the PDFs in that order."""
    own, pool = _made(), ThreadPoolExecutor(1)
    begun = [pool.submit(_set, own, source, data) for data in many]
    pool.shutdown(wait=False)
    return (each.result() for each in begun)


def _set(compiler: typst.Compiler, source: str, data: dict[str, Any]) -> bytes:
    try:
        made = compiler.compile(
            input=str(HERE / source),
            format="pdf",
            sys_inputs={"paper": json.dumps(data, ensure_ascii=False)},
            pdf_standards="a-2b",
            timestamp=0,
        )
    except RuntimeError as error:
        found = _LACKING.search(str(error))
        if not found:
            raise
        raise _no_glyph(json.loads(found[1])) from None
    assert isinstance(made, bytes)
    return made


def compiled_and_asked(
    source: str, data: dict[str, Any], label: str
) -> tuple[bytes, dict[str, Any]]:
    """Return the PDF/A of data, and what the source noted under a label while it set them."""
    with _one_at_a_time:
        made = _set(_compiler(), source, data)
        # The compiler is asked about what it set last: nothing is set a second time.
        found: dict[str, Any] = json.loads(_compiler().query(label, field="value", one=True))
    return made, found


def _no_glyph(text: str) -> Refusal:
    characters = "、".join(f"“{c}”（U+{ord(c):04X}）" for c in dict.fromkeys(text))
    return Refusal(
        "paper.no_glyph",
        "字库里没有%(characters)s，印出来会少字，所以没有印。"
        "请系统管理员把有这个字的字体文件放进 ONEDOOR_FONTS 文件夹，再印。",
        characters=characters,
    )


@cache
def _compiler() -> typst.Compiler:
    return _made()


def _made() -> typst.Compiler:
    import typst  # 64 MB that a process which prints nothing does not need

    return typst.Compiler(
        root=str(HERE), font_paths=[str(p) for p in _folders()], ignore_system_fonts=True
    )


def _folders() -> Iterator[Path]:
    if settings.FONTS:
        yield Path(settings.FONTS)
    yield CARRIED


@cache
def fonts() -> dict[str, list[str]]:
    """Return for each typeface the families to look in."""
    own = _own()
    there = {*own, WHOLE, "OneDoor Hei", "OneDoor Kai", "OneDoor Biaosong"}
    return {
        face: list(dict.fromkeys([*(n for n in names if n in there), WHOLE, *own]))
        for face, names in FACES.items()
    }


def _own() -> list[str]:
    """Return the families in the office's own folder."""
    if not settings.FONTS:
        return []
    import typst

    found = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[settings.FONTS]
    )
    return found.families()
