"""Faults of accessibility that are known and may stay for a while: each with a reason and a day.

``known.toml`` lists them. One that is over counts again, so that nobody forgets it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("known.toml")


def known(on: date, text: str | None = None) -> list[Mapping[str, Any]]:
    """Return the faults that may stay on this day; one without a reason or a day is refused.

    >>> told = '[[known]]\\nrule = "region"\\nhtml = "<p"\\nreason = "x"\\nuntil = 2027-01-31'
    >>> [each["rule"] for each in known(date(2027, 1, 31), told)], known(date(2027, 2, 1), told)
    (['region'], [])
    """
    listed = tomllib.loads(FILE.read_text() if text is None else text).get("known", [])
    for each in listed:
        assert each["reason"].strip(), each
        assert each["html"], each
    return [each for each in listed if each["until"] >= on]


def left(found: Sequence[str], may_stay: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the faults that nobody lets stay; a fault is written ``rule: html``.

    >>> left(["region: <p>a</p>", "label: <input>"], [{"rule": "region", "html": "<p"}])
    ['label: <input>']
    """
    begins = tuple(f"{each['rule']}: {each['html']}" for each in may_stay)
    return [each for each in found if not (begins and each.startswith(begins))]
