"""Whatever goes wrong at the API's door is a problem document, in the language asked for."""

import json

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from onedoor.kernel.middleware import RefusalMiddleware
from onedoor.kernel.web import bad_request, failed

pytestmark = pytest.mark.django_db

TOKEN = {"Authorization": "Bearer token-clerk", "Idempotency-Key": "k"}
FILES = "/api/v1/cases/53250200220260306000010/materials/1/files"


def ask(method, path, body=b"", content_type="application/json", **headers):
    return Client().generic(method, path, body, content_type, headers=TOKEN | headers)


WRONG = {
    "method": (("PUT", "/api/v1/cases"), 405, "request.wrong_method"),
    "method, unasked for": (("GET", "/api/v1/cases/1/accept"), 405, "request.wrong_method"),
    "path": (("GET", "/api/v1/nothing"), 404, "page.not_found"),
    "path, sent to": (("POST", "/api/v1/nothing", b"{}"), 404, "page.not_found"),
    "slash": (("GET", "/api/v1/cases/"), 404, "page.not_found"),
    "control characters": (("GET", "/api/v1/cases?unit=%00"), 422, "request.control_characters"),
    "text for JSON": (("POST", "/api/v1/cases", b"{}", "text/plain"), 415, "request.wrong_type"),
    "no type": (("POST", "/api/v1/cases", b"{}", ""), 415, "request.wrong_type"),
    "JSON for a file": (("POST", FILES, b"{}"), 415, "request.wrong_type"),
    "no JSON": (("POST", "/api/v1/cases", b"{"), 400, "request.not_json"),
    "nested without end": (("POST", "/api/v1/cases", b"[" * 100_000), 400, "request.not_json"),
    "GBK": (("POST", "/api/v1/cases", "中".encode("gbk")), 400, "request.not_json"),
    "broken multipart": (("POST", FILES, b"x", "multipart/form-data"), 400, "request.not_read"),
    "wrong shape": (("POST", "/api/v1/cases", b"[]"), 422, "request.not_valid"),
    "too much": (
        ("POST", "/api/v1/cases", b" " * (2 * 1024 * 1024 + 1)),
        413,
        "request.too_large",
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_request_is_answered_with_a_problem_document(wrong):
    request, status, code = WRONG[wrong]

    answer = ask(*request)

    told = answer.json()
    assert (answer.status_code, told["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"
    assert (told["status"], told["type"]) == (status, f"urn:onedoor:problem:{code}")


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_request_is_answered_in_the_language_asked_for(wrong):
    told = ask(*WRONG[wrong][0], **{"Accept-Language": "en"}).json()

    assert told["title"].isascii()
    assert told["detail"].isascii()
    assert all(error["message"].isascii() for error in told.get("errors", []))


def test_a_wrong_method_is_told_which_ones_there_are():
    answer = ask("PUT", "/api/v1/cases")

    assert answer["Allow"] == "GET, POST"
    assert answer.json()["data"] == {"method": "PUT", "allowed": "GET, POST"}


def test_a_page_opened_in_the_wrong_way_says_so_in_words():
    answer = Client().get(reverse("accounts:logout"))

    assert (answer.status_code, answer["Allow"]) == (405, "OPTIONS, POST")
    assert "只收 OPTIONS, POST" in answer.content.decode()


def test_what_is_wrong_with_each_member_is_told_by_name_kind_and_sentence():
    body = json.dumps({"item": 7, "applicant": {}, "materials": "x", "more": 1}).encode()

    errors = ask("POST", "/api/v1/cases", body).json()["errors"]

    told = {error["field"]: (error["kind"], error["message"]) for error in errors}
    assert told["data.item"] == ("string_type", "应是文字。")
    assert told["data.applicant.name"] == ("missing", "缺这一项。")
    assert told["data.materials"] == ("list_type", "应是列表。")
    assert told["data.more"] == ("extra_forbidden", "没有这一项，请去掉。")


@pytest.mark.parametrize("debug", [True, False])
def test_a_refusal_is_the_same_whether_debugging_or_not(settings, debug):
    settings.DEBUG = debug

    answer = ask("GET", "/api/v1/cases/53250200220260306000010")

    assert (answer.status_code, answer.json()["code"]) == (404, "case.not_found")


def test_a_bug_is_answered_with_a_number_and_nothing_of_the_inside(settings, caplog):
    settings.TESTING = False
    request = RequestFactory().get("/api/v1/cases")
    door = RefusalMiddleware(lambda request: HttpResponse())

    answer = door.process_exception(request, ZeroDivisionError("the inside"))

    assert answer is not None
    told = json.loads(answer.content)
    assert (answer.status_code, told["code"]) == (500, "server.error")
    assert answer["Content-Type"] == "application/problem+json"
    assert told["data"]["incident"] in caplog.text
    assert "inside" not in answer.content.decode()


def test_an_error_before_any_door_of_ours_is_a_problem_document_too():
    request = RequestFactory().get("/api/v1/cases")

    for answer, status in ((bad_request(request), 400), (failed(request), 500)):
        assert answer.status_code == status
        assert json.loads(answer.content)["status"] == status


def test_the_description_says_that_every_operation_may_answer_a_problem():
    schema = Client().get("/api/v1/openapi.json").json()

    for path, operations in schema["paths"].items():
        for operation in operations.values():
            content = operation["responses"]["default"]["content"]
            assert list(content) == ["application/problem+json"], path
    assert "code" in schema["components"]["schemas"]["Problem"]["required"]
