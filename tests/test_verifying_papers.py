"""``onedoor verify paper`` against the office's list of seals, and the dates of a certificate."""

import json
from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from onedoor.cli import main
from onedoor.files.services import opened
from onedoor.kernel import clock
from onedoor.papers import sealing
from onedoor.papers.models import Paper
from onedoor.papers.tests import given_seals
from onedoor.seals import queries as seals
from onedoor.seals import services as seals_services
from onedoor.seals.models import Seal
from onedoor.seals.rules.words import SealKind
from tests.test_reconciling import MONDAY, _sealed, decided, sealed

__all__ = ["_sealed"]
pytestmark = pytest.mark.django_db


def verified(file, *more):
    return main(["verify", "paper", str(file), *map(str, more)])


@pytest.mark.usefixtures("_sealed")
def test_a_list_of_seals_tells_a_forged_and_a_lost_seal_from_one_in_use(tmp_path, capsys):
    use, file, listed = sealed(), tmp_path / "sealed.pdf", tmp_path / "seals.json"
    file.write_bytes(opened(use.file.digest).read())
    keeper, admin = given_seals.actor("keeper"), given_seals.actor("admin")

    main(["paper", "seals", "--to", str(listed)])
    in_use = verified(file, "--seals", listed)
    # Lost after the paper was sealed, and stopped the day after: what it sealed before stays good.
    lost = seals_services.lock(seals.seal_for(SealKind.APPROVAL), by=keeper, at=use.used_at)
    seals_services.stop(lost, by=admin, at=MONDAY + timedelta(days=1))
    main(["paper", "seals", "--to", str(listed)])
    (told,) = json.loads(listed.read_text())
    since_lost = verified(file, "--seals", listed)
    said_lost = capsys.readouterr().err
    listed.write_text(json.dumps([told | {"ended_at": "2026-03-10T00:00:00+08:00"}]))
    before_lost = verified(file, "--seals", listed)
    listed.write_text("[]")
    forged = verified(file, "--seals", listed)

    assert datetime.fromisoformat(told["ended_at"]) == use.used_at
    assert (in_use, since_lost, before_lost, forged) == (0, 1, 0, 1)
    assert "锁定或者停用" in said_lost
    assert "伪造" in capsys.readouterr().err


@pytest.mark.usefixtures("_sealed")
def test_a_paper_signed_when_its_certificate_was_not_in_force_is_refused(tmp_path, capsys):
    asked = decided()
    much_later = clock.at_local(date(2031, 3, 6), 11)
    Seal.objects.update(valid_to=date(2032, 1, 1))
    use = sealing.seal(asked, by=given_seals.actor("keeper"), at=much_later)
    file = tmp_path / "sealed.pdf"
    file.write_bytes(opened(use.file.digest).read())

    assert verified(file) == 1
    assert "有效期" in capsys.readouterr().err


@pytest.mark.usefixtures("_sealed")
def test_the_national_signature_beside_a_paper_is_exported_offered_and_checked(tmp_path, capsys):
    use, listed = sealed(), tmp_path / "seals.json"
    main(["paper", "export", "--sealed", "--to", str(tmp_path)])
    main(["paper", "seals", "--to", str(listed)])
    file = tmp_path / f"{use.request.paper}.pdf"
    beside = tmp_path / f"{use.request.paper}.pdf.p7s"
    code = Paper.objects.get(number=use.request.paper).code

    page = Client().get(f"/v/{code}/").content.decode()
    offered = Client().get(f"/v/{code}/signature/").content
    whole = verified(file, "--seals", listed)
    said = capsys.readouterr().out
    told = json.loads(listed.read_text())
    listed.write_text(json.dumps([each | {"sm2_fingerprint": ""} for each in told]))
    unknown = verified(file, "--seals", listed)
    altered = bytearray(offered)
    altered[-1] ^= 1
    beside.write_bytes(bytes(altered))

    assert f"/v/{code}/signature/" in page
    assert (whole, unknown, verified(file)) == (0, 1, 1)
    assert "国密签名（SM2/SM3）" in said
    assert verified(file, "--beside", tmp_path / "not-there") == 1
    beside.unlink()
    assert verified(file) == 0
