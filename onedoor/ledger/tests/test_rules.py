"""Canonical text, Merkle tree and the verifier: standard library, no database."""

import json
from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from onedoor.ledger.rules import chain, merkle
from onedoor.ledger.rules.chain import GENESIS, Link
from onedoor.ledger.rules.verify import Summary, verify

KEY = Ed25519PrivateKey.generate()
PUBLIC = KEY.public_key().public_bytes_raw().hex()
AT = datetime(2026, 3, 6, 1, tzinfo=UTC)


def test_one_value_has_one_text():
    assert chain.canonical({"b": 1, "a": "e\u0301"}) == chain.canonical({"a": "é", "b": 1})
    assert chain.canonical({"on": AT}) == '{"on":"2026-03-06T01:00:00.000000Z"}'


@pytest.mark.parametrize("value", [1.5, "a\x00", "a\n", "\ud800", {1: "x"}, {"x": object()}])
def test_what_has_no_one_text_is_refused(value):
    with pytest.raises(ValueError, match="fact"):
        chain.canonical(value)


@given(st.integers(1, 70))
def test_the_frontier_gives_the_root_of_the_recursive_definition(size):
    leaves = [merkle.leaf_hash(str(n).encode()) for n in range(size)]
    frontier: list[bytes] = []
    for n, leaf in enumerate(leaves):
        frontier = merkle.append(frontier, n, leaf)

    assert merkle.root(frontier) == merkle.root_of(leaves)


@given(st.integers(1, 70), st.data())
def test_an_inclusion_path_proves_its_leaf_and_no_other(size, data):
    leaves = [merkle.leaf_hash(str(n).encode()) for n in range(size)]
    index = data.draw(st.integers(0, size - 1))
    path = merkle.inclusion_path(index, leaves)
    root = merkle.root_of(leaves)

    assert merkle.root_from_path(leaves[index], index, size, path) == root
    assert merkle.root_from_path(merkle.leaf_hash(b"forged"), index, size, path) != root


def is_signed(key: str, text: bytes, signature: str) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(
            bytes.fromhex(signature), text
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def export(count: int = 6) -> list[str]:
    """Return an export of two subjects in turn, one head over all of it."""
    lines: list[dict[str, object]] = [
        {"onedoor_ledger": 1, "installation": "i", "public_key": PUBLIC, "exported_at": "x"}
    ]
    links: dict[str, Link] = {}
    frontier: list[bytes] = []
    for n in range(count):
        subject = f"case:{n % 2}"
        text = chain.entry_text(
            subject=subject,
            after=links.get(subject, GENESIS),
            kind="k",
            schema=1,
            actor="a",
            at=AT,
            facts={"n": n},
            installation="i",
        )
        digest = chain.digest(text.encode())
        links[subject] = Link(links.get(subject, GENESIS).version + 1, digest)
        frontier = merkle.append(frontier, n, merkle.leaf_hash(text.encode()))
        lines.append({"position": n + 1, "digest": digest, "text": text})
    root = merkle.root(frontier).hex()
    signed = chain.canonical({"size": count, "root": root, "at": chain.instant(AT)}).encode()
    lines.append(
        {"head": count, "root": root, "at": chain.instant(AT), "signature": KEY.sign(signed).hex()}
    )
    for subject, link in links.items():
        lines.append({"row": subject, "version": link.version, "digest": link.digest})
    counts = {"entries": count, "pending": 0, "heads": 1, "rows": len(links)}
    lines.append({"end": counts})
    return [json.dumps(line, separators=(",", ":")) for line in lines]


def faults(lines: list[str], **options) -> list[str]:
    found = verify(lines, Summary(), signed_by=is_signed, **options)
    return [f"{fault.where}: {fault.what}" for fault in found]


def test_a_whole_export_has_no_fault():
    assert faults(export()) == []
    assert faults(export(), public_key=PUBLIC) == []


def test_a_changed_text_is_named_first():
    lines = export()
    lines[3] = lines[3].replace('\\"n\\":2', '\\"n\\":9')

    assert faults(lines)[0].startswith("position 3: changed")


def test_a_changed_text_with_a_new_digest_breaks_the_chain_and_the_head():
    lines = export()
    row = json.loads(lines[1])
    row["text"] = row["text"].replace('"n":0', '"n":7')
    row["digest"] = chain.digest(row["text"].encode())
    lines[1] = json.dumps(row)

    found = faults(lines)
    assert "does not follow" in found[0]
    assert any("not the ones that were signed" in fault for fault in found)


def test_a_missing_entry_is_named():
    lines = export()
    del lines[3]

    assert faults(lines) == ["position 3: missing: the file goes on with position 4"]


def test_a_reordered_entry_is_named():
    lines = export()
    lines[2], lines[3] = lines[3], lines[2]

    assert faults(lines)[0] == "position 2: reordered: position 3 stands before it"


def test_half_a_file_is_noticed():
    lines = export()

    assert "cut off" in faults(lines[:-1])[-1]
    assert "damaged" in faults([*lines[:3], lines[3][:40]])[0]


def test_another_key_a_wrong_signature_and_a_kept_head_are_noticed():
    lines = export()
    head = json.loads(lines[7])
    forged = [*lines]
    forged[7] = json.dumps(head | {"signature": "00" * 64})

    assert "another key" in faults(lines, public_key="ab" * 32)[0]
    assert faults(forged) == ["head of 6: the signature is wrong"]
    assert "rewritten" in faults(lines, known_heads=[(6, "00" * 32)])[0]
    assert "rewritten" in faults(lines, known_heads=[(6, "00" * 12)])[0]
    assert "more entries than are here" in faults(lines, known_heads=[(9, "00" * 32)])[0]


def test_a_row_that_stands_elsewhere_than_its_last_entry_is_noticed():
    lines = export()
    row = json.loads(lines[8])
    lines[8] = json.dumps(row | {"digest": "sha256:" + "0" * 64})

    assert faults(lines) == ["row case:0: version 3 differs from its entry"]


def test_a_row_set_back_to_what_it_was_is_noticed():
    lines = export()
    first = json.loads(lines[1])
    row = json.loads(lines[8])
    lines[8] = json.dumps(row | {"version": 1, "digest": first["digest"]})

    assert faults(lines) == ["row case:0: version 1 stands behind its last entry, version 3"]


def test_a_row_ahead_of_its_entries_and_one_that_is_gone_are_noticed():
    ahead, gone = export(), export()
    ahead[8] = json.dumps(json.loads(ahead[8]) | {"version": 4})
    del gone[8]
    gone[-1] = json.dumps({"end": json.loads(gone[-1])["end"] | {"rows": 1}})

    assert faults(ahead) == ["row case:0: version 4 has no such entry"]
    assert faults(gone) == ["row case:0: missing: its entries go up to version 3"]


def test_what_stands_behind_the_last_line_or_is_none_of_ours_is_named():
    lines = export()

    assert "does not belong here" in faults([*lines, lines[1]])[0]
    assert "does not belong here" in faults([lines[0], *lines])[0]
    assert "does not belong here" in faults(lines[1:])[0]
    assert "damaged" in faults([*lines[:4], '{"other":1}', *lines[4:]])[0]
    assert "another version" in faults([lines[0].replace(":1,", ":2,", 1), *lines[1:]])[0]
    assert "cut off" in faults([])[0]


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.just("\ud800"),
    st.just([]),
    st.just({}),
)


@given(st.integers(0, 10), st.data())
def test_whatever_stands_in_a_line_is_named_and_never_breaks_the_verifier(number, data):
    lines = export()
    row = json.loads(lines[number])
    name = data.draw(st.sampled_from(sorted(row)))
    if data.draw(st.booleans()):
        del row[name]
    else:
        row[name] = data.draw(JUNK)
    before, lines[number] = lines[number], json.dumps(row, separators=(",", ":"))

    found = faults(lines)

    unsigned = {"exported_at"}
    if name not in unsigned and json.loads(before) != row:
        assert found


@given(st.integers(0, 10), st.text(max_size=40))
def test_garbage_for_a_line_is_named(number, garbage):
    lines = export()
    lines[number] = garbage

    assert faults(lines)


@given(st.integers(1, 6), st.text(max_size=4) | JUNK, st.data())
def test_an_entry_rewritten_with_a_fitting_digest_is_named(number, junk, data):
    lines = export()
    row = json.loads(lines[number])
    entry = json.loads(row["text"])
    name = data.draw(st.sampled_from(sorted(entry)))
    if entry[name] == junk and type(entry[name]) is type(junk):
        return
    row["text"] = json.dumps(entry | {name: junk})
    row["digest"] = chain.digest(row["text"].encode())
    lines[number] = json.dumps(row)

    assert faults(lines)


@pytest.mark.parametrize("line", ["1", "[]", "null", '"x"', "[" * 100_000, '{"head":1}', "NaN"])
def test_json_that_is_no_line_is_named(line):
    assert faults([export()[0], line])
    assert faults([line])


@pytest.mark.parametrize("version", [float("inf"), float("nan"), 1.5, True, "1", None, [1]])
def test_a_version_that_is_no_whole_number_is_named_and_does_not_end_the_reading(version):
    lines = export()
    row = json.loads(lines[1])
    row["text"] = json.dumps(json.loads(row["text"]) | {"version": version})
    row["digest"] = chain.digest(row["text"].encode())
    lines[1] = json.dumps(row)

    assert any("not an entry" in fault for fault in faults(lines))
