"""A file goes by two persons, after its time, and with it whatever tells of a person."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO

import pytest
from django.apps import apps
from django.test import Client

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Holding, Role
from onedoor.archive import queries
from onedoor.archive import services as archive
from onedoor.archive.models import ArchiveFile, DisposalLine
from onedoor.archive.rules.words import FileState, ListState, Use
from onedoor.archive.tests import given
from onedoor.archive.tests.given import CLOSED, DAY, DECADES, SCAN
from onedoor.cases.models import Case
from onedoor.cases.services import erasing
from onedoor.cases.tests import given as cases_given
from onedoor.files import services as files
from onedoor.kernel import clock
from onedoor.kernel.fields import EncryptedTextField
from onedoor.kernel.tests.refusing import refused
from onedoor.ledger import queries as ledger
from onedoor.papers.models import Paper

pytestmark = pytest.mark.django_db
LATER = CLOSED + DECADES
NAME, ID_NUMBER = "阿普·木嘎示例", "532502199203080001"


def _actor(username: str):
    return cases_given.actor(username)


def _proposed(*kept: ArchiveFile, by: str = "archivist", at=LATER):
    return archive.propose_disposal(
        [file.number for file in kept], opinion="没有保存价值", by=_actor(by), at=at
    )


# --- Found and read -------------------------------------------------------------------------------


def test_a_file_is_found_by_number_case_item_and_person():
    file = given.kept()
    keeper = _actor("archivist")

    for sought in (
        {"text": file.number},
        {"text": file.case.number},
        {"text": file.case.alias},
        {"text": "食品经营"},
        {"person": NAME},
        {"person": ID_NUMBER},
    ):
        assert list(queries.found_by(keeper, **sought)) == [file], sought
    assert not queries.found_by(keeper, text="没有").exists()
    assert not queries.found_by(_actor("stranger"), text=file.number).exists()


def test_a_package_is_downloaded_with_a_purpose_that_goes_on_record():
    file = given.kept()
    client = cases_given.signed_in("archivist")
    path = f"/archive/files/{file.number}/"

    page = client.get(path).content.decode()
    without = client.post(path + "download/", {})
    with_one = client.post(path + "download/", {"purpose": Use.DISPUTE.value})

    assert NAME not in page
    assert without.status_code == 422
    assert given.faults(with_one.getvalue()) == []
    facts = ledger.history(f"archive-access:{file.number}")[-1].facts
    assert facts == {"purpose": "dispute", "package": file.digest}
    assert cases_given.signed_in("stranger").get(path).status_code == 403


def test_a_search_by_person_shows_no_name():
    file = given.kept()

    page = (
        cases_given.signed_in("archivist")
        .post("/archive/person/", {"person": ID_NUMBER})
        .content.decode()
    )

    assert file.number in page
    assert "阿******" in page
    assert NAME not in page


# --- Disposed of ----------------------------------------------------------------------------------


def test_nothing_goes_before_its_time_while_held_or_for_ever():
    file = given.kept()
    forever = given.kept(given.closed(item=cases_given.CONFIRMATION))

    with refused("archive.not_disposable"):
        _proposed(file, at=CLOSED + 365 * DAY)
    with refused("archive.not_disposable"):
        _proposed(forever)
    archive.place_hold(file, reason="行政诉讼中", by=_actor("archivist"), at=CLOSED)
    with refused("archive.not_disposable"):
        _proposed(file)
    archive.lift_hold(file, by=_actor("archivist2"), at=CLOSED)
    assert _proposed(file).lines.count() == 1


def test_one_person_alone_disposes_of_nothing():
    disposal = _proposed(given.kept())

    with refused("archive.own_list"):
        archive.approve_disposal(disposal, by=_actor("archivist"), at=LATER)
    with refused("archive.approver_only"):
        archive.approve_disposal(disposal, by=_actor("clerk"), at=LATER)
    with refused("archive.keeper_only"):
        _proposed(by="head")

    done = archive.turn_down_disposal(disposal, by=_actor("archivist2"), at=LATER)
    assert done.standing is ListState.TURNED_DOWN
    with refused("archive.list_answered"):
        archive.approve_disposal(disposal, by=_actor("archivist2"), at=LATER)
    assert ArchiveFile.objects.get().standing is FileState.KEPT


def test_a_list_of_another_units_files_is_nobody_elses_to_answer():
    disposal = _proposed(given.kept())
    elsewhere = replace(
        _actor("head"), holdings=(Holding(Role.HEAD, Organisation.objects.get(name="水务局").pk),)
    )

    assert not queries.lists(elsewhere).exists()
    with refused("archive.no_list"):
        queries.list_for(elsewhere, disposal.number)
    with refused("archive.approver_only"):
        archive.turn_down_disposal(disposal, by=elsewhere, at=LATER)
    assert queries.list_for(_actor("archivist2"), disposal.number).standing is ListState.PROPOSED


def test_what_is_held_after_the_list_was_made_stays():
    file = given.kept()
    disposal = _proposed(file)
    archive.place_hold(file, reason="审计要看", by=_actor("archivist"), at=LATER)

    archive.approve_disposal(disposal, by=_actor("archivist2"), at=LATER)

    assert DisposalLine.objects.get().left_out == "archive.not_disposable"
    assert ArchiveFile.objects.get().standing is FileState.KEPT
    assert files.is_whole(file.digest)


def _decrypted() -> str:
    """Return every encrypted text of the whole database, as it reads."""
    said: list[str] = []
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField):
                said += model._default_manager.values_list(field.name, flat=True)
    return json.dumps([str(text) for text in said], ensure_ascii=False)


def test_disposal_erases_the_person_from_rows_papers_and_store(
    django_capture_on_commit_callbacks,
):
    file = given.kept()
    scan = file.case.materials.get(order=1).attachments.get().file
    before = _decrypted()
    chain = [e.digest for e in ledger.history(file.case.subject)]

    with django_capture_on_commit_callbacks(execute=True):
        archive.approve_disposal(_proposed(file), by=_actor("archivist2"), at=LATER)

    after = _decrypted()
    for personal in (NAME, ID_NUMBER, "13800000001", "不办了示例"):
        assert personal in before
        assert personal not in after
    assert not files.path_of(scan.digest).exists()
    assert not files.path_of(file.digest).exists()
    applicant = Case.objects.get().applicant
    assert (applicant.id_index, applicant.name_index, applicant.salt) == ("", "", "")
    assert [e.digest for e in ledger.history(file.case.subject)] == chain
    last = ledger.history(file.subject)[-1]
    assert (last.kind, last.facts["package"]) == ("archive.disposed", file.digest)
    assert NAME not in str([e.facts for e in ledger.history(file.subject)])


def test_whoever_verifies_a_paper_of_a_disposed_file_learns_that_it_was_genuine():
    file = given.kept()
    paper = Paper.objects.filter(subject=file.case.number).order_by("issued_at")[0]

    archive.approve_disposal(_proposed(file), by=_actor("archivist2"), at=LATER)

    page = Client().get(f"/v/{paper.code}/").content.decode()
    assert "真的，但内容已经销毁" in page
    assert paper.number in page
    read = cases_given.signed_in("clerk").get(f"/desk/receipt/{file.case.number}/")
    assert read.status_code == 404


def test_a_scan_that_another_case_holds_too_stays(django_capture_on_commit_callbacks):
    file = given.kept()
    given.closed()

    with django_capture_on_commit_callbacks(execute=True):
        archive.approve_disposal(_proposed(file), by=_actor("archivist2"), at=LATER)

    stays = files.store(BytesIO(SCAN), at=CLOSED)
    assert files.is_whole(stays.digest)


def test_every_encrypted_field_of_a_case_is_known_to_what_erases():
    known = {
        "cases.Applicant",
        "cases.Attachment",
        "cases.Draft",
        "cases.DraftFile",
        "cases.Application",
        "cases.ApplicationFile",
        "cases.Verification",
        *(model._meta.label for model in erasing.OF_CASE),
    }

    found = {
        model._meta.label
        for model in apps.get_app_config("cases").get_models()
        if any(isinstance(field, EncryptedTextField) for field in model._meta.concrete_fields)
    }

    assert found <= known


def test_pages_propose_and_dispose_by_two(monkeypatch):
    file = given.kept()
    monkeypatch.setattr(clock, "now", lambda: LATER)
    one, two = cases_given.signed_in("archivist"), cases_given.signed_in("archivist2")

    empty = one.post("/archive/disposal/propose/", {"file": file.number, "opinion": ""})
    one.post("/archive/disposal/propose/", {"file": file.number, "opinion": "期满"})
    mine = one.get("/archive/disposal/").content.decode()
    theirs = two.get("/archive/disposal/").content.decode()
    number = DisposalLine.objects.get().disposal.number
    two.post(f"/archive/disposal/{number}/answer/", {"agree": "1"})

    assert empty.status_code == 422
    assert "批准销毁" not in mine
    assert "批准销毁" in theirs
    assert ArchiveFile.objects.get().standing is FileState.DISPOSED
    assert "已销毁" in one.get("/archive/", {"state": "disposed"}).content.decode()


def test_programs_find_take_out_and_dispose_by_two(monkeypatch):
    file = given.kept()
    monkeypatch.setattr(clock, "now", lambda: LATER)

    def ask(who, method, path, body=None):
        return getattr(Client(), method)(
            f"/api/v1/{path}",
            **({"data": body, "content_type": "application/json"} if body is not None else {}),
            headers={"Authorization": f"Bearer token-{who}"},
        )

    found = ask("archivist", "post", "archive/search", {"person": NAME}).json()["files"]
    taken = ask("archivist", "post", f"archive/{file.number}/package", {"purpose": "audit"})
    listed = ask("archivist", "post", "disposals", {"files": [file.number], "opinion": "期满"})
    number = listed.json()["number"]
    own = ask("archivist", "post", f"disposals/{number}/answer", {"is_approved": True})
    done = ask("archivist2", "post", f"disposals/{number}/answer", {"is_approved": True})

    assert [(f["number"], f["applicant"]) for f in found] == [(file.number, "阿******")]
    assert given.faults(taken.getvalue()) == []
    assert own.status_code == 403
    assert done.json()["state"] == "done"
    assert ask("archivist", "get", f"archive/{file.number}").json()["state"] == "disposed"
    assert ask("stranger", "get", f"archive/{file.number}").status_code == 404
    assert (
        ask("archivist", "post", f"archive/{file.number}/package", {"purpose": "audit"}).status_code
        == 409
    )
