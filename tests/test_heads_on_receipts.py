"""A head leaves the house on every receipt, and what is printed is enough to find a rewriting."""

import json
import re
from datetime import timedelta

import pytest
from pypdf import PdfReader

from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.tests import given
from onedoor.cli import main
from onedoor.files.services import opened
from onedoor.ledger import sealing
from onedoor.papers import queries, services
from onedoor.papers.rules.kinds import Kind

pytestmark = pytest.mark.django_db

LATER = given.FRIDAY + timedelta(minutes=5)
PRINTED = re.compile(r"台账树头 (\d+:[0-9a-f]{24})，")


def signed(*, at):
    while sealing.seal():
        pass
    head = sealing.sign_head(at=at)
    assert head is not None
    return head


def paper(case, kind):
    return queries.of(case.number).get(kind=kind.value)


def printed_on(found):
    sheet = services.sheet_of(found)
    return PRINTED.findall("\n".join(sheet.notes))


def test_a_receipt_carries_the_newest_head_signed_before_it():
    early = given.case(at=given.FRIDAY - timedelta(days=1))
    head = signed(at=given.FRIDAY - timedelta(hours=1))
    case = given.case(at=given.FRIDAY)
    signed(at=LATER)

    receipt = paper(case, Kind.RECEIPT)

    assert printed_on(receipt) == [f"{head.size}:{head.root[:24]}"]
    pdf = opened(services.pdf_of(receipt, at=LATER).digest)
    text = "".join(page.extract_text() for page in PdfReader(pdf).pages)
    assert head.root[:24] in text
    assert printed_on(paper(early, Kind.RECEIPT)) == []


def test_a_paper_that_is_no_receipt_carries_none():
    signed(at=given.FRIDAY - timedelta(hours=1))
    case = given.case(Status.IN_REVIEW, at=given.FRIDAY)

    assert printed_on(paper(case, Kind.ACCEPTANCE)) == []


def test_what_is_printed_is_enough_to_verify(tmp_path, capsys):
    given.case(at=given.FRIDAY - timedelta(days=1))
    signed(at=given.FRIDAY - timedelta(hours=1))
    (kept,) = printed_on(paper(given.case(at=given.FRIDAY), Kind.RECEIPT))
    signed(at=LATER)
    export = str(tmp_path / "ledger.jsonl")
    main(["ledger", "export", export])
    size, _, root = kept.partition(":")
    other = f"{size}:{'0' * 24 if root != '0' * 24 else '1' * 24}"

    assert main(["verify", "ledger", export, "--head", kept]) == 0
    assert main(["verify", "ledger", export, "--head", other]) == 1
    assert "rewritten" in capsys.readouterr().out
    assert main(["verify", "ledger", export, "--head", kept[:-1]]) == 1
    assert "[ledger.bad_head]" in capsys.readouterr().err


def test_a_ledger_without_any_signed_head_is_not_said_to_be_whole(tmp_path, capsys):
    given.case(at=given.FRIDAY)
    export = tmp_path / "ledger.jsonl"
    assert main(["ledger", "export", str(export)]) == 0
    kept = [
        line for line in export.read_text().splitlines(keepends=True) if '"head":' not in line[:8]
    ]
    end = json.loads(kept[-1])
    end["end"]["heads"] = 0
    export.write_text("".join(kept[:-1]) + json.dumps(end) + "\n")

    assert main(["verify", "ledger", str(export)]) == 1

    said = capsys.readouterr().out
    assert "NOT PROVEN" in said
    assert "OK" not in said
