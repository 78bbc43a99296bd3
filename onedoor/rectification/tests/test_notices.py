"""Letters of rectification: which there are, what they say, who may read them."""

from __future__ import annotations

import re
import subprocess
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from onedoor.accounts.models import Person, Post
from onedoor.accounts.rules import Actor, Role
from onedoor.kernel.errors import NotAllowed, NotFound, NotValid, Refusal
from onedoor.ledger.models import Entry
from onedoor.papers import queries as papers
from onedoor.papers import record
from onedoor.papers.models import Letter
from onedoor.papers.rules.official import Table, Text
from onedoor.papers.services import typesets
from onedoor.papers.typesetting import official
from onedoor.rectification import ledgers, notices
from onedoor.rectification import services as rectification
from onedoor.rectification.models import Finding
from onedoor.rectification.queries import lists
from onedoor.rectification.rules.words import LetterKind, RectificationClass, Rung
from onedoor.rectification.tests import given
from onedoor.rectification.tests.test_views import signed_in

pytestmark = pytest.mark.django_db


def words(document) -> str:
    return "".join(p.lead + p.text for p in document.body if isinstance(p, Text))


def made(finding, kind: LetterKind, place: int = 1):
    now = given.reload(finding)
    letter = notices.letter_with(now, kind.value, place)
    return notices.document_of(now, letter, unit="虚县审计局", on=given.AT.date())


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
    assert (urged.note, urged.number) == (notices.DRAFT, "")
    row = finding.supervisions.get(rung=Rung.URGE.value)
    signed(row, at=given.after(70))
    sent = next(
        d for d in (made(finding, x.kind, x.place) for x in told) if d.title == "审计整改督办函"
    )
    assert (sent.note, sent.day) == ("", given.after(70).date())
    assert re.fullmatch(r".+整督〔2026〕\d+号", sent.number)


def signed(row, *, at, **more):
    row.finding = given.reload(row.finding)
    seen = row.finding.version
    return rectification.sign_supervision(row, seen=seen, by=given.SUPERVISOR, at=at, **more)


def test_the_days_to_answer_run_from_the_day_a_letter_is_signed():
    finding = given.issued("1", days=10)
    rectification.climb(given.reload(finding), at=given.after(10))
    row = finding.supervisions.get()

    signed(row, at=given.after(40))

    row.refresh_from_db()
    assert row.reply_due_on == given.after(50).date()
    assert "请在2026年4月25日以前书面答复" in words(made(finding, LetterKind.SUPERVISION))
    assert "已逾期30天" in words(made(finding, LetterKind.SUPERVISION))


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
    (urged,) = [d for d in drafts if row.number in words(d)]
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

    assert {LetterKind.ASKED, LetterKind.CLAIM} <= told
    assert LetterKind.PLAN not in told, "what is put right at once needs no plan"
    asked, claim = (made(finding, k) for k in (LetterKind.ASKED, LetterKind.CLAIM))
    assert {asked.unit, claim.unit} == {given.unit().name}
    assert "等上级批复" in words(asked)
    assert "2026年5月5日" in words(asked)
    [shown] = [p for p in claim.body if isinstance(p, Table)]
    assert shown.rows[0][1] == "补办的手续"
    assert LetterKind.CLAIM not in {x.kind for x in notices.letters(given.working("2"))}


def test_a_letter_prints_the_number_it_went_out_under_and_what_it_is_about(tmp_path):
    finding = given.issued("1", days=10)
    rectification.climb(given.reload(finding), at=given.after(10))
    row = finding.supervisions.get()
    signed(row, at=given.after(10))
    numbers = {LetterKind.SUPERVISION: row.number, LetterKind.SERVICE: finding.number}

    for kind, number in numbers.items():
        file, document = tmp_path / f"{kind}.pdf", made(finding, kind)
        file.write_bytes(official.pdf(document))
        text = subprocess.run(["pdftotext", file, "-"], capture_output=True, check=True).stdout
        printed = text.decode().replace("\n", "")
        assert number in printed
        assert document.number in printed


def test_a_letter_stays_as_it_went_out_whatever_becomes_of_the_finding():
    finding = given.issued("1", days=30)
    before = made(finding, LetterKind.SERVICE)
    Finding.objects.filter(pk=finding.pk).update(
        title="改过的标题", deadline_on=given.after(90).date(), leader="别人"
    )

    assert made(finding, LetterKind.SERVICE) == before
    [sent] = papers.letters_about([finding.subject])
    assert record.is_letter_intact(sent)
    Letter.objects.update(contents=str(sent.contents).replace("请你单位整改", "不用整改"))
    assert not record.is_letter_intact(Letter.objects.get())
    [entry] = Entry.objects.filter(subject=f"letter:{sent.number}")
    assert sent.digest in entry.text
    assert "样例问题1" not in entry.text


def test_numbers_count_by_kind_and_year_and_no_letter_is_sent_twice():
    findings = [given.issued(str(n)) for n in (1, 2)]
    given.issued("3", at=given.after(365))

    numbers = [x.number for x in papers.letters_about(f.subject for f in Finding.objects.all())]

    told = [re.fullmatch(r".+整通〔(\d+)〕(\d+)号", n) for n in numbers]
    (year, one), (same, two), (later, _) = ((m[1], int(m[2])) for m in told if m)
    assert (year, same, later) == ("2026", "2026", "2027")
    assert two == one + 1, "one by one, though tests before this one took some"
    with pytest.raises(Refusal):
        rectification.issue(findings[0], seen=findings[0].version, by=given.LEAD, at=given.AT)
    assert Letter.objects.count() == 3


def test_a_step_that_is_refused_sends_nothing():
    finding = given.drafted("1")

    with pytest.raises(Refusal):
        given.step(rectification.issue, finding, given.LEAD)

    assert not Letter.objects.exists()


def test_every_plan_and_every_claim_is_kept_and_the_next_plan_is_a_draft():
    finding = given.drafted("1")
    day = given.after(200).date()
    given.step(
        rectification.complete,
        finding,
        given.LEAD,
        deadline_on=day,
        unit=given.unit(),
        rectification_class=RectificationClass.STAGED,
    )
    given.step(rectification.register, finding, given.LEAD)
    given.step(rectification.issue, finding, given.LEAD)
    given.step(rectification.add_measure, finding, given.officer(), text="先补手续。")
    given.step(rectification.submit_plan, finding, given.officer())
    given.step(rectification.return_plan, finding, given.LEAD, text="再写细一点")
    given.step(rectification.add_measure, finding, given.officer(), text="再收回资金。")

    plans = [x for x in notices.letters(given.reload(finding)) if x.kind is LetterKind.PLAN]

    assert [x.sent is None for x in plans] == [False, True]
    [kept], [draft] = (
        [p for p in made(finding, x.kind, x.place).body if isinstance(p, Table)] for x in plans
    )
    assert (len(kept.rows), len(draft.rows)) == (1, 2)
    assert kept.rows[0][1] == "先补手续。"


def test_who_writes_is_the_unit_of_the_present_post_and_the_clock_writes_for_it():
    person = Person.objects.create(username="letters", name="写信示例")
    other, bureau = given.unit("水务局"), given.unit("政务局")
    today = given.AT.date()
    for unit, first, last in (
        (bureau, date(2020, 1, 1), None),
        (other, date(2025, 1, 1), date(2025, 12, 31)),
        (given.unit(), date(2026, 1, 1), None),
    ):
        Post.objects.create(
            person=person, organisation=unit, title="科员", first_on=first, last_on=last
        )
    writer = Actor(f"person:{person.pk}", "写信示例", person.pk, given.LEAD.holdings)
    finding = given.issued("1", days=3)

    assert lists.sending(finding, writer, on=today) == bureau, "not the unit that answers for it"
    assert lists.sending(finding, given.LEAD, on=today) is None
    Letter.objects.update(unit=bureau)
    rectification.climb(given.reload(finding), at=given.after(2))
    reminded = made(finding, LetterKind.SUPERVISION)
    assert (reminded.unit, reminded.head) == (bureau.name, bureau.name)


def test_a_letter_to_those_above_says_who_signs_it():
    finding = given.working("1")
    given.step(
        rectification.send_up,
        finding,
        given.head(),
        addressee="虚州局",
        basis="条例",
        text="请开放接口",
    )

    letter = made(finding, LetterKind.UPWARD)

    name = given.unit().name
    assert (letter.unit, letter.head, letter.signer) == (name, f"{name}文件", given.head().name)
    assert letter.recipients == ("虚州局",)


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


def test_documents_are_set_once_and_new_ones_so_many_in_ten_minutes(monkeypatch):
    finding = given.issued("1")
    asked: list[object] = []

    def making(document):
        asked.append(document)
        return b"%PDF-1.7 made"

    monkeypatch.setitem(typesets.WAYS, "pdf", typesets.WAYS["pdf"]._replace(make=making))
    monkeypatch.setattr(typesets, "MOST", 2)
    client = signed_in(Role.AUDITOR)
    letter = reverse("rectification:letter", args=[finding.number, "service", 1, "pdf"])

    assert [client.get(letter).status_code for _ in range(3)] == [200] * 3
    assert len(asked) == 1
    assert client.get(reverse("rectification:paper")).status_code == 200
    refused = client.get(reverse("rectification:summary", args=["pdf"]))
    assert (refused.status_code, len(asked)) == (429, 2)
    assert "Retry-After" in refused.headers
    assert client.get(letter).status_code == 200, "what is kept is not counted"


def test_the_printed_ledger_holds_so_many_findings_and_says_how_many_there_are(monkeypatch):
    for n in range(3):
        given.issued(str(n))
    monkeypatch.setattr(ledgers, "MOST_PRINTED", 2)
    found = lists.ledger(given.LEAD, shown=lists.Shown.ALL, on=given.AT.date())

    document = ledgers.paper(found, unit="虚县审计局", at=given.AT)

    [table] = document.attachments[0].body
    assert isinstance(table, Table)
    assert len(table.rows) == 2
    assert "台账共3个问题" in words(document)
    assert "附件列出时限最近的2个" in words(document)


def test_a_transfer_says_to_whom_it_goes_and_what_came_of_it_is_kept():
    finding = given.issued("1", days=3)
    rectification.climb(given.reload(finding), at=given.after(70))
    row = finding.supervisions.get()
    assert row.what is Rung.TRANSFER

    with pytest.raises(NotValid, match="移送给哪个机关"):
        signed(row, at=given.after(70))
    signed(row, at=given.after(70), addressee="虚县纪委监委", clue="虚报整改")
    letter = made(finding, LetterKind.SUPERVISION)
    assert letter.recipients == ("虚县纪委监委",)
    assert "虚报整改" in words(letter)
    assert list(lists.replying(finding)) == [], "the unit answers no letter to somebody else"

    row.refresh_from_db()
    told = {"text": "给予两人政务处分", "persons": 2, "by": given.SUPERVISOR}
    early = given.after(60).date()
    with pytest.raises(NotValid):
        concluded(row, on=early, at=given.after(100), **told)
    with pytest.raises(NotAllowed):
        concluded(row, at=given.after(100), **told | {"by": given.officer()})
    concluded(row, at=given.after(100), **told)
    with pytest.raises(Refusal):
        concluded(row, at=given.after(100), **told)
    row.refresh_from_db()
    assert (row.result, row.persons, row.concluded_on) == (
        "给予两人政务处分",
        2,
        given.after(100).date(),
    )


def concluded(row, **more):
    row.finding = given.reload(row.finding)
    return rectification.conclude(row, seen=row.finding.version, **more)
