"""Recommendations: given to a unit, answered by its head, each answer kept and on record."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from onedoor.accounts.rules import Role
from onedoor.files import services as files
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.ledger import queries as ledger
from onedoor.ledger.rules.chain import salted
from onedoor.rectification import services as rectification
from onedoor.rectification.models import AdoptionAnswer, Recommendation
from onedoor.rectification.queries import links
from onedoor.rectification.rules.words import Adoption
from onedoor.rectification.services import Made
from onedoor.rectification.tests import given
from onedoor.rectification.tests.test_views import signed_in

pytestmark = pytest.mark.django_db
WORDS = "建议建立收费公示的定期核对制度。"


def advised(text: str = WORDS, name: str = "市监局") -> Recommendation:
    project = given.drafted(text[:20] + name).project
    return rectification.advise(
        project, text=text, unit=given.unit(name), by=given.AUDITOR, at=given.AT
    )


def made(**more: Any) -> Made:
    told: dict[str, Any] = {
        "title": "收费公示核对办法",
        "number": "虚市监〔2026〕3号",
        "on": clock.day_of(given.AT),
    }
    return Made(**told | more)


def adopt(row: Recommendation, by: Any = None, **more: Any) -> Recommendation:
    now = Recommendation.objects.get(pk=row.pk)
    told: dict[str, Any] = {"adoption": Adoption.ADOPTED, "made": made(), "seen": now.version}
    return rectification.adopt(now, by=by or given.head(), at=given.after(1), **told | more)


def test_a_recommendation_is_adopted_with_what_came_of_it_and_every_answer_stays():
    row = advised()
    adopt(row, adoption=Adoption.PARTLY, text="还差一个窗口")
    stored = files.store(BytesIO(b"%PDF-1.4 rule %%EOF"), at=given.AT)
    after = adopt(row, made=made(file=stored, file_name="办法.pdf"))

    assert after.standing is Adoption.ADOPTED
    answers = list(AdoptionAnswer.objects.order_by("version"))
    assert [(a.version, a.what) for a in answers] == [(2, Adoption.PARTLY), (3, Adoption.ADOPTED)]
    assert answers[0].reason == "还差一个窗口"
    assert (answers[1].by, answers[1].made_number) == (given.head().ref, "虚市监〔2026〕3号")


def test_what_was_advised_and_answered_is_on_record_as_digests_only():
    row = adopt(advised(), adoption=Adoption.NOT_ADOPTED, text="没有收费", made=None)
    entries = ledger.history(row.subject)
    answer = AdoptionAnswer.objects.get()

    assert [e.kind for e in entries] == ["recommendation.made", "recommendation.answered"]
    assert entries[0].facts["note"] == salted(WORDS, row.salt)
    assert entries[1].facts["note"] == salted("没有收费\n\n", answer.salt)
    assert "没有收费" not in str(entries[1].facts)
    assert (row.subject, row.link) in dict(links()).items()


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"adoption": Adoption.WAITING}, "recommendation.no_answer"),
        ({"adoption": Adoption.NOT_ADOPTED, "text": " "}, "recommendation.reason"),
        ({"adoption": Adoption.PARTLY}, "recommendation.reason"),
        ({"made": None}, "recommendation.made"),
        (
            {"made": made(on=clock.day_of(given.AT) + timedelta(days=2))},
            "recommendation.made_future",
        ),
    ],
)
def test_an_answer_that_does_not_say_what_it_has_to_changes_nothing(told, code):
    row = advised()

    with pytest.raises(NotValid) as refused:
        adopt(row, **told)

    assert refused.value.code == code
    assert not AdoptionAnswer.objects.exists()
    assert Recommendation.objects.get().standing is Adoption.WAITING


def test_only_the_head_of_the_unit_or_the_lead_office_answers():
    row = advised()

    for by in (given.officer(), given.of(Role.HEAD, "水务局"), given.AUDITOR):
        with pytest.raises(NotAllowed) as refused:
            adopt(row, by=by)
        assert refused.value.code == "recommendation.not_answerer"
    assert adopt(row, by=given.LEAD).standing is Adoption.ADOPTED
    with pytest.raises(NotAllowed):
        rectification.advise(row.project, text="x", unit=given.unit(), by=given.head(), at=given.AT)


def test_of_two_who_answer_at_once_the_second_is_told():
    row = advised()
    adopt(row, seen=1)

    with pytest.raises(Refusal) as refused:
        adopt(row, seen=1, adoption=Adoption.NOT_ADOPTED, text="不采纳")

    assert refused.value.code == "recommendation.changed_meanwhile"
    assert AdoptionAnswer.objects.count() == 1


def test_on_the_pages_a_unit_reads_and_answers_what_it_was_given_alone():
    row = advised()
    address = reverse("rectification:recommendation", args=[row.number])
    listed = reverse("rectification:recommendations")
    head, other = signed_in(Role.HEAD, "市监局"), signed_in(Role.HEAD, "水务局")

    assert row.number in head.get(listed).content.decode()
    assert row.number not in other.get(listed).content.decode()
    assert other.get(address).status_code == 404
    assert Client().get(address).status_code == 302
    assert "填写采纳情况" in head.get(address).content.decode()
    assert "填写采纳情况" not in signed_in(Role.AUDITOR).get(address).content.decode()
    file = BytesIO(b"%PDF-1.4 rule %%EOF")
    file.name = "办法.pdf"
    told = {"seen": 1, "adoption": "adopted", "made": "核对办法", "file": file}
    assert head.post(f"{address}adopt/", told).status_code == 302
    page = head.get(address).content.decode()
    assert "核对办法" in page
    assert "审计示例" in page, "who answered"
    opened = head.get(reverse("rectification:adoption_file", args=[row.number, 2]))
    assert opened.getvalue().startswith(b"%PDF")
    assert other.get(f"{address}file/2/").status_code == 404


def test_an_auditor_enters_a_recommendation_on_the_page_and_an_empty_one_comes_back():
    project = given.drafted().project
    auditor = signed_in(Role.AUDITOR)
    told = {"project": project.pk, "unit": given.unit().pk, "text": ""}

    again = auditor.post(reverse("rectification:advise"), told)
    assert again.status_code == 422
    assert "请填写建议" in again.content.decode()
    made = auditor.post(reverse("rectification:advise"), told | {"text": WORDS})
    assert made.status_code == 302
    assert Recommendation.objects.get().text == WORDS
    refused = signed_in(Role.HEAD, "市监局").post(reverse("rectification:advise"), told)
    assert refused.status_code == 403


def test_the_list_is_filtered_and_leaves_as_csv_with_few_statements(django_assert_num_queries):
    rows = [advised(f"第{n}条建议", "市监局") for n in range(4)]
    adopt(rows[0])
    client = signed_in(Role.AUDITOR)
    client.get(reverse("rectification:recommendations"))

    adopted = client.get(reverse("rectification:recommendations") + "?adoption=adopted")
    assert rows[0].number in adopted.content.decode()
    assert rows[1].number not in adopted.content.decode()
    with django_assert_num_queries(8):  # five for who asks
        text = client.get(reverse("rectification:recommendations_file")).content.decode()
    assert len(text.strip().splitlines()) == 5
    assert "收费公示核对办法" in text
