"""The words of messages, as the national pack has them or the county has its own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from string import Formatter

from onedoor.kernel import packs
from onedoor.kernel.errors import NotValid
from onedoor.messages.rules import Quiet, Topic, read_quiet

FIELDS = frozenset({"item", "alias", "due", "address", "centre", "code", "minutes", "who", "what"})
"""What a text may name: the item, the short number, a day, where to look, who writes, a code and
how long it is good, who acts for whom and what they may do."""
MOST = 140
"""Characters of a text before its fields are filled: two messages of a telephone at most."""


@cache
def quiet() -> Quiet:
    """Return the hours in which the county disturbs nobody."""
    return read_quiet(packs.county().get("messages", {}))


@cache
def texts() -> Mapping[Topic, str]:
    """Return the text of every topic; the county's own where it has one."""
    own = packs.county().get("messages", {}).get("texts", {})
    return read_texts({**packs.told(packs.NATIONAL, "messages.toml")["texts"], **own})


def read_texts(told: Mapping[str, str]) -> Mapping[Topic, str]:
    """Return a text for every topic, or refuse: one is missing, too long, or names what is not."""
    found = {}
    for topic in Topic:
        text = told.get(topic.value, "")
        named = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
        if not text or len(text) > MOST or named - FIELDS:
            raise NotValid(
                "messages.text",
                "短信“%(topic)s”的文字不对：要写，最多 %(most)s 个字，只能用 %(fields)s。",
                topic=topic,
                most=MOST,
                fields="、".join(sorted(FIELDS)),
            )
        found[topic] = text
    return found


def written(topic: Topic, facts: Mapping[str, str]) -> str:
    """Return the text of a topic with its fields filled."""
    centre = str(packs.county().get("centre", {}).get("name", ""))
    return texts()[topic].format_map({**dict.fromkeys(FIELDS, ""), "centre": centre, **facts})
