"""Information made public: three people, one number for ever, nothing overwritten."""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import SYSTEM, Actor, Holding, Role
from onedoor.files import services as files
from onedoor.kernel import clock
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.ledger import numbers
from onedoor.ledger import queries as ledger
from onedoor.ledger.models import Counter
from onedoor.papers import services as papers
from onedoor.papers.models import Typeset
from onedoor.rectification.models import Finding
from onedoor.rectification.tests import given as findings
from onedoor.rectification.tests.test_views import published as shown
from onedoor.reports import figures_today, ledgers, official, publications
from onedoor.reports import services as reports
from onedoor.reports.models import CheckHit, Edition, Publication, Report
from onedoor.reports.rules.publishing import contents, lifecycle
from onedoor.reports.rules.publishing.lifecycle import Action, State
from onedoor.reports.rules.publishing.words import Settling, Urgency
from onedoor.reports.rules.words import LiveKind
from onedoor.reports.services.indexing import next_index_number
from onedoor.reports.tests import given
from onedoor.reports.tests.publishing import (
    AT,
    CHECKER,
    DISCLOSER,
    WRITER,
    actions,
    centre,
    cleared,
    entered,
    published,
    reload,
    settled,
    submitted,
    typed,
)

pytestmark = pytest.mark.django_db
SECRETS = "联系人：李示例\n电话13800000001，再打13800000001\n这是内部资料"


def refused(call, *args, **more) -> str:
    with pytest.raises(Refusal) as answer:
        call(*args, **more)
    return answer.value.code


def reports_of(count: int) -> list[Report]:
    made = []
    for n in range(count):
        content = given.invented()
        content["document"] = {**content["document"], "title": f"样例报告{n}"}
        made.append(given.kept(content))
    return made


def facts_of(edition: Edition, kind: str) -> list[Any]:
    return [e.facts for e in ledger.told_of([edition.publication.subject], kind=kind)]


def serial(edition: Edition) -> int:
    return int(str(edition.publication.index_number).rpartition("-")[2])


# --- The number, the text, its editions -----------------------------------------------------------


def test_the_first_edition_gets_the_next_number_of_the_year_and_a_digest_of_its_text():
    one, two = (published(entered(r)) for r in reports_of(2))

    assert str(one.publication.index_number).startswith("DEM000014/2026-")
    assert serial(two) == serial(one) + 1
    assert reload(one).digest == f"sha256:{sha256(one.text.encode()).hexdigest()}"
    for words in ("索引号：DEM000014/2026-0", "发布机构：政务局", "发布日期：2026-03-06", "非涉密"):
        assert words in one.text
    for form, magic in (("pdf", b"%PDF"), ("docx", b"PK"), ("txt", "栏目：".encode())):
        assert official.file_of_edition(one, form, at=AT)[1].startswith(magic)


def test_numbers_of_imported_reports_count_as_given():
    told = {"publish_date": "2026-01-04", "index_no": "DEM000014/2026-04100", "publisher": "虚县"}
    given.kept(given.invented(disclosure=told))

    made = published(entered(reports_of(1)[0]))

    assert made.publication.index_number == "DEM000014/2026-04101"
    again = Report.objects.get(index_number="DEM000014/2026-04100")
    code = refused(reports.enter, again, publisher=centre(), by=WRITER, at=AT)
    assert code == "information.published_elsewhere"


def test_a_correction_is_a_new_edition_and_the_old_one_stays_as_it_was():
    first = published()
    draft = reports.correct(first, reason="数字写错了", seen=first.version, by=WRITER, at=AT)
    draft = reports.edit(
        draft, typed(draft, text="改过的正文。"), seen=draft.version, by=WRITER, at=AT
    )
    assert reload(first).pk == draft.pk
    assert Edition.objects.get(pk=first.pk).standing is State.PUBLISHED

    second = published(draft)

    old = Edition.objects.get(pk=first.pk)
    assert (old.standing, old.text, old.digest) == (State.REPLACED, first.text, first.digest)
    assert second.publication.index_number == first.publication.index_number
    assert "更正说明：数字写错了" in second.text
    assert "改过的正文。" in second.text
    code = refused(
        reports.correct, second, reason="再改", seen=second.version - 1, by=WRITER, at=AT
    )
    assert code == "information.changed_meanwhile"
    reports.correct(second, reason="再改", seen=second.version, by=WRITER, at=AT)
    code = refused(reports.correct, second, reason="再改", seen=second.version, by=WRITER, at=AT)
    assert code == "information.open_already"


def test_what_is_withdrawn_keeps_its_number_its_digest_and_its_reason():
    first = published()
    assert refused(reports.withdraw, first, reason=" ", seen=first.version, by=DISCLOSER, at=AT)

    gone = reports.withdraw(
        first, reason="误发", seen=first.version, by=DISCLOSER, at=AT + timedelta(days=1)
    )

    assert (gone.standing, gone.end_reason, gone.digest) == (
        State.WITHDRAWN,
        "误发",
        first.digest,
    )
    assert list(publications.public()) == []
    assert publications.public_with(gone.publication.number).index_number
    assert refused(publications.edition_shown, gone.publication, 1) == "information.no_edition"
    code = refused(reports.withdraw, gone, reason="又", seen=gone.version, by=DISCLOSER, at=AT)
    assert code == "information.wrong_state"


def test_what_is_public_can_be_withdrawn_while_and_after_another_edition_is_worked_on():
    first = published()
    number = first.publication.number
    draft = reports.correct(first, reason="数字写错了", seen=first.version, by=WRITER, at=AT)
    assert reload(first).pk == draft.pk
    public = publications.edition_with(number, SYSTEM, order=1)
    assert publications.open_actions(public, DISCLOSER) == [Action.WITHDRAW]
    assert [(e.number, may) for e, may in publications.beside(draft, DISCLOSER)] == [
        (2, False),
        (1, True),
    ]

    reports.drop(draft, reason="不用改了", seen=draft.version, by=WRITER, at=AT)

    public = reload(first)
    assert public.number == 1
    assert Action.CORRECT in actions(first, WRITER)
    reports.withdraw(public, reason="误发", seen=public.version, by=DISCLOSER, at=AT)
    assert list(publications.public()) == []


def test_an_edition_that_is_not_public_any_more_is_not_corrected_beside_the_one_that_is():
    first = published()
    draft = reports.correct(first, reason="数字写错了", seen=first.version, by=WRITER, at=AT)
    published(draft)
    old = publications.edition_with(first.publication.number, SYSTEM, order=1)
    old = reports.withdraw(old, reason="有个人信息", seen=old.version, by=DISCLOSER, at=AT)

    code = refused(reports.correct, old, reason="再改", seen=old.version, by=WRITER, at=AT)

    assert code == "information.public_is_another"


def test_drafts_are_for_the_unit_that_publishes_them():
    edition = entered()
    number = edition.publication.number
    other = Organisation.objects.exclude(pk=centre().pk).first()
    assert other is not None
    stranger = Actor("person:x", "外人", holdings=(Holding(Role.LEAD_OFFICE, other.pk),))
    own = Actor("person:y", "本单位", holdings=(Holding(Role.LEAD_OFFICE, centre().pk),))

    assert refused(publications.edition_with, number, stranger) == "information.not_found"
    assert publications.waiting(stranger, on=day_of(AT)) == []
    assert len(publications.waiting(own, on=day_of(AT))) == 1
    assert [unit.pk for unit in publications.publishers(stranger)] == [other.pk]
    report = reports_of(2)[1]
    code = refused(reports.enter, report, publisher=centre(), by=stranger, at=AT)
    assert code == "information.not_writer"
    published(edition)
    assert list(publications.over(stranger)) == []
    assert [e.pk for e in publications.over(own)] == [edition.pk]


def test_each_publisher_goes_on_with_its_own_numbers_after_a_restore():
    other = Organisation(name="别的单位", code="600037341")
    both = (centre(), other)
    before = [next_index_number(unit, at=AT) for unit in both]

    Counter.objects.all().delete()
    numbers.forget()

    after = [next_index_number(unit, at=AT) for unit in both]
    assert [n.partition("/")[0] for n in after] == ["DEM000014", "600037341"]
    for old, new in zip(before, after, strict=True):
        assert int(new.rpartition("-")[2]) > int(old.rpartition("-")[2])


def test_of_two_who_publish_at_once_the_second_takes_no_number():
    edition = cleared()
    twin = reload(edition)
    reports.publish(edition, seen=edition.version, by=DISCLOSER, at=AT)

    code = refused(reports.publish, twin, seen=twin.version, by=DISCLOSER, at=AT)

    assert code == "information.changed_meanwhile"
    assert serial(published(entered(reports_of(1)[0]))) == serial(edition) + 1


def test_a_step_rolled_back_gives_its_number_to_nobody():
    edition = cleared()
    with transaction.atomic():
        reports.publish(edition, seen=edition.version, by=DISCLOSER, at=AT)
        lost = serial(edition)
        transaction.set_rollback(True)

    edition = reload(edition)
    assert edition.standing is State.CLEARED
    assert serial(reports.publish(edition, seen=edition.version, by=DISCLOSER, at=AT)) > lost


def test_the_database_itself_keeps_three_people_apart_and_one_edition_in_force():
    edition = published()
    for changes in (
        {"checked_by": edition.written_by},
        {"published_by": edition.checked_by},
        {"published_by": edition.written_by},
        {"digest": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Edition.objects.filter(pk=edition.pk).update(**changes)


# --- The check ------------------------------------------------------------------------------------


def test_nothing_is_published_before_every_hit_is_settled_by_another():
    edition = submitted(text=SECRETS)

    hits = publications.hits(edition)
    assert [(h.row.kind, h.words, h.count) for h in hits] == [
        ("name", "李示例", 1),
        ("phone", "13800000001", 2),
        ("secrecy", "内部资料", 1),
    ]
    code = refused(reports.clear, edition, seen=edition.version, by=CHECKER, at=AT)
    assert code == "information.need"
    told = {"settling": Settling.KEPT, "reason": "办公电话", "seen": edition.version, "at": AT}
    assert refused(reports.settle, edition, 2, by=WRITER, **told) == "information.wrong_role"
    both = Actor(
        WRITER.ref, "一人", holdings=(Holding(Role.LEAD_OFFICE, None), Holding(Role.CHECKER, None))
    )
    assert refused(reports.settle, edition, 2, by=both, **told) == "information.same_person"
    assert CheckHit.objects.filter(settling="").count() == 3


def test_a_masked_hit_is_hidden_wherever_it_stands_and_a_mark_cannot_be_masked():
    edition = submitted(text=SECRETS)
    told: dict[str, Any] = {
        "settling": Settling.MASKED,
        "reason": "个人电话",
        "by": CHECKER,
        "at": AT,
    }
    seen = edition.version
    reports.settle(edition, 1, seen=seen, **told)
    late = refused(reports.settle, edition, 2, seen=seen, **told)
    assert late == "information.changed_meanwhile"
    reports.settle(edition, 2, seen=edition.version, **told)
    seen = edition.version
    assert refused(reports.settle, edition, 3, seen=seen, **told) == "information.not_settled_so"
    assert refused(reports.settle, edition, 2, seen=seen, **told) == "information.hit_masked"
    told |= {"settling": Settling.KEPT, "reason": "引用的原文"}
    reports.settle(edition, 3, seen=seen, **told)

    edition = reports.clear(edition, seen=edition.version, by=CHECKER, at=AT)
    text = reports.publish(edition, seen=edition.version, by=DISCLOSER, at=AT).text

    assert "13800000001" not in text
    assert text.count("138****0001") == 2
    assert "李示例" not in text
    facts = facts_of(edition, "information.hit_settled")
    assert [(f["what"], f["settling"], f["spots"]) for f in facts] == [
        ("name", "masked", 1),
        ("phone", "masked", 2),
        ("secrecy", "kept", 1),
    ]
    assert "13800000001" not in str(facts)


def test_what_would_be_found_today_holds_a_publication_back():
    edition = cleared(text="甲方负责。")
    Edition.objects.filter(pk=edition.pk).update(paragraphs=[["p", ["联系人：李示例"]]])
    edition = reload(edition)

    code = refused(reports.publish, edition, seen=edition.version, by=DISCLOSER, at=AT)

    assert code == "information.need"
    assert Publication.objects.get().index_number is None


def test_tables_and_fields_are_read_through_too():
    content = given.invented(
        tables=[{"name": "名单", "head": ["姓名", "电话"], "rows": [["样例", "13800000009"]]}]
    )
    edition = entered(given.kept(content))
    told = typed(edition, summary="找13800000008")
    edition = reports.edit(edition, told, seen=edition.version, by=WRITER, at=AT)

    edition = settled(submitted(edition), Settling.MASKED)

    assert edition.summary == "找138****0008"
    assert edition.tables[0]["rows"][0][1] == "138****0009"


def test_every_field_that_is_published_is_read_through():
    fields = ("column", "topic", "genre", "audience", "keywords", "doc_number")
    edition = entered()
    told = typed(edition, **{name: f"13800{n:06d}" for n, name in enumerate(fields, 1)})
    edition = reports.edit(edition, told, seen=edition.version, by=WRITER, at=AT)

    edition = settled(submitted(edition), Settling.MASKED)

    for n, name in enumerate(fields, 1):
        assert getattr(edition, name) == f"138****{n:04d}"


def test_a_short_number_is_masked_too():
    edition = settled(submitted(text="联系电话：7120001"), Settling.MASKED)

    assert contents.text_of(edition.paragraphs) == "联系电话：****001"


def test_who_checked_does_not_publish_and_who_wrote_does_neither():
    edition = cleared()
    one = Actor(
        CHECKER.ref, "一人", holdings=(Holding(Role.DISCLOSER, None), Holding(Role.CHECKER, None))
    )
    code = refused(reports.publish, edition, seen=edition.version, by=one, at=AT)
    assert code == "information.same_person"
    with pytest.raises(NotAllowed):
        reports.publish(edition, seen=edition.version, by=WRITER, at=AT)
    back = reports.send_back(edition, reason="标题不对", seen=edition.version, by=DISCLOSER, at=AT)
    assert (back.standing, back.checked_by) == (State.DRAFT, "")
    assert Action.SUBMIT in actions(back, WRITER)
    assert actions(back, CHECKER) == []


def test_a_text_full_of_names_is_not_sent_to_the_check():
    text = "\n".join(f"电话1380000{n:04d}" for n in range(600))
    edition = entered()
    edition = reports.edit(edition, typed(edition, text=text), seen=0, by=WRITER, at=AT)

    code = refused(reports.submit, edition, seen=edition.version, by=WRITER, at=AT)

    assert code == "information.too_many_hits"
    assert reload(edition).standing is State.DRAFT


# --- The clock ------------------------------------------------------------------------------------


def test_twenty_working_days_from_the_day_it_was_made_by_the_calendar():
    due = publications.due_of(date(2026, 3, 6), on=date(2026, 3, 6))

    assert (due.on, due.is_provisional, due.days_left) == (date(2026, 4, 3), False, 20)
    spring = publications.due_of(date(2026, 2, 10), on=date(2026, 3, 20))
    assert spring.on > date(2026, 3, 10)
    assert spring.urgency(5) is Urgency.OVERDUE
    late = publications.due_of(date(2026, 12, 20), on=date(2026, 12, 21))
    assert late.is_provisional


def test_what_is_due_is_listed_before_and_after_it_was_entered():
    report = given.kept()
    on = date(2026, 4, 13)

    [undecided] = publications.undecided(on=on)
    assert (undecided.report, undecided.urgency) == (report, Urgency.OVERDUE)
    edition = entered(report)
    assert publications.undecided(on=on) == []
    [waiting] = publications.waiting(SYSTEM, on=on)
    assert waiting.urgency is Urgency.OVERDUE
    assert publications.count_now(SYSTEM, on=on).overdue == 1

    late = clock.at_local(on, 9)
    published(edition, at=late)

    assert publications.count_now(SYSTEM, on=on).overdue == 0
    facts = facts_of(edition, "information.moved")
    assert [f["action"] for f in facts][-1] == "publish"
    assert facts[-1]["is_late"] is True


def test_what_is_not_made_public_is_said_with_a_reason_and_is_no_longer_due():
    edition = entered()

    gone = reports.drop(
        edition, reason="内部事务信息，条例16", seen=edition.version, by=WRITER, at=AT
    )

    assert gone.standing is State.DROPPED
    assert publications.waiting(SYSTEM, on=AT.date()) == []
    assert publications.undecided(on=AT.date()) == []
    code = refused(reports.enter, gone.report, publisher=centre(), by=WRITER, at=AT)
    assert code == "information.entered_already"


def test_bad_input_is_named_and_changes_nothing():
    edition = entered()
    for changes, field in (
        ({"title": " "}, "title"),
        ({"column": ""}, "column"),
        ({"text": ""}, "text"),
        ({"summary": "长" * 501}, "summary"),
        ({"formed_on": date(2027, 1, 1)}, "formed_on"),
        ({"keywords": "a\x00b"}, "keywords"),
    ):
        with pytest.raises(NotValid) as wrong:
            reports.edit(edition, typed(edition, **changes), seen=0, by=WRITER, at=AT)
        assert wrong.value.field == field
    assert reload(edition).version == 0


# --- Figures that move on -------------------------------------------------------------------------


@pytest.mark.parametrize("is_public", [True, False])
def test_a_figure_that_changed_leaves_the_text_and_the_page_tells_it(is_public):
    cache.clear()
    shown(findings.submitted("1"))
    wanted = reports.wanted_of(LiveKind.COMPARISON, is_public=is_public)
    edition = published(entered(reports.make_report(wanted, by=SYSTEM, at=AT).report))
    address = reverse("reports:publication", args=[edition.publication.number])
    assert figures_today.differing(edition, at=AT) == []

    shown(findings.drafted("2"))
    cache.clear()
    page = Client().get(address).content.decode()

    assert "有的数字今天不一样了" in page
    assert ("问题：1个 → 2个" in page) is is_public
    assert ("问题：1个（已变）" in page) is not is_public
    again = reload(edition)
    assert (again.text, again.digest) == (edition.text, edition.digest)
    assert figures_today.differing(again, at=AT)[0].then == "1个"


# --- The table ------------------------------------------------------------------------------------


def test_every_state_can_be_reached_and_only_what_is_over_has_no_way_on():
    reached = {s.target for s in lifecycle.LIFECYCLE} | {State.DRAFT}
    left = {s.source for s in lifecycle.LIFECYCLE}

    assert reached == set(State)
    assert set(State) - left == {State.DROPPED}
    assert all(s.basis for s in lifecycle.LIFECYCLE)


# --- What is kept of it ---------------------------------------------------------------------------


def test_a_document_is_set_once_however_often_it_is_read(monkeypatch):
    edition = published()
    made = {form: official.file_of_edition(edition, form, at=AT)[1] for form in ("pdf", "docx")}

    def again(document):
        raise AssertionError("set again")

    for form, way in papers.WAYS.items():
        monkeypatch.setitem(papers.WAYS, form, way._replace(make=again))
    for form, before in made.items():
        assert official.file_of_edition(edition, form, at=AT)[1] == before
    assert Typeset.objects.count() == 2
    edition.title = "别的标题"
    with pytest.raises(AssertionError):
        official.file_of_edition(edition, "pdf", at=AT)


def test_a_kept_file_that_is_lost_is_made_again():
    edition = published()
    before = official.file_of_edition(edition, "docx", at=AT)[1]
    files.path_of(Typeset.objects.get().file.digest).unlink()

    assert official.file_of_edition(edition, "docx", at=AT)[1] == before


def test_what_was_made_public_stands_in_the_ledger_of_announcements():
    report = given.kept()
    first = published(entered(report))
    told = list(report.told.order_by("place").values_list("finding__number", flat=True))
    draft = reports.correct(first, reason="数字写错了", seen=first.version, by=WRITER, at=AT)
    rows = list(Finding.objects.all())

    [line] = ledgers.announcements(rows).lines

    said = dict(zip(ledgers.ANNOUNCED, line, strict=True))
    assert said["索引号"] == first.publication.index_number
    assert said["涉及问题"] == "、".join(told)
    assert (said["发布日"], said["法定期限日"]) == (day_of(AT), date(2026, 4, 3))
    assert (said["报告编号"], said["版本"], said["公开状态"]) == (report.number, 1, "已公开")

    published(draft)
    states = [(row[8], row[9]) for row in ledgers.announcements(rows).lines]
    assert states == [(1, "已更正"), (2, "已公开")]
