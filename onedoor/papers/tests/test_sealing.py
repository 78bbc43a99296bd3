"""No paper without a seal-use record, none but as approved, and a reader's word for it.

Invariant 9: no seal without a decision, no document without a seal record.
"""

import io
import math
import os
import re
import subprocess
import sys
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from onedoor.accounts.models import Person
from onedoor.files.services import opened, path_of
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed, NotFound, Refusal
from onedoor.ledger.models import Entry
from onedoor.ledger.rules.chain import digest
from onedoor.papers import queries, sealing, typesetting
from onedoor.papers import services as papers
from onedoor.papers.rules import road
from onedoor.papers.rules.contents import sample
from onedoor.papers.rules.kinds import Kind
from onedoor.papers.rules.sealing import SEALS
from onedoor.papers.rules.words import Compared
from onedoor.papers.tests import given_seals
from onedoor.papers.tests.given import FRIDAY, issue
from onedoor.seals import queries as seals_queries
from onedoor.seals import services as seals
from onedoor.seals.backends.stamp import draw
from onedoor.seals.models import Seal, SealRequest, SealUse
from onedoor.seals.rules.words import RequestState, SealKind, SealState

pytestmark = pytest.mark.django_db
LATER = clock.at_local(date(2026, 3, 6), 11)


@pytest.fixture
def _sealed(monkeypatch):
    given_seals.under_one_seal(monkeypatch)
    given_seals.seal()


def keeper():
    return given_seals.actor("keeper")


def sealed_paper():
    paper = issue()
    use = sealing.seal(seals_queries.request_for(paper.number), by=keeper(), at=LATER)
    return paper, use


def bytes_of(use):
    return opened(use.file.digest).read()


# --- The request ------------------------------------------------------------------------------


@pytest.mark.usefixtures("_sealed")
def test_a_decision_asks_for_its_seal_in_its_own_transaction():
    paper = issue()

    asked = seals_queries.request_for(paper.number)

    assert (asked.what, asked.standing) == (SealKind.APPROVAL, RequestState.WAITING)
    assert (asked.digest, asked.approver) == (paper.digest, paper.issued_by)


def test_a_unit_outside_the_one_seal_asks_for_none():
    paper = issue()

    assert seals_queries.request_of(paper.number) is None


@pytest.mark.usefixtures("_sealed")
def test_a_paper_that_is_signed_and_not_sealed_asks_for_none():
    delivery = issue(sample(road.Delivery))

    assert Kind.DELIVERY not in SEALS
    assert seals_queries.request_of(delivery.number) is None


@pytest.mark.usefixtures("_sealed")
def test_nothing_is_sealed_that_nobody_approved():
    with pytest.raises(NotFound) as refused:
        seals_queries.request_for("开市监许准〔2026〕99999号")

    assert refused.value.code == "seal.no_request"
    assert not SealUse.objects.exists()


# --- The seal ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("_sealed")
def test_what_is_sealed_is_bit_for_bit_what_was_approved():
    paper = issue()
    approved = typesetting.pdf(papers.sheet_at(paper, papers.Stage.SEALED))

    use = sealing.seal(seals_queries.request_for(paper.number), by=keeper(), at=LATER)

    assert bytes_of(use).startswith(approved)
    assert len(bytes_of(use)) > len(approved)
    assert use.approved == digest(approved)
    assert papers.served(paper, at=LATER).digest == use.file.digest
    assert re.fullmatch(r"印2026-\d{6}", use.number)


@pytest.mark.usefixtures("_sealed")
def test_pyhanko_finds_the_signature_intact_and_a_changed_byte():
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    _, use = sealed_paper()
    whole = bytes_of(use)

    def found(content):
        signature = PdfFileReader(io.BytesIO(content)).embedded_signatures[0]
        roots = [signature.signer_cert]
        return validate_pdf_signature(signature, ValidationContext(trust_roots=roots))

    changed = bytearray(whole)
    changed[whole.index(b"/Title") + 8] ^= 1
    status = found(whole)
    assert status.intact
    assert status.valid
    assert status.coverage.name == "ENTIRE_FILE"
    assert not found(bytes(changed)).intact


@pytest.mark.usefixtures("_sealed")
def test_poppler_calls_the_signature_valid_and_its_signer_unknown(tmp_path):
    _, use = sealed_paper()
    file = tmp_path / "sealed.pdf"
    file.write_bytes(bytes_of(use))

    said = subprocess.run(["pdfsig", str(file)], capture_output=True, text=True).stdout

    assert "Signature is Valid" in said
    assert "样章·无效" in said
    assert "Total document signed" in said


@pytest.mark.usefixtures("_sealed")
def test_a_file_is_told_apart_sealed_draft_and_altered():
    paper, use = sealed_paper()
    whole = bytes_of(use)
    draft = opened(papers.pdf_of(paper, at=LATER).digest).read()

    assert queries.compared(paper, io.BytesIO(whole)) is Compared.SEALED
    assert queries.compared(paper, io.BytesIO(draft)) is Compared.UNSEALED
    assert queries.compared(paper, io.BytesIO(whole + b"%")) is Compared.ADDED
    for place in (0, len(whole) // 2, len(whole) - 1):
        altered = bytearray(whole)
        altered[place] ^= 1
        assert queries.compared(paper, io.BytesIO(bytes(altered))) is Compared.OTHER


@pytest.mark.usefixtures("_sealed")
def test_a_use_is_in_the_ledger_with_what_was_approved():
    paper, use = sealed_paper()

    entry = Entry.objects.get(kind="seal.used")

    assert entry.subject == f"seal-use:{paper.number}"
    assert use.approved in entry.text
    assert use.file.digest in entry.text


# --- Who may ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("_sealed")
def test_the_keeper_does_not_seal_what_the_keeper_approved():
    paper = issue()
    SealRequest.objects.filter(paper=paper.number).update(approver=keeper().ref)

    with pytest.raises(NotAllowed) as refused:
        sealing.seal(seals_queries.request_for(paper.number), by=keeper(), at=LATER)

    assert refused.value.code == "seal.own_decision"
    assert not SealUse.objects.exists()


@pytest.mark.usefixtures("_sealed")
@pytest.mark.parametrize("username", ["decider", "supervisor", "clerk", "admin"])
def test_nobody_but_the_keeper_and_the_deputy_seals(username):
    paper = issue()

    with pytest.raises(NotAllowed) as refused:
        sealing.seal(
            seals_queries.request_for(paper.number), by=given_seals.actor(username), at=LATER
        )

    assert refused.value.code == "seal.not_keeper"


@pytest.mark.usefixtures("_sealed")
def test_of_two_keepers_at_once_one_seals():
    paper = issue()
    seen_by_both = seals_queries.request_for(paper.number)
    sealing.seal(seen_by_both, by=keeper(), at=LATER)
    seen_by_both.state = RequestState.WAITING.value

    with pytest.raises(Refusal) as refused:
        sealing.seal(seen_by_both, by=given_seals.actor("keeper2"), at=LATER)

    assert refused.value.code == "seal.not_waiting"
    assert SealUse.objects.count() == 1


@pytest.mark.usefixtures("_sealed")
def test_the_database_itself_refuses_to_change_a_use():
    sealed_paper()

    for statement in ("UPDATE seals_sealuse SET serial = 9", "DELETE FROM seals_sealuse"):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


# --- What does not match ----------------------------------------------------------------------


@pytest.mark.usefixtures("_sealed")
def test_in_a_batch_what_was_changed_is_set_aside_and_the_rest_is_sealed():
    papers_ = [issue() for _ in range(3)]
    changed = papers_[1]
    SealRequest.objects.filter(paper=changed.number).update(digest=papers_[0].digest)

    outcome = sealing.seal_all(seals_queries.waiting(SealKind.APPROVAL), by=keeper(), at=LATER)

    assert len(outcome.sealed) == 2
    assert [r.paper for r in outcome.set_aside] == [changed.number]
    assert "摘要对不上" in seals_queries.request_for(changed.number).reason
    assert seals_queries.sealed_file(changed.number) is None


@pytest.mark.usefixtures("_sealed")
def test_a_draft_changed_on_the_disk_is_not_what_is_sealed():
    paper = issue()
    kept = path_of(papers.pdf_of(paper, at=FRIDAY).digest)
    kept.chmod(0o600)
    kept.write_bytes(kept.read_bytes() + b" ")

    (use,) = sealing.seal_all(
        seals_queries.waiting(SealKind.APPROVAL), by=keeper(), at=LATER
    ).sealed

    assert bytes_of(use).startswith(typesetting.pdf(papers.sheet_of(paper)))


@pytest.mark.usefixtures("_sealed")
def test_a_sealed_paper_says_nothing_of_a_seal_it_lacks_and_its_draft_does(tmp_path):
    def said(content):
        file = tmp_path / "paper.pdf"
        file.write_bytes(content)
        done = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True)
        return done.stdout.replace("\n", "")

    paper = issue()
    draft = said(opened(papers.served(paper, at=FRIDAY).digest).read())

    use = sealing.seal(seals_queries.request_for(paper.number), by=keeper(), at=LATER)

    sealed = said(opened(papers.served(paper, at=LATER).digest).read())
    assert "没有电子印章的无效" in draft
    assert "没有电子印章" not in sealed
    assert "本件用电子印章" in sealed
    cut = bytes_of(use)[: len(typesetting.pdf(papers.sheet_of(paper)))]
    assert queries.compared(paper, io.BytesIO(cut)) is Compared.UNSEALED


@pytest.mark.usefixtures("_sealed")
def test_what_was_set_aside_waits_again_once_it_is_put_right():
    paper = issue()
    asked = seals_queries.request_for(paper.number)
    seals.put_aside(asked, refusal=Refusal("seal.no_paper", "找不到。"), by=keeper(), at=LATER)

    back = seals.take_back(asked, by=keeper(), at=LATER)

    assert (back.standing, back.reason) == (RequestState.WAITING, "")


@pytest.mark.usefixtures("_sealed")
def test_a_crash_between_signing_and_recording_leaves_the_paper_waiting(monkeypatch):
    paper = issue()
    asked = seals_queries.request_for(paper.number)

    def crash(*args, **kwargs):
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(SealUse.objects, "bulk_create", crash)
        with pytest.raises(MemoryError):
            sealing.seal(asked, by=keeper(), at=LATER)

    assert seals_queries.request_for(paper.number).standing is RequestState.WAITING
    assert seals_queries.sealed_file(paper.number) is None
    assert sealing.seal(asked, by=keeper(), at=LATER) == SealUse.objects.get()


def test_what_seals_nothing_loads_no_signing():
    loads = (
        "import sys, django; django.setup(); import onedoor.urls, onedoor.wiring;"
        "print({'pyhanko', 'asn1crypto', 'aiohttp', 'typst'} & set(sys.modules))"
    )
    asked = subprocess.run(
        [sys.executable, "-c", loads],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "onedoor.settings"},
        capture_output=True,
        text=True,
    )

    assert asked.stdout.strip() == "set()", asked.stderr


# --- The register of seals --------------------------------------------------------------------


@pytest.mark.usefixtures("_sealed")
def test_a_locked_seal_is_unlocked_by_two_people_only():
    paper = issue()
    seal = seals.lock(seals_queries.seal_for(SealKind.APPROVAL), by=keeper(), at=LATER)

    with pytest.raises(Refusal) as locked:
        sealing.seal(seals_queries.request_for(paper.number), by=keeper(), at=LATER)
    seal = seals.ask_unlock(seal, by=keeper(), at=LATER)
    with pytest.raises(NotAllowed) as alone:
        seals.confirm_unlock(seal, by=keeper(), at=LATER)
    unlocked = seals.confirm_unlock(seal, by=given_seals.actor("supervisor"), at=LATER)

    assert (locked.value.code, alone.value.code) == ("seal.locked", "seal.unlock_needs_two")
    assert unlocked.standing is SealState.ACTIVE
    assert sealing.seal(seals_queries.request_for(paper.number), by=keeper(), at=LATER)


@pytest.mark.usefixtures("_sealed")
def test_a_seal_out_of_date_seals_nothing():
    paper = issue()
    Seal.objects.update(valid_to=date(2026, 3, 5))

    with pytest.raises(Refusal) as refused:
        sealing.seal(seals_queries.request_for(paper.number), by=keeper(), at=LATER)

    assert refused.value.code == "seal.out_of_date"


@pytest.mark.usefixtures("_sealed")
def test_a_second_seal_of_a_kind_is_refused_until_the_first_is_stopped():
    first = seals_queries.seal_for(SealKind.APPROVAL)

    with pytest.raises(Refusal) as refused:
        given_seals.seal(code="YZ-2")
    seals.stop(first, by=given_seals.actor("admin"), at=LATER)
    second = given_seals.seal(code="YZ-2")

    assert refused.value.code == "seal.one_in_use"
    assert seals_queries.seal_for(SealKind.APPROVAL) == second


@pytest.mark.usefixtures("_sealed")
def test_a_destroyed_seal_has_no_key_left_and_two_people_saw_to_it():
    admin, other = given_seals.actor("admin"), seals_queries.seal_for(SealKind.APPROVAL).keeper
    stopped = seals.stop(seals_queries.seal_for(SealKind.APPROVAL), by=admin, at=LATER)

    destroyed = seals.destroy(stopped, witness=other, by=admin, at=LATER)

    assert destroyed.standing is SealState.DESTROYED
    assert Seal.objects.get().key == ""
    assert other.ref in Entry.objects.filter(kind="seal.state_changed").latest("version").text


@pytest.mark.usefixtures("_sealed")
def test_a_seal_handed_over_is_sealed_with_by_the_new_keeper_alone():
    paper = issue()
    seal = seals_queries.seal_for(SealKind.APPROVAL)
    to = Person.objects.get(username="keeper2")

    after = seals.hand_over(seal, to=to, basis="调岗", by=given_seals.actor("admin"), at=LATER)

    assert (after.keeper, after.deputy) == (to, None)
    assert [h.taker.username for h in after.handovers.order_by("at")] == ["keeper", "keeper2"]
    with pytest.raises(NotAllowed):
        sealing.seal(seals_queries.request_for(paper.number), by=keeper(), at=LATER)


@pytest.mark.parametrize("name", ["开远市行政审批服务局行政审批专用章", "章" * 60])
def test_a_seal_whose_name_is_longer_than_a_certificate_holds_seals_all_the_same(monkeypatch, name):
    given_seals.under_one_seal(monkeypatch)
    seal = given_seals.seal(name=name)

    _, use = sealed_paper()

    assert use.seal == seal
    assert b"OneDoorSeal" in bytes_of(use)


@pytest.mark.parametrize("length", [4, 15, 45, 60, 100, 200])
def test_the_characters_along_the_rim_lie_apart_however_long_the_name(length):
    picture = draw("章" * length, "")

    # Along the middle of the writing, paper shows between the characters.
    size = max(4, min(64, int((1000 if length <= 45 else 1350) / length)))
    radius = picture.width / 2 - 30 - size / 2
    turn = [math.radians(n / 20 - 90) for n in range(7200)]
    alpha, width = picture.getchannel("A").tobytes(), picture.width
    middle = picture.width / 2
    inked = [
        alpha[int(middle + radius * math.sin(a)) * width + int(middle + radius * math.cos(a))] > 128
        for a in turn
    ]
    assert 0.05 < sum(inked) / len(inked) < 0.75
