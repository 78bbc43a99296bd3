"""The verifiable draw ``onedoor-draw/1`` (可验证抽签): one file, the standard library alone.

Run alone it recomputes records: ``python draw.py RECORD.json``. Exit status 0 一致, 1 不一致 with
what differs, 2 what was given is no record. Several records are checked as a chain besides. With
``commit FREEZE.json PARTY`` it makes a secret and its commitment on the device it runs on.

A list of entrants is frozen and its digest published; parties commit to secrets they made on their
own devices; an event nobody of them controls takes place and the secrets are opened, in the order
the freeze fixed. The seed is made of all of it, and every rank, parameter and tie of the seed. No
floating point is used. What it cannot know it says: that a beacon's value is the beacon's, that
dice fell as typed, and that the first record of a chain has none before it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets as machine
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, NamedTuple

Record = Mapping[str, Any]
SCHEMA, FREEZE_SCHEMA = "onedoor.draw.record/1", "onedoor.draw.freeze/1"
GENESIS = "0" * 64
MOST_TICKETS = 1_000_000
"""Of all entrants together: more would keep a browser busy for minutes."""
QUICKNET = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
QUICKNET_GENESIS, QUICKNET_PERIOD = 1692803367, 3


def _(text: str) -> str:
    """Mark a text for whoever collects what is shown on pages."""
    return text


WORDS = {
    "freeze_hash": _("名单冻结的摘要"),
    "freeze_order": _("公开事件和揭示的先后不合事件的种类"),
    "freeze_times": _("截止时间的先后"),
    "freeze_sorted": _("名单没有按代码排列，或者有重复"),
    "freeze_excluded": _("排除的机构没有按代码排列，或者也在名单里"),
    "freeze_weights": _("权重不合选取方式，或者太多"),
    "freeze_few": _("名单里的机构比要选的少"),
    "freeze_params": _("要抽的数没有范围，或者重复"),
    "commit_again": _("同一方承诺了两次"),
    "commit_missing": _("应当参加的一方没有承诺"),
    "commit_time": _("承诺不在冻结以后、截止以前"),
    "opening_again": _("同一方揭示了两次"),
    "opening_unknown": _("揭示的一方没有承诺过"),
    "opening_wrong": _("揭示的数和承诺对不上"),
    "opening_time": _("揭示的时间不合规定的先后"),
    "opening_missing": _("承诺过的一方没有揭示"),
    "event_missing": _("没有公开事件的结果"),
    "event_value": _("公开事件结果的写法"),
    "event_time": _("公开事件的时间不合规定的先后"),
    "seed": _("种子"),
    "params": _("抽出的数"),
    "ranking": _("排名"),
    "winners": _("中选"),
    "alternates": _("备选"),
    "struck": _("取消资格的机构不在名单里"),
    "level": _("可信等级"),
    "state": _("记录的状态和内容不合"),
    "chain_number": _("编号不连续：少了记录，或者次序变了"),
    "chain_link": _("没有接在上一份名单冻结后面"),
}
"""What may differ, by code. The page in the browser has the same codes."""

LEVELS = (
    _("不可公开验证（仅供演示，禁用于财政资金）"),
    _("多方承诺"),
    _("多方承诺+现场公开事件"),
    _("多方承诺+公开开奖"),
    _("多方承诺+公共信标"),
)
NOTES = {
    "beacon": _("信标的值按记录采用，没有核对信标的签名。"),
    "typed": _("公开事件的结果按记录采用，请对照录像或者官方公布。"),
    "struck": _("有机构被取消资格，中选里没有它们；取消得对不对，没有核对。"),
    "void": _("这次抽签作废了，没有中选结果。"),
}

# --- The shape of a record, read alike by the browser ----------------------------------------

DIGEST = "[0-9a-f]{64}"
TIME = "20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{2}:[0-9]{2}"
USCC = "[0-9A-Z]{18}"
PARTY = "[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}"
WORD = "[a-z][a-z0-9_]{0,31}"
TEXT = ".{0,500}"
MOST = 2**53 - 1
EVENTS: dict[str, Any] = {
    "none": {"kind": "none"},
    "dice": {"kind": "dice", "throws": (10, 100), "place?": TEXT},
    "lottery": {"kind": "lottery", "game": TEXT, "issue": TEXT, "paper": TEXT},
    "nist": {"kind": "nist", "chain": (0, MOST), "pulse": (0, MOST)},
    "drand": {"kind": "drand", "chain": DIGEST, "round": (1, MOST)},
}
VALUES = {"none": "", "dice": "[0-9]{10,100}", "lottery": "[0-9 +]{1,64}"}
VALUES |= {"nist": "[0-9a-f]{128}", "drand": DIGEST}
FREEZE: dict[str, Any] = {
    "schema": "onedoor[.]draw[.]freeze/1",
    "draw_id": "[0-9]{6}-20[0-9]{2}-[0-9]{6}",
    "notice_id": PARTY,
    "method": WORD,
    "winners": (1, 1000),
    "alternates": (0, 1000),
    "prev_record_hash": DIGEST,
    "entries": [{"uscc": USCC, "weight": (1, 10_000)}],
    "excluded": [{"uscc": USCC, "code": PARTY}],
    "order": "reveal_then_event|event_then_open",
    "commit_deadline": TIME,
    "open_deadline": TIME,
    "event": EVENTS,
    "params?": [{"name": WORD, "lo": (0, MOST), "hi": (0, MOST)}],
    "parties?": [PARTY],
    "replaces?": "[0-9]{6}-20[0-9]{2}-[0-9]{6}",
}
RECORD: dict[str, Any] = {
    "schema": "onedoor[.]draw[.]record/1",
    "state": "completed|void",
    "level": (0, 4),
    "frozen_at": TIME,
    "freeze": FREEZE,
    "freeze_hash": DIGEST,
    "commitments": [{"party": PARTY, "commit": DIGEST, "at": TIME, "sealed?": TEXT}],
    "event?": {"value": "[0-9a-f +]{0,128}", "at": TIME, "witness?": TEXT},
    "openings": [
        {"party": PARTY, "secret": "(?:[0-9a-f]{2}){16,64}", "at": TIME, "by": "party|envelope"}
    ],
    "seed?": DIGEST,
    "params?": [{"name": WORD, "value": (0, MOST)}],
    "ranking?": [{"uscc": USCC, "ticket": DIGEST}],
    "winners?": [USCC],
    "alternates?": [USCC],
    "struck?": [{"uscc": USCC, "reason": TEXT, "approver": TEXT, "at": TIME}],
    "void?": {"reason": TEXT, "approver": TEXT, "at": TIME},
}
RESULT = ("seed", "params", "ranking", "winners", "alternates")


class Unreadable(Exception):
    """What was given is no record; says where."""


def _fit(value: Any, shape: Any, where: str) -> None:
    if isinstance(shape, str):
        fits = isinstance(value, str) and re.fullmatch(shape, value) is not None
    elif isinstance(shape, tuple):
        fits = type(value) is int and shape[0] <= value <= shape[1]
    elif isinstance(shape, list):
        fits = isinstance(value, list) and len(value) <= 100_000
        for place, each in enumerate(value if fits else ()):
            _fit(each, shape[0], f"{where}[{place}]")
    elif shape is EVENTS:
        kind = value.get("kind") if isinstance(value, dict) else None
        fits = isinstance(kind, str) and kind in EVENTS
        if fits:
            _fit(value, EVENTS[str(kind)], where)
    else:
        names = {name.rstrip("?"): name for name in shape}
        fits = isinstance(value, dict) and set(value) <= set(names)
        fits = fits and all(n in value for n in shape if not n.endswith("?"))
        for name in value if fits else ():
            _fit(value[name], shape[names[name]], f"{where}.{name}")
    if not fits:
        raise Unreadable(where)
    if shape is TIME:
        moment(value, where)


def read(text: str) -> Record:
    """Return the record of a text; nothing but whole numbers, no name twice, NFC, no controls."""
    # In ASCII without escapes nothing is hidden in a string: no need to look at each.
    is_simple = text.isascii() and "\\" not in text and "\x7f" not in text
    try:
        data = json.loads(
            text,
            object_pairs_hook=_once if is_simple else _plainly,
            parse_int=_whole,
            parse_float=_refuse,
            parse_constant=_refuse,
        )
    except (ValueError, RecursionError):
        raise Unreadable("JSON") from None
    _fit(data, RECORD, "record")
    found: Record = data
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("twice")
    return made


def _plainly(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    for text in [name for name, _value in pairs] + [v for _name, v in pairs]:
        if isinstance(text, str) and not _is_plain(text):
            raise ValueError(text)
    return _once(pairs)


def _is_plain(text: str) -> bool:
    if text.isascii():
        return text.isprintable()
    if any(c < " " or c in "\x7f\u2028\u2029" or "\ud800" <= c <= "\udfff" for c in text):
        return False
    return unicodedata.is_normalized("NFC", text)


def _whole(text: str) -> int:
    if not text.isdigit() or len(text) > 16:
        raise ValueError(text)
    return int(text)


def _refuse(text: str) -> Any:
    raise ValueError(text)


def moment(text: str, where: str = "time") -> datetime:
    """Return a moment of a record as it is written, with its offset."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable(where) from None


# --- The algorithm ----------------------------------------------------------------------------


def canon(value: Any) -> bytes:
    """Return the one way to write a value.

    >>> canon({"b": [1, "二"], "a": 0}).decode()
    '{"a":0,"b":[1,"二"]}'
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return unicodedata.normalize("NFC", text).encode()


def digest(tag: str, *parts: bytes) -> bytes:
    """Return SHA-256 over the tag and the parts, each behind its length in eight bytes."""
    sha = hashlib.sha256()
    for part in (tag.encode(), *parts):
        sha.update(len(part).to_bytes(8, "big") + part)
    return sha.digest()


def freeze_hash(freeze: Record) -> str:
    """Return the digest that is published, printed and signed before anybody commits."""
    return hashlib.sha256(canon(freeze)).hexdigest()


def commitment(freeze: Record, party: str, secret: str) -> str:
    """Return what a party publishes before the event: its secret (hex) bound to this list."""
    return _commitment(freeze, freeze_hash(freeze), party, secret)


def _commitment(freeze: Record, bound: str, party: str, secret: str) -> str:
    parts = (freeze["draw_id"].encode(), bytes.fromhex(bound), party.encode())
    return digest("onedoor/draw/commit/1", *parts, bytes.fromhex(secret)).hex()


def value_bytes(event: Record, value: str) -> bytes:
    """Return what of an event goes into the seed: a beacon's bytes, the digits of the others."""
    return bytes.fromhex(value) if event["kind"] in ("drand", "nist") else value.encode()


def seed_of(freeze: Record, secrets: Mapping[str, str], value: str) -> bytes:
    """Return the seed of the parties' secrets (hex) and the value of the event."""
    bound = freeze_hash(freeze)
    commits = {party: _commitment(freeze, bound, party, each) for party, each in secrets.items()}
    parts = [bytes.fromhex(bound), canon(commits)]
    for party in sorted(secrets):
        parts += [party.encode(), bytes.fromhex(secrets[party])]
    parts += [canon(freeze["event"]), value_bytes(freeze["event"], value)]
    return digest("onedoor/draw/seed/1", *parts)


def ticket(seed: bytes, uscc: str, weight: int = 1) -> bytes:
    """Return the smallest of as many tickets as the weight: so weights need no fractions."""
    return min(
        hmac.digest(seed, f"ticket/1|{uscc}|{number}".encode(), "sha256")
        for number in range(1, weight + 1)
    )


def rank(seed: bytes, entries: Iterable[Record]) -> list[dict[str, str]]:
    """Return all entrants in the order of their tickets; who is taken out moves nobody else."""
    drawn = sorted((ticket(seed, e["uscc"], e["weight"]).hex(), e["uscc"]) for e in entries)
    return [{"uscc": uscc, "ticket": found} for found, uscc in drawn]


def param(seed: bytes, name: str, lo: int, hi: int) -> int:
    """Return a whole number from ``lo`` to ``hi``, each as likely as the other."""
    size, number = hi - lo + 1, 0
    while True:
        made = hmac.digest(seed, f"param/1|{name}|{number}".encode(), "sha256")
        if (found := int.from_bytes(made, "big")) < 2**256 // size * size:
            return lo + found % size
        number += 1


def untie(seed: bytes, name: str, among: Iterable[str]) -> str:
    """Return which of several that are equal comes first."""
    return min(among, key=lambda u: hmac.digest(seed, f"tie/1|{name}|{u}".encode(), "sha256"))


def level(freeze: Record, parties: int) -> int:
    """Return how far a draw can be trusted: 0 not at all, 4 with a beacon anybody can fetch.

    >>> level({"event": {"kind": "dice"}}, 3), level({"event": {"kind": "dice"}}, 1)
    (2, 0)
    """
    if parties < 2:
        return 0
    return {"none": 1, "dice": 2, "lottery": 3, "drand": 4, "nist": 4}[freeze["event"]["kind"]]


def result(freeze: Record, secrets: Mapping[str, str], value: str, struck: set[str]) -> Record:
    """Return what follows from the openings and the event: seed, numbers, rank, who is chosen."""
    seed = seed_of(freeze, secrets, value)
    ranking = rank(seed, freeze["entries"])
    left = [each["uscc"] for each in ranking if each["uscc"] not in struck]
    first, more = freeze["winners"], freeze["alternates"]
    asked = freeze.get("params", [])
    return {
        "seed": seed.hex(),
        "params": [
            {"name": p["name"], "value": param(seed, p["name"], p["lo"], p["hi"])} for p in asked
        ],
        "ranking": ranking,
        "winners": left[:first],
        "alternates": left[first : first + more],
    }


def complete(record: Record) -> dict[str, Any]:
    """Return the record with what follows from it written in."""
    secrets = {each["party"]: each["secret"] for each in record["openings"]}
    struck = {each["uscc"] for each in record.get("struck", [])}
    value = record.get("event", {"value": ""})["value"]
    return {**record, **result(record["freeze"], secrets, value, struck)}


# --- Verification -----------------------------------------------------------------------------


class Fault(NamedTuple):
    """What differs: its code, what it is about, what the record says and what was computed."""

    code: str
    about: str = ""
    told: str = ""
    found: str = ""

    @property
    def sentence(self) -> str:
        about = f"（{self.about}）" if self.about else ""
        values = f"：记录写的是 {self.told}，重新计算是 {self.found}" if self.found else ""
        return f"{WORDS[self.code]}{about}{values}"


def verify(record: Record) -> list[Fault]:
    """Return what differs from the law of the draw; nothing where all of it agrees."""
    freeze = record["freeze"]
    found = [*_freeze_faults(record, freeze), *_commit_faults(record, freeze)]
    found += [*_opening_faults(record, freeze), *_event_faults(record, freeze)]
    secrets = {each["party"]: each["secret"] for each in record["openings"]}
    parties = {each["party"] for each in record["commitments"]}
    found += _differs("level", record["level"], level(freeze, len(parties)))
    is_whole = bool(secrets) and parties <= set(secrets) and not _event_missing(record, freeze)
    told = [name for name in RESULT if name in record]
    is_said = len(told) == (len(RESULT) if is_whole else 0)
    is_void = _is_void(record)
    if not is_said or ("void" in record) != is_void or not (is_void or is_whole):
        found.append(Fault("state", record["state"]))
    if is_whole and not {fault.code for fault in found} & _FORBID:
        made = complete(record)
        for name in RESULT:
            if name in record:
                found += _compared(name, record[name], made[name])
    return found


_FORBID = {"event_value", "freeze_weights", "freeze_params"}
"""With these there is nothing to compute from."""


def _is_void(record: Record) -> bool:
    return bool(record["state"] == "void")


def _event_missing(record: Record, freeze: Record) -> bool:
    return freeze["event"]["kind"] != "none" and "event" not in record


def _differs(code: str, told: object, found: object) -> list[Fault]:
    return [] if told == found else [Fault(code, "", str(told), str(found))]


def _compared(name: str, told: Any, found: Any) -> list[Fault]:
    """Name the first place of a list where the two part."""
    if told == found or not isinstance(told, list):
        return _differs(name, told, found)
    rows = [*zip(told, found, strict=False)]
    place = next((n for n, (a, b) in enumerate(rows) if a != b), len(rows))
    said, made = (_line(side[place]) if place < len(side) else "—" for side in (told, found))
    return [Fault(name, f"#{place + 1}", said, made)]


def _line(row: Any) -> str:
    return " ".join(str(row[key]) for key in row) if isinstance(row, dict) else str(row)


def _freeze_faults(record: Record, freeze: Record) -> Iterator[Fault]:
    yield from _differs("freeze_hash", record["freeze_hash"], freeze_hash(freeze))
    order = {"lottery": "reveal_then_event", "drand": "reveal_then_event"}
    order |= {"nist": "reveal_then_event"}
    wanted = order.get(freeze["event"]["kind"], "event_then_open")
    yield from _differs("freeze_order", freeze["order"], wanted)
    times = [record["frozen_at"], freeze["commit_deadline"], freeze["open_deadline"]]
    if not _in_order(times):
        yield Fault("freeze_times")
    entries = [each["uscc"] for each in freeze["entries"]]
    if not _rises(entries):
        yield Fault("freeze_sorted")
    excluded = [each["uscc"] for each in freeze["excluded"]]
    if not _rises(excluded) or set(excluded) & set(entries):
        yield Fault("freeze_excluded")
    weights = [each["weight"] for each in freeze["entries"]]
    if sum(weights) > MOST_TICKETS or (freeze["method"] != "credit" and set(weights) - {1}):
        yield Fault("freeze_weights")
    if len(entries) < freeze["winners"]:
        yield Fault("freeze_few")
    asked = freeze.get("params", [])
    if any(p["lo"] > p["hi"] for p in asked) or not _rises(sorted(p["name"] for p in asked)):
        yield Fault("freeze_params")
    for each in record.get("struck", []):
        if each["uscc"] not in entries:
            yield Fault("struck", each["uscc"])


def _commit_faults(record: Record, freeze: Record) -> Iterator[Fault]:
    seen: set[str] = set()
    for each in record["commitments"]:
        if each["party"] in seen:
            yield Fault("commit_again", each["party"])
        seen.add(each["party"])
        if not _in_order([record["frozen_at"], each["at"], freeze["commit_deadline"]]):
            yield Fault("commit_time", each["party"])
    if not _is_void(record):
        for party in freeze.get("parties", []):
            if party not in seen:
                yield Fault("commit_missing", party)


def _opening_faults(record: Record, freeze: Record) -> Iterator[Fault]:
    commits = {each["party"]: each["commit"] for each in record["commitments"]}
    bound = freeze_hash(freeze)
    seen: set[str] = set()
    for each in record["openings"]:
        party = each["party"]
        if party in seen:
            yield Fault("opening_again", party)
        seen.add(party)
        if party not in commits:
            yield Fault("opening_unknown", party)
            continue
        made = _commitment(freeze, bound, party, each["secret"])
        if made != commits[party]:
            yield Fault("opening_wrong", party, commits[party], made)
        if not _in_order(_opening_times(record, freeze, each)):
            yield Fault("opening_time", party)
    if not _is_void(record):
        for party in commits:
            if party not in seen:
                yield Fault("opening_missing", party)


def _opening_times(record: Record, freeze: Record, opening: Record) -> list[str]:
    """Return the moments of an opening in the order they must have."""
    if freeze["order"] == "reveal_then_event":
        return [freeze["commit_deadline"], opening["at"], freeze["open_deadline"]]
    event = [record["event"]["at"]] if "event" in record else []
    last = [] if opening["by"] == "envelope" else [freeze["open_deadline"]]
    return [freeze["commit_deadline"], *event, opening["at"], *last]


def _event_faults(record: Record, freeze: Record) -> Iterator[Fault]:
    event = freeze["event"]
    if "event" not in record:
        if event["kind"] != "none" and not _is_void(record):
            yield Fault("event_missing")
        return
    value = record["event"]["value"]
    form = VALUES[event["kind"]]
    if not re.fullmatch(form, value) or len(value) != event.get("throws", len(value)):
        yield Fault("event_value", "", value or "—", form or "—")
    at = moment(record["event"]["at"])
    if event["kind"] == "drand" and event["chain"] == QUICKNET:
        round_at = QUICKNET_GENESIS + (event["round"] - 1) * QUICKNET_PERIOD
        if round_at > 4_000_000_000 or at.timestamp() < round_at:
            yield Fault("event_time", "drand")
        else:
            at = datetime.fromtimestamp(round_at, UTC)
    after = "open" if freeze["order"] == "reveal_then_event" else "commit"
    if at <= moment(freeze[f"{after}_deadline"]):
        yield Fault("event_time")


def _in_order(times: Sequence[str]) -> bool:
    moments = [moment(each) for each in times]
    return moments == sorted(moments)


def _rises(names: Sequence[str]) -> bool:
    return all(a < b for a, b in pairwise(names))


def verify_chain(records: Sequence[Record]) -> list[Fault]:
    """Return where records of one year, in their order, do not follow one another."""
    found = []
    for before, after in pairwise(records):
        name, last = after["freeze"]["draw_id"], before["freeze"]["draw_id"]
        if name[:11] != last[:11] or int(name[12:]) != int(last[12:]) + 1:
            found.append(Fault("chain_number", f"{last} → {name}"))
        link = after["freeze"]["prev_record_hash"]
        if link != freeze_hash(before["freeze"]):
            found.append(Fault("chain_link", name, link, freeze_hash(before["freeze"])))
    return found


def notes(record: Record) -> list[str]:
    """Return what a verification has not proved, as codes."""
    kind = record["freeze"]["event"]["kind"]
    found = ["beacon"] if kind in ("drand", "nist") else []
    found += ["typed"] if kind in ("dice", "lottery") else []
    found += ["struck"] if record.get("struck") else []
    return found + (["void"] if _is_void(record) else [])


def report(records: Sequence[Record], say: Callable[[str], object]) -> int:
    """Say what became of the verification of records, and return the exit status."""
    faults = 0
    for record in records:
        found = verify(record)
        faults += len(found)
        name = record["freeze"]["draw_id"]
        say(f"{name} {'不一致' if found else '一致'}")
        for fault in found:
            say(f"  {fault.sentence} [{fault.code}]")
        if not found:
            grade = level(record["freeze"], len(record["commitments"]))
            say(f"  名单冻结 {record['freeze_hash']}")
            say(f"  可信等级 {grade} {LEVELS[grade]}")
            if not _is_void(record):
                say(f"  中选 {' '.join(record['winners'])}")
            for each in record.get("struck", []):
                say(f"  取消资格 {each['uscc']} {each['reason']} {each['approver']} {each['at']}")
        for note in notes(record):
            say(f"  {NOTES[note]}")
    if len(records) > 1:
        found = verify_chain(records)
        faults += len(found)
        say(f"记录链 {'不一致' if found else '一致'}")
        for fault in found:
            say(f"  {fault.sentence} [{fault.code}]")
    return 1 if faults else 0


def contribute(paths: Sequence[str], say: Callable[[str], object]) -> int:
    """Make a party's secret on this device, for ``draw.py commit FREEZE.json PARTY``."""
    try:
        path, party = paths
        with open(path, encoding="utf-8") as file:
            freeze = json.loads(file.read())
        _fit(freeze, FREEZE, "freeze")
        _fit(party, PARTY, "party")
    except (OSError, ValueError, RecursionError, Unreadable):
        say("python draw.py commit FREEZE.json PARTY")
        return 2
    secret = machine.token_hex(32)
    say(f"名单冻结 {freeze_hash(freeze)}")
    say(f"承诺（现在交） {commitment(freeze, party, secret)}")
    say(f"秘密数（写在纸上装进信封，揭示时才交） {secret}")
    return 0


def main(paths: Sequence[str], say: Callable[[str], object]) -> int:
    """Verify the records in files and return the exit status; or make a secret."""
    if paths and paths[0] == "commit":
        return contribute(paths[1:], say)
    records = []
    for path in paths:
        try:
            with open(path, encoding="utf-8") as file:
                records.append(read(file.read()))
        except (OSError, UnicodeDecodeError):
            say(f"{path}：文件读不了")
            return 2
        except Unreadable as error:
            say(f"{path}：不是抽签记录，看不懂的地方：{error}")
            return 2
    if not records:
        say("python draw.py RECORD.json …")
        return 2
    return report(records, say)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], lambda line: sys.stdout.write(line + "\n")))
