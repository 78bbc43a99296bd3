"""Who may see what of a paper: everybody whether it is genuine, few what it says."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from onedoor.accounts.models import Person
from onedoor.files.services import opened
from onedoor.papers import pack, queries
from onedoor.papers import services as papers
from onedoor.papers.rules.kinds import Kind
from onedoor.papers.tests import given

pytestmark = pytest.mark.django_db

PERSONAL = ("木嘎", "532502199203", "0001）", "13800000001")


def signed_in(username):
    client = Client()
    person = Person.objects.get(username=username)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


# --- Verification ---------------------------------------------------------------------------------


def test_anybody_can_verify_a_paper_and_learns_nothing_about_a_person():
    paper = given.issue()

    answer = Client().get(f"/v/{paper.code}/")

    page = answer.content.decode()
    assert answer.status_code == 200
    for said in (paper.number, "准予决定书", "市监局", "确由本单位出具", paper.sm3, "未用印"):
        assert said in page, said
    assert [word for word in PERSONAL if word in page] == []
    assert paper.subject not in page
    # With "no-referrer" browsers send forms without their origin, and CSRF refuses them.
    assert answer["Referrer-Policy"] == "same-origin"


def test_an_unknown_code_is_not_called_a_forgery():
    answer = Client().get(f"/v/{'0' * 32}/")

    assert answer.status_code == 404
    assert "查不到不等于是假的" in answer.content.decode()


def test_a_record_that_no_longer_matches_is_not_called_genuine(monkeypatch):
    paper = given.issue()
    monkeypatch.setattr("onedoor.papers.record.digests", lambda paper, template: ("", ""))

    page = Client().get(f"/v/{paper.code}/").content.decode()

    assert "对不上" in page
    assert "确由本单位出具" not in page


def test_a_replaced_paper_names_the_one_that_replaced_it():
    paper = given.issue()
    later = given.issue(replaces=paper)

    page = Client().get(f"/v/{paper.code}/").content.decode()

    assert "已被替换" in page
    assert later.number in page


def test_the_61st_look_within_a_quarter_of_an_hour_waits():
    client, path = Client(), f"/v/{'0' * 32}/"
    for _ in range(60):
        client.get(path)

    assert client.get(path).status_code == 429


def test_a_pdf_can_be_compared_byte_for_byte():
    paper = given.issue()
    content = opened(papers.pdf_of(paper, at=given.FRIDAY).digest).read()

    def compare(data):
        upload = SimpleUploadedFile("x.pdf", data)
        return Client().post(f"/v/{paper.code}/", {"file": upload}).content.decode()

    assert "一个字节也没有改" in compare(content)
    assert "不一样" in compare(content + b" ")
    assert Client().post(f"/v/{paper.code}/").status_code == 422


def test_verifying_takes_few_statements():
    paper = given.issue()
    client = Client()
    client.get(f"/v/{paper.code}/")

    with CaptureQueriesContext(
        connection,
    ) as taken:
        client.get(f"/v/{paper.code}/")

    sent = [q["sql"] for q in taken if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(sent) <= 8, "\n".join(sent)


# --- Templates ------------------------------------------------------------------------------------

GRANT = "/paper-templates/grant/"


def test_an_editor_previews_and_saves_and_a_publisher_publishes():
    text = pack.template(Kind.GRANT) + "请妥善保管。\n"
    editor, publisher = signed_in("editor"), signed_in("publisher")

    preview = editor.post(GRANT, {"text": text})
    saved = editor.post(GRANT, {"text": text, "save": "1"})
    draft = queries.versions(Kind.GRANT)[0]
    published = publisher.post(f"{GRANT}publish/", {"seen": draft.digest})

    assert "请妥善保管" in preview.content.decode()
    assert (saved.status_code, published.status_code) == (302, 302)
    valid = {kind: row for kind, row, _ in queries.template_rows()}[Kind.GRANT]
    assert valid is not None
    assert "请妥善保管" in valid.text


def test_a_wrong_template_comes_back_with_its_line_and_its_text():
    text = pack.template(Kind.GRANT) + "{申请者}\n"

    answer = signed_in("editor").post(GRANT, {"text": text, "save": "1"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "没有“申请者”" in page
    assert "{申请者}" in page
    assert queries.versions(Kind.GRANT).count() == 1


def test_a_template_goes_out_as_a_file_and_comes_back_changed():
    editor = signed_in("editor")

    out = editor.get(f"{GRANT}file/")
    text = out.content.decode() + "请妥善保管。\n"
    changed = SimpleUploadedFile("准予决定书.txt", text.encode("utf-8-sig"))
    saved = editor.post(GRANT, {"text": "", "file": changed, "save": "1"})

    assert saved.status_code == 302
    assert "请妥善保管" in queries.versions(Kind.GRANT)[0].text
    first = editor.get(f"{GRANT}?version=1").content.decode()
    assert "请妥善保管" not in first
    assert editor.get(f"{GRANT}?version=9").status_code == 404


def test_a_template_is_previewed_as_the_pdf_it_will_be():
    text = pack.template(Kind.GRANT) + "请妥善保管。\n"

    answer = signed_in("editor").post(GRANT, {"text": text, "pdf": "1"})

    assert answer["Content-Type"] == "application/pdf"
    page = PdfReader(io.BytesIO(answer.content)).pages[0]
    assert "请妥善保管" in page.extract_text()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("准予".encode("gbk"), "UTF-8"),
        ((pack.template(Kind.GRANT) + "{申请者}\n").encode(), "没有“申请者”"),
        ((pack.template(Kind.GRANT) + "𠮷\n").encode(), "“𠮷”（U+20BB7）"),
        (b" \n", "请填写模板"),
    ],
)
def test_a_broken_template_file_is_refused_at_saving_with_the_reason(content, told):
    upload = SimpleUploadedFile("x.txt", content)

    answer = signed_in("editor").post(GRANT, {"text": "", "file": upload, "save": "1"})

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not queries.versions(Kind.GRANT).filter(state="draft").exists()


def test_the_list_of_templates_takes_one_statement_for_all():
    editor = signed_in("editor")
    editor.get("/paper-templates/")

    with CaptureQueriesContext(connection) as taken:
        page = editor.get("/paper-templates/").content.decode()

    assert all(kind.zh in page for kind in Kind)
    assert len([q for q in taken if "papers_template" in q["sql"]]) == 1


@pytest.mark.parametrize("path", ["/paper-templates/", GRANT])
def test_templates_are_for_those_who_word_them(path):
    assert signed_in("clerk").get(path).status_code == 403
    assert signed_in("editor").get("/paper-templates/nothing/").status_code == 404
