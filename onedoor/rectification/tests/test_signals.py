"""What is found again, and what points to a fix on paper: rules as data, shown, never deciding."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.test import Client
from PIL import Image

from onedoor.accounts.rules import Role
from onedoor.files import services as files
from onedoor.kernel import clock
from onedoor.ledger import queries as ledger
from onedoor.rectification import pack
from onedoor.rectification import services as rectification
from onedoor.rectification.inputs import FindingTold, ProjectTold
from onedoor.rectification.models import Finding, Suspicion
from onedoor.rectification.queries import judging
from onedoor.rectification.rules import signals
from onedoor.rectification.rules.signals import Claim, Shown, SignalRule
from onedoor.rectification.rules.words import (
    EvidenceKind,
    MoneyKind,
    Outcome,
    RectificationClass,
    SignalKind,
)
from onedoor.rectification.tests import given
from onedoor.rectification.tests.test_views import page, published, signed_in

FOUND, CLAIMED, DUE = date(2026, 1, 5), date(2026, 3, 1), date(2026, 3, 6)
RULES = {kind: SignalRule("县规", days=2, photos=2, percent=5) for kind in signals.NOTICING}


def noticed(*shown: Shown, **more) -> list[tuple[SignalKind, str]]:
    told = {"found_on": FOUND, "deadline_on": DUE, "claimed_on": CLAIMED} | more
    return [(s.kind, s.about) for s in signals.found(Claim(files=shown, **told), RULES)]


def paper(label: str = "1.1", **more) -> Shown:
    return Shown(label, EvidenceKind.WRITTEN, **more)


def photo(label: str = "1.1", **more) -> Shown:
    return Shown(label, EvidenceKind.PHOTO, **more)


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("one", "kind"),
    [
        (paper(elsewhere="ZG2026-00002"), SignalKind.SAME_FILE),
        (paper(dated_on=CLAIMED + 3 * DAY), SignalKind.LATE_DOCUMENT),
        (paper(dated_on=CLAIMED + 2 * DAY), None),
        (paper(dated_on=FOUND - 3 * DAY), SignalKind.EARLY_DOCUMENT),
        (paper(dated_on=FOUND - 2 * DAY), None),
        (photo(taken_on=FOUND - 3 * DAY), SignalKind.PHOTO_OUTSIDE),
        (photo(taken_on=CLAIMED + 3 * DAY), SignalKind.PHOTO_OUTSIDE),
        (photo(taken_on=CLAIMED), None),
        (photo(taken_on=FOUND, begun_on=FOUND + 9 * DAY), SignalKind.PHOTO_OUTSIDE),
    ],
)
def test_a_file_is_noticed_from_the_place_s_own_figure_on(one, kind):
    assert [k for k, _ in noticed(one)] == ([kind] if kind else [])


def test_a_claim_of_the_last_days_shown_by_few_photos_is_noticed():
    late = {"claimed_on": DUE - 2 * DAY}

    assert [k for k, _ in noticed(photo(), photo("2.1"), **late)] == [SignalKind.LAST_DAY]
    assert noticed(photo(), photo("2.1"), photo("3.1"), **late) == []
    assert noticed(photo(), paper("2.1"), **late) == []
    assert noticed(photo(), claimed_on=DUE - 3 * DAY) == []
    assert noticed(**late) == [], "nothing shown is no photo; the reviewer sees that anyway"


@pytest.mark.parametrize(
    ("text", "handled", "is_noticed"),
    [
        ("收回30万元。", 29_000_000, False),
        ("收回30万元。", 20_000_000, True),
        ("收回30万元，其中现金10万元。", 30_000_000, False),
        ("收回10万元，上缴20万元。", 30_000_000, False),
        ("都改好了。", 0, False),
        ("收回30万元。", None, False),
        ("收回30万元。", 0, True),
    ],
)
def test_an_amount_that_is_claimed_is_held_against_the_vouchers(text, handled, is_noticed):
    found = noticed(text=text, handled_fen=handled)

    assert [k for k, _ in found] == ([SignalKind.FIGURE] if is_noticed else [])


def test_what_a_place_does_not_list_is_not_asked():
    claim = Claim(FOUND, DUE, CLAIMED, files=(paper(dated_on=FOUND - 9 * DAY),))

    assert signals.found(claim, {}) == []
    assert set(pack.rulebook(CLAIMED).signals) == set(signals.NOTICING)


def camera(day: date) -> BytesIO:
    """Return a photo as a camera writes it, with the day in it."""
    exif = Image.Exif()
    exif[0x0132] = f"{day:%Y:%m:%d} 10:00:00"
    made = BytesIO()
    Image.new("RGB", (4, 4)).save(made, "JPEG", exif=exif)
    return made


@pytest.mark.django_db
def test_a_photo_older_than_the_measure_and_a_sum_without_vouchers_are_shown_not_decided():
    finding = given.working()
    given.step(rectification.add_amount, finding, given.AUDITOR, kind=MoneyKind.REMIT, due_fen=100)
    stored = files.store(camera(clock.day_of(given.AT) - 90 * DAY), at=given.AT)
    given.step(
        rectification.add_evidence,
        finding,
        given.officer(),
        rectification.Upload(stored, "现场.jpg"),
        measure=finding.measures.get(),
        kind=EvidenceKind.PHOTO,
        title="现场照片",
    )
    after = given.step(
        rectification.submit,
        finding,
        given.head(),
        claimed=Outcome.RECTIFIED,
        text="已上缴1元。",
        at=given.after(30),
    )

    kept = {s.what: s for s in Suspicion.objects.filter(finding=finding)}
    assert set(kept) == {SignalKind.PHOTO_OUTSIDE, SignalKind.FIGURE, SignalKind.LAST_DAY}
    assert kept[SignalKind.FIGURE].about == "1.00 / 0.00"
    assert after.standing.value == "submitted", "a signal decides nothing"
    assert after.link == given.reload(finding).link
    shown = page(signed_in(Role.AUDITOR), finding)
    assert "照片拍摄时间不在整改期间" in shown
    assert pack.rulebook(CLAIMED).signals[SignalKind.FIGURE].basis in shown
    assert "照片拍摄时间不在整改期间" not in page(Client(), published(finding))


@pytest.mark.django_db
def test_a_picture_without_a_day_or_broken_is_no_signal():
    plain = BytesIO()
    Image.new("RGB", (4, 4)).save(plain, "JPEG")

    assert files.taken_on(files.store(plain, at=given.AT)) is None
    assert files.taken_on(files.store(camera(FOUND), at=given.AT)) == FOUND
    broken = BytesIO(b"\xff\xd8\xff\xe0" + b"x" * 200 + b"\xff\xd9")
    assert files.taken_on(files.store(broken, at=given.AT)) is None


def found_in(audit: str, at, category: str = "政务服务", unit: str = "市监局") -> Finding:
    """Return a finding of another audit, its unit set as the auditors do."""
    told = FindingTold(code="1", title=f"收费不公示{audit}", category=category)
    project = ProjectTold(key=f"sha256:{audit}", title=f"{audit}审计")
    [finding] = rectification.open_findings(project, [told], by=given.LEAD, at=at)
    return given.step(
        rectification.complete,
        finding,
        given.LEAD,
        unit=given.unit(unit),
        rectification_class=RectificationClass.AT_ONCE,
        at=at,
    )


@pytest.mark.django_db
def test_the_same_unit_and_kind_in_a_later_audit_is_linked_both_ways_and_listed():
    first = found_in("2024", given.after(-700))
    again = found_in("2025", given.AT)
    others = [
        found_in("2026", given.after(1), category="工程建设"),
        found_in("2027", given.after(1), unit="水务局"),
        found_in("2031", given.after(365 * 5)),
    ]

    assert again.repeats == first
    assert [given.reload(f).repeats_id for f in others] == [None, None, None]
    last = ledger.history(again.subject)[-1]
    assert last.facts["details"]["repeats"] == first.number
    auditor = signed_in(Role.AUDITOR)
    assert first.number in page(auditor, again)
    assert again.number in page(auditor, first)
    listed = auditor.get("/oversight/issues/?shown=repeated").content.decode()
    assert again.number in listed
    assert others[0].number not in listed
    published(again)
    assert first.number not in page(Client(), again), "an unpublished finding is not told of"


@pytest.mark.django_db
def test_two_findings_of_one_audit_are_no_repeat_and_the_lookup_is_two_statements(
    django_assert_max_num_queries,
):
    one, two = given.issued("1"), given.issued("2")
    Finding.objects.update(category="政务服务")

    assert judging.earlier_of(given.reload(two), given.unit(), on=clock.day_of(given.AT)) is None
    assert one.repeats_id is None
    with django_assert_max_num_queries(3):
        judging.claim_of(given.reload(two))
