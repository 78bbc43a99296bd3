"""Read every text people see, and say what does not keep to the rules for plain Chinese.

The rules are those of 47号 and of our own pages: words that tell nothing, sentences nobody reads to
their end, buttons that do not say what happens, days without a date, marks of two widths. Looked at
are the texts of templates and of Python, the messages sent to people, and the items of the demo
county. ``tools/words.toml`` holds the words and the exceptions, each with its reason and the day
until which it stands; one that is over, or that nothing needs any more, is said too.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

PACKAGE = ROOT / "onedoor"
RULES = ROOT / "tools" / "words.toml"
BUTTON = re.compile(
    r"<(?:button\b|a\b[^>]*class=\"button)[^>]*>\s*(?:\{% (?:block)?translate \"([^\"]+)\" %\})\s*"
    r"(?:<|\{)",
)
EXTENDS = re.compile(r"{% extends \"([^\"]+)\"")
INCLUDES = re.compile(r"{% include \"([^\"]+)\"")
HOLES = re.compile(r"%\(\w+\)s|\{\{?\s*[\w.|:\"']+\s*\}?\}|<[^>]+>")
SENTENCE = re.compile(r"[。！？；\n]")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


class Said(NamedTuple):
    """A text people read: where it stands, what it is, and whether the public reads it."""

    place: str
    text: str
    kind: str
    is_public: bool


class Fault(NamedTuple):
    """A text that breaks a rule, and how."""

    rule: str
    said: Said
    why: str

    def __str__(self) -> str:
        return f"{self.said.place}: [{self.rule}] {self.why}: {self.said.text}"


def faults(said: Said, words: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what of a text does not keep to the rules.

    >>> words = {"banned": ["有关部门"], "marks": ["[一-鿿],"], "unsaid_buttons": ["确定"],
    ...     "most": 40, "most_button": 6}
    >>> [f.rule for f in faults(Said("", "请联系有关部门", "text", True), words)]
    ['banned']
    >>> [f.rule for f in faults(Said("", "确定", "button", True), words)]
    ['button']
    >>> [f.rule for f in faults(Said("", "一" * 41 + "。", "text", True), words)]
    ['long']
    >>> [f.rule for f in faults(Said("", "5 个工作日内办好", "text", True), words)]
    ['date']
    """
    for pattern in words["banned"]:
        if found := re.search(pattern, said.text):
            yield Fault("banned", said, f"不用“{found[0]}”")
    for pattern in words["marks"]:
        if found := re.search(pattern, HOLES.sub("某", said.text)):
            yield Fault("marks", said, f"标点不对“{found[0]}”")
    if said.is_public:
        for sentence in SENTENCE.split(HOLES.sub("", said.text)):
            if (count := length(sentence)) > words["most"]:
                yield Fault("long", said, f"一句 {count} 个字，最多 {words['most']}")
        if is_undated(said):
            yield Fault("date", said, "说了工作日，没有说日期")
    if said.kind == "button":
        if said.text in words["unsaid_buttons"]:
            yield Fault("button", said, "按钮没有说会发生什么")
        if said.is_public and (count := length(said.text)) > words["most_button"]:
            yield Fault("button", said, f"按钮 {count} 个字，最多 {words['most_button']}")


def length(text: str) -> int:
    """Return how many characters are read: signs and spaces are not.

    >>> length("办好了（3 天），来取")
    7
    """
    return sum(c.isalnum() for c in text)


def is_undated(said: Said) -> bool:
    """Say whether a page or message states working days and no day of the calendar beside them."""
    has_days = re.search(r"(?:\d+|%\(\w+\)s|[一二三五十])\s*个?工作日", said.text)
    has_date = re.search(r"%\((?:d|e|due|day|date|until|on)\)s|\{due\}|月", said.text)
    return said.kind in ("text", "message") and bool(has_days) and not has_date


# --- What there is to read ------------------------------------------------------------------------


def texts() -> Iterator[Said]:
    """Yield the texts of templates and of Python, each where it stands first."""
    from tools.messages import collected

    public = public_templates()
    for message in collected():
        ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
        if not message.id or not CHINESE.search(ids[0]):
            continue
        places = [place for place, _ in message.locations]
        is_public = any(place in public for place in places) or any(
            place.endswith(".py") and not STAFF.search(place) for place in places
        )
        for text in dict.fromkeys(ids):
            yield Said(places[0] if places else "", text, "text", is_public)


STAFF = re.compile(
    r"onedoor/(?:seals|archive|rectification|disclosure|reports|backup|cli|bench|demo|ledger|"
    r"calendar|accounts)/|/(?:api|rules|forms|contents)/|catalogue/(?:services|forms|rules)"
)
"""Python whose texts staff read; what the public reads of it stands in the templates too."""


@cache
def public_templates() -> frozenset[str]:
    """Return the templates of pages for the public, with all they include."""
    sources = {p.relative_to(ROOT).as_posix(): p.read_text() for p in PACKAGE.rglob("*.html")}
    named = {place.partition("/templates/")[2]: place for place in sources}
    begin = [
        place
        for place, source in sources.items()
        if (found := EXTENDS.search(source)) and found[1] == "base.html"
    ]
    seen, ahead = set[str](), [*begin, named["base.html"]]
    while ahead:
        place = ahead.pop()
        if place not in seen:
            seen.add(place)
            ahead += [named[n] for n in INCLUDES.findall(sources[place]) if n in named]
    return frozenset(seen)


def buttons() -> Iterator[Said]:
    """Yield what stands on buttons."""
    public = public_templates()
    for path in sorted(PACKAGE.rglob("*.html")):
        place = path.relative_to(ROOT).as_posix()
        for found in BUTTON.finditer(path.read_text()):
            yield Said(place, found[1], "button", place in public)


def told() -> Iterator[Said]:
    """Yield the messages sent to people."""
    place = "onedoor/packs/national/messages.toml"
    for text in tomllib.loads((ROOT / place).read_text())["texts"].values():
        yield Said(place, text.removesuffix("【{centre}】"), "message", True)


def items() -> Iterator[Said]:
    """Yield what the guides of the demo county say, each text once."""
    import json

    import django

    django.setup()
    from onedoor.demo import loading

    pack = loading.load()
    seen: set[str] = set()
    for item in json.loads(pack.items_as_json(checked_on=date(2026, 1, 5)))["items"]:
        for text in _read_of(item):
            if text and text not in seen and CHINESE.search(text):
                seen.add(text)
                yield Said(f"item {item['code']}", text, "item", True)


def _read_of(item: Mapping[str, Any]) -> Iterator[str]:
    yield str(item.get("conditions", ""))
    yield str(item.get("promised_note", ""))
    yield str(item.get("visits_reason", ""))
    for row in item.get("materials", ()):
        yield from (str(row.get(part, "")) for part in ("name", "standard", "fill_note"))
    for row in item.get("questions", ()):
        yield from (str(row["question"]), str(row["answer"]))
    for row in item.get("steps", ()):
        yield from (str(row.get(part, "")) for part in ("standard", "result"))


def every() -> Iterator[Said]:
    yield from texts()
    yield from buttons()
    yield from told()
    yield from items()


# --- Exceptions -----------------------------------------------------------------------------------


def judged(
    found: Iterable[Fault], excepted: Iterable[Mapping[str, Any]], *, today: date
) -> list[str]:
    """Return what is wrong once the exceptions are taken off: faults, exceptions over or needless.

    >>> said = Said("a.html", "确定", "button", True)
    >>> fault = Fault("button", said, "?")
    >>> one = {"rule": "button", "text": "确定", "reason": "x", "until": date(2027, 1, 1)}
    >>> judged([fault], [one], today=date(2026, 1, 1))
    []
    >>> judged([fault], [one], today=date(2027, 1, 2))
    ['tools/words.toml: over since 2027-01-01: 确定']
    >>> judged([], [one], today=date(2026, 1, 1))
    ['tools/words.toml: needed no more: 确定']
    """
    listed = {(each["rule"], each["text"]): each for each in excepted}
    used: set[tuple[str, str]] = set()
    wrong = []
    for fault in found:
        key = (fault.rule, fault.said.text)
        if key not in listed:
            wrong.append(str(fault))
        used.add(key)
    for key, each in listed.items():
        if key not in used:
            wrong.append(f"tools/words.toml: needed no more: {each['text']}")
        elif each["until"] < today:
            wrong.append(f"tools/words.toml: over since {each['until']}: {each['text']}")
        elif not each["reason"].strip():
            wrong.append(f"tools/words.toml: no reason: {each['text']}")
    return sorted(set(wrong))


def problems(*, today: date) -> list[str]:
    """Return all that is wrong with what people read."""
    rules = tomllib.loads(RULES.read_text())
    found = (fault for said in every() for fault in faults(said, rules["words"]))
    return judged(found, rules.get("exception", ()), today=today)


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onedoor.settings")
    wrong = problems(today=datetime.now(UTC).date())
    print(*wrong, sep="\n", end="\n" if wrong else "")
    sys.exit(f"{len(wrong)} texts to mend" if wrong else 0)
