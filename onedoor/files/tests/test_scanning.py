"""What a scanner says of an upload is obeyed; a scanner that is away lets nothing in."""

from __future__ import annotations

import io
import socketserver
import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest

from onedoor.files import scanning
from onedoor.files import services as files
from onedoor.files.models import StoredFile
from onedoor.files.scanning import NotScanned
from onedoor.files.tests import samples
from onedoor.kernel.errors import NotValid

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 5, 1, 30, tzinfo=UTC)

# The test file every scanner knows (EICAR), in two parts: a scanner looks at this file too.
TEST_VIRUS = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
LIMIT = 300_000


class _Clamd(socketserver.StreamRequestHandler):
    """Answers as clamd does: OK, a name and FOUND, or an error where a stream is too long."""

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        told = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            told += self.rfile.read(length)
            if len(told) > LIMIT:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        found = b"Eicar-Test-Signature FOUND" if TEST_VIRUS in told else b"OK"
        self.wfile.write(b"stream: " + found + b"\0")


class _Socket(socketserver.ThreadingUnixStreamServer):
    pass


@pytest.fixture(params=["port", "socket"])
def clamd(request, settings, tmp_path: Path) -> Iterator[socketserver.BaseServer]:
    server: socketserver.BaseServer
    if request.param == "port":
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Clamd)
        settings.CLAMD = f"127.0.0.1:{server.server_address[1]}"
    else:
        settings.CLAMD = str(tmp_path / "clamd.ctl")
        server = _Socket(settings.CLAMD, _Clamd)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def keep(content: bytes) -> StoredFile:
    return files.store(io.BytesIO(content), at=AT)


def infected() -> bytes:
    """Return a whole page of PDF with the test virus before its end."""
    return samples.pdf().replace(b"%%EOF", b"%" + TEST_VIRUS + b"\n%%EOF")


def test_what_is_clean_is_kept_whole(clamd):
    content = samples.pdf()

    assert files.opened(keep(content).digest).read() == content


def test_a_virus_is_refused_and_nothing_of_it_stays(clamd):
    with pytest.raises(NotValid) as found:
        keep(infected())

    assert (found.value.code, found.value.status) == ("file.virus", 422)
    assert not StoredFile.objects.exists()
    assert not files.path_of(files.digest_of(io.BytesIO(infected()))).exists()


def test_what_the_scanner_would_not_look_at_is_not_taken(clamd):
    with pytest.raises(NotScanned) as found:
        keep(samples.pdf(filler=2 * LIMIT))

    assert (found.value.code, found.value.status) == ("file.not_scanned", 503)


def test_a_scanner_that_is_away_lets_nothing_in(settings, tmp_path):
    settings.CLAMD = str(tmp_path / "nobody")

    with pytest.raises(NotScanned):
        keep(samples.pdf())

    assert not StoredFile.objects.exists()


def test_without_a_scanner_nothing_is_asked():
    scanning.scan(io.BytesIO(infected()))


def test_the_test_file_itself_is_of_no_kind_that_is_taken():
    with pytest.raises(NotValid) as found:
        keep(TEST_VIRUS)

    assert found.value.code == "file.wrong_type"
