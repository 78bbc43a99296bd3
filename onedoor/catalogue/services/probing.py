"""Ask every night whether what is promised online can be reached (网办探测): each address once.

The worker does it, one address a round, one host at a time. What fails is tried again twice in the
same night; only at its end is anything held against an item.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from onedoor.accounts.rules import TIMER
from onedoor.catalogue import probes
from onedoor.catalogue.events import LinkFailed, LinkRecovered
from onedoor.catalogue.links import Prober, prober
from onedoor.catalogue.links.own import ask_own
from onedoor.catalogue.models import Item, ItemVersion, LinkProbe, ProbeNight
from onedoor.catalogue.rules.links import (
    AGAIN_AFTER,
    FAILING,
    KEPT_DAYS,
    PAUSE,
    TRIES,
    Answer,
    is_night,
    take_apart,
)
from onedoor.catalogue.rules.words import ItemState, VersionStatus
from onedoor.kernel.clock import day_of
from onedoor.ledger import services as ledger

BATCH = 500


def probe_links(*, at: datetime) -> int:
    """Probe one address that is due tonight, or say what the night came to; a timer."""
    if is_night(at):
        probe_next(prober(), at=at)
    return 0  # the next address waits for the next round


def probe_next(asking: Prober, *, at: datetime) -> None:
    """Probe what is due; conclude the night once nothing waits any more."""
    night = _tonight(day_of(at), at)
    if night.concluded_at is not None:
        return
    waiting = LinkProbe.objects.filter(night=night, answer="")
    probe = _due(night, waiting, at)
    if probe is not None:
        _ask(probe, waiting, asking, at)
    elif not waiting.exists():
        _conclude(night, at=at)


def _tonight(day: date, at: datetime) -> ProbeNight:
    night = ProbeNight.objects.filter(day=day).first()
    if night is not None:
        return night
    # The worker was not there in the morning: what is known of that night counts nevertheless.
    for open_ in ProbeNight.objects.filter(concluded_at__isnull=True).order_by("day"):
        _conclude(open_, at=at)
    ProbeNight.objects.filter(day__lt=day - timedelta(days=KEPT_DAYS)).delete()
    return _plan(day, at)


@transaction.atomic
def _plan(day: date, at: datetime) -> ProbeNight:
    """Write down what is to be asked, all of it or nothing: half a night would clear the rest."""
    night = ProbeNight.objects.create(day=day, planned_at=at)
    promised = ItemVersion.objects.filter(
        status=VersionStatus.PUBLISHED.value, item__state=ItemState.IN_USE.value, is_online=True
    )
    rows = (
        LinkProbe(night=night, item_id=item, address=url, host=_host(url), due_at=at)
        for item, url in promised.values_list("item_id", "online_url").iterator()
    )
    LinkProbe.objects.bulk_create(rows, batch_size=BATCH)
    return night


def _host(address: str) -> str:
    parts = take_apart(address) if address else None
    return parts.host if parts else ""


def _due(night: ProbeNight, waiting: QuerySet[LinkProbe], at: datetime) -> LinkProbe | None:
    """Return what may be asked now: no host is asked again within the pause."""
    just_asked = LinkProbe.objects.filter(night=night, probed_at__gt=at - PAUSE).exclude(host="")
    due = waiting.filter(due_at__lte=at).exclude(host__in=just_asked.values("host"))
    return due.select_related("item").order_by("due_at", "host").first()


def _ask(probe: LinkProbe, waiting: QuerySet[LinkProbe], asking: Prober, at: datetime) -> None:
    reply = ask_own(probe.address, code=probe.item.code) or asking.ask(probe.address)
    tried = probe.tried_count + 1
    said: dict[str, object] = {"status": reply.status, "tried_count": tried, "probed_at": at}
    if reply.answer in (Answer.BROKEN, Answer.SILENT) and tried < TRIES:
        said["due_at"] = at + AGAIN_AFTER
    else:
        said["answer"] = reply.answer.value
    # Many items may be applied for at one address; it is asked once.
    same = waiting.filter(address=probe.address) if probe.address else waiting.filter(pk=probe.pk)
    same.update(**said)


@ledger.recorded
def _conclude(night: ProbeNight, *, at: datetime) -> None:
    """Say which items cannot be reached; the ledger is told what changed since the last night."""
    found = list(LinkProbe.objects.filter(night=night).select_related("item__current_version"))
    outside = {Answer(p.answer) for p in found if p.host and p.answer}
    is_blind = bool(outside) and outside.isdisjoint(_SOMEBODY_IS_THERE)
    before = set(probes.failing_items())
    failing = [p for p in found if _is_failing(p, before, is_blind=is_blind)]
    ProbeNight.objects.filter(pk=night.pk).update(concluded_at=at, is_blind=is_blind)
    LinkProbe.objects.filter(pk__in=[p.pk for p in failing]).update(is_failing=True)
    for probe in failing:
        if probe.item_id not in before:
            version = probe.item.current_version
            event = LinkFailed(
                subject=f"item:{probe.item.code}",
                answer=probe.answer,
                status=probe.status,
                version=version.number if version else 0,
            )
            ledger.record(event, by=TIMER.ref, at=at)
    _recovered(before - {p.item_id for p in failing}, found, at=at)


_SOMEBODY_IS_THERE = frozenset({Answer.ANSWERS, Answer.DOUBTFUL, Answer.BROKEN})


def _is_failing(probe: LinkProbe, before: set[UUID], *, is_blind: bool) -> bool:
    """Say what the night came to; where it says nothing, what was found before stands."""
    if not probe.answer or (is_blind and probe.answer == Answer.SILENT.value):
        return probe.item_id in before
    return Answer(probe.answer) in FAILING


def _recovered(items: set[UUID], found: Iterable[LinkProbe], *, at: datetime) -> None:
    answers = {probe.item_id: probe.answer for probe in found}
    for item in Item.objects.filter(pk__in=items).order_by("code"):
        event = LinkRecovered(subject=f"item:{item.code}", answer=answers.get(item.pk, ""))
        ledger.record(event, by=TIMER.ref, at=at)
