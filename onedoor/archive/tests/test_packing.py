"""A closed case becomes one package; whatever is altered in it is found without a database."""

from __future__ import annotations

import errno
import json
import zipfile
from io import BytesIO
from typing import Any

import pytest

from onedoor.archive import services as archive
from onedoor.archive.models import ArchiveFile
from onedoor.archive.rules.words import FileState
from onedoor.archive.services import keeping
from onedoor.archive.tests import given
from onedoor.archive.tests.given import CLOSED, DAY, SCAN, TONIGHT
from onedoor.cases import services as cases
from onedoor.cases.inputs import Recipient
from onedoor.cases.rules.delivery import Relation, Unserved
from onedoor.cases.rules.licences import RevocationGround
from onedoor.cases.tests import given as cases_given
from onedoor.files import services as files
from onedoor.files.models import StoredFile
from onedoor.kernel.clock import local
from onedoor.ledger import installation
from onedoor.ledger import queries as ledger
from onedoor.ledger.feeds import announce
from onedoor.papers import sealing as papers_sealing
from onedoor.papers.tests import given_seals
from onedoor.seals import queries as seals
from onedoor.seals.models import SealRequest
from onedoor.seals.rules.words import RequestState, SealKind

pytestmark = pytest.mark.django_db


# --- What is in it --------------------------------------------------------------------------------


def test_a_closed_case_is_entered_once_and_packed_in_the_evening():
    file = given.entered(given.closed())
    given.sealed()

    at_noon = archive.pack_waiting(at=CLOSED)
    tonight = archive.pack_waiting(at=TONIGHT)

    file.refresh_from_db()
    assert local(file.pack_at).hour == 20
    assert (at_noon, tonight, file.standing) == (0, 1, FileState.KEPT)
    assert file.number.startswith("K001-ZWFW-2026-D30-002-0")
    assert [e.kind for e in ledger.history(file.subject)] == ["archive.packed"]


def test_an_open_case_has_no_file():
    from onedoor.archive.subscribers import on_case_moved
    from onedoor.ledger.models import Entry

    case = cases_given.case()
    for entry in Entry.objects.filter(subject=case.subject):
        on_case_moved(ledger.read(entry), CLOSED)

    assert not ArchiveFile.objects.exists()


def test_a_package_holds_facts_process_papers_materials_and_proven_entries():
    content = given.package_of(given.kept())

    with zipfile.ZipFile(BytesIO(content)) as package:
        names = package.namelist()
        facts = json.loads(package.read("case.json"))
        process = json.loads(package.read("process.json"))
        scan = package.read("materials/01-01.pdf")
        manifest = json.loads(package.read("manifest.json"))

    assert facts["applicant"]["name"] == "阿普·木嘎示例"
    assert [step["action"] for step in process["steps"]] == ["收件", "撤回"]
    assert scan == SCAN
    assert len([n for n in names if n.startswith("papers/") and n.endswith(".pdf")]) == 2
    assert names == [*(f["path"] for f in manifest["files"]), "manifest.json", "manifest.sig"]
    assert all(f["sm3"].startswith("sm3:") for f in manifest["files"])
    assert manifest["archive"]["retention"] == "30年"
    assert given.faults(content) == []


def test_what_waits_for_a_tree_head_is_packed_after_it():
    file = given.entered(given.closed())

    assert not archive.pack_one(file, at=TONIGHT)

    file.refresh_from_db()
    assert (file.state, file.fault) == ("waiting", "archive.proof_awaited")
    given.sealed()
    assert archive.pack_one(file, at=TONIGHT)


def test_a_revocation_is_added_to_the_file_and_the_old_package_goes(
    django_capture_on_commit_callbacks,
):
    licence = cases_given.licence()
    case = licence.case
    type(case).objects.filter(pk=case.pk).update(status="closed", ended_at=CLOSED)
    archive.enter(case, at=CLOSED)
    file = given.kept(case)
    cases.revoke(
        licence,
        ground=RevocationGround.FRAUD,
        reason="租赁合同是假的",
        by=cases_given.actor("head"),
        at=CLOSED + DAY,
    )

    with django_capture_on_commit_callbacks(execute=True):
        archive.supplement(case, at=CLOSED + DAY)
        given.sealed()
        assert archive.pack_one(file, at=CLOSED + 2 * DAY)

    again = ArchiveFile.objects.get(pk=file.pk)
    assert again.edition == 2
    assert given.faults(given.package_of(again)) == []
    assert not files.is_whole(file.digest)
    with zipfile.ZipFile(BytesIO(given.package_of(again))) as package:
        assert "租赁合同是假的" in package.read("process.json").decode()


def test_how_the_end_of_a_licence_was_served_is_added_too():
    licence = cases_given.licence()
    case = licence.case
    type(case).objects.filter(pk=case.pk).update(status="closed", ended_at=CLOSED)
    archive.enter(case, at=CLOSED)
    head = cases_given.actor("head")
    said: dict[str, Any] = {"ground": RevocationGround.FRAUD, "reason": "租赁合同是假的"}
    cases.revoke(licence, **said, by=head, at=CLOSED + DAY)
    file = given.kept(case)
    licence.refresh_from_db()
    heard = []

    for later, told in (
        (2, lambda at: cases.announce_end(licence, **_NOTICE, by=head, at=at)),
        (3, lambda at: cases.serve(licence, **_HANDED, by=cases_given.actor("issuer"), at=at)),
    ):
        told(CLOSED + later * DAY)
        given.sealed()
        announce(at=CLOSED + later * DAY)
        heard.append(ArchiveFile.objects.get(pk=file.pk).standing)
        given.sealed()
        assert archive.pack_one(file, at=CLOSED + later * DAY)

    again = ArchiveFile.objects.get(pk=file.pk)
    assert heard == [FileState.WAITING, FileState.WAITING]
    with zipfile.ZipFile(BytesIO(given.package_of(again))) as package:
        entries = package.read("ledger/entries.jsonl").decode()
    assert "licence.end_announced" in entries
    assert "licence.end_served" in entries


def _ended(**said: Any) -> Any:
    """Return a closed case whose licence is revoked the day after."""
    licence = cases_given.licence()
    case = licence.case
    type(case).objects.filter(pk=case.pk).update(status="closed", ended_at=CLOSED)
    archive.enter(case, at=CLOSED)
    head = cases_given.actor("head")
    told: dict[str, Any] = {"ground": RevocationGround.FRAUD, "reason": "租赁合同是假的"}
    cases.revoke(licence, **told, by=head, at=CLOSED + DAY)
    return case


def _seal_all(*kinds: SealKind) -> None:
    for kind in kinds:
        waiting = seals.waiting(kind)
        done = papers_sealing.seal_all(
            list(waiting), by=given_seals.actor("keeper"), at=CLOSED + 3 * DAY
        )
        assert done.sealed


def test_a_revocation_that_waits_for_its_seal_is_waited_for(monkeypatch):
    given_seals.under_one_seal(monkeypatch)
    given_seals.seal()
    case = _ended()
    _seal_all(SealKind.APPROVAL)
    SealRequest.objects.filter(subject=f"licence:{case.number}").update(
        state=RequestState.WAITING.value
    )
    given.sealed()
    file = ArchiveFile.objects.get(case=case)

    too_early = archive.pack_one(file, at=CLOSED + 2 * DAY)
    why = ArchiveFile.objects.get(pk=file.pk).fault
    SealRequest.objects.update(state=RequestState.SEALED.value)
    later = archive.pack_one(file, at=CLOSED + 2 * DAY)

    assert (too_early, why, later) == (False, "archive.seal_awaited", True)


def test_a_receipt_sealed_after_the_packing_is_added_in_the_evening(monkeypatch):
    given_seals.under_one_seal(monkeypatch)
    given_seals.seal(SealKind.RECEIPT)
    file = given.kept()
    announce(at=TONIGHT)

    _seal_all(SealKind.RECEIPT)
    given.sealed()
    announce(at=CLOSED + 3 * DAY)
    again = ArchiveFile.objects.get(pk=file.pk)
    packed = archive.pack_one(again, at=again.pack_at)

    assert again.standing is FileState.WAITING
    assert local(again.pack_at).hour == 20
    assert packed
    with zipfile.ZipFile(BytesIO(given.package_of(ArchiveFile.objects.get()))) as package:
        pdfs = [n for n in package.namelist() if n.endswith(".pdf") and n.startswith("papers/")]
        signed = [n for n in pdfs if b"/ETSI.CAdES.detached" in package.read(n)]
    assert len(signed) == len(pdfs)


_NOTICE: dict[str, Any] = {"ground": Unserved.UNKNOWN, "account": "到住处两次没有人"}
_HANDED: dict[str, Any] = {"recipient": Recipient(Relation.SELF, ""), "identity_checked": True}


# --- Altered --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"case.json": b"{}"}, "case.json"),
        ({"materials/01-01.pdf": SCAN + b" "}, "materials/01-01.pdf"),
        ({"materials/01-01.pdf": None}, "materials/01-01.pdf"),
        ({"process.json": None}, "process.json"),
        ({"manifest.json": b"{}"}, "manifest.json"),
        ({"manifest.json": None}, "manifest.json"),
        ({"manifest.sig": b"[]"}, "manifest.json"),
        ({"manifest.sig": None}, "manifest.sig"),
        ({"materials/99-01.pdf": b"more"}, "materials/99-01.pdf"),
    ],
)
def test_the_first_altered_missing_or_added_file_is_named(change, where):
    content = given.package_of(given.kept())

    assert given.faults(given.altered(content, change))[0].where == where


def test_every_byte_that_counts_is_found():
    content = given.package_of(given.kept())

    for place in range(40, len(content) // 2, 997):
        broken = bytearray(content)
        broken[place] ^= 1
        if broken[place : place + 1] != content[place : place + 1]:
            same = _members(bytes(broken)) == _members(content)
            assert same or given.faults(bytes(broken)), place


def _members(content: bytes) -> object:
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            return {name: package.read(name) for name in package.namelist()}
    except Exception:
        return None


def test_a_package_cut_off_or_none_at_all_is_no_package():
    content = given.package_of(given.kept())

    for broken in (content[: len(content) // 2], b"", b"PK\x03\x04"):
        assert [f.where for f in given.faults(broken)] == ["package"]


def test_a_package_signed_by_somebody_else_is_not_ours():
    content = given.package_of(given.kept())
    ours = installation.current().ledger_key

    assert given.faults(content, ours) == []
    assert given.faults(content, "ab" * 32)[0].where == "manifest.sig"


# --- Bad luck -------------------------------------------------------------------------------------


def test_a_full_disk_refuses_and_leaves_nothing_half_done(monkeypatch):
    file = given.entered(given.closed())
    given.sealed()

    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("onedoor.kernel.encrypted.os.fsync", full)
        assert not archive.pack_one(file, at=TONIGHT)

    file.refresh_from_db()
    assert (file.state, file.fault, file.package) == ("waiting", "archive.disk_full", None)
    assert not StoredFile.objects.filter(media_type=keeping.ZIP).exists()
    assert not list((files._folder().parent / "incoming").glob("*"))
    assert archive.pack_one(file, at=TONIGHT + DAY)


def test_a_crash_between_store_and_record_leaves_no_second_package(
    monkeypatch, django_capture_on_commit_callbacks
):
    file = given.entered(given.closed())
    given.sealed()

    def killed(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(keeping, "_keep", killed)
        with pytest.raises(KeyboardInterrupt):
            archive.pack_one(file, at=TONIGHT)
    left = ArchiveFile.objects.get(pk=file.pk).digest
    cases_given.case()  # the tree grows: the same case now has other proofs
    given.sealed()
    with django_capture_on_commit_callbacks(execute=True):
        assert archive.pack_one(file, at=TONIGHT)

    kept = ArchiveFile.objects.get(pk=file.pk)
    assert kept.digest != left
    assert not files.is_whole(left)
    assert [row.digest for row in StoredFile.objects.filter(media_type=keeping.ZIP)] == [
        kept.digest
    ]


def test_of_two_at_once_one_package_is_kept(monkeypatch):
    file = given.entered(given.closed())
    given.sealed()
    announce = keeping._announce

    def meanwhile(*args, **kwargs):
        monkeypatch.setattr(keeping, "_announce", announce)
        assert archive.pack_one(file, at=TONIGHT)
        announce(*args, **kwargs)

    monkeypatch.setattr(keeping, "_announce", meanwhile)
    archive.pack_one(file, at=TONIGHT)

    kept = ArchiveFile.objects.get(pk=file.pk)
    assert kept.edition == 1
    assert len(ledger.history(file.subject)) == 1
    assert given.faults(given.package_of(kept)) == []


def test_what_cannot_be_read_is_not_archived_without_a_word():
    case = given.closed(b"%PDF-1.4 lost %%EOF")
    file = given.entered(case)
    given.sealed()
    lost = case.materials.get(order=1).attachments.get().file
    files.path_of(lost.digest).unlink()

    assert not archive.pack_one(file, at=TONIGHT)

    file.refresh_from_db()
    assert file.fault == "archive.file_lost"
