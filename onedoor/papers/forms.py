"""What people type about papers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from onedoor.kernel.errors import NotValid
from onedoor.kernel.forms import Form
from onedoor.kernel.web import sentence
from onedoor.papers import queries
from onedoor.papers.rules import checking
from onedoor.papers.rules.kinds import Kind
from onedoor.papers.rules.template import LONGEST


class CompareForm(Form):
    """A PDF to compare with the one that was kept."""

    file = forms.FileField(
        label=_("PDF 文件"), error_messages={"required": _("请选择一个 PDF 文件。")}
    )


class TemplateForm(Form):
    """How a kind of paper is worded; wrong where the rules refuse it, with their sentence."""

    text = forms.CharField(
        label=_("模板"),
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 26, "spellcheck": "false"}),
        error_messages={"required": _("请填写模板。")},
    )

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        try:
            checking.check(text, queries.elements_of(self.kind))
        except NotValid as refusal:
            raise forms.ValidationError(sentence(refusal)) from None
        return text


class PublishForm(Form):
    """The draft as it was seen."""

    seen = forms.CharField(max_length=71)
