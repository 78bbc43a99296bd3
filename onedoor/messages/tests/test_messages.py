"""A message is told once, not at night, tried again, and forgotten with its case."""

from __future__ import annotations

import json
import socketserver
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from email import message_from_bytes
from email.message import EmailMessage as Letter
from email.policy import default as default_policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from threading import Thread

import pytest
from django.core.mail import EmailMessage

from onedoor.kernel import clock
from onedoor.kernel.tests.refusing import refused
from onedoor.ledger import queries as ledger
from onedoor.ledger.models import Entry
from onedoor.messages import gateways, pack, services
from onedoor.messages.gateways import Folder, Http, Mail, Undelivered
from onedoor.messages.models import Message
from onedoor.messages.rules import WAITS, Channel, Quiet, State, Topic, read_quiet

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SIXTH, SEVENTH = date(2026, 3, 6), date(2026, 3, 7)
FRIDAY = clock.at_local(SIXTH, 10)
FACTS = {"item": "示例许可", "alias": "AB12CD34", "due": "3月13日", "address": "http://x/c/1/"}


def _told(*, at: datetime = FRIDAY, key: str = "case:1:1", phone: str = "13800000009") -> bool:
    return services.tell(Topic.RECEIVED, phone=phone, facts=FACTS, about="case:1", key=key, at=at)


class Broken:
    """A gateway that takes nothing."""

    name = "broken"

    def __init__(self, *, is_final: bool = False) -> None:
        self.is_final, self.asked = is_final, 0

    def send(self, phone: str, text: str, *, key: str) -> None:
        self.asked += 1
        raise Undelivered("HTTP 503", is_final=self.is_final)


def _through(monkeypatch, through) -> None:
    monkeypatch.setattr(services, "gateway", lambda: through)


# --- Words and hours ------------------------------------------------------------------------------


def test_every_topic_has_a_text_with_a_page_to_look_at():
    for topic in set(Topic) - {Topic.CODE, Topic.MAIL_CODE, Topic.CONSENT}:
        assert "{address}" in pack.texts()[topic]
    for topic in (Topic.CODE, Topic.MAIL_CODE, Topic.CONSENT):
        assert "{code}" in pack.texts()[topic]


@pytest.mark.parametrize("text", ["", "{name}收到了", "长" * 141])
def test_a_text_nobody_can_mean_is_refused(text):
    with refused("messages.text"):
        pack.read_texts(
            {topic.value: told for topic, told in pack.texts().items()} | {"received": text}
        )


@pytest.mark.parametrize(
    ("at", "goes"),
    [
        (clock.at_local(SIXTH, 20), clock.at_local(SIXTH, 20)),
        (clock.at_local(SIXTH, 21), clock.at_local(SEVENTH, 8)),
        (clock.at_local(SEVENTH, 3), clock.at_local(SEVENTH, 8)),
        (clock.at_local(SEVENTH, 8), clock.at_local(SEVENTH, 8)),
    ],
)
def test_nobody_is_disturbed_at_night(at, goes):
    assert Quiet(time(21), time(8)).over(clock.local(at)) == goes


def test_quiet_hours_nobody_can_mean_are_refused():
    assert read_quiet({"quiet_from": "12:00", "quiet_to": "14:00"}).holds(time(13))
    with refused("messages.quiet"):
        read_quiet({"quiet_from": "late"})


# --- Written down, sent, tried again --------------------------------------------------------------


def test_what_is_told_twice_is_one_message():
    assert _told()
    assert _told()

    assert Message.objects.count() == 1


@pytest.mark.parametrize("phone", ["0873-0000202", "", "12345"])
def test_a_number_that_takes_no_messages_is_passed_over(phone):
    assert not _told(phone=phone)
    assert not Message.objects.exists()


def test_number_and_words_are_kept_encrypted():
    _told()

    (row,) = Message.objects.extra(select={"raw": "text"}).values("raw")
    assert "示例许可".encode() not in bytes(row["raw"])
    assert "示例许可" in Message.objects.get().text


def test_a_message_at_night_goes_in_the_morning(monkeypatch, tmp_path):
    _through(monkeypatch, Folder(tmp_path))
    night = clock.at_local(date(2026, 3, 6), 22)
    _told(at=night)

    assert services.send_waiting(at=night + HOUR) == 0
    assert services.send_waiting(at=night + 10 * HOUR) == 1
    assert Message.objects.get().standing is State.SENT


def test_it_is_tried_again_later_each_time_and_then_given_up(monkeypatch):
    broken = Broken()
    _through(monkeypatch, broken)
    monkeypatch.setattr(pack, "quiet", lambda: Quiet(time(0), time(0)))
    _told()
    at = FRIDAY

    for wait in WAITS:
        assert services.send_waiting(at=at) == 1
        assert services.send_waiting(at=at + wait - timedelta(seconds=1)) == 0
        at += wait
    assert services.send_waiting(at=at) == 1

    message = Message.objects.get()
    assert (message.standing, message.tries, broken.asked) == (State.FAILED, 6, 6)
    assert services.send_waiting(at=at + 24 * HOUR) == 0


def test_what_the_gateway_will_never_take_is_not_tried_again(monkeypatch):
    _through(monkeypatch, Broken(is_final=True))
    _told()

    services.send_waiting(at=FRIDAY)

    assert Message.objects.get().standing is State.FAILED


def test_two_workers_at_once_send_once(monkeypatch, tmp_path):
    _told()
    stale = Message.objects.get()
    broken = Broken()
    services._send(Message.objects.get(), Folder(tmp_path), at=FRIDAY)

    services._send(stale, broken, at=FRIDAY)

    assert broken.asked == 0


def test_killed_between_sending_and_noting_it_goes_again_with_its_key(monkeypatch, tmp_path):
    class Killed(Folder):
        def send(self, phone: str, text: str, *, key: str) -> None:
            super().send(phone, text, key=key)
            raise KeyboardInterrupt

    _told()
    with pytest.raises(KeyboardInterrupt):
        services._send(Message.objects.get(), Killed(tmp_path), at=FRIDAY)
    _through(monkeypatch, Folder(tmp_path))

    services.send_waiting(at=FRIDAY + HOUR)

    assert Message.objects.get().standing is State.SENT
    assert len(list(tmp_path.iterdir())) == 1  # the same key: the gateway knows it


def test_the_ledger_says_what_went_out_and_what_was_given_up_and_not_to_whom(monkeypatch, tmp_path):
    _told()
    _told(key="case:1:2")
    gone, broken = Message.objects.order_by("key")
    services._send(gone, Folder(tmp_path), at=FRIDAY)
    services._send(broken, Broken(), at=FRIDAY)
    early = ledger.history(broken.subject)
    broken.refresh_from_db()
    services._send(broken, Broken(is_final=True), at=FRIDAY + HOUR)

    (sent,), (failed,) = ledger.history(gone.subject), ledger.history(broken.subject)

    assert not early  # it is tried again
    assert (sent.kind, sent.facts["about"], sent.facts["tries"]) == ("message.sent", "case:1", 1)
    assert (failed.kind, failed.facts["fault"]) == ("message.failed", "HTTP 503")
    for entry in Entry.objects.filter(subject__startswith="message:"):
        assert "13800000009" not in entry.text
        assert "示例许可" not in entry.text


# --- By mail, and in the space of whoever signs in ------------------------------------------------


def test_one_thing_is_told_by_every_way_at_once_and_once():
    for _ in range(2):
        assert services.tell(
            Topic.RECEIVED,
            phone="13800000009",
            facts=FACTS,
            about="case:1",
            key="case:1:1",
            at=FRIDAY,
            mails=["b@example.cn", "a@example.cn"],
            in_app=True,
        )

    rows = {(m.through, str(m.to)): m for m in Message.objects.all()}
    assert set(rows) == {
        (Channel.SMS, "13800000009"),
        (Channel.MAIL, "a@example.cn"),
        (Channel.MAIL, "b@example.cn"),
        (Channel.APP, ""),
    }
    assert rows[Channel.APP, ""].standing is State.SENT
    assert rows[Channel.MAIL, "a@example.cn"].shown_to == "a****@example.cn"


def test_who_leaves_no_mobile_number_is_still_told_where_they_sign_in():
    assert not services.tell(
        Topic.RECEIVED, phone="", facts=FACTS, about="case:1", key="1", at=FRIDAY, in_app=True
    )

    assert Message.objects.get().through is Channel.APP
    assert services.send_waiting(at=FRIDAY) == 0


def test_letters_keep_quiet_hours_and_are_tried_again_like_text_messages(monkeypatch):
    night = clock.at_local(SIXTH, 22)
    broken = Broken()
    monkeypatch.setattr(services, "mailer", lambda: broken)
    services.tell_by_mail(
        Topic.RECEIVED, mail="a@example.cn", facts=FACTS, about="case:1", key="1", at=night
    )

    assert services.send_waiting(at=night + HOUR) == 0
    assert services.send_waiting(at=night + 10 * HOUR) == 1
    assert Message.objects.get().standing is State.WAITING
    assert broken.asked == 1


def test_a_letter_has_a_subject_and_a_name_of_its_own(mailoutbox):
    Mail().send("a@example.cn", "已受理\n“示例许可”受理了", key="k1")

    (letter,) = mailoutbox
    assert (letter.subject, letter.body, letter.to) == (
        "已受理",
        "“示例许可”受理了",
        ["a@example.cn"],
    )
    assert letter.message()["Message-ID"].startswith("<k1@")


@pytest.mark.parametrize(
    ("fault", "is_final"),
    [
        (SMTPRecipientsRefused({"a@example.cn": (550, b"unknown")}), True),
        (SMTPRecipientsRefused({"a@example.cn": (451, b"later")}), False),
        (SMTPServerDisconnected("gone"), False),
        (OSError("no route"), False),
    ],
)
def test_a_mail_server_that_says_no_is_asked_later_or_never(monkeypatch, fault, is_final):
    def fail(self, fail_silently=False):
        raise fault

    monkeypatch.setattr(EmailMessage, "send", fail)

    with pytest.raises(Undelivered) as said:
        Mail().send("a@example.cn", "已受理\n收到了", key="k1")

    assert said.value.is_final is is_final


def test_no_header_can_be_put_into_a_letter():
    with pytest.raises(Undelivered) as said:
        Mail().send("a@example.cn\nBcc: b@example.cn", "已受理\n收到了", key="k1")

    assert said.value.is_final


class _MailServer(socketserver.StreamRequestHandler):
    """A mail server: takes letters, or says no at the step it was told to."""

    taken: list[tuple[str, str, Letter]] = []
    no: dict[str, str] = {}

    def handle(self) -> None:
        self._say("220 test")
        sender = receiver = ""
        while line := self.rfile.readline().decode().strip():
            word = line.partition(" ")[0].upper()
            if said := _MailServer.no.get(word):
                if said == "hang up":
                    return
                self._say(said)
                continue
            match word:
                case "MAIL":
                    sender = line.partition("<")[2].partition(">")[0]
                case "RCPT":
                    receiver = line.partition("<")[2].partition(">")[0]
                case "DATA":
                    self._say("354 go on")
                    lines = iter(self.rfile.readline, b".\r\n")
                    told = b"".join(each.removeprefix(b".") for each in lines)
                    letter = message_from_bytes(told, policy=default_policy)
                    _MailServer.taken.append((sender, receiver, letter))
                case "QUIT":
                    self._say("221 bye")
                    return
            self._say("250 ok")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def mail_server(settings) -> Iterator[socketserver.BaseServer]:
    _MailServer.taken, _MailServer.no = [], {}
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _MailServer)
    server.daemon_threads = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address[:2]
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_letter_reaches_a_mail_server_as_it_was_written_and_is_on_record(mail_server):
    services.tell_by_mail(
        Topic.RECEIVED, mail="a@example.cn", facts=FACTS, about="case:1", key="1", at=FRIDAY
    )

    assert services.send_waiting(at=FRIDAY) == 1

    ((sender, receiver, letter),) = _MailServer.taken
    message = Message.objects.get()
    assert (sender, receiver) == ("onedoor@localhost", "a@example.cn")
    assert letter["Subject"] == str(message.text).partition("\n")[0]
    assert "示例许可" in letter.get_content()
    assert letter["Message-ID"] == f"<{message.pk.hex}@localhost>"
    assert (message.standing, message.gateway) == (State.SENT, "mail")
    assert services.send_waiting(at=FRIDAY + HOUR) == 0


@pytest.mark.parametrize(
    ("step", "said", "is_final"),
    [
        ("RCPT", "550 5.1.1 no such user", True),
        ("RCPT", "450 4.2.1 try later", False),
        ("MAIL", "421 4.3.2 going down", False),
        ("DATA", "451 4.3.0 disk full", False),
        ("RCPT", "hang up", False),
    ],
)
def test_what_a_mail_server_says_at_any_step_is_heard(mail_server, step, said, is_final):
    _MailServer.no = {step: said}
    services.tell_by_mail(
        Topic.RECEIVED, mail="a@example.cn", facts=FACTS, about="case:1", key="1", at=FRIDAY
    )

    services.send_waiting(at=FRIDAY)
    message = Message.objects.get()
    assert message.standing is (State.FAILED if is_final else State.WAITING)
    assert message.fault
    assert _MailServer.taken == []

    _MailServer.no = {}
    services.send_waiting(at=FRIDAY + HOUR)
    assert len(_MailServer.taken) == (0 if is_final else 1)


def test_a_mail_server_that_is_not_there_is_asked_later(mail_server):
    mail_server.shutdown()
    mail_server.server_close()

    with pytest.raises(Undelivered) as said:
        Mail().send("a@example.cn", "已受理\n收到了", key="k1")

    assert not said.value.is_final


# --- Gateways: the same for each ------------------------------------------------------------------


class _Provider(BaseHTTPRequestHandler):
    taken: dict[str, tuple[str, str]] = {}
    answer = 200
    tokens: list[str] = []

    def do_POST(self) -> None:  # the name is http.server's
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        _Provider.tokens.append(self.headers["Authorization"])
        if self.answer == 200:
            _Provider.taken[told["key"]] = (told["phone"], told["text"])
        self.send_response(self.answer)
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def provider() -> Iterator[HTTPServer]:
    _Provider.taken, _Provider.answer, _Provider.tokens = {}, 200, []
    server = HTTPServer(("127.0.0.1", 0), _Provider)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["folder", "http"])
def taken(request, tmp_path: Path, provider: HTTPServer):
    """Return a gateway, and a look at what it took: key to number and text."""
    if request.param == "folder":

        def look() -> dict[str, tuple[str, str]]:
            files = {path.stem: path.read_text("utf-8") for path in tmp_path.glob("*.txt")}
            lines = {key: text.rstrip("\n").split("\n", 1) for key, text in files.items()}
            return {key: (phone, text) for key, (phone, text) in lines.items()}

        return Folder(tmp_path), look
    return Http(f"http://127.0.0.1:{provider.server_port}/", "secret"), lambda: _Provider.taken


def test_a_gateway_takes_a_message_once_for_each_key(taken):
    through, look = taken

    through.send("13800000009", "收到了", key="k1")
    through.send("13800000009", "收到了", key="k1")
    through.send("13800000008", "办好了", key="k2")

    assert look() == {"k1": ("13800000009", "收到了"), "k2": ("13800000008", "办好了")}


@pytest.mark.parametrize(
    ("status", "is_final"), [(400, True), (401, True), (408, False), (429, False), (503, False)]
)
def test_a_gateway_that_says_no_is_asked_later_or_never(provider, status, is_final):
    _Provider.answer = status
    through = Http(f"http://127.0.0.1:{provider.server_port}/", "secret")

    with pytest.raises(Undelivered) as said:
        through.send("13800000009", "收到了", key="k1")

    assert said.value.is_final is is_final
    assert _Provider.tokens == ["Bearer secret"]


def test_a_gateway_that_is_not_there_is_asked_later(provider):
    port = provider.server_port
    provider.shutdown()
    provider.server_close()

    with pytest.raises(Undelivered) as said:
        Http(f"http://127.0.0.1:{port}/", "secret").send("13800000009", "收到了", key="k1")

    assert not said.value.is_final


def test_the_folder_is_used_where_no_gateway_was_named(settings):
    assert isinstance(gateways.gateway(), Folder)
    settings.SMS_GATEWAY = "https://sms.example/"
    assert isinstance(gateways.gateway(), Http)
