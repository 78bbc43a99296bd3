"""The draw: the published vector, its properties, and that whatever is changed is named."""

import json
import subprocess
import sys
from hashlib import sha256
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from onedoor.market.rules import draw
from onedoor.market.tests import given
from onedoor.market.tests.tampered import VOID, WRONG

VECTOR = Path(draw.__file__).parents[2] / "static" / "market" / "vector-1.json"


def vector():
    return draw.read(VECTOR.read_text(encoding="utf-8"))


def test_the_published_vector_is_reproduced():
    record = vector()
    freeze = record["freeze"]
    seed = draw.seed_of(
        freeze, {"operator": "11" * 32, "purchaser": "22" * 32, "supervisor": "33" * 32}, "44" * 32
    )

    assert draw.freeze_hash(freeze) == (
        "7bc60dbd4775e15a5640144b718c0d61d4006ec48aa8f93c012bf09914c44442"
    )
    assert [
        draw.commitment(freeze, p, n * 64) for p, n in zip(given.PARTIES, "123", strict=True)
    ] == [
        "88f2fe1f3cbb46914991a00841beebb2c067185c6ef1fbbc33c6e7f4e49d1970",
        "91a669eed5047f78412ef296a54f435b9e589edddec00a0f75bafe7f64d49a3c",
        "1556b029dc442b3de1edbc4925870ae1c286dffedb643d560e10998da231838a",
    ]
    assert seed.hex() == "c749935b5190c79b36183bad34b82926e9a397d9365141aa214878b4e386cd08"
    assert [(e["uscc"][-3:], e["ticket"][:16]) for e in draw.rank(seed, freeze["entries"])] == [
        ("15Y", "2cdfc03a0ffcad2c"),
        ("4XC", "70d2f3ad54f4d693"),
        ("31L", "b7362c7f5bd8f1fa"),
        ("58C", "c91855d2b76bcff2"),
        ("23R", "d15718bcd51e3073"),
    ]
    assert draw.param(seed, "base_pct", 95, 98) == 97
    assert draw.verify(record) == []


def test_who_is_taken_out_moves_nobody_else_and_the_next_is_already_known():
    whole = given.record(given.freeze(8))
    first = whole["winners"][0]
    left = [row for row in whole["ranking"] if row["uscc"] != first]
    struck = [
        {"uscc": first, "reason": "弃权", "approver": "督查", "at": "2025-05-13T09:00:00+08:00"}
    ]

    seed = bytes.fromhex(whole["seed"])
    entries = [e for e in whole["freeze"]["entries"] if e["uscc"] != first]
    after = draw.complete({**whole, "struck": struck})

    assert draw.rank(seed, entries) == left
    assert after["winners"] == whole["alternates"][:1]
    assert draw.verify(after) == []


@examples(st.permutations(range(6)))
def test_the_order_of_signing_up_makes_no_difference(order):
    entries = given.freeze(6)["entries"]

    assert draw.rank(b"s", [entries[n] for n in order]) == draw.rank(b"s", entries)


@pytest.mark.parametrize("event", [{"kind": "none"}, given.DICE, given.BEACON], ids=str)
def test_a_draw_of_each_order_verifies_and_says_how_far_it_can_be_trusted(event):
    record = given.record(given.freeze(event=event))

    assert draw.verify(draw.read(json.dumps(record))) == []
    assert record["level"] == {"none": 1, "dice": 2, "drand": 4}[event["kind"]]


@pytest.mark.parametrize(
    ("code", "made"), WRONG, ids=[f"{n}-{c}" for n, (c, _) in enumerate(WRONG)]
)
def test_what_was_changed_is_named(code, made):
    found = [fault.code for fault in draw.verify(draw.read(json.dumps(made())))]

    assert code in found


def test_every_fault_that_can_be_named_has_a_record_that_shows_it():
    assert {code for code, _ in WRONG} == {c for c in draw.WORDS if not c.startswith("chain_")}


def test_a_draw_that_stopped_before_the_event_is_void_and_says_so():
    record = given.record(given.freeze(event=given.BEACON))
    left = {k: v for k, v in record.items() if k not in (*draw.RESULT, "event")}
    void = {**left, "openings": left["openings"][:2], "state": "void", "void": VOID}

    assert draw.verify(void) == []
    assert draw.notes(void) == ["beacon", "void"]


def test_a_void_after_the_event_is_published_with_what_would_have_come_of_it():
    record = {**given.record(given.freeze()), "state": "void", "void": VOID}
    hidden = {k: v for k, v in record.items() if k not in draw.RESULT}

    assert draw.verify(record) == []
    assert [fault.code for fault in draw.verify(hidden)] == ["state"]


def test_an_envelope_is_opened_by_the_supervisor_even_after_the_deadline():
    record = given.record(given.freeze())
    late = {**record["openings"][0], "at": "2025-05-12T11:00:00+08:00", "by": "envelope"}

    assert draw.verify({**record, "openings": [late, *record["openings"][1:]]}) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('"level": 2', '"level": 2.0'),
        lambda text: text.replace('"level": 2', '"level": -2'),
        lambda text: text.replace('"level": 2', '"level": true'),
        lambda text: text.replace('"level": 2', '"level": 2, "level": 2'),
        lambda text: text.replace('"level": 2', '"level": 2, "more": 1'),
        lambda text: text.replace("2025-05-12T09:40", "2025-02-30T09:40"),
        lambda text: text.replace("2025-05-12T09:40", "2025-05-12T24:40"),
        lambda text: text.replace("ZJ5325", "ZJ\\u00005325"),
        lambda text: text.replace("532502-2025-000017", "532502-2025-17"),
        lambda text: text[:-2],
        lambda text: "[" * 100_000,
        lambda text: "[]",
        lambda text: "",
    ],
)
def test_what_is_no_record_is_refused(change):
    with pytest.raises(draw.Unreadable):
        draw.read(change(json.dumps(given.record(given.freeze()))))


def test_records_of_a_year_follow_one_another():
    records: list[dict[str, Any]] = []
    for number in range(1, 5):
        link = records[-1]["freeze_hash"] if records else draw.GENESIS
        name = f"532502-2025-{number:06d}"
        records.append(given.record(given.freeze(draw_id=name, prev_record_hash=link)))
    altered = given.record({**records[1]["freeze"], "winners": 2})

    assert draw.verify_chain(records) == []
    assert [f.code for f in draw.verify_chain([*records[:2], records[3]])] == [
        "chain_number",
        "chain_link",
    ]
    assert "chain_number" in [f.code for f in draw.verify_chain([records[1], records[0]])]
    assert [(f.code, f.about) for f in draw.verify_chain([records[0], altered, *records[2:]])] == [
        ("chain_link", "532502-2025-000003")
    ]


def seeds(count):
    return (sha256(f"uniform {n}".encode()).digest() for n in range(count))


def spread(seen, expected):
    return sum((seen.get(k, 0) - e) ** 2 / e for k, e in expected.items())


def test_every_order_is_as_likely_as_any_other():
    count, entries = 4800, given.freeze(4)["entries"]
    names = [e["uscc"] for e in entries]
    seen: dict[tuple[str, ...], int] = {}
    for seed in seeds(count):
        order = tuple(row["uscc"] for row in draw.rank(seed, entries))
        seen[order] = seen.get(order, 0) + 1

    # 23 degrees of freedom, p = 1e-6.
    assert spread(seen, dict.fromkeys(permutations(names), count / 24)) < 70.4


def test_weights_are_the_chances_of_being_first():
    count = 4000
    weights = {f"91532502MA{weight:08d}": weight for weight in (1, 2, 3, 4)}
    entries = [{"uscc": uscc, "weight": weight} for uscc, weight in weights.items()]
    seen: dict[str, int] = {}
    for seed in seeds(count):
        first = draw.rank(seed, entries)[0]["uscc"]
        seen[first] = seen.get(first, 0) + 1

    # 3 degrees of freedom, p = 1e-6.
    assert spread(seen, {uscc: count * weight / 10 for uscc, weight in weights.items()}) < 30.7


def test_numbers_and_ties_come_from_the_seed_alike_often():
    numbers: dict[int, int] = {}
    firsts: dict[str, int] = {}
    for seed in seeds(3000):
        number = draw.param(seed, "n", 1, 3)
        first = draw.untie(seed, "t", ["a", "b", "c"])
        numbers[number], firsts[first] = numbers.get(number, 0) + 1, firsts.get(first, 0) + 1

    # 2 degrees of freedom, p = 1e-6.
    assert spread(numbers, dict.fromkeys((1, 2, 3), 1000)) < 27.7
    assert spread(firsts, dict.fromkeys("abc", 1000)) < 27.7


def test_the_file_runs_alone_with_nothing_but_python(tmp_path):
    alone = tmp_path / "draw.py"
    alone.write_bytes(Path(draw.__file__).read_bytes())
    wrong = tmp_path / "wrong.json"
    wrong.write_text(VECTOR.read_text().replace("ZJ532502202500017", "ZJ532502202500018"))

    def run(*paths):
        return subprocess.run(
            [sys.executable, "-I", "-S", str(alone), *paths],
            capture_output=True,
            text=True,
            env={"PYTHONIOENCODING": "utf-8"},
            cwd=tmp_path,
        )

    good, bad, none = run(str(VECTOR)), run(str(wrong)), run("nowhere.json")

    assert (good.returncode, bad.returncode, none.returncode) == (0, 1, 2)
    assert "一致" in good.stdout
    assert "不一致" not in good.stdout
    assert "不一致" in bad.stdout
    assert "名单冻结的摘要" in bad.stdout


def test_a_party_makes_its_number_on_its_own_device(tmp_path):
    path = tmp_path / "freeze.json"
    freeze = given.freeze()
    path.write_bytes(draw.canon(freeze))
    said: list[str] = []

    assert draw.main(["commit", str(path), "operator"], said.append) == 0
    assert draw.main(["commit", str(path)], said.append) == 2
    assert draw.main(["commit", "nowhere.json", "operator"], said.append) == 2

    commit, secret = (line.rpartition(" ")[2] for line in said[1:3])
    assert draw.freeze_hash(freeze) in said[0]
    assert len(secret) == 64
    assert draw.commitment(freeze, "operator", secret) == commit


def test_who_was_struck_is_said_though_all_of_it_agrees():
    made = given.record(given.freeze())
    first = made["winners"][0]
    struck = {"uscc": first, "reason": "造假", "approver": "某督查", "at": made["event"]["at"]}
    changed = draw.complete({**made, "struck": [struck]})
    said: list[str] = []

    assert draw.verify(changed) == []
    assert draw.report([changed], said.append) == 0
    assert "struck" in draw.notes(changed)
    assert any(first in line and "取消资格" in line for line in said)
