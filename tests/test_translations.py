"""The English catalogue is complete, current and says what the Chinese says."""

from __future__ import annotations

import pytest
from babel.messages.catalog import Message
from django.utils import translation

from onedoor.cases.rules.lifecycle import Status
from onedoor.kernel.errors import NotFound
from onedoor.kernel.sentences import sentence
from tools import messages


def test_every_text_has_an_english_sentence_and_the_files_are_current():
    assert messages.problems() == []


@pytest.mark.parametrize(
    ("text", "english", "fault"),
    [
        ("请填写%(label)s。", "", "not translated"),
        ("请填写%(label)s。", "Fill it in.", "lacks a placeholder of the text"),
        (
            "请填写。",
            "Fill in %(label)s.",
            "names a placeholder that the text does not have",
        ),
        ("请填写。", "请 fill in.", "still has Chinese in it"),
    ],
)
def test_a_bad_translation_is_found(text, english, fault):
    assert fault in list(messages.faults(Message(text, english)))


def test_terms_and_refusals_are_read_in_english():
    with translation.override("en"):
        assert translation.gettext(Status.ACCEPTED.zh) == "Accepted"
        refusal = NotFound("catalogue.no_item", "没有编码为 %(item)s 的事项。", item="7")
        assert sentence(refusal) == "There is no item with the code 7."
