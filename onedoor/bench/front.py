"""What the public does first: open the home page, search, read a guide; and send an application."""

from __future__ import annotations

import itertools
import json
import uuid
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.test import Client
from PIL import Image

from onedoor.bench import items
from onedoor.bench.asking import JSON, SECONDS, Bench, Result, bearer
from onedoor.bench.load import request
from onedoor.bench.world import on_one_core
from onedoor.kernel import clock
from onedoor.kernel.codes import iso7064

PACE, CONNECTIONS = 50.0, 16
"""ux.md 6.1 and the issue: so many requests a second, whatever the server does."""
MOST_A_SECOND = 700
"""No server of this size takes more applications: so many drafts are there for each second."""


def front(bench: Bench) -> Iterator[Result]:
    """Open the home page, search and read guides at a fixed rate, all served on one core."""
    from onedoor.catalogue.models import ItemVersion

    codes = ItemVersion.objects.filter(status="published").values_list("item__code", flat=True)
    guides = [f"/items/{code}/" for code in codes]
    words = [text for asked in items.asked(60).values() for text in asked]
    searches = [f"/search/?{urlencode({'q': text})}" for text in words]
    with on_one_core(bench.world):
        yield _paced(bench, "front home", ["/"], len(guides))
        yield _paced(bench, "front search", searches, len(guides))
        yield _paced(bench, "front guide", guides, len(guides))


def _paced(bench: Bench, name: str, paths: Sequence[str], count: int) -> Result:
    turn = itertools.cycle(paths)

    def make(number: int, asked: int) -> bytes:
        return request("GET", next(turn), "", headers={"Accept-Encoding": "gzip"})

    statements = bench.statements(lambda c: c.get(paths[0], headers={"Host": "127.0.0.1"}))
    measured = bench.run(make, CONNECTIONS, keep=True, pace=PACE)
    heaviest = max((len(body) for body in measured[0].bodies), default=0)
    note = f"paced at {PACE:.0f}/s, one core, {count} items, heaviest answer {heaviest} bytes"
    return bench.result(name, CONNECTIONS, measured, statements, [], note=note)


def submit(bench: Bench, connections_: int = 16) -> Result:
    """Send applications with a file each, every tenth of them twice with the same key."""
    from onedoor.cases.models import Case

    # A list's iterator is safe for several threads, a generator is not.
    bodies = iter(list(_applications(bench, int(MOST_A_SECOND * (SECONDS + 1)))))
    key = uuid.uuid4().hex
    headers = {"Idempotency-Key": key} | bearer(bench.clerk)
    sample, address = next(bodies), "/api/v1/submissions"
    answers: list[Any] = []

    def send(client: Client) -> Any:
        answers.append(client.post(address, data=sample, content_type=JSON, headers=headers))
        return answers[-1]

    statements = bench.statements(send, warm=False)
    sent = answers[-1].json()
    unique: list[str | int] = [sent["number"], sent["alias"], key, bench.digest_of(sent["number"])]
    run, before = uuid.uuid4().hex[:8], Case.objects.count()
    last: dict[int, tuple[bytes, str]] = {}
    again, serial = itertools.count(), itertools.count()

    def make(number: int, count: int) -> bytes | None:
        if count % 10 == 9 and number in last:
            body, key = last[number]
            next(again)
        else:
            found = next(bodies, None)
            if found is None:
                return None
            body, key = found, f"{run}-{next(serial)}"
            last[number] = body, key
        return request("POST", address, bench.clerk, body, {"Idempotency-Key": key})

    measured = bench.run(make, connections_, keep=True)
    told = {json.loads(body)["number"] for body in measured[0].bodies}
    made = Case.objects.count() - before
    note = f"{next(again)} sent twice; {len(told)} numbers told, {made} cases with the warming-up"
    return bench.result("submit", connections_, measured, statements, unique, note=note)


def _applications(bench: Bench, count: int) -> Iterator[bytes]:
    """Make drafts of a licence that have their files, and yield what sends each of them."""
    from onedoor.accounts.queries import actor_with_token
    from onedoor.cases.api.drafts import platform_key
    from onedoor.cases.models import Draft, DraftFile
    from onedoor.cases.services import drafting
    from onedoor.catalogue import queries as catalogue
    from onedoor.files import services as files

    now = clock.now()
    actor = actor_with_token(bench.clerk, at=now, on=clock.day_of(now))
    wanted = bench.application(
        is_online=True, online_url="", unit__short_name="市监局", item__transferred_to=None
    )
    code = str(json.loads(wanted)["item"])
    version = catalogue.current_version(code, at=now)
    photo = BytesIO()
    Image.new("RGB", (600, 800), "white").save(photo, "PNG")
    stored = files.store(photo, at=now)
    secrets = [uuid.uuid4().hex for _ in range(count)]
    empty = drafting.Content()
    one = drafting.keep(platform_key(actor, secrets[0]), version=version, content=empty, at=now)
    rows = [
        Draft(
            key=platform_key(actor, secret),
            item_id=one.item_id,
            item_version=one.item_version,
            content=one.content,
            touched_at=now,
        )
        for secret in secrets[1:]
    ]
    Draft.objects.bulk_create(rows, batch_size=500)
    handed = [
        DraftFile(draft=row, order=m.order, file=stored, name="photo.png", added_at=now)
        for row in [one, *rows]
        for m in version.materials
    ]
    DraftFile.objects.bulk_create(handed, batch_size=500)
    person = json.loads(wanted)["applicant"]
    for number, secret in enumerate(secrets):
        body = {"draft": secret, "applicant": person | {"id_number": _id_number(number)}}
        yield json.dumps(body, ensure_ascii=False).encode()


def _id_number(number: int) -> str:
    """Return a number of nobody's: each person may send but a few applications a day."""
    born = date(1950, 1, 1) + timedelta(days=number // 900)
    digits = f"532502{born:%Y%m%d}{number % 900 + 100}"
    return digits + iso7064.mod_11_2(digits)
