"""The probe of online addresses: what it asks, what it holds against an item, what it leaves."""

import threading
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.test import Client

from onedoor.accounts.models import Person
from onedoor.catalogue import probes
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.links import Prober
from onedoor.catalogue.links.outside import Outside
from onedoor.catalogue.links.pretended import Pretended
from onedoor.catalogue.models import ItemVersion, LinkProbe, ProbeNight
from onedoor.catalogue.rules.links import Answer
from onedoor.catalogue.rules.turns import Turn
from onedoor.catalogue.tests.given import AT, PUBLISHER, imported, item, json_file, turned
from onedoor.kernel.clock import at_local, day_of
from onedoor.ledger import queries as ledger

DAY = date(2026, 3, 6)
NIGHT = at_local(DAY, 1)
SITE = "https://zwfw.example.cn/apply?item=1"
OTHER = "https://other.example.cn/"


def published(code, url, *, at=AT, **changes):
    imported(json_file(item(code=code, is_online=True, online_url=url, **changes)), at=at)
    catalogue.publish(code, by=PUBLISHER, at=at)


def night(asking, *, at=NIGHT):
    """Let the worker go round all night, half a minute at a time; return when it was done."""
    while not ProbeNight.objects.filter(day=day_of(at), concluded_at__isnull=False).exists():
        catalogue.probe_next(asking, at=at)
        at += timedelta(seconds=30)
    return at


def first_asked(asking):
    """Let the worker go round, our own pages first, until it asks somebody outside."""
    while not asking.asked:
        catalogue.probe_next(asking, at=NIGHT)


def failing():
    return [(one.version.item.code, one.answer, one.since) for one in probes.failing(None)]


@pytest.mark.django_db
def test_what_does_not_answer_three_times_in_a_night_is_shown_and_on_record():
    published("A", SITE)
    published("B", OTHER)
    asking = Pretended({SITE: 503})

    night(asking)

    assert failing() == [("A", Answer.BROKEN, DAY)]
    assert (asking.asked.count(SITE), asking.asked.count(OTHER)) == (3, 1)
    told = [e for e in ledger.history("item:A") if e.kind == "item.link_failed"]
    assert [(e.facts["answer"], e.facts["status"]) for e in told] == [("broken", 503)]


@pytest.mark.django_db
def test_what_answers_the_second_time_is_held_against_nobody():
    published("A", SITE)
    statuses = {SITE: 0}
    asking = Pretended(statuses)
    first_asked(asking)

    statuses[SITE] = 200
    night(asking, at=NIGHT + timedelta(minutes=1))

    assert failing() == []
    assert asking.asked == [SITE, SITE]


@pytest.mark.django_db
def test_the_record_has_the_beginning_and_the_end_and_nothing_in_between():
    published("A", SITE)
    published("B", OTHER)
    for days, status in enumerate((404, 404, 200)):
        night(Pretended({SITE: status}), at=NIGHT + timedelta(days=days))
        if days == 1:
            assert failing() == [("A", Answer.BROKEN, DAY)]

    assert failing() == []
    told = [e.kind for e in ledger.history("item:A") if "link" in e.kind]
    assert told == ["item.link_failed", "item.link_recovered"]


@pytest.mark.django_db
def test_one_address_is_asked_once_for_all_its_items_and_one_host_in_turn():
    published("A", SITE)
    published("B", SITE)
    published("C", "https://zwfw.example.cn/other")
    asking = Pretended()

    first_asked(asking)
    catalogue.probe_next(asking, at=NIGHT + timedelta(seconds=9))
    assert len(asking.asked) == 1
    catalogue.probe_next(asking, at=NIGHT + timedelta(seconds=10))

    assert len(asking.asked) == len(set(asking.asked)) == 2
    assert not LinkProbe.objects.filter(answer="").exists()


@pytest.mark.django_db
def test_where_nobody_outside_answers_nothing_is_held_against_the_sites():
    published("A", SITE)
    published("B", OTHER)

    night(Pretended({SITE: 0, OTHER: 0}))

    assert failing() == []
    assert ProbeNight.objects.get(day=DAY).is_blind
    assert [e for e in ledger.history("item:A") if "link" in e.kind] == []


@pytest.mark.django_db
def test_what_was_failing_before_a_blind_night_still_is():
    published("A", SITE)
    published("B", OTHER)
    night(Pretended({SITE: 0}))

    night(Pretended({SITE: 0, OTHER: 0}), at=NIGHT + timedelta(days=1))

    assert failing() == [("A", Answer.SILENT, DAY)]


@pytest.mark.django_db
def test_our_own_page_is_asked_without_the_network(settings):
    settings.PUBLIC_URL = "http://localhost:8000"
    published("A", "")
    published("B", "http://localhost:8000/items/B/")
    published("C", "http://localhost:8000/items/no-such-item/")
    published("D", OTHER)
    # Written before addresses were looked at.
    ItemVersion.objects.filter(item__code="D").update(online_url="见公告")
    asking = Pretended()

    night(asking)

    assert failing() == [("C", Answer.BROKEN, DAY), ("D", Answer.UNFIT, DAY)]
    assert asking.asked == ["见公告"]


@pytest.mark.django_db
def test_what_is_suspended_or_not_online_is_not_asked():
    published("A", SITE)
    turned("A", Turn.SUSPEND, at=NIGHT - timedelta(hours=3))
    imported(json_file(item(code="B", is_online=False)), at=AT)
    catalogue.publish("B", by=PUBLISHER, at=AT)
    asking = Pretended({SITE: 404})

    night(asking)

    assert asking.asked == []
    assert failing() == []


@pytest.mark.django_db
def test_a_mended_address_leaves_the_list_at_once():
    published("A", SITE)
    published("B", OTHER)
    night(Pretended({SITE: 404}))

    published("A", "https://new.example.cn/", at=NIGHT + timedelta(hours=9))

    assert failing() == []


@pytest.mark.django_db
def test_by_day_nothing_is_asked():
    published("A", SITE)

    assert catalogue.probe_links(at=at_local(date(2026, 3, 6), 12)) == 0
    assert not ProbeNight.objects.exists()


@pytest.mark.django_db
def test_old_nights_are_not_kept_for_ever():
    published("A", SITE)
    night(Pretended())

    catalogue.probe_next(Pretended(), at=NIGHT + timedelta(days=91))

    assert [n.day for n in ProbeNight.objects.all()] == [date(2026, 6, 5)]


@pytest.mark.django_db
def test_editors_and_supervisors_see_what_fails_and_others_do_not():
    published("A", SITE, unit="市监局")
    published("B", OTHER, unit="市监局")
    published("C", "https://third.example.cn/", unit="水务局")
    night(Pretended({SITE: 404, OTHER: 403, "https://third.example.cn/": 500}))
    pages = {}
    for name in ("editor", "head", "clerk"):
        client = Client()
        client.force_login(
            Person.objects.get(username=name), "django.contrib.auth.backends.ModelBackend"
        )
        pages[name] = client.get("/catalogue/links/")
        if name == "editor":
            assert "网上办不了 2 项" in client.get("/catalogue/mine/").content.decode()
        if name == "head":
            assert "现在办不了的有 1 项" in client.get("/supervision/").content.decode()

    assert pages["clerk"].status_code == 403
    for name in ("editor", "head"):
        text = pages[name].content.decode()
        assert "网站报错 404" in text
        assert "不让程序看" in text
    assert "网站报错 500" not in pages["head"].content.decode()


# --- The real one and the pretended one give the same answers ---------------------------------


class Site(BaseHTTPRequestHandler):
    asked: list[str] = []

    def do_GET(self):
        self.asked.append(self.path)
        status = int(self.path.strip("/").partition("-")[0])
        self.send_response(status)
        if status == 302:
            self.send_header("Location", self.path.partition("-")[2])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def site():
    server = HTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    Site.asked.clear()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


ANSWERS = [
    ("200", Answer.ANSWERS),
    ("403", Answer.DOUBTFUL),
    ("404", Answer.BROKEN),
    ("500", Answer.BROKEN),
]


@pytest.mark.parametrize(("status", "answer"), ANSWERS)
def test_both_probers_say_the_same_of_a_status(site, status, answer):
    address = f"{site}/{status}"
    both: list[Prober] = [Outside(may_reach=lambda ip: True), Pretended({address: int(status)})]

    assert [one.ask(address) for one in both] == [(answer, int(status))] * 2


@pytest.mark.parametrize("address", ["ftp://a.example.cn/", "见公告", "http://u:p@a.example.cn/"])
def test_both_probers_refuse_what_is_no_address(address):
    assert [one.ask(address).answer for one in (Outside(), Pretended())] == [Answer.UNFIT] * 2


def test_both_probers_hear_nothing_where_nobody_listens(site):
    address = "http://127.0.0.1:1025/"
    both: list[Prober] = [Outside(may_reach=lambda ip: True), Pretended({address: 0})]

    assert [one.ask(address).answer for one in both] == [Answer.SILENT] * 2


def test_a_neighbour_is_never_asked_not_even_by_way_of_a_redirect(site):
    address = f"{site}/302-http://[::1]:1025/"
    only_the_first = Outside(may_reach=lambda ip: ip == "127.0.0.1")

    assert Outside().ask(f"{site}/200").answer is Answer.UNFIT
    assert Site.asked == []
    assert only_the_first.ask(address).answer is Answer.UNFIT
    assert len(Site.asked) == 1


def test_a_redirect_is_followed_a_few_times_and_no_more(site):
    anywhere = Outside(may_reach=lambda ip: True)

    assert anywhere.ask(f"{site}/302-/200").answer is Answer.ANSWERS
    assert anywhere.ask(f"{site}/302-/302-/302-/302-/302-/200").answer is Answer.BROKEN
    assert len(Site.asked) == 2 + 4


def test_a_site_that_never_answers_keeps_nobody_waiting():
    import socket

    with socket.create_server(("127.0.0.1", 0)) as quiet:
        address = f"http://127.0.0.1:{quiet.getsockname()[1]}/"
        began = datetime.now(UTC)

        reply = Outside(may_reach=lambda ip: True, seconds=0.2).ask(address)

    assert reply.answer is Answer.SILENT
    assert datetime.now(UTC) - began < timedelta(seconds=2)
