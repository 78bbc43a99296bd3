"""Issuing: once, whole, numbered, never changed; the PDF made later and the same for ever."""

import io
import json
import re
import shutil
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from pypdf import PdfReader

from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.ledger import numbers as series
from onedoor.ledger.models import Entry
from onedoor.papers import pack, queries, typesetting
from onedoor.papers import services as papers
from onedoor.papers.models import Paper, Rendering, Template
from onedoor.papers.rules import arriving, road
from onedoor.papers.rules import template as templates
from onedoor.papers.rules.certificates import LONGEST
from onedoor.papers.rules.contents import example, sample
from onedoor.papers.rules.kinds import Kind
from onedoor.papers.rules.registry import CONTENTS
from onedoor.papers.services import wording
from onedoor.papers.tests import given
from onedoor.papers.tests.given import FRIDAY, issue
from onedoor.papers.tests.positions import MM, pages
from onedoor.papers.typesetting import compiler

pytestmark = pytest.mark.django_db

RARE = "玥旻喆堃祎芃犇䶮"


def text_of(paper):
    stored = papers.pdf_of(paper, at=FRIDAY)
    from onedoor.files.services import opened

    return "".join(page.extract_text() for page in PdfReader(opened(stored.digest)).pages)


# --- Issuing --------------------------------------------------------------------------------------


def test_a_number_says_place_unit_kind_and_legal_year():
    new_year = clock.at_local(date(2027, 1, 1))

    first = issue()
    last_of_the_year = issue(at=new_year - timedelta(seconds=1))
    first_of_the_next = issue(at=new_year)

    assert re.fullmatch(r"开市监许准〔2026〕\d{5}号", first.number)
    assert "〔2026〕" in last_of_the_year.number
    assert first_of_the_next.number == "开市监许准〔2027〕00001号"


def test_units_and_kinds_count_apart():
    grant = issue()
    other = issue(sample(road.Rejection))

    assert (grant.year, grant.unit) == (other.year, other.unit)
    assert re.fullmatch(r"开市监许不受〔2026〕\d{5}号", other.number)


def test_a_year_of_hundreds_of_restores_still_has_numbers(settings, tmp_path):
    settings.DATA = tmp_path
    first = issue()

    for _ in range(300):
        series.leave_room(series.ROOM, at=FRIDAY)
    connection.run_on_commit.clear()  # another process
    begun, not_begun = issue(), issue(sample(road.Rejection))

    assert begun.serial > first.serial + 300 * series.ROOM
    assert not_begun.serial > 300 * series.ROOM
    assert not_begun.number == f"开市监许不受〔2026〕{not_begun.serial}号"


def test_numbers_follow_each_other_and_are_never_given_twice(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first = issue()
        same_transaction = issue()
    next_transaction = issue()
    series.forget()  # another process
    connection.run_on_commit.clear()
    elsewhere = issue()

    serials = [p.serial - first.serial for p in (same_transaction, next_transaction, elsewhere)]
    assert serials == [1, 2, papers.BLOCK]


def test_a_step_rolled_back_takes_its_paper_and_its_block_with_it():

    lost = []

    def step():
        with transaction.atomic():
            lost.append(issue())
            raise Refusal("test.doubtful", "doubtful")

    with pytest.raises(Refusal, match="doubtful"):
        step()
    kept = issue()

    assert not Paper.objects.filter(code=lost[0].code).exists()
    assert not Entry.objects.filter(text__contains=lost[0].digest).exists()
    assert Paper.objects.filter(number=kept.number).count() == 1


def test_a_paper_is_in_the_ledger_with_both_digests_and_without_a_name():
    paper = issue()

    entry = Entry.objects.get(subject=f"paper:{paper.number}")
    facts = json.loads(entry.text)["facts"]
    assert (facts["digest"], facts["sm3"]) == (paper.digest, paper.sm3)
    assert re.fullmatch(r"sm3:[0-9a-f]{64}", paper.sm3)
    assert "木嘎" not in entry.text
    assert (paper.version, paper.head) == (entry.version, entry.digest)


def test_what_is_on_a_paper_is_unreadable_in_the_database():
    paper = issue()

    with connection.cursor() as cursor:
        cursor.execute("SELECT contents FROM papers_paper WHERE number = %s", [paper.number])
        (raw,) = cursor.fetchone()

    assert "木嘎".encode() not in bytes(raw)
    assert "木嘎" in str(Paper.objects.get(pk=paper.pk).contents)


def test_the_database_itself_refuses_to_change_a_paper():
    paper = issue()

    for statement in ("UPDATE papers_paper SET serial = 9", "DELETE FROM papers_paper"):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert queries.is_intact(Paper.objects.get(pk=paper.pk))


@pytest.mark.parametrize("name", ["number", "contents", "issued_by", "subject", "code"])
def test_a_record_that_was_changed_no_longer_matches(name):
    paper = Paper.objects.select_related("template").get(pk=issue().pk)
    old = str(getattr(paper, name))

    setattr(paper, name, old.replace("示例", "他人") if name == "contents" else old + "0")

    assert not queries.is_intact(paper)


def test_a_template_that_was_changed_is_noticed():
    paper = Paper.objects.select_related("template").get(pk=issue().pk)

    paper.template.text += "\n多一句。"

    assert not queries.is_intact(paper)


def test_a_paper_that_lacks_what_the_law_wants_is_not_issued():
    with pytest.raises(NotValid, match="依据"):
        issue(road.NotGranted(**vars(sample(road.NotGranted)) | {"law": ""}))

    assert not Paper.objects.filter(kind=Kind.REFUSAL.value).exists()


def test_a_step_issues_a_kind_once():
    issue(step=7)

    with pytest.raises(IntegrityError), transaction.atomic():
        issue(step=7)


def test_a_paper_is_replaced_by_a_later_one_only_once():
    paper = issue()
    assert queries.standing(paper) == "valid"

    issue(replaces=paper)

    assert queries.standing(paper) == "replaced"
    with pytest.raises(IntegrityError), transaction.atomic():
        issue(replaces=paper)


# --- PDF ------------------------------------------------------------------------------------------


def test_no_pdf_is_made_when_a_paper_is_issued_and_one_is_kept_at_the_first_reading():
    paper = issue()
    assert not Rendering.objects.exists()

    first = papers.pdf_of(paper, at=FRIDAY)
    again = papers.pdf_of(paper, at=FRIDAY + timedelta(days=1))

    assert first.digest == again.digest
    assert Rendering.objects.get().file == first
    assert first.media_type == "application/pdf"


def test_the_same_paper_gives_the_same_bytes():
    paper = Paper.objects.select_related("template", "unit").get(pk=issue().pk)
    once = typesetting.pdf(papers.sheet_of(paper))
    compiler._compiler.cache_clear()

    assert typesetting.pdf(papers.sheet_of(paper)) == once


def test_page_and_pdf_say_the_same_and_that_it_is_not_sealed():
    paper = issue()

    text = text_of(paper).replace(" ", "").replace("\n", "")

    for said in ("准予行政许可决定书", "阿普·木嘎示例", paper.code, "未用印", "2026年3月6日"):
        assert said in text, said
    assert paper.number in text


def test_rare_characters_of_names_do_not_disappear():
    paper = issue(road.Grant(**vars(sample(road.Grant)) | {"applicant": RARE}))

    assert RARE in text_of(paper)


def test_a_paper_with_a_character_no_font_has_is_not_printed_and_says_which():
    paper = issue(road.Grant(**vars(sample(road.Grant)) | {"applicant": "𠮷示例"}))

    with pytest.raises(Refusal, match=r"“𠮷”（U\+20BB7）.*ONEDOOR_FONTS"):
        papers.pdf_of(paper, at=FRIDAY)
    assert not Rendering.objects.exists()


def test_what_people_wrote_is_set_as_they_wrote_it():
    odd = '#set text(red) *粗* $x$ \\ "引" <script> = 题'
    paper = issue(road.Grant(**vars(sample(road.Grant)) | {"conditions": odd}))

    assert "#settext(red)*粗*$x$" in text_of(paper).replace(" ", "")


def test_only_the_fonts_the_project_carries_are_in_a_pdf():
    made = typesetting.pdf(papers.sample(Kind.GRANT, pack.template(Kind.GRANT)))

    assert set(re.findall(rb"/BaseFont ?/\w+\+([\w-]+)", made)) == {
        b"NotoSerifSC-Regular",
        b"OneDoorBiaosong-Regular",
        b"OneDoorHei-Regular",
    }


@pytest.mark.parametrize("kind", Kind, ids=lambda k: k.value)
def test_every_kind_can_be_set(kind):
    made = typesetting.pdf(papers.sample(kind, pack.template(kind)))

    assert len(PdfReader(io.BytesIO(made)).pages) == 1


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler reads the positions")
@pytest.mark.parametrize("kind", [Kind.GRANT, Kind.ACCEPTANCE, Kind.RECEIPT], ids=lambda k: k.value)
def test_the_seal_is_told_where_the_date_ends(kind):
    sheet = papers.sample(kind, pack.template(kind))

    made, spot = typesetting.pdf_with_spot(sheet)

    assert made == typesetting.pdf(sheet)
    words = pages(made)[spot.page - 1]
    _, _, top, right, bottom = [w for w in words if w[0] == sheet.date][-1]
    assert spot.x == pytest.approx(right, abs=1)
    assert top - 2 < spot.y < bottom + 2


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler reads the positions")
@pytest.mark.parametrize("kind", [Kind.GRANT, Kind.RECEIPT], ids=lambda k: k.value)
def test_names_of_200_characters_stay_within_the_margins(kind):
    long = "开远市各族人民" * 29
    words = dict(example(CONTENTS[kind])) | {"申请人": long, "事项": long, "经办": long}
    title, blocks = templates.fill(pack.template(kind), words)
    sheet = replace(papers.sample(kind, pack.template(kind)), blocks=blocks, unit=long[:200])

    found = pages(typesetting.pdf(sheet))

    assert title
    edges = [(left, right) for page in found for _, left, _, right, _ in page]
    assert min(left for left, _ in edges) > 20 * MM
    assert max(right for _, right in edges) < (210 - 20) * MM


def test_a_long_paper_goes_on_over_the_page():
    rows = tuple(arriving.MaterialRow(name=f"材料{n}", found="齐") for n in range(80))
    paper = issue(arriving.Receipt(**vars(sample(arriving.Receipt)) | {"materials": rows}))

    text = text_of(paper).replace(" ", "")

    assert "材料0" in text
    assert "材料79" in text


# --- Templates ------------------------------------------------------------------------------------

TEXT = pack.template(Kind.GRANT)


def grant_in_force():
    found = queries.in_force(Kind.GRANT)
    assert found is not None
    return found


def save(text=TEXT + "请妥善保管。\n", by="editor"):
    return papers.save_template(Kind.GRANT, text=text, by=given.actor(by), at=FRIDAY)


def publish(draft, by="publisher"):
    return papers.publish_template(
        Kind.GRANT, digest_seen=draft.digest, by=given.actor(by), at=FRIDAY
    )


def test_a_template_is_written_by_one_and_published_by_another():
    draft = save()
    before = issue()
    published = publish(draft)
    after = issue()

    assert "请妥善保管" not in text_of(before)
    assert "请妥善保管" in text_of(after)
    assert after.template == published
    assert before.template.number == 1
    assert Entry.objects.filter(kind="paper.template_published").count() == 1


@pytest.mark.parametrize("by", ["publisher", "clerk"])
def test_only_an_editor_writes_a_template(by):
    with pytest.raises(NotAllowed):
        save(by=by)


@pytest.mark.parametrize("by", ["editor", "clerk"])
def test_only_a_publisher_publishes_a_template(by):
    with pytest.raises(NotAllowed):
        publish(save(), by=by)


def test_nobody_publishes_what_they_did_not_see():
    draft = save()
    save(TEXT + "又改了一句。\n")

    with pytest.raises(Refusal) as told:
        publish(draft)

    assert told.value.code == "paper.template_changed"


def test_a_draft_written_again_is_the_same_draft():
    save()
    save(TEXT + "又改了一句。\n")

    assert Template.objects.filter(kind="grant").count() == 2


def test_a_template_that_is_refused_is_not_saved():
    with pytest.raises(NotValid):
        save(TEXT.replace("{准予内容}", ""))

    assert Template.objects.filter(kind="grant").count() == 1


def test_a_release_brings_its_templates_only_where_the_office_has_none(monkeypatch):
    publish(save())
    monkeypatch.setattr(pack, "template", lambda kind: f"= {kind.zh}\n新的一版\n")

    brought = papers.load_national(at=FRIDAY + timedelta(days=1))

    assert brought == len(Kind) - 1
    assert grant_in_force().edited_by != "system"
    assert papers.load_national(at=FRIDAY + timedelta(days=2)) == 0


def test_showing_a_paper_is_on_record():
    paper = issue()

    papers.show(paper, form="pdf", by="person:x", at=FRIDAY)

    entry = Entry.objects.get(subject=f"paper-access:{paper.number}")
    assert entry.kind == "paper.shown"


def test_a_draft_begun_before_a_release_comes_into_force_after_it(monkeypatch):
    draft = save()
    with monkeypatch.context() as released:
        released.setattr(pack, "template", lambda kind: f"= {kind.zh}\n新的一版\n")
        papers.load_national(at=FRIDAY)

    publish(draft)

    assert grant_in_force().text == draft.text


def test_the_identifier_of_a_certificate_is_copied_as_it_is_and_stays_inside_the_frame():
    template = wording.national(Kind.CERTIFICATE, at=FRIDAY)

    (words,) = pages(typesetting.pdf(papers.sample(Kind.CERTIFICATE, template.text)))
    pieces = [word for word in words if word[0] in LONGEST and len(word[0]) > 12]

    assert "".join(text for text, *_ in pieces) == LONGEST  # nothing but its own characters
    assert len(pieces) > 1
    assert max(right for _, _, _, right, _ in pieces) < (210 - 26) * MM


def test_the_number_of_a_case_breaks_where_no_dash_of_it_is_lost():
    sheet = papers.sample(Kind.ANNOUNCEMENT, pack.template(Kind.ANNOUNCEMENT))

    text = PdfReader(io.BytesIO(typesetting.pdf(sheet))).pages[0].extract_text()

    assert "532502-002-20260306-00001-0" in text.replace("\n", "")
    lines = text.splitlines()
    assert any(line.endswith("532502-002") for line in lines)
