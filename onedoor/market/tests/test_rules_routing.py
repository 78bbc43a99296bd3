"""Routing: every branch with its sentence and article, and what must hold for all purchases."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from onedoor.market.rules.routing import RULES, Purchase, route
from onedoor.market.rules.words import (
    Channel,
    Exemption,
    Funding,
    ProjectKind,
    ServiceClass,
    UnitKind,
)
from onedoor.market.tests.packs import BOOK

DAY = date(2026, 3, 6)
TOWN = "11532502DEM0005674"
FIRM = "91532502DEM0009030"
WAN = 1_000_000
"""Ten thousand yuan in fen."""

STUDY = Purchase(
    on=DAY,
    purchaser=TOWN,
    kind=UnitKind.TOWN,
    item="S04",
    amount=8 * WAN,
    funding=Funding.FISCAL,
    project=ProjectKind.NONE,
)
DESIGN = replace(STUDY, item="S02", project=ProjectKind.FISCAL)
MARKET = (Channel.REQUIRED, Channel.OPTIONAL, Channel.FREE)


def purchases():
    maybe = st.none()
    return st.builds(
        Purchase,
        on=st.just(DAY),
        purchaser=st.sampled_from(["", TOWN, FIRM, "other"]),
        kind=maybe | st.sampled_from(UnitKind),
        item=st.sampled_from(["", "S02", "S04", "S23", "S26", "other"]),
        what=maybe | st.sampled_from(ServiceClass),
        amount=maybe | st.integers(0, 600 * WAN),
        earlier=st.integers(0, 300 * WAN),
        funding=maybe | st.sampled_from(Funding),
        project=maybe | st.sampled_from(ProjectKind),
        exempt=maybe | st.sampled_from(Exemption),
        exempt_by=st.sampled_from(["", "市政府专题会议纪要"]),
    )


@pytest.mark.parametrize(
    ("purchase", "channel", "rule"),
    [
        (STUDY, Channel.REQUIRED, "required"),
        (replace(STUDY, amount=30 * WAN), Channel.PROCUREMENT, "procurement"),
        (replace(STUDY, amount=30 * WAN - 1), Channel.REQUIRED, "required"),
        (replace(STUDY, item="S26"), Channel.PROCUREMENT, "central"),
        (DESIGN, Channel.REQUIRED, "required"),
        (replace(DESIGN, amount=100 * WAN), Channel.TENDER, "tender"),
        (replace(DESIGN, amount=100 * WAN - 1), Channel.PROCUREMENT, "procurement"),
        (replace(DESIGN, amount=1, earlier=100 * WAN - 1), Channel.TENDER, "tender"),
        (replace(DESIGN, amount=None, earlier=100 * WAN), Channel.TENDER, "tender"),
        (replace(STUDY, item="S23"), Channel.OPTIONAL, "optional"),
        (replace(STUDY, funding=Funding.SOCIAL), Channel.OPTIONAL, "optional"),
        (
            replace(STUDY, purchaser=FIRM, kind=UnitKind.STATE_FIRM, funding=Funding.STATE),
            Channel.REQUIRED,
            "required",
        ),
        (replace(STUDY, item="other", what=ServiceClass.OTHER), Channel.FREE, "free"),
        (
            replace(STUDY, exempt=Exemption.EMERGENCY, exempt_by="抢险令1号，市长"),
            Channel.EXEMPT,
            "exempt",
        ),
        (replace(STUDY, exempt=Exemption.EMERGENCY), Channel.UNDETERMINED, "unproven"),
        (replace(STUDY, funding=None), Channel.UNDETERMINED, "unknown"),
        (replace(STUDY, amount=None), Channel.UNDETERMINED, "unknown"),
        (replace(STUDY, purchaser=""), Channel.UNDETERMINED, "unknown"),
        (replace(STUDY, item=""), Channel.UNDETERMINED, "unknown"),
        (replace(DESIGN, amount=100 * WAN, project=None), Channel.UNDETERMINED, "unknown"),
        (replace(DESIGN, project=None), Channel.REQUIRED, "required"),
    ],
)
def test_each_branch_has_its_sentence_and_its_article(purchase, channel, rule):
    found = route(purchase, BOOK, "GZ2026001")

    assert (found.channel, found.rule, found.pack) == (channel, rule, "GZ2026001")
    assert found.said.text % found.said.data
    assert bool(found.basis) == (rule != "unknown")
    assert bool(found.missing) == (channel is Channel.UNDETERMINED)


def test_without_rules_nothing_is_guessed():
    assert route(STUDY, None).channel is Channel.UNDETERMINED


def test_what_is_missing_is_named_and_nothing_else():
    assert route(replace(STUDY, funding=None), BOOK).missing == ("funding",)
    assert route(replace(DESIGN, project=None, amount=None), BOOK).missing == ("project", "amount")


@examples(purchases())
def test_every_purchase_goes_through_exactly_one_channel(purchase):
    found = route(purchase, BOOK)

    assert isinstance(found.channel, Channel)
    assert bool(found.missing) == (found.channel is Channel.UNDETERMINED)
    assert {rule for rule, _ in found.steps} <= set(RULES)


@examples(purchases(), st.integers(0, 300 * WAN))
def test_a_higher_amount_never_leads_from_a_tender_back_to_the_market(purchase, more):
    if purchase.amount is None:
        return
    order = {Channel.TENDER: 2, Channel.PROCUREMENT: 1}
    lower = route(purchase, BOOK).channel
    higher = route(replace(purchase, amount=purchase.amount + more), BOOK).channel

    if lower is not Channel.UNDETERMINED and higher is not Channel.UNDETERMINED:
        assert order.get(higher, 0) >= order.get(lower, 0)


@pytest.mark.parametrize(("parts", "base"), [*product(range(1, 9), (DESIGN, STUDY))])
def test_the_last_of_several_parts_goes_where_the_whole_would(parts, base):
    whole = 100 * WAN
    part = whole // parts
    last = replace(base, amount=whole - part * (parts - 1), earlier=part * (parts - 1))

    assert route(last, BOOK).channel is route(replace(base, amount=whole), BOOK).channel


@examples(purchases())
def test_learning_more_never_contradicts_what_was_said_before(purchase):
    found = route(purchase, BOOK)
    if found.channel is Channel.UNDETERMINED:
        return
    for kind, funding, project in product(UnitKind, Funding, ProjectKind):
        told = replace(
            purchase,
            kind=purchase.kind or kind,
            funding=purchase.funding or funding,
            project=purchase.project or project,
        )
        assert route(told, BOOK).channel is found.channel
