"""Decisions = papers = uses of the seal; each difference is named. And the seal for programs."""

from datetime import date, timedelta

import pytest
from django.test import Client

from onedoor.accounts.models import Person
from onedoor.cases import services as cases
from onedoor.cases.differences import open_differences, settled_differences
from onedoor.cases.models import Case, Licence
from onedoor.cases.reconciling import Period, reconcile, reconcile_tonight
from onedoor.cases.rules.licences import RevocationGround
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.tests import given
from onedoor.cli import main
from onedoor.files.services import opened, path_of
from onedoor.kernel import clock
from onedoor.kernel.clock import at_local
from onedoor.ledger.models import Entry
from onedoor.papers import sealing
from onedoor.papers.models import Paper
from onedoor.papers.rules.kinds import Kind
from onedoor.papers.tests import given_seals
from onedoor.seals import queries as seals
from onedoor.seals.models import SealRequest, SealUse
from onedoor.seals.rules.words import RequestState, SealKind

pytestmark = pytest.mark.django_db
MONDAY = given.FRIDAY + timedelta(days=3)


@pytest.fixture
def _sealed(monkeypatch):
    given_seals.under_one_seal(monkeypatch)
    given_seals.seal()
    monkeypatch.setattr(clock, "now", lambda: MONDAY)


def decided():
    """Return the seal asked for a decision that was just made."""
    case = given.case(Status.DECIDED_YES)
    return SealRequest.objects.get(subject=case.number, paper_kind=Kind.GRANT.value)


def sealed():
    return sealing.seal(decided(), by=given_seals.actor("keeper"), at=MONDAY)


def why(found):
    return [(each.subject, each.why.code) for each in found.differences]


@pytest.mark.usefixtures("_sealed")
def test_what_was_decided_issued_and_sealed_is_the_same_number():
    for _ in range(3):
        sealed()
    given.case(Status.IN_REVIEW)

    found = reconcile(at=MONDAY)

    assert (found.decisions, found.papers, found.uses, found.waiting) == (3, 3, 3, 0)
    assert found.differences == ()


@pytest.mark.usefixtures("_sealed")
def test_a_decision_that_waits_two_days_for_its_seal_is_a_difference():
    asked = decided()

    in_time = reconcile(at=asked.asked_at + timedelta(days=2))
    late = reconcile(at=asked.asked_at + timedelta(days=2, seconds=1))

    assert (in_time.waiting, why(in_time)) == (1, [])
    assert why(late) == [(asked.paper, "seal.late")]


@pytest.mark.usefixtures("_sealed")
def test_a_paper_without_a_request_is_a_difference():
    sealed()
    asked = decided()
    SealRequest.objects.filter(pk=asked.pk).delete()

    assert (asked.paper, "seal.never_asked") in why(reconcile(at=MONDAY))


# --- Certificates -------------------------------------------------------------------------------


def certified():
    """Return the certificate of a case whose decision and certificate are sealed."""
    case = given.case(Status.MAKING)
    waiting = seals.waiting(SealKind.APPROVAL).filter(subject=case.number)
    sealing.seal_all(sealing.together(waiting, most=2), by=given_seals.actor("keeper"), at=MONDAY)
    return Paper.objects.get(subject=case.number, kind=Kind.CERTIFICATE.value)


@pytest.mark.usefixtures("_sealed")
def test_certificates_are_counted_with_no_decision_and_are_no_difference():
    certified()

    found = reconcile(at=MONDAY)

    assert (found.decisions, found.papers, found.uses, found.waiting) == (1, 1, 1, 0)
    assert found.differences == ()


@pytest.mark.usefixtures("_sealed")
def test_a_licence_that_was_made_without_its_certificate_is_a_difference():
    use = sealed()
    Case.objects.filter(number=use.request.subject).update(status=Status.MAKING.value)

    assert why(reconcile(at=MONDAY)) == [(use.request.subject, "seal.no_certificate")]


@pytest.mark.usefixtures("_sealed")
def test_a_sealed_decision_is_a_difference_once_its_certificate_is_overdue_and_not_before():
    use = sealed()
    number, due = use.request.subject, date(2026, 3, 20)
    assert Licence.objects.get(number=number).case.delivery_due_on == due

    in_time = reconcile(at=at_local(due, 12))
    late = reconcile(at=at_local(due + timedelta(days=1), 12))

    assert [each for each in why(in_time) if each[0] == number] == []
    assert (number, "seal.no_certificate") in why(late)


@pytest.mark.usefixtures("_sealed")
def test_a_certificate_without_a_licence_is_a_difference():
    made = certified()
    Licence.objects.filter(number=made.subject).update(number="another")

    assert (made.number, "seal.no_licence") in why(reconcile(at=MONDAY))


@pytest.mark.usefixtures("_sealed")
def test_a_certificate_that_waits_two_days_for_its_seal_is_a_difference():
    case = given.case(Status.MAKING)
    decision = SealRequest.objects.get(subject=case.number, paper_kind=Kind.GRANT.value)
    asked = SealRequest.objects.get(subject=case.number, paper_kind=Kind.CERTIFICATE.value)
    sealing.seal(decision, by=given_seals.actor("keeper"), at=MONDAY)

    late = reconcile(at=asked.asked_at + timedelta(days=2, seconds=1))

    assert why(late) == [(asked.paper, "seal.late")]


@pytest.mark.usefixtures("_sealed")
def test_a_revocation_that_waits_two_days_for_its_seal_is_a_difference():
    certified()
    licence = Licence.objects.get()
    cases.revoke(
        licence,
        ground=RevocationGround.FRAUD,
        reason="租赁合同是假的",
        by=given.actor("head"),
        at=MONDAY,
    )
    asked = SealRequest.objects.get(subject=licence.subject)

    late = reconcile(at=MONDAY + timedelta(days=2, seconds=1))

    assert (asked.paper, "seal.late") in why(late)


@pytest.mark.usefixtures("_sealed")
def test_receipts_that_wait_a_week_for_their_seal_are_one_difference():
    case = given.case(Status.RECEIVED)
    asked = SealRequest.objects.get(subject=case.number)

    in_time = reconcile(at=asked.asked_at + timedelta(days=7))
    late = reconcile(at=asked.asked_at + timedelta(days=7, seconds=1))

    assert (why(in_time), why(late)) == ([], [("receipt", "seal.receipts_late")])


@pytest.mark.usefixtures("_sealed")
def test_a_request_marked_sealed_without_a_use_is_a_difference():
    asked = decided()
    SealRequest.objects.filter(pk=asked.pk).update(state=RequestState.SEALED.value)

    assert why(reconcile(at=MONDAY)) == [(asked.paper, "seal.half_done")]


@pytest.mark.usefixtures("_sealed")
def test_a_request_that_no_longer_matches_its_paper_is_a_difference():
    use = sealed()
    SealRequest.objects.filter(pk=use.request_id).update(digest="sha256:" + "0" * 64)

    assert why(reconcile(at=MONDAY)) == [(use.request.paper, "seal.other_digest")]


@pytest.mark.usefixtures("_sealed")
def test_a_sealed_file_that_was_changed_is_a_difference():
    use = sealed()
    place = path_of(use.file.digest)
    content = bytearray(place.read_bytes())
    content[len(content) // 2] ^= 1
    place.write_bytes(bytes(content))

    assert why(reconcile(at=MONDAY)) == [(use.request.paper, "seal.file_lost")]


@pytest.mark.usefixtures("_sealed")
def test_the_command_says_what_the_page_says(capsys):
    asked = decided()
    asked_long_ago = MONDAY - timedelta(days=30)
    SealRequest.objects.filter(pk=asked.pk).update(asked_at=asked_long_ago)

    status = main(["paper", "reconcile"])
    page = Client()
    page.force_login(
        seals.seal_for(SealKind.APPROVAL).keeper,
        backend="django.contrib.auth.backends.ModelBackend",
    )
    shown = page.get("/seals/reconciliation/").content.decode()

    assert status == 1
    assert asked.paper in capsys.readouterr().out
    assert asked.paper in shown


@pytest.mark.usefixtures("_sealed")
def test_an_exported_paper_is_verified_offline_and_a_changed_byte_is_found(tmp_path, capsys):
    use = sealed()
    main(["paper", "export", "--sealed", "--limit", "1", "--to", str(tmp_path)])
    (file,) = tmp_path.glob("*.pdf")
    whole = file.read_bytes()

    assert whole == opened(use.file.digest).read()
    assert main(["verify", "paper", str(file)]) == 0
    assert seals.seal_for(SealKind.APPROVAL).fingerprint in capsys.readouterr().out
    for place in (len(whole) // 3, len(whole) - 40):
        altered = bytearray(whole)
        altered[place] ^= 1
        file.write_bytes(bytes(altered))
        assert main(["verify", "paper", str(file)]) == 1
    file.write_bytes(whole + b"\n% one more line")
    assert main(["verify", "paper", str(file)]) == 1
    file.write_bytes(b"no PDF at all")
    assert main(["verify", "paper", str(file)]) == 1


@pytest.mark.usefixtures("_sealed")
def test_every_evening_once_the_count_is_put_on_record():
    late = decided()
    evening = clock.at_local(date(2026, 3, 11), 18, 30)

    before = reconcile_tonight(at=clock.at_local(date(2026, 3, 11), 17, 59))
    done = reconcile_tonight(at=evening)
    again = reconcile_tonight(at=evening + timedelta(hours=1))
    tomorrow = reconcile_tonight(at=evening + timedelta(days=1))

    assert (before, done, again, tomorrow) == (0, 1, 0, 1)
    told = Entry.objects.filter(kind="seal.reconciled").order_by("version")[0].text
    assert late.paper in told
    assert "seal.late" in told


def test_a_county_without_the_one_seal_reconciles_nothing():
    assert reconcile_tonight(at=clock.at_local(date(2026, 3, 11), 20)) == 0


# --- For programs -----------------------------------------------------------------------------


def call(method, path, *, by, **more):
    sent = {"content_type": "application/json"} if method == "post" else {}
    answer = getattr(Client(), method)(
        f"/api/v1/seals{path}", headers={"Authorization": f"Bearer token-{by}"}, **(sent | more)
    )
    return answer.status_code, answer.json()


@pytest.mark.usefixtures("_sealed")
def test_a_program_of_the_keeper_lists_seals_and_looks_up():
    asked = decided()

    _, waiting = call("get", "/waiting?kind=approval", by="keeper")
    status, use = call("post", f"/papers/{asked.paper}", by="keeper")
    again, refused = call("post", f"/papers/{asked.paper}", by="keeper")
    _, found = call("get", f"/uses?q={asked.paper}", by="supervisor")
    _, counted = call("get", "/reconciliation", by="supervisor")

    assert [r["paper"] for r in waiting["requests"]] == [asked.paper]
    assert (status, use["paper"]) == (201, asked.paper)
    assert (again, refused["code"]) == (409, "seal.not_waiting")
    assert found["uses"] == [use]
    assert (counted["decisions"], counted["uses"], counted["differences"]) == (1, 1, [])


@pytest.mark.usefixtures("_sealed")
def test_a_program_of_somebody_else_seals_nothing():
    asked = decided()

    status, refused = call("post", f"/papers/{asked.paper}", by="decider")

    assert (status, refused["code"]) == (403, "page.not_allowed")
    assert seals.request_for(asked.paper).standing is RequestState.WAITING


# --- Every evening's differences are somebody's work --------------------------------------------

EVENING = MONDAY.replace(hour=11)  # 19:00 in Shanghai


@pytest.mark.usefixtures("_sealed")
def test_a_difference_becomes_a_work_item_once_and_is_closed_when_it_is_gone():
    asked = decided()
    late = EVENING

    reconcile_tonight(at=late)
    reconcile_tonight(at=late + timedelta(days=1))
    (item,) = open_differences()
    sealing.seal(
        seals.request_for(asked.paper), by=given_seals.actor("keeper"), at=late + timedelta(days=1)
    )
    reconcile_tonight(at=late + timedelta(days=2))

    assert (item.about, item.code) == (asked.paper, "seal.late")
    assert not open_differences()
    assert settled_differences()[0].state == "gone"


@pytest.mark.usefixtures("_sealed")
def test_a_keeper_settles_a_difference_with_a_reason_and_it_is_not_brought_up_again(monkeypatch):
    decided()
    late = EVENING
    reconcile_tonight(at=late)
    monkeypatch.setattr(clock, "now", lambda: late)
    (item,) = open_differences()
    status, listed = call("get", "/differences", by="keeper")
    assert (status, [each["id"] for each in listed]) == (200, [str(item.pk)])
    address = f"/seals/reconciliation/{item.pk}/"

    def post(who, reason):
        client = Client()
        client.force_login(
            Person.objects.get(username=who),
            backend="django.contrib.auth.backends.ModelBackend",
        )
        return client.post(address, {"reason": reason}), client

    empty, _ = post("keeper", "")
    stranger, _ = post("clerk", "没事")
    done, keeper = post("keeper", "申请人要求缓发，等通知。")
    reconcile_tonight(at=late + timedelta(days=1))

    assert (empty.status_code, stranger.status_code, done.status_code) == (422, 403, 302)
    assert not open_differences()
    assert "申请人要求缓发" in keeper.get("/seals/reconciliation/").content.decode()


@pytest.mark.usefixtures("_sealed")
def test_what_a_crash_left_half_done_is_found_and_mended_by_the_next_reconciliation():
    asked = decided()
    SealRequest.objects.filter(pk=asked.pk).update(state=RequestState.SEALED.value)
    used = sealed()
    SealRequest.objects.filter(pk=used.request_id).update(state=RequestState.WAITING.value)
    before = sorted(code for _, code in why(reconcile(at=MONDAY)))

    reconcile_tonight(at=EVENING)
    after = reconcile(at=EVENING)

    assert before.count("seal.half_done") == 2
    assert why(after) == [(asked.paper, "seal.late")]  # it waits for its seal again
    assert seals.request_for(asked.paper).state == RequestState.WAITING.value
    assert seals.request_for(used.request.paper).state == RequestState.SEALED.value
    assert Entry.objects.filter(kind="seal.mended").count() == 2


@pytest.mark.usefixtures("_sealed")
def test_a_crash_between_signing_and_recording_leaves_the_paper_waiting_and_it_is_sealed_again(
    monkeypatch,
):
    asked = decided()

    def crash(*args, **kwargs):
        raise SystemExit("the machine stops")

    with monkeypatch.context() as broken:
        broken.setattr(SealUse.objects, "bulk_create", crash)
        with pytest.raises(SystemExit):
            sealing.seal(asked, by=given_seals.actor("keeper"), at=MONDAY)
    left = seals.request_for(asked.paper).state, SealUse.objects.count()
    reconcile_tonight(at=EVENING + timedelta(days=3))
    found = [row.code for row in open_differences()]
    sealing.seal(
        seals.request_for(asked.paper),
        by=given_seals.actor("keeper"),
        at=EVENING + timedelta(days=3),
    )

    assert left == (RequestState.WAITING.value, 0)
    assert found == ["seal.late"]
    assert reconcile(at=EVENING + timedelta(days=3)).differences == ()


@pytest.mark.usefixtures("_sealed")
def test_a_period_counts_what_was_decided_in_it():
    sealed()
    friday, day = MONDAY.date(), timedelta(days=1)

    there = reconcile(at=MONDAY, period=Period(friday - 4 * day, friday))
    before = reconcile(at=MONDAY, period=Period(None, friday - 10 * day))

    assert (there.decisions, there.uses) == (1, 1)
    assert (before.decisions, before.uses) == (0, 0)
