"""Papers for programs: one is verified by its code, and a kind is worded by two people."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from onedoor.files.services import opened
from onedoor.kernel import clock
from onedoor.papers import pack, queries, sealing
from onedoor.papers.rules.kinds import Kind
from onedoor.papers.tests import given, given_seals
from onedoor.seals import queries as seals_queries

pytestmark = pytest.mark.django_db
GRANT = "/paper-templates/grant"


def call(method, path, body=None, *, by="editor"):
    sent: dict[str, Any] = {"headers": {"Authorization": f"Bearer token-{by}"}}
    if body is not None:
        sent |= {"data": json.dumps(body), "content_type": "application/json"}
    answer = getattr(Client(), method)(f"/api/v1{path}", **sent)
    is_json = "json" in answer["Content-Type"]
    return answer.status_code, answer.json() if is_json else answer.content


def compared(paper, content):
    answer = Client().post(
        f"/api/v1/papers/{paper.code}",
        {"file": SimpleUploadedFile("x.pdf", content)},
        headers={"Authorization": "Bearer token-clerk"},
    )
    return answer.json()


def test_a_program_tells_genuine_from_unknown_and_replaced():
    paper = given.issue()
    later = given.issue(replaces=paper)

    _, old = call("get", f"/papers/{paper.code}", by="clerk")
    status, new = call("get", f"/papers/{later.code}", by="clerk")
    unknown, refused = call("get", f"/papers/{'0' * 32}", by="clerk")

    assert (status, new["number"], new["is_intact"], new["sealed"]) == (
        *(200, later.number),
        *(True, None),
    )
    assert (old["standing"], new["standing"]) == ("replaced", "valid")
    assert (unknown, refused["code"]) == (404, "paper.unknown_code")
    assert Client().get(f"/api/v1/papers/{later.code}").status_code == 401


def test_a_program_compares_a_sealed_file_byte_for_byte(monkeypatch):
    given_seals.under_one_seal(monkeypatch)
    seal = given_seals.seal()
    monkeypatch.setattr(clock, "now", lambda: given.FRIDAY)
    paper = given.issue()
    asked = seals_queries.request_for(paper.number)
    use = sealing.seal(asked, by=given_seals.actor("keeper"), at=given.FRIDAY)
    whole = opened(use.file.digest).read()

    _, told = call("get", f"/papers/{paper.code}", by="clerk")

    assert told["sealed"]["fingerprint"] == seal.fingerprint
    assert compared(paper, whole) == {"compared": "sealed", "is_ours": True}
    assert compared(paper, whole + b" ") == {"compared": "added", "is_ours": False}
    assert compared(paper, whole[:-9] + b"x")["is_ours"] is False


def test_a_template_is_read_previewed_saved_and_published_by_two():
    text = pack.template(Kind.GRANT) + "请妥善保管。\n"

    _, before = call("get", GRANT)
    seen, pdf = call("post", f"{GRANT}/preview", {"text": text})
    saved, draft = call("put", GRANT, {"text": text})
    own, _ = call("post", f"{GRANT}/publish", {"seen": draft["draft_digest"]})
    stale, refused = call("post", f"{GRANT}/publish", {"seen": "sha256:0"}, by="publisher")
    done, after = call("post", f"{GRANT}/publish", {"seen": draft["draft_digest"]}, by="publisher")
    _, listed = call("get", "/paper-templates")

    assert {"name": "准予内容", "required": True, "row": []} in before["elements"]
    assert (seen, pdf[:5], saved) == (200, b"%PDF-", 200)
    assert (own, stale, refused["code"]) == (403, 409, "paper.template_changed")
    assert (done, after["text"], after["draft"]) == (200, text, 0)
    valid = queries.in_force(Kind.GRANT)
    assert valid is not None
    assert valid.text == text
    assert {each["kind"] for each in listed} == {kind.value for kind in Kind}


def test_a_broken_template_is_refused_at_saving_with_its_line():
    status, refused = call("put", GRANT, {"text": "= 标题\n{没有这个}\n"})
    stranger, _ = call("get", GRANT, by="clerk")

    assert (status, refused["field"], stranger) == (422, "text", 403)
    assert "第" in refused["detail"]
