"""Letters of rectification: which there are, what they say, who may read them."""

from __future__ import annotations

import subprocess

import pytest
from django.test import Client
from django.urls import reverse

from onedoor.accounts.rules import Role
from onedoor.kernel.errors import NotFound
from onedoor.papers.rules.official import Table, Text
from onedoor.rectification import notices
from onedoor.rectification import services as rectification
from onedoor.rectification.queries import lists
from onedoor.rectification.rules.words import LetterKind, Rung
from onedoor.rectification.tests import given
from onedoor.rectification.tests.test_views import signed_in

pytestmark = pytest.mark.django_db


def words(document) -> str:
    return "".join(p.lead + p.text for p in document.body if isinstance(p, Text))


def made(finding, kind: LetterKind, place: int = 1):
    on = given.AT.date()
    return notices.letter_of(given.reload(finding), kind.value, place, unit="虚县审计局", on=on)


def test_a_finding_that_was_served_has_its_notice_and_a_draft_has_none():
    finding = given.issued("1", days=30)

    letter = made(finding, LetterKind.SERVICE)

    assert letter.recipients == (given.unit().name,)
    assert "2026年4月5日以前整改到位" in words(letter)
    assert notices.letters(given.drafted("2")) == []
    with pytest.raises(NotFound):
        made(finding, LetterKind.CLOSING)


def test_every_rung_has_its_letter_and_is_a_draft_until_it_is_signed():
    finding = given.issued("1", days=10)
    for day in (3, 10, 25, 40, 70):
        rectification.climb(given.reload(finding), at=given.after(day))
    told = [x for x in notices.letters(finding) if x.kind is LetterKind.SUPERVISION]
    drafts = [made(finding, x.kind, x.place) for x in told]

    assert {d.title for d in drafts} == set(notices.TITLES.values())
    assert [d.note for d in drafts if d.title == "审计整改提醒函"] == [""]
    urged = next(d for d in drafts if d.title == "审计整改督办函")
    assert urged.note == notices.DRAFT
    row = finding.supervisions.get(number=urged.number)
    row.finding = given.reload(finding)
    seen = row.finding.version
    rectification.sign_supervision(row, seen=seen, by=given.SUPERVISOR, at=given.after(70))
    signed = next(
        d for d in (made(finding, x.kind, x.place) for x in told) if d.number == urged.number
    )
    assert signed.note == ""


def test_a_rung_taken_late_tells_the_days_there_are_not_those_of_the_rung():
    finding = given.issued("1", days=10)
    for day in (3, 23):
        rectification.climb(given.reload(finding), at=given.after(day))
    row = finding.supervisions.get(rung=Rung.URGE.value)
    drafts = [
        made(finding, x.kind, x.place)
        for x in notices.letters(finding)
        if x.kind is LetterKind.SUPERVISION
    ]

    late = (row.taken_on - row.deadline_on).days
    assert late > row.offset_days
    (urged,) = [d for d in drafts if d.number == row.number]
    assert f"已逾期{late}天" in words(urged)


def test_the_letters_of_the_unit_are_its_own_in_the_words_on_record():
    finding = given.submitted("1")
    given.step(
        rectification.ask_extension,
        finding,
        given.head(),
        until=given.after(60).date(),
        text="等上级批复",
    )
    told = {x.kind for x in notices.letters(finding)}

    assert {LetterKind.PLAN, LetterKind.ASKED, LetterKind.CLAIM} <= told
    plan, asked, claim = (
        made(finding, k) for k in (LetterKind.PLAN, LetterKind.ASKED, LetterKind.CLAIM)
    )
    assert {plan.unit, asked.unit, claim.unit} == {given.unit().name}
    [measures] = [p for p in plan.body if isinstance(p, Table)]
    assert measures.rows[0][1] == "补办手续，收回资金。"
    assert "等上级批复" in words(asked)
    assert "2026年5月5日" in words(asked)
    [shown] = [p for p in claim.body if isinstance(p, Table)]
    assert shown.rows[0][1] == "补办的手续"
    assert LetterKind.CLAIM not in {x.kind for x in notices.letters(given.working("2"))}


def test_a_letter_of_supervision_and_a_notice_print_their_numbers(tmp_path):
    finding = given.issued("1", days=10)
    rectification.climb(given.reload(finding), at=given.after(10))
    row = finding.supervisions.get()
    numbers = {LetterKind.SUPERVISION: row.number, LetterKind.SERVICE: finding.number}

    for kind, number in numbers.items():
        file = tmp_path / f"{kind}.pdf"
        file.write_bytes(notices.FORMS["pdf"](made(finding, kind)))
        text = subprocess.run(["pdftotext", file, "-"], capture_output=True, check=True).stdout
        assert number in text.decode().replace("\n", "")


def test_a_letter_is_never_in_the_name_of_whom_it_is_for():
    finding = given.issued("1")

    assert lists.sender(finding, given.head()) == "整改牵头单位"


def test_letters_open_as_pdf_and_docx_for_those_inside_alone():
    finding = given.closed("1")
    client = signed_in(Role.AUDITOR)

    page = client.get(reverse("rectification:finding", args=[finding.number])).content.decode()
    assert "对账销号单" in page
    for form, magic in (("pdf", b"%PDF"), ("docx", b"PK")):
        address = reverse("rectification:letter", args=[finding.number, "closing", 1, form])
        assert client.get(address).content.startswith(magic)
        assert Client().get(address).status_code == 302
    assert signed_in(Role.KEEPER).get(address).status_code == 403
