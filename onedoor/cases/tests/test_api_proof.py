"""A program is told what of a case is sealed, with a proof that verifies, and what is not yet."""

import pytest

from onedoor.cases.models import Case
from onedoor.cases.tests import given
from onedoor.cases.tests.test_api import ask, receive
from onedoor.kernel import clock
from onedoor.ledger import sealing
from onedoor.ledger.rules import chain, merkle

pytestmark = pytest.mark.django_db


def told(number, who="clerk"):
    return ask("get", f"cases/{number}/proof", who)


def seal_and_sign():
    while sealing.seal():
        pass
    return sealing.sign_head(at=clock.now())


def test_what_no_head_covers_is_named_with_the_time_to_ask_again():
    number = receive().json()["number"]

    answer = told(number)

    body = answer.json()
    assert (body["subject"], body["sealed"]) == (f"case:{number}", None)
    assert [entry["version"] for entry in body["waiting"]] == [1]
    assert body["waiting"][0]["digest"] == Case.objects.get(number=number).head
    assert answer["Retry-After"] == str(body["retry_after"])
    assert 1 <= body["retry_after"] <= sealing.HEAD_EVERY


def test_what_a_head_covers_is_proven():
    number = receive().json()["number"]
    head = seal_and_sign()

    answer = told(number)

    sealed = answer.json()["sealed"]
    assert (answer.json()["waiting"], answer.json()["retry_after"]) == ([], 0)
    assert "Retry-After" not in answer
    assert chain.digest(sealed["text"].encode()) == sealed["digest"]
    leaf = merkle.leaf_hash(sealed["text"].encode())
    path = [bytes.fromhex(node) for node in sealed["path"]]
    root = merkle.root_from_path(leaf, sealed["position"] - 1, sealed["size"], path)
    assert root.hex() == sealed["root"] == head.root
    assert sealed["signature"] == head.signature


def test_a_step_taken_since_waits_while_the_one_before_stays_proven():
    number = receive().json()["number"]
    head = seal_and_sign()
    ask("post", f"cases/{number}/accept", "acceptor")

    for _ in ("recorded", "positioned, not signed"):
        body = told(number).json()
        assert body["sealed"]["version"] == 1
        assert body["sealed"]["root"] == head.root
        assert [entry["version"] for entry in body["waiting"]] == [2, 3]
        sealing.seal()


def test_a_strangers_case_is_not_proven_to_them():
    number = given.case().number

    assert told(number, "stranger").status_code == 404
