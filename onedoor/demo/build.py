"""Build the demo county: units, people, items, and cases that got where they are lawfully."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.db.models import Max

from onedoor.accounts import queries as accounts_queries
from onedoor.accounts import services as accounts
from onedoor.accounts.models import Organisation, Person, Token
from onedoor.accounts.rules import SYSTEM, Actor, Role, Scope
from onedoor.cases.models import Case, Phrase
from onedoor.catalogue import queries
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.models import ItemVersion
from onedoor.demo import (
    acting,
    archived,
    booked,
    buying,
    elsewhere,
    findings,
    forms,
    halls,
    informed,
    one_seal,
    public,
    rated,
    scenes,
    sent,
)
from onedoor.demo.pack import CountyPack, Staff
from onedoor.demo.story import Teller
from onedoor.demo.tale import Cast
from onedoor.kernel import clock, crypto
from onedoor.kernel.errors import Refusal
from onedoor.ledger import installation, sealing
from onedoor.seals import services as seals
from onedoor.seals.models import Seal
from onedoor.seals.rules.words import Medium, SealKind

PASSWORD = "onedoor-demo-2026"
CASES = 240
HISTORY = timedelta(days=120)
TOWN_LEVEL = "5"
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Account:
    """A demo account as it is printed."""

    username: str
    password: str
    name: str
    unit: str
    title: str
    roles: list[str]
    token: str


def build(
    pack: CountyPack, *, today: date, at: datetime, progress: Progress, count: int = CASES
) -> list[Account]:
    """Build what is not there yet and return the accounts; a second run changes nothing.

    ``count`` is how many cases there are to be: a test is content with fewer.
    Refused in a database that holds real cases: invented people do not belong among them.
    """
    if not installation.current().is_demo and Case.objects.exists():
        raise Refusal(
            "demo.not_a_demo",
            "这个库不是演示库，不能装演示数据。请换一个 ONEDOOR_DATA 或 DATABASE_URL。",
        )
    installation.mark_as_demo()
    began = clock.at_local(today) - HISTORY  # a guide holds from 00:00 of a legal day
    towns = f"、乡镇街道 {len(pack.towns.units)} 个" if pack.towns else ""
    progress(f"单位 {len(pack.units)} 家{towns}、人员 {len(pack.staff)} 人")
    whole = pack.whole()
    files = forms.begin(whole)
    with transaction.atomic():
        _people(whole, clock.at_local(one_seal.OPENED))
        _phrases(pack)
        _seals(pack, began)
    with transaction.atomic():
        catalogue.import_divisions(
            pack.divisions_as_json(), filename="county.json", by=SYSTEM, at=began
        )
    if pack.transfers:
        progress(f"第一批一颗印章的办件 {one_seal.CASES} 件")
    cast = Cast(whole, {s.username: _actor(s, today) for s in whole.staff})
    with transaction.atomic():
        _one_seal(cast, at)
    progress(f"事项 {len(pack.items)} 项")
    with transaction.atomic():
        _items(whole, files, began)
        _packages(pack, began)
    progress(f"办件 {count} 件")
    with transaction.atomic():
        _cases(cast, today, at, count)
    progress("今天的大厅")
    with transaction.atomic():
        halls.play(cast.actors, at=at)
        rated.rate_visits(at=at)
        booked.play(cast.actors, at=at)
    progress("审计整改的问题")
    with transaction.atomic():
        findings.play(whole, today=today, at=at)
        informed.play(whole, today=today, at=at)
    progress("中介超市的规则")
    with transaction.atomic():
        buying.play(cast.actors.values(), today=today, began=began, at=at)
    while sealing.seal():
        pass
    sealing.sign_head(at=datetime.now(UTC))
    archived.archive_closed(at=at)
    return accounts_of(pack)


def accounts_of(pack: CountyPack) -> list[Account]:
    """Return the accounts of those who sign in, with their passwords and tokens."""
    return [
        Account(
            username=s.username,
            password=PASSWORD,
            name=s.name,
            unit=s.unit,
            title=s.title,
            roles=[*s.centre_roles, *s.unit_roles],
            token=_token(s.username),
        )
        for s in pack.staff
        if s.signs_in
    ]


def as_json(made: list[Account], url: str) -> str:
    """Return the accounts as JSON: url, accounts (with password and token), counts."""
    body = {
        "url": url,
        "accounts": [asdict(account) for account in made],
        "items": queries.published().count(),
        "cases": Case.objects.count(),
    }
    return json.dumps(body, ensure_ascii=False, indent=2)


def _token(username: str) -> str:
    """Return the demo token of an account: derived, so that it can be printed again."""
    return "od_demo_" + crypto.mac(username, purpose="demo.token", version=1).hex()[:40]


def _people(pack: CountyPack, at: datetime) -> None:
    day = clock.day_of(at)
    units = {}
    for u in pack.units:
        units[u.short_name], _ = Organisation.objects.get_or_create(
            code=u.code,
            defaults={
                "name": u.name,
                "short_name": u.short_name,
                "english_name": u.english,
                "kind": u.kind,
                "sequence": u.sequence,
            },
        )
    windows = {u.short_name: u.windows for u in pack.units}
    known = set(Person.objects.values_list("username", flat=True))
    hashed = ""
    for s in pack.staff:
        if s.username in known:
            continue
        person = Person(username=s.username, name=s.name)
        if not s.signs_in:
            person.set_unusable_password()
        elif hashed:
            person.password = hashed
        else:
            person.set_password(PASSWORD)
            hashed = person.password
        person.save(force_insert=True)
        accounts.appoint(
            person,
            unit=units[s.unit],
            title=s.title,
            window=windows[s.unit],
            card_number=f"DEMO-{s.username.upper()}",
            first_on=day,
        )
        _give_roles(s, person, units[s.unit], at)
        if not s.signs_in:
            continue
        accounts.issue_token(
            person,
            name="演示",
            scopes=frozenset(Scope),
            by=SYSTEM,
            at=at,
            secret=_token(s.username),
        )
    assert Token.objects.exists()


def _give_roles(staff: Staff, person: Person, unit: Organisation, at: datetime) -> None:
    day = clock.day_of(at)
    for names, where in ((staff.centre_roles, None), (staff.unit_roles, unit)):
        for name in names:
            accounts.give_role(
                person, Role(name), unit=where, first_on=day, by=SYSTEM, at=at, basis="演示授权"
            )


def _phrases(pack: CountyPack) -> None:
    for p in pack.phrases:
        Phrase.objects.update_or_create(
            code=p.code, defaults={"kind": p.kind, "text": p.text, "basis": p.basis}
        )


def _seals(pack: CountyPack, at: datetime) -> None:
    """Register the centre's seals, specimens all, where there are none.

    The approval seal is electronic from the first batch on; receipts bore a seal of rubber until
    the demo's own time begins.
    """
    if Seal.objects.exists():
        return
    keeper, deputy = (
        accounts_queries.person_named(s.username)
        for s in pack.staff
        if Role.KEEPER.value in s.centre_roles
    )
    today = clock.day_of(at)
    unit = Organisation.objects.get(short_name=pack.first_with("keeper").unit)
    last = today + timedelta(days=3 * 365)
    receipt, approval = SealKind.RECEIPT, SealKind.APPROVAL
    for code, kind, medium, first, until in (
        ("YZ-02", approval, Medium.ELECTRONIC, one_seal.SEALED, last),
        ("YZ-00", receipt, Medium.PHYSICAL, one_seal.SEALED, today - timedelta(days=1)),
        ("YZ-01", receipt, Medium.ELECTRONIC, today, last),
    ):
        seal = seals.register(
            kind,
            code=code,
            name=f"开远市政务局{kind.zh}",
            medium=medium,
            unit=unit,
            keeper=keeper,
            deputy=deputy,
            valid_from=first,
            valid_to=until,
            basis="演示授权",
            by=SYSTEM,
            at=clock.at_local(first),
        )
        if until < today:
            seals.stop(seal, by=SYSTEM, at=at)


def _one_seal(cast: Cast, at: datetime) -> None:
    editor = cast.actors[cast.pack.first_with("editor").username]
    publisher = cast.actors[cast.pack.first_with("publisher").username]
    one_seal.play(cast.pack, cast, editor=editor, publisher=publisher, at=at)


def _items(pack: CountyPack, files: Iterator[bytes], at: datetime) -> None:
    day = clock.day_of(at)
    editor = accounts_queries.actor_named(pack.first_with("editor").username, on=day)
    publisher = accounts_queries.actor_named(pack.first_with("publisher").username, on=day)
    # A demo built earlier was looked through then: the same list again must change nothing.
    own = ItemVersion.objects.filter(item__code__in=[item["code"] for item in pack.items])
    earlier = own.exclude(checked_on=one_seal.OPENED).aggregate(on=Max("checked_on"))["on"]
    shown = tuple(forms.with_files(pack, files, by=editor, at=at))
    first = shown if earlier else tuple(scenes.before(shown))
    rows = replace(pack, items=first).items_as_json(checked_on=earlier or day)
    report = catalogue.import_items(rows, filename="county.json", by=editor, at=at)
    if report.refused:
        raise Refusal("demo.items_refused", "演示事项有误：%(first)s", first=str(report.refused[0]))
    if report.created or report.changed:
        catalogue.publish_all(by=publisher, at=at)
    if not earlier:
        code = next(str(row["code"]) for row in shown if row["name"] == scenes.DRAFTED)
        later = at + timedelta(days=30)
        scenes.ask_for_less(code, editor=editor, publisher=publisher, at=later)


def _packages(pack: CountyPack, at: datetime) -> None:
    publisher = accounts_queries.actor_named(
        pack.first_with("publisher").username, on=clock.day_of(at)
    )
    catalogue.set_packages(pack.packages_told(), by=publisher, at=at)


def _cases(cast: Cast, today: date, at: datetime, count: int) -> None:
    there = Case.objects.exclude(received_at__lt=clock.at_local(today) - HISTORY).count()
    if there >= count:
        return
    teller = Teller(cast, today=today, at=at)
    for number in range(there, count):
        teller.tell(number)
    if not there:
        if cast.pack.transfers:
            one_seal.play_now(cast, today=today, at=at)
        known = {item.current_version: item for item in teller.items}
        items = {v.name: item for v, item in known.items() if v and v.use_level != TOWN_LEVEL}
        towns = {item.unit: item for v, item in known.items() if v and v.use_level == TOWN_LEVEL}
        scenes.Scenes(teller.stage, items, list(towns.values()), today).play()
        public.disclose(cast.actors.values(), at=at)
        rated.rate(cast.actors.values(), at=at)
        sent.send(cast.actors.values(), at=at)
        acting.act(cast.actors.values(), at=at)
        elsewhere.play(cast.actors.values(), at=at)


def _actor(staff: Staff, today: date) -> Actor:
    return accounts_queries.actor_named(staff.username, on=today)
