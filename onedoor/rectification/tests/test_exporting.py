"""Findings that leave with their proofs: who may ask, the package verified, every read noted."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from onedoor.accounts import services as accounts
from onedoor.accounts.models import Person
from onedoor.accounts.rules import SYSTEM, Role, Scope
from onedoor.accounts.tests.codes import with_code
from onedoor.archive.rules.verify import Package, verify
from onedoor.archive.writing import Writer
from onedoor.files import services as files
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed, Refusal
from onedoor.ledger import queries as ledger
from onedoor.ledger import sealing
from onedoor.ledger.rules.chain import digest, instant
from onedoor.ledger.signatures import is_signed
from onedoor.papers import record
from onedoor.papers.queries import letters_about
from onedoor.rectification import services as rectification
from onedoor.rectification.models import ProofPart
from onedoor.rectification.rules.words import ProofUse
from onedoor.rectification.services import exporting
from onedoor.rectification.tests import given
from onedoor.rectification.tests.test_advice import adopt, advised
from onedoor.rectification.tests.test_views import signed_in

pytestmark = pytest.mark.django_db


def asked(**more):
    return rectification.ask_export(purpose=ProofUse.AUDIT, by=given.AUDITOR, at=given.AT, **more)


def made() -> bytes:
    """Seal what there is, let the worker make the next part, and return its bytes."""
    now = clock.now()  # pages and programs ask by the real clock
    sealing.seal()
    sealing.sign_head(at=now)
    assert rectification.make_parts(at=now) == 1
    part = ProofPart.objects.filter(made_at__isnull=False).latest("place")
    assert part.package is not None
    with files.opened(part.package.digest) as content:
        return content.read()


def faults(package: bytes) -> list[str]:
    found = verify(io.BytesIO(package), Package(), signed_by=is_signed)
    return [fault.where for fault in found]


def test_findings_with_evidence_notes_and_advice_verify_outside_the_house():
    finding = given.closed("1")
    given.step(rectification.send_back, given.submitted("2"), given.AUDITOR, text="缺凭证")
    advice = adopt(advised())
    export = asked()
    package = made()

    assert faults(package) == []
    archive = zipfile.ZipFile(io.BytesIO(package))
    about = json.loads(archive.read("manifest.json"))["archive"]
    assert about["number"] == f"{export.number}-1"
    told = json.loads(archive.read(f"findings/{finding.number}.json"))
    [shown] = told["evidence"]
    assert archive.read(shown["path"]).startswith(b"%PDF")
    assert told["state"] == "closed"
    notes = json.loads(archive.read("process.json"))["notes"]
    assert "缺凭证" in {note["text"] for note in notes}
    assert advice.number in archive.read("recommendations.json").decode()


def test_the_letters_that_went_out_leave_with_what_their_digests_are_of():
    finding = given.closed("1")
    asked()
    package = made()

    assert faults(package) == []
    archive = zipfile.ZipFile(io.BytesIO(package))
    told = json.loads(archive.read("letters.json"))
    assert [x["kind"] for x in told] == ["service", "claim", "closing"]
    [sent] = [x for x in letters_about([finding.subject]) if x.number == told[0]["number"]]
    canonical = {
        name: told[0][name] for name in ("number", "kind", "subject", "about", "code", "issued_by")
    }
    canonical |= {"unit": told[0]["unit_id"], "contents": told[0]["document"]}
    canonical |= {"issued_at": instant(datetime.fromisoformat(told[0]["issued_at"]))}
    assert digest(record.canonical(canonical).encode()) == sent.digest == told[0]["digest"]
    entries = archive.read("ledger/entries.jsonl").decode()
    assert all(f"letter:{x['number']}" in entries for x in told)


@pytest.mark.parametrize("member", ["evidence", "findings", "ledger", "process"])
def test_a_flipped_byte_is_found(member):
    given.step(rectification.send_back, given.submitted("1"), given.AUDITOR, text="缺凭证")
    asked()
    package = made()
    archive = zipfile.ZipFile(io.BytesIO(package))
    info = next(i for i in archive.infolist() if i.filename.startswith(member))
    name, extra = (
        int.from_bytes(package[info.header_offset + n :][:2], "little") for n in (26, 28)
    )
    place = info.header_offset + 30 + name + extra + info.compress_size // 2
    broken = bytearray(package)
    broken[place] ^= 1

    found = faults(bytes(broken))

    assert found
    assert found[0].startswith(member)


def test_a_note_changed_and_signed_for_by_nobody_is_found():
    given.step(rectification.send_back, given.submitted("1"), given.AUDITOR, text="缺凭证")
    asked()
    package = made()
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace("缺凭证".encode(), "不缺的".encode()))

    assert "process.json" in faults(changed.getvalue())


def test_parts_are_made_one_after_another_and_wait_for_the_tree_head(monkeypatch):
    monkeypatch.setattr(exporting, "SIZE", 1)
    for n in range(3):
        given.working(str(n))
    export = asked()

    assert rectification.make_parts(at=given.AT) == 0, "nothing is sealed yet"
    assert export.parts.filter(fault="proofs.proof_awaited").count() == 1
    for count in (1, 2, 3):
        assert faults(made()) == []
        assert export.parts.filter(make_at=None).count() == count
    assert rectification.make_parts(at=given.after(2)) == 0


def test_a_step_taken_while_a_part_is_packed_makes_it_wait(monkeypatch):
    finding = given.working("1")
    export = asked()

    class Meanwhile(Writer):
        def sign(self, *args, **kwargs):
            given.step(rectification.add_measure, finding, given.officer(), text="又一条措施。")
            super().sign(*args, **kwargs)

    now = clock.now()
    sealing.seal()
    sealing.sign_head(at=now)
    with monkeypatch.context() as patched:
        patched.setattr(exporting, "Writer", Meanwhile)
        assert rectification.make_parts(at=now) == 0
    part = export.parts.get()
    assert (part.package, part.fault) == (None, "proofs.proof_awaited")

    ProofPart.objects.update(make_at=now)
    package = made()

    assert faults(package) == []
    lines = zipfile.ZipFile(io.BytesIO(package)).read("ledger/entries.jsonl").splitlines()
    assert all(json.loads(line)["proof"] for line in lines)


def test_a_file_that_is_lost_is_named_and_the_rest_leaves():
    finding = given.working("1")
    evidence = given.shown(finding)
    stored = evidence.revisions.get().file
    files.path_of(stored.digest).unlink()
    asked()
    package = made()

    told = zipfile.ZipFile(io.BytesIO(package)).read(f"findings/{finding.number}.json")
    [shown] = json.loads(told)["evidence"]
    assert (shown["lost"], shown["path"], shown["sha256"]) == (True, "", stored.digest)
    assert faults(package) == []


def test_only_auditors_ask_and_nothing_is_no_export():
    with pytest.raises(Refusal) as refused:
        asked()
    assert refused.value.code == "proofs.nothing"
    given.working()
    for by in (given.LEAD, given.head()):
        with pytest.raises(NotAllowed):
            rectification.ask_export(purpose=ProofUse.AUDIT, by=by, at=given.AT)
    assert not ProofPart.objects.exists()


def test_on_the_page_an_auditor_asks_takes_a_part_and_that_is_on_record():
    given.working()
    address = reverse("rectification:exports")
    auditor = with_code(signed_in(Role.AUDIT_ADMIN))

    assert signed_in(Role.OFFICER, "市监局").get(address).status_code == 403
    assert auditor.post(address, {"purpose": "", "shown": ""}).status_code == 422
    assert auditor.post(address, {"purpose": "audit", "shown": ""}).status_code == 302
    part = ProofPart.objects.get()
    taken = reverse("rectification:export_part", args=[part.export.number, 1])
    assert "0/1" in auditor.get(address).content.decode()
    assert auditor.post(taken).status_code == 404
    made()
    assert "1/1" in auditor.get(address).content.decode()
    answer = auditor.post(taken)
    assert answer.getvalue().startswith(b"PK")
    entries = ledger.history(f"proofs:{part.export.number}")
    assert [e.kind for e in entries] == ["proofs.asked", "proofs.read"]
    assert Client().post(taken).status_code == 302


def test_whoever_opens_evidence_is_on_record():
    finding = given.working()
    given.shown(finding)
    signed_in(Role.AUDITOR).get(f"/oversight/issues/{finding.number}/evidence/1/1/")

    [read] = ledger.history(f"finding-access:{finding.number}")
    assert (read.kind, read.facts["evidence"]) == ("finding.read", 1)
    assert read.actor.startswith("person:")


def test_a_program_asks_once_sees_how_far_and_takes_a_part():
    given.working()
    person = Person.objects.create_user("api-export", "程序示例")
    day = clock.day_of(given.after(-900))
    accounts.give_role(person, Role.AUDITOR, unit=None, first_on=day, by=SYSTEM, at=given.AT)
    secret = f"token-{uuid4()}"
    scopes = frozenset({Scope.READ})
    accounts.issue_token(person, name="t", scopes=scopes, by=SYSTEM, at=given.AT, secret=secret)
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "e1"}
    path, client = "/api/v1/finding-exports", Client()
    body = json.dumps({"purpose": "audit"})

    def ask():
        return client.post(path, body, content_type="application/json", headers=headers)

    first, again = ask(), ask()
    assert (first.status_code, again.json()) == (201, first.json())
    number = first.json()["number"]
    assert client.get(f"{path}/{number}/parts/1", headers=headers).status_code == 404
    package = made()
    told = client.get(f"{path}/{number}", headers=headers).json()
    assert (told["made"], told["parts"][0]["size"]) == (1, len(package))
    taken = client.get(f"{path}/{number}/parts/1", headers=headers)
    assert taken.getvalue() == package
