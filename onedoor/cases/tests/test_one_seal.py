"""The transfer list: two people, a day to come, and from it one body that receives and decides."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from onedoor.accounts import services as accounts
from onedoor.accounts.models import Organisation, Person
from onedoor.accounts.rules import SYSTEM, Role
from onedoor.cases import services as cases
from onedoor.cases.models import Case
from onedoor.cases.one_seal_figures import report
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.tests import given
from onedoor.cases.tests import online as given_online
from onedoor.catalogue import queries as catalogue_queries
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.models import Item, TransferBatch
from onedoor.catalogue.rules.transfers import BatchTold, Moved
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.ledger import queries as ledger
from onedoor.seals.models import SealRequest

pytestmark = pytest.mark.django_db

CENTRE = "11532502DEM0000149"
MONDAY = date(2026, 3, 9)
AFTER = clock.at_local(MONDAY, 9)
SAID: dict[str, Any] = {
    "number": 1,
    "basis": "演示批复〔2026〕1号",
    "effective_on": MONDAY,
    "unit": CENTRE,
}


def told(*codes, **changes):
    return BatchTold(items=[Moved(code) for code in codes or (given.LICENCE,)], **(SAID | changes))


def drafted(*codes, **changes):
    return catalogue.draft_transfer(
        told(*codes, **changes), by=given.actor("editor"), at=given.FRIDAY
    )


def published():
    drafted()
    return catalogue.publish_transfer(1, by=given.actor("publisher"), at=given.FRIDAY)


def browser(username):
    client = Client()
    client.force_login(
        Person.objects.get(username=username),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


@pytest.fixture
def _bureau():
    """Let the centre have people who accept, review and decide."""
    centre = Organisation.objects.get(code=CENTRE)
    for username, role in (
        ("acceptor", Role.ACCEPTOR),
        ("reviewer", Role.REVIEWER),
        ("decider", Role.DECIDER),
    ):
        person = Person.objects.get(username=username)
        accounts.give_role(
            person, role, unit=centre, first_on=date(2026, 1, 5), by=SYSTEM, at=given.BEGAN
        )


def of_department():
    """Return a clerk of the market bureau alone, not of the whole centre."""
    return given.actor("everything")


# --- The list ----------------------------------------------------------------------------------


def test_a_batch_holds_once_a_second_person_published_it():
    drafted()
    before = catalogue_queries.current_version(given.LICENCE, at=AFTER)

    with pytest.raises(NotAllowed) as own:
        catalogue.publish_transfer(1, by=given.actor("editor"), at=given.FRIDAY)
    catalogue.publish_transfer(1, by=given.actor("publisher"), at=given.FRIDAY)
    after = catalogue_queries.current_version(given.LICENCE, at=AFTER)

    assert own.value.code == "transfer.not_publisher"
    assert (before.unit_name, after.unit_name, after.former_unit_name) == (
        "市监局",
        "政务局",
        "市监局",
    )
    assert [e.kind for e in ledger.history("transfer:1")] == [
        "transfer.drafted",
        "transfer.published",
    ]
    assert ledger.history(f"item:{given.LICENCE}")[-1].kind == "item.transferred"


def test_whoever_wrote_the_list_does_not_publish_it_whatever_their_roles():
    drafted()
    both = given.actor("publisher")
    TransferBatch.objects.update(drafted_by=both.ref)

    with pytest.raises(NotAllowed) as refused:
        catalogue.publish_transfer(1, by=both, at=given.FRIDAY)

    assert refused.value.code == "transfer.same_person"


def test_until_its_day_the_department_decides_and_from_its_first_second_the_bureau():
    published()
    midnight = clock.at_local(MONDAY, 0)

    last = catalogue_queries.current_version(given.LICENCE, at=midnight - timedelta(seconds=1))
    first = catalogue_queries.current_version(given.LICENCE, at=midnight)

    assert (last.unit_name, first.unit_name) == ("市监局", "政务局")
    assert last.former_unit_id is None


@pytest.mark.parametrize(
    ("code", "changes", "codes"),
    [
        ("transfer.in_the_past", {"effective_on": date(2026, 3, 6)}, ()),
        ("transfer.basis", {"basis": " "}, ()),
        ("transfer.not_a_licence", {}, (given.AT_ONCE,)),
        ("transfer.twice", {}, (given.LICENCE, given.LICENCE)),
        ("catalogue.not_found", {}, ("NO-SUCH-ITEM",)),
    ],
)
def test_a_batch_that_cannot_hold_is_refused(code, changes, codes):
    with pytest.raises(Refusal) as refused:
        drafted(*codes, **changes)

    assert refused.value.code == code


def test_an_item_goes_over_once_and_a_published_batch_stays_as_it_is():
    published()

    with pytest.raises(Refusal) as twice:
        drafted(number=2)
    with pytest.raises(Refusal) as again:
        drafted(given.TOLERANT)

    assert (twice.value.code, again.value.code) == ("transfer.already", "transfer.published")


HEADINGS = "批次,划转依据,生效日期,承接机关,事项编码,事项名称,原部门,保留职责"


def a_file(*rows):
    return "\n".join([HEADINGS, *rows]).encode()


def line(code, unit="市监局"):
    return f"1,演示批复,2026-03-09,政务局,{code},随便,{unit},日常监管"


def test_a_list_is_imported_whole_and_again_it_changes_nothing():
    content = a_file(line(given.LICENCE), line(given.TOLERANT))
    by = given.actor("editor")

    first = catalogue.import_transfers(content, filename="a.csv", by=by, at=given.FRIDAY)
    again = catalogue.import_transfers(content, filename="a.csv", by=by, at=given.FRIDAY)

    assert str(first) == "read=2 created=2 changed=0 unchanged=0 refused=0 warned=0"
    assert str(again) == "read=2 created=0 changed=0 unchanged=2 refused=0 warned=0"
    assert set(TransferBatch.objects.get().items.values_list("kept_duties", flat=True)) == {
        "日常监管"
    }


def test_a_list_with_one_bad_row_is_not_imported_and_says_which():
    content = a_file(line(given.LICENCE), line(given.TOLERANT, "水务局"), line("没有"))

    report = catalogue.import_transfers(
        content, filename="a.csv", by=given.actor("editor"), at=given.FRIDAY
    )

    assert [row.row for row in report.refused] == [3, 4]
    assert "属于市监局" in report.refused[0].reason
    assert not TransferBatch.objects.exists()


# --- What it does to cases ---------------------------------------------------------------------


@pytest.mark.usefixtures("_bureau")
def test_from_the_day_the_case_is_the_bureaus_and_its_papers_ask_for_the_one_seal():
    published()
    before = given.case(Status.DECIDED_YES)

    after = given.case(Status.DECIDED_YES, at=AFTER)

    assert (before.unit.name, before.former_unit) == ("市监局", None)
    assert after.unit.name == "政务局"
    assert after.former_unit is not None
    assert after.former_unit.name == "市监局"
    assert set(SealRequest.objects.values_list("subject", flat=True)) == {after.number}


def test_the_departments_own_intake_is_refused_from_that_day_with_a_plain_sentence():
    published()
    slot = cases.reserve(given.LICENCE, at=AFTER)
    here: dict[str, Any] = {
        "applicant": given.applicant(),
        "materials": given.handed(3),
        "identity_checked": True,
    }

    with pytest.raises(NotAllowed) as refused:
        cases.receive(slot, **here, by=of_department(), at=AFTER)
    taken = cases.receive(slot, **here, by=given.actor("clerk"), at=AFTER)

    assert refused.value.code == "transfer.gone"
    assert "从 2026-03-09 起划转给政务局，市监局不再收件" in str(refused.value)
    assert taken.case.unit.name == "政务局"


def test_what_runs_when_the_day_comes_is_finished_by_the_department():
    published()
    running = given.case(Status.IN_REVIEW)

    reviewed = given.step(cases.review, running, "reviewer", at=AFTER, opinion="同意")
    done = given.step(cases.grant, reviewed, "decider", at=AFTER, opinion="准予")

    assert done.unit.name == "市监局"
    assert done.former_unit is None
    assert not SealRequest.objects.exists()


@pytest.mark.usefixtures("_bureau")
def test_a_case_put_back_under_the_department_by_hand_gets_no_paper_of_it():
    published()
    case = given.case(Status.IN_REVIEW, at=AFTER)
    market = Organisation.objects.get(name="市监局")
    Case.objects.filter(pk=case.pk).update(unit=market, former_unit=None)
    later = AFTER + timedelta(hours=2)
    reviewed = given.step(cases.review, case, "reviewer", at=later, opinion="同意")

    with pytest.raises(NotAllowed) as refused:
        given.step(cases.grant, reviewed, "decider", at=later, opinion="准予")

    assert refused.value.code == "transfer.gone"
    assert "不再用自己的章" in str(refused.value)


def test_what_was_sent_before_the_day_and_is_received_from_it_on_is_the_bureaus():
    published()
    sent = given_online.case(at=given.FRIDAY)

    received = given.step(
        cases.receive_submitted,
        sent,
        "clerk",
        at=AFTER,
        materials=given.handed(3),
        identity_checked=True,
    )

    assert received.unit.name == "政务局"
    assert received.former_unit is not None
    assert received.former_unit.name == "市监局"


# --- Pages and programs ------------------------------------------------------------------------


def test_everybody_reads_what_was_published_and_nothing_of_a_draft(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AFTER)
    drafted()
    hidden = Client().get("/items/transfers/").content.decode()
    catalogue.publish_transfer(1, by=given.actor("publisher"), at=given.FRIDAY)

    shown = Client().get("/items/transfers/").content.decode()
    guide = Client().get(f"/items/{given.LICENCE}/").content.decode()

    assert "食品经营许可（测试）" not in hidden
    assert "食品经营许可（测试）" in shown
    assert "1 个部门，1 项" in shown
    assert "原来由市监局办" in guide


def test_one_uploads_the_list_and_another_publishes_it(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: given.FRIDAY)
    file = SimpleUploadedFile("清单.csv", a_file(line(given.LICENCE)))

    sent = browser("editor").post("/catalogue/transfers/", {"file": file})
    bad = browser("editor").post(
        "/catalogue/transfers/", {"file": SimpleUploadedFile("清单.csv", a_file(line("没有")))}
    )
    own = browser("editor").post("/catalogue/transfers/1/publish/")
    done = browser("publisher").post("/catalogue/transfers/1/publish/")
    stranger = browser("clerk").get("/catalogue/transfers/")

    assert (sent.status_code, bad.status_code, own.status_code) == (302, 422, 403)
    assert "第 2 行" in bad.content.decode()
    assert (done.status_code, stranger.status_code) == (302, 403)
    assert Item.objects.get(code=given.LICENCE).transferred_to is not None


def test_programs_write_publish_and_read_the_list(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: given.FRIDAY)
    body = SAID | {"effective_on": MONDAY.isoformat(), "items": [{"item": given.LICENCE}]}

    def call(who, path="", send=None):
        headers = {"Authorization": f"Bearer token-{who}"}
        address = f"/api/v1/transfers{path}"
        if send is None:
            return Client().get(address, headers=headers)
        return Client().post(
            address, json.dumps(send), content_type="application/json", headers=headers
        )

    drafted = call("editor", send=body)
    unseen = call("clerk", "/1")
    published = call("publisher", "/1/publish", {})
    read = call("clerk", "/1")

    assert (drafted.status_code, unseen.status_code) == (200, 404)
    assert published.json()["state"] == "published"
    assert read.json()["units"] == [{"code": "11532502DEM0000224", "name": "市监局", "items": 1}]
    with pytest.raises(NotValid):
        catalogue.draft_transfer(
            told(given.TOLERANT, number=1000), by=given.actor("editor"), at=given.FRIDAY
        )


# --- Figures -----------------------------------------------------------------------------------


@pytest.mark.usefixtures("_bureau")
def test_the_figures_set_the_bureaus_days_against_law_promise_and_before(monkeypatch):
    before = given.case(Status.IN_REVIEW)
    before = given.step(
        cases.review, before, "reviewer", at=given.FRIDAY + timedelta(days=4), opinion="同意"
    )
    given.step(cases.grant, before, "decider", at=given.FRIDAY + timedelta(days=5), opinion="准予")
    published()
    given.case(Status.DECIDED_YES, at=AFTER)
    monkeypatch.setattr(clock, "now", lambda: AFTER + timedelta(days=3))
    query = "?first=2026-03-09&last=2026-03-12"

    found = report(given.actor("supervisor"), first=MONDAY, last=date(2026, 3, 12))
    page = browser("supervisor").get(f"/supervision/one-seal/{query}&item={given.LICENCE}")
    file = browser("supervisor").get(f"/supervision/one-seal.csv{query}").content.decode()
    told = Client().get(
        f"/api/v1/seals/figures{query}", headers={"Authorization": "Bearer token-supervisor"}
    )
    stranger = browser("clerk").get("/supervision/one-seal/")

    (line,) = found.lines
    assert (line.counted.cases, found.licences, found.share) == (1, 2, 50.0)
    assert (line.counted.statutory_each, line.counted.promised_each) == (20, 5)
    assert (line.counted.used_each, line.counted.before_each) == (0, 3)
    assert Case.objects.get(former_unit__isnull=False).number in page.content.decode()
    assert f"市监局,{given.LICENCE},食品经营许可（测试）,1,1,20.0,5.0,0.0,3.0" in file
    assert (told.json()["share"], stranger.status_code) == (50.0, 403)
