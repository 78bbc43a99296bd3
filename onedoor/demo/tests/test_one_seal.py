"""The first batch under the one seal, as the county published it: 9 departments, 77 items, 134."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from onedoor.accounts.rules import Actor, Holding, Role
from onedoor.cases.models import Case
from onedoor.cases.one_seal_figures import report
from onedoor.cases.reconciling import Period, reconcile
from onedoor.catalogue import queries
from onedoor.demo.build import build
from onedoor.demo.loading import load
from onedoor.demo.scenes import DRAFTED
from onedoor.demo.tests.test_build import AT, TODAY, apart
from onedoor.kernel import clock
from onedoor.kernel.clock import at_local, day_of
from onedoor.seals.models import SealRequest, SealUse

pytestmark = pytest.mark.django_db

SUPERVISOR = Actor("person:s", "督查示例", holdings=(Holding(Role.SUPERVISOR, None),))
WINTER = Period(date(2020, 12, 1), date(2021, 3, 31))


def first_batch():
    """Return the pack with the first batch alone, apart from the tests' county."""
    pack = load()
    listed = pack.transfers.decode()
    codes = {str(item["code"]) for item in pack.items if str(item["code"]) in listed}
    wanted = [i for i in pack.items if i["code"] in codes or i["name"] == DRAFTED]
    own = apart(pack)
    items = tuple({**item, "unit": f"样例{item['unit']}"} for item in wanted)
    for unit in pack.units:
        listed = listed.replace(f",{unit.short_name},", f",样例{unit.short_name},")
    return replace(own, items=items, packages=(), transfers=listed.encode())


def test_134_cases_of_77_items_of_9_departments_go_through_the_one_seal(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)
    build(first_batch(), today=TODAY, at=AT, progress=lambda _: None, count=0)

    (batch,) = queries.batches(with_drafts=False)
    cases = Case.objects.filter(former_unit__isnull=False).select_related("unit", "former_unit")
    found = reconcile(at=AT, period=WINTER)

    from_each = queries.from_units(batch)
    assert (len(from_each), sum(each.items for each in from_each)) == (9, 77)
    assert batch.effective_on == date(2020, 12, 15)
    assert len(cases) == 134
    assert {case.unit.short_name for case in cases} == {"样例政务局"}
    assert len({case.former_unit_id for case in cases}) == 9
    until = at_local(date(2021, 3, 31), 17)
    in_winter = cases.filter(received_at__range=(at_local(batch.effective_on), until))
    assert in_winter.count() == 134
    assert (found.decisions, found.papers, found.uses, found.waiting) == (134, 134, 134, 0)
    assert found.differences == ()
    # A decision each, and the certificate of each that was granted.
    assert SealUse.objects.filter(WINTER.has("used_at")).count() == 134 + 130
    assert Counter(case.outcome for case in cases) == {"granted": 130, "refused": 4}
    for case in cases:
        assert case.decided_at
        assert case.promised_due_on
        assert day_of(case.decided_at) <= case.promised_due_on
    figures = report(SUPERVISOR, first=date(2020, 12, 1), last=date(2021, 3, 31))
    assert (figures.total.cases, figures.total.granted, figures.share) == (134, 130, 100.0)
    assert len(figures.units) == 9
    total = figures.total
    assert 0 < total.used < total.promised < total.statutory
    # Receipts bore a seal of rubber that winter: none of them waits for an electronic one.
    assert not SealRequest.objects.filter(kind="receipt").exists()
