"""Decisions = papers = uses of the seal; each difference is named. And the seal for programs."""

from datetime import date, timedelta

import pytest
from django.test import Client

from onedoor.cases.reconciling import reconcile, reconcile_tonight
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.tests import given
from onedoor.cli import main
from onedoor.files.services import opened, path_of
from onedoor.kernel import clock
from onedoor.ledger.models import Entry
from onedoor.papers import sealing
from onedoor.papers.rules.kinds import Kind
from onedoor.papers.tests import given_seals
from onedoor.seals import queries as seals
from onedoor.seals.models import SealRequest
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
    case = given.case(Status.MAKING)
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
    (file,) = tmp_path.iterdir()
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
    answer = getattr(Client(), method)(
        f"/api/v1/seals{path}", headers={"Authorization": f"Bearer token-{by}"}, **more
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
