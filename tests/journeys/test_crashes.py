"""Two at once, replays, killed processes, lost keys: nothing is lost and nothing is half done."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.journeys.county import County

pytestmark = pytest.mark.journey


def client(county: County, username: str) -> httpx.Client:
    headers = {"Authorization": f"Bearer {county.token(username)}"}
    return httpx.Client(base_url=f"{county.url}/api/v1", headers=headers, timeout=120)


def application(county: County) -> dict[str, Any]:
    """Return an application for the first licence of the market bureau with its materials."""
    with client(county, "clerk") as clerk:
        items = clerk.get("/items", params={"q": "食品经营许可（新办）"}).json()["items"]
        item = next(i for i in items if i["name"] == "食品经营许可（新办）")
        materials = clerk.get(f"/items/{item['code']}").json()["materials"]
    return {
        "item": item["code"],
        "applicant": {
            "kind": "person",
            "name": "普秀英示例",
            "id_type": "111",
            "id_number": "532502195304120000",
            "phone": "13800000001",
        },
        "materials": [{"order": m["order"], "state": "ok", "originals": 1} for m in materials],
        "identity_checked": True,
    }


def receive(county: County, body: dict[str, Any], key: str = "") -> httpx.Response:
    with client(county, "clerk") as clerk:
        headers = {"Idempotency-Key": key or uuid.uuid4().hex}
        return clerk.post("/cases", json=body, headers=headers)


def verified(county: County) -> str:
    """Export and verify the county's ledger; return what verification printed."""
    file = county.folder / "ledger.jsonl"
    assert county.run("work", "--once").returncode == 0
    assert county.run("ledger", "export", str(file)).returncode == 0
    done = county.run("verify", "ledger", str(file))
    assert done.returncode == 0, done.stdout
    return done.stdout


def family(process: int) -> list[int]:
    """Return a process and all that it started."""
    found, waiting = [], [process]
    while waiting:
        each = waiting.pop()
        found.append(each)
        children = Path(f"/proc/{each}/task/{each}/children")
        if children.exists():
            waiting += [int(child) for child in children.read_text().split()]
    return found


def test_of_two_who_accept_at_once_one_is_refused_and_told_by_whom(county):
    number = receive(county, application(county)).json()["number"]

    def accept(username: str) -> httpx.Response:
        with client(county, username) as acceptor:
            return acceptor.post(f"/cases/{number}/accept", headers={"If-Match": '"1"'})

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(accept, ["acceptor", "sc-jiedan"]))

    late = next(a for a in answers if a.status_code != 200)
    assert sorted(a.status_code for a in answers) == [200, 409]
    assert late.json()["code"] == "case.changed_meanwhile"
    assert late.json()["data"]["who"]


def test_eight_times_the_same_request_at_once_is_one_case(county):
    body, key = application(county), uuid.uuid4().hex

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: receive(county, body, key), range(8)))

    assert {a.status_code for a in answers} == {201}
    assert len({a.text for a in answers}) == 1


def test_the_server_killed_under_load_loses_no_receipt_it_gave(own_county):
    own_county.serve()
    body = application(own_county)
    given: list[str] = []

    def load(_: int) -> None:
        try:
            for _ in range(400):
                answer = receive(own_county, body)
                if answer.status_code == 201:
                    given.append(answer.json()["number"])
        except httpx.HTTPError:
            return

    with ThreadPoolExecutor(4) as pool:
        running = pool.map(load, range(4))
        waiting = time.monotonic() + 60
        while len(given) < 20 and time.monotonic() < waiting:
            time.sleep(0.1)
        assert own_county.server is not None
        for process in family(own_county.server.pid):
            os.kill(process, signal.SIGKILL)
        list(running)
    own_county.server.wait()
    own_county.server = None
    own_county.serve()

    assert given
    with client(own_county, "clerk") as clerk:
        found = [clerk.get(f"/cases/{number}").status_code for number in given]
    assert set(found) == {200}
    again = receive(own_county, body).json()["number"]
    assert again not in given
    own_county.stop()
    assert "faults=0" in verified(own_county)


def test_a_worker_killed_and_two_workers_give_every_entry_one_position(own_county):
    for _ in range(3):
        worker = subprocess.Popen(
            [sys.executable, "-m", "onedoor", "work"], env=own_county.environment
        )
        time.sleep(1.2)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    two = [
        subprocess.Popen([sys.executable, "-m", "onedoor", "work"], env=own_county.environment)
        for _ in range(2)
    ]
    time.sleep(4)
    for worker in two:
        worker.send_signal(signal.SIGTERM)
    # On a busy machine one may still be starting: then the signal itself ends it.
    assert {worker.wait(timeout=120) for worker in two} <= {0, -signal.SIGTERM}

    time.sleep(0.1)
    file = own_county.folder / "l.jsonl"
    assert own_county.run("ledger", "export", str(file)).returncode == 0
    assert own_county.run("verify", "ledger", str(file)).returncode == 0


def test_a_tampered_export_is_named(own_county):
    file = own_county.folder / "l.jsonl"
    own_county.run("ledger", "export", str(file))
    lines = file.read_text().splitlines()
    lines[10] = lines[10].replace('\\"kind\\"', '\\"Kind\\"')
    file.write_text("\n".join(lines))

    done = own_county.run("verify", "ledger", str(file))

    assert done.returncode == 1
    assert done.stdout.startswith("FAULT position 10")


@pytest.mark.parametrize("loss", ["wrong", "lost", "damaged"])
def test_a_wrong_or_lost_key_stops_everything_with_a_clear_word(own_county, loss):
    key = own_county.folder / "keys" / "master.json"
    if loss == "wrong":
        other = {"active": 1, "masters": {"1": "A" * 43 + "="}}
        key.write_text(json.dumps(other))
    elif loss == "lost":
        key.unlink()
    else:
        key.write_text('{"active": 1')

    for command in (["serve"], ["work"], ["migrate"]):
        done = own_county.run(*command)
        assert done.returncode == 1
        assert "密钥" in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"HOST": "0.0.0.0"}, "ALLOWED_HOSTS"),
        ({"HOST": "0.0.0.0", "ALLOWED_HOSTS": "a.example", "BEHIND_TLS": "0"}, "TLS"),
        ({"DEBUG": "maybe"}, "DEBUG"),
    ],
)
def test_unsafe_settings_refuse_to_start_and_say_what_to_set(model, changed, said):
    done = subprocess.run(
        [sys.executable, "-m", "onedoor", "migrate"],
        env=model.environment | changed,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_two_gigabytes_are_refused_before_they_are_read(county):
    number = receive(county, application(county)).json()["number"]
    with socket.create_connection(("127.0.0.1", county.port), timeout=120) as wire:
        wire.sendall(
            f"POST /api/v1/cases/{number}/materials/1/files HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Authorization: Bearer {county.token('clerk')}\r\n"
            "Content-Type: multipart/form-data; boundary=x\r\n"
            f"Content-Length: {2 * 1024**3}\r\n\r\n".encode()
            + b"--x\r\n"
        )
        answer = wire.recv(65536)

    assert b" 413 " in answer.split(b"\r\n")[0]


def test_garbage_never_makes_a_fault_of_ours(county):
    paths = [
        "",
        "/",
        "/x",
        "/%00",
        "/..%2f..",
        "/" + "9" * 300,
        "/accept",
        "?cursor=%ff",
        "?unit='",
    ]
    bodies = [b"", b"{}", b"[1]", b"\xff\xfe", b'{"item": null}', b'{"a":' * 500]
    with client(county, "acceptor") as caller:
        statuses = {
            caller.request(method, f"/cases{path}", content=body).status_code
            for path in paths
            for body in bodies
            for method in ("GET", "POST")
        }

    assert max(statuses) < 500, statuses


def test_an_account_is_locked_after_five_failures(county):
    with httpx.Client(base_url=county.url, timeout=120) as visitor:
        page = visitor.get("/login/")
        token = page.text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        data = {"username": "audit", "password": "wrong", "csrfmiddlewaretoken": token}
        statuses = [
            visitor.post("/login/", data=data, headers={"Referer": county.url}).status_code
            for _ in range(6)
        ]

    assert statuses[0] in (200, 422)
    assert statuses[-1] == 429
    policy = page.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "HttpOnly" in str(page.headers) or "csrftoken" in str(page.headers)
