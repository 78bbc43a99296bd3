"""How a field of an item is said on a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from onedoor.catalogue import queries
from onedoor.catalogue.models import GuideFile
from onedoor.catalogue.rules import citations
from onedoor.catalogue.rules.changes import Change
from onedoor.catalogue.rules.gates_of_phones import is_dialable, numbers
from onedoor.catalogue.rules.labels import Label, RowLabel
from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.files.rules.sniff import ENDINGS
from onedoor.kernel import money, packs
from onedoor.kernel.clock import day_of
from onedoor.kernel.terms import Term

register = template.Library()


@register.filter
def said(value: Any, field: Term | None = None) -> str:
    """Return a field's value as people read it."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if isinstance(value, Term):
        return gettext(value.zh)
    if isinstance(value, Limit):
        return lasts(value)
    if field in (Label.FEE_FEN, RowLabel.AMOUNT_FEN):
        return money.yuan(value)
    if field is Label.ITEM_TYPE:
        return gettext(queries.item_types().name_of(str(value)))
    if isinstance(field, Label) and (found := queries.code_sets().by_field.get(field.value)):
        words = found.words(str(value)) if found.values else [str(value)]
        return "、".join(gettext(word) if word else "" for word in words)
    return str(value)


@register.filter
def lasts(limit: Limit) -> str:
    """Return how long a limit lasts, in words: 5 个工作日, 1 working day."""
    n = limit.count
    words = {
        LimitUnit.WD: ngettext("%(n)s 个工作日", "%(n)s 个工作日", n),
        LimitUnit.ND: ngettext("%(n)s 个自然日", "%(n)s 个自然日", n),
        LimitUnit.H: ngettext("%(n)s 小时", "%(n)s 小时", n),
        LimitUnit.M: ngettext("%(n)s 个月", "%(n)s 个月", n),
        LimitUnit.Y: ngettext("%(n)s 年", "%(n)s 年", n),
    }
    return words[limit.unit] % {"n": n}


@register.filter
def visits(times: int | None) -> str:
    """Return how often one has to come, in words."""
    if times is None:
        return gettext("跑几次没有写明")
    if not times:
        return gettext("不用跑")
    return ngettext("跑 %(n)s 次", "跑 %(n)s 次", times) % {"n": times}


@register.filter
def costs(fen: int) -> str:
    """Return what it costs, in words."""
    return money.yuan(fen) if fen else gettext("不收费")


@register.filter
def old(change: Change) -> str:
    """Return what stood there before."""
    return said(change.old, change.part or change.field)


@register.filter
def new(change: Change) -> str:
    """Return what stands there now."""
    return said(change.new, change.part or change.field)


@register.simple_tag
def guide_file(files: Mapping[str, GuideFile], digest: str, change: Change) -> SafeString | str:
    """Return a blank form or sample by its name, as a link, with the day it was uploaded."""
    if not digest or change.part is None:
        return "—"
    name = f"{change.row}（{gettext(change.part.zh)}）"
    file = files.get(digest)
    if file is None:
        return format_html('{} <span class="muted">{}</span>', name, gettext("不是指南文件"))
    return format_html(
        '<a href="{}">{}</a> <span class="muted">{}</span>',
        reverse("catalogue:guide_file", args=[digest.removeprefix("sha256:")]),
        name + ENDINGS[file.file.media_type],
        gettext("%(day)s 上传") % {"day": day_of(file.uploaded_at).isoformat()},
    )


@register.filter
def dial(text: str) -> SafeString | str:
    """Return a text with its telephone numbers as links one can press."""
    parts: list[tuple[str, str]] = []
    rest = text
    for number in (n for n in numbers(text) if is_dialable(n)):
        before, _, rest = rest.partition(number)
        parts.append((before, number))
    links = format_html_join(
        "", '{}<a href="tel:{}">{}</a>', ((b, _dialled(n), n) for b, n in parts)
    )
    return format_html("{}{}", links, rest)


def _dialled(number: str) -> str:
    return "".join(c for c in number if c.isdigit() or c in "+-")


@register.filter
def cited(text: str) -> SafeString:
    """Return a legal basis line by line; on English pages in English beside its official title."""
    lines = [_cited(line) for line in text.splitlines() if line.strip()]
    return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in lines))


def _cited(line: str) -> SafeString:
    names = packs.told(packs.NATIONAL, "english.toml").get("laws", {})
    said = citations.english(line.strip(), names) if _is_english() else ""
    if not said:
        return format_html('<span lang="zh">{}</span>', line)
    return format_html(
        '{} <span class="small muted">{} <span lang="zh">{}</span></span>',
        said,
        gettext("正式的中文名称："),
        line,
    )


@register.simple_tag
def titled(name: str, english: str) -> SafeString:
    """Return the name of an item or a unit; on English pages in English beside its own title."""
    if not english or not _is_english():
        return format_html('<span lang="zh">{}</span>', name)
    beside = '{} <span class="small muted" lang="zh">{}</span>'
    return format_html(beside, english, name)


@register.filter
def of(found: Mapping[Any, Any], key: Any) -> Any:
    """Return what is known of this one, or nothing."""
    return found.get(key, ())


@register.filter
def in_english(english: str) -> str:
    """Return an English name on English pages, nothing on others."""
    return english if _is_english() else ""


@register.filter
def themed(theme: str) -> SafeString:
    """Return a theme as it is called; on English pages in English beside its official name."""
    said = packs.told(packs.NATIONAL, "english.toml").get("themes", {}).get(theme, "")
    if not said or not _is_english():
        return format_html('<span lang="zh">{}</span>', theme)
    return format_html('{} <span class="small muted" lang="zh">{}</span>', said, theme)


def _is_english() -> bool:
    return (get_language() or "").startswith("en")
