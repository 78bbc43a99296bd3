"""Figures in the words of a report: amounts, counts of findings, what is claimed."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, NamedTuple

from onedoor.rectification.rules.words import Outcome

_APART = " \u00a0\u2009\u202f"
"""What parts thousands where no comma does."""
_AMOUNT = re.compile(
    rf"(?<![\d.．,，])(?P<n>\d{{1,3}}(?:[{_APART}]\d{{3}})+(?:[.．]\d+)?|\d[\d,，]*(?:[.．]\d+)?)"
    r"\s*(?:余|多)?\s*(?P<scale>亿|万|千万|百万)?(?:余|多)?元(?!旦|素|月|\s*[-—–~～至到]\s*\d)"
)
# Neither end of a range is an amount, nor is the price of one.
_NO_AMOUNT = re.compile(
    r"\d\s*(?:亿|万)?元?\s*(?:[-—–~～至到])\s*$|(?:每|人均|户均|单价)[^，,。；;]{0,8}$"
)
_ODD_SPACE = re.compile(rf"\d[{_APART}]$")
_SCALES = {"": 1, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_THING = r"(?:个|项|条|件)"
_COUNTS = (
    (
        "not_rectified",
        re.compile(rf"(?:未|尚未)(?:完成)?整改(?:到位|完成)?(?:的)?(?:问题)?\s*(\d+)\s*{_THING}"),
    ),
    (
        "in_progress",
        re.compile(rf"(?:正在|持续|部分|长期)(?:推进)?整改(?:的)?(?:问题)?\s*(\d+)\s*{_THING}"),
    ),
    ("mostly", re.compile(rf"基本(?:完成)?整改(?:到位)?(?:的)?(?:问题)?\s*(\d+)\s*{_THING}")),
    (
        "rectified",
        re.compile(
            rf"(?:已|完成)(?:经)?(?:全部)?(?:完成)?整改(?:到位|完成|完毕)?(?:的)?(?:问题)?\s*(\d+)\s*{_THING}"
        ),
    ),
    ("rate_percent", re.compile(r"整改(?:完成)?率(?:为|达到?|达)?\s*(\d+(?:\.\d+)?)\s*[%％]")),
    (
        "found",
        re.compile(
            rf"(?:查出|发现|指出|反映|反馈|涉及|提出|共)(?:的)?(?:各类|具体)?(?:问题)?(?:共计?|合计)?\s*(\d+)\s*{_THING}(?:问题)?"
        ),
    ),
)

_AFTER = (
    ("not_rectified", re.compile(rf"(\d+)\s*{_THING}(?:问题)?(?:未|尚未)(?:完成)?整改")),
    ("in_progress", re.compile(rf"(\d+)\s*{_THING}(?:问题)?(?:正在|仍在)(?:推进|抓紧)?整改")),
    ("long_term", re.compile(rf"(\d+)\s*{_THING}(?:问题)?(?:需)?(?:持续|长期)(?:推进)?整改")),
    ("rectified", re.compile(rf"(\d+)\s*{_THING}(?:问题)?(?:已|均已)(?:全部)?(?:完成)?整改")),
)
"""The same where the number stands before the word; tried after those, which are surer."""


def amounts(text: str) -> list[dict[str, Any]]:
    """Return the amounts of a text in yuan, each with its quote.

    >>> [(a["value"], a["quote"]) for a in amounts("收回1.25亿元,退还3,200.5万元、900元")]
    [(125000000, '1.25亿元'), (32005000, '3,200.5万元'), (900, '900元')]
    >>> told = "非税收入1 236.8万元未上缴；每人每月500元；罚款3至5万元；欠款8万元—9万元"
    >>> [a["value"] for a in amounts(told)]
    [12368000]
    """
    found = []
    for match in _AMOUNT.finditer(text):
        before = text[max(match.start() - 30, 0) : match.start()]
        if _NO_AMOUNT.search(before) or _ODD_SPACE.search(before):
            continue
        plain = re.sub(r"[,，\s]", "", match["n"]).replace("．", ".")
        number = Decimal(plain) * _SCALES[match["scale"] or ""]
        is_whole = number == number.to_integral_value()
        value = int(number) if is_whole else f"{number.normalize():f}"
        found.append({"metric": "amount", "value": value, "unit": "元", "quote": match[0]})
    return found


def counts(text: str) -> list[dict[str, Any]]:
    """Return how many findings a text says were found, put right, or not.

    >>> told = "查出问题32个,已整改 30 项,正在整改2个,整改率93.75%"
    >>> [(c["metric"], c["value"]) for c in counts(told)]
    [('in_progress', 2), ('rectified', 30), ('rate_percent', '93.75'), ('found', 32)]
    >>> counts("未整改3个")[0]["metric"], len(counts("未整改3个"))
    ('not_rectified', 1)
    """
    found, taken = [], set[int]()
    for metric, form in (*_COUNTS, *_AFTER):
        for match in form.finditer(text):
            if match.start(1) in taken:
                continue
            taken.add(match.start(1))
            value: int | str = int(match[1]) if match[1].isdecimal() else match[1]
            unit = "%" if metric == "rate_percent" else "个"
            found.append({"metric": metric, "value": value, "unit": unit, "quote": match[0]})
    return found


_SHARE = re.compile(r"[（(]\s*(?:共|计)?\s*\d+\s*(?:个|项|条|件)(?:问题)?\s*[）)]|占\s*[\d.]+[%％]")


def is_tally(text: str) -> bool:
    """Say whether a line only counts findings, for a unit or a kind: it is none itself.

    >>> is_tally("县住建局（4项）：已整改3项，正在整改1项。"), is_tally("超范围列支2项，已整改。")
    (True, False)
    """
    told = [c for c in counts(text) if c["metric"] in _RESTS]
    rest = _SHARE.sub("", text)
    for count in told:
        rest = rest.replace(count["quote"], "", 1)
    return bool(told) and bool(re.fullmatch(r"[^，,。；;:：]{0,20}[\s，,、。；;:：]*", rest))


_RESTS = ("rectified", "mostly", "in_progress", "long_term", "not_rectified")


def differences(text: str) -> list[str]:
    """Return where a paragraph's own figures do not add up, in a sentence each.

    >>> differences("查出问题4个，已整改2个，正在整改1个，整改率80%。")
    ['写了查出 4 个，而 2＋1＝3。', '写了整改率 80%，而 2÷4＝50%。']
    >>> differences("查出问题3个，已整改2个，正在整改1个，整改率66.67%。")
    []
    """
    told: dict[str, list[Any]] = {}
    for count in counts(text):
        told.setdefault(count["metric"], []).append(count["value"])
    if any(len(values) > 1 for values in told.values()) or "found" not in told:
        return []
    whole = int(told["found"][0])
    rests = [int(told[metric][0]) for metric in _RESTS if metric in told]
    found = []
    is_whole = len(rests) > 1 and sum(rests) != whole
    if is_whole or sum(rests) > whole:
        found.append(f"写了查出 {whole} 个，而 {'＋'.join(map(str, rests))}＝{sum(rests)}。")
    if "rate_percent" in told and "rectified" in told and whole:
        done, rate = told["rectified"][0], Decimal(str(told["rate_percent"][0]))
        real = Decimal(done) * 100 / whole
        if abs(real - rate) > 1:
            shown = f"{real.quantize(Decimal('0.1')):f}".removesuffix(".0")
            found.append(f"写了整改率 {rate:f}%，而 {done}÷{whole}＝{shown}%。")
    return found


class Claim(NamedTuple):
    """What a text claims, in its own words."""

    outcome: Outcome
    quote: str


_CLAIMS = (
    (
        Outcome.NOT_RECTIFIED,
        re.compile(
            r"(?:尚未|还未|仍未|未)(?:能)?(?:按期)?(?:完成)?(?:整改|销号)(?:到位|完成|完毕)?"
        ),
    ),
    (Outcome.MOSTLY, re.compile(r"基本(?:完成|整改|落实)(?:整改)?(?:到位|完毕|完成)?")),
    (
        Outcome.LONG_TERM,
        re.compile(
            r"(?:持续|长期)(?:推进)?整改|长期坚持|(?:问题|事项)[^，,。]{0,4}持续推进|^持续推进[。]?$"
        ),
    ),
    (
        Outcome.IN_PROGRESS,
        re.compile(r"(?:正在|仍在|部分)(?:进行|推进|抓紧)?(?:完成)?整改|整改中"),
    ),
    (
        Outcome.RECTIFIED,
        re.compile(
            r"(?:已|均已|已经|全部)(?:全部|按要求|按期)*(?:完成)?整改(?:到位|完成|完毕|落实)?|"
            r"整改(?:到位|完毕)|整改完成(?=[，,。；;！）)]|$)|已(?:全部)?完成整改|已(?:全部)?销号|完成整改"
        ),
    ),
)
_WILL = re.compile(r"(?:确保|力争|预计|将|要求|督促|推动|如期|尽快|争取|逐项)[^，,。；;]{0,12}$")


_COUNTED = re.compile(rf"(?:的)?(?:问题)?\s*\d+\s*{_THING}")


def claim_of(sentence: str) -> Claim | None:
    """Return what a sentence claims; a promise, or counts of several, is no claim.

    >>> claim_of("该项问题已整改完毕。")
    Claim(outcome=<Outcome.RECTIFIED: 'rectified'>, quote='该项问题已整改完毕')
    >>> claim_of("该问题尚未整改到位,正在推进。").outcome
    <Outcome.NOT_RECTIFIED: 'not_rectified'>
    >>> claim_of("已整改17项。") is None, claim_of("已全部整改。").outcome.value
    (True, 'rectified')
    >>> claim_of("确保年底前完成整改。") is None, claim_of("已整改3项,正在整改2项。") is None
    (True, True)
    """
    if len({c["metric"] for c in counts(sentence)} - {"found", "rate_percent"}) > 1:
        return None
    for outcome, form in _CLAIMS:
        match = form.search(sentence)
        if match and _COUNTED.match(sentence[match.end() :]):
            continue  # so many of them are, nobody says that all are
        if match is None or _WILL.search(sentence[: match.start()]):
            continue
        quote = next(
            (p for p in re.split("[，,。；;]", sentence) if match[0] in p), sentence
        ).strip()
        return Claim(outcome, quote)
    return None


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, each with its full stop.

    >>> sentences("甲。乙；丙。丁")
    ['甲。', '乙；丙。', '丁']
    """
    return [s for s in re.findall(r"[^。！？!?]*[。！？!?]+[”」）)]?|[^。！？!?]+$", text) if s]
