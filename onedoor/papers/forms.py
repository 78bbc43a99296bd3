"""What people type about papers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onedoor.kernel.errors import Refusal
from onedoor.kernel.forms import Form
from onedoor.kernel.sentences import sentence
from onedoor.papers import services as papers
from onedoor.papers.rules.kinds import Kind
from onedoor.papers.rules.template import LONGEST

LARGEST = 4 * LONGEST
"""Bytes of a template file: so many the longest may have."""


class CompareForm(Form):
    """A PDF to compare with the one that was kept."""

    file = forms.FileField(
        label=_("PDF 文件"), error_messages={"required": _("请选择一个 PDF 文件。")}
    )


class TemplateForm(Form):
    """How a kind of paper is worded, typed or as a file; wrong where the rules refuse it."""

    text = forms.CharField(
        label=_("模板"),
        max_length=LONGEST,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 26, "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("或者选一个改好的模板文件"),
        required=False,
        help_text=_("文本文件，UTF-8 编码。选了文件，就用文件里的字。"),
    )

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind

    def clean_file(self) -> str:
        """Return what the file says, empty without one."""
        file = self.cleaned_data["file"]
        if file is None:
            return ""
        try:
            text = file.read(LARGEST + 1).decode("utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError(
                gettext("这个文件不是 UTF-8 编码的文本。请用记事本另存为 UTF-8，再选。")
            ) from None
        return str(text.replace("\r\n", "\n"))

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data.get("file") or self.cleaned_data.get("text") or ""
        if "file" in self.errors:
            return self.cleaned_data
        if not given.strip():
            self.add_error("text", gettext("请填写模板。"))
            return self.cleaned_data
        try:
            papers.check_template(self.kind, given)
        except Refusal as refusal:
            self.add_error("text", sentence(refusal))
        # What a file said is shown for typing, with the line a refusal names.
        self.data = {"text": given}
        return self.cleaned_data | {"text": given}


class PublishForm(Form):
    """The draft as it was seen."""

    seen = forms.CharField(max_length=71)
