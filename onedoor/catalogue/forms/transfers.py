"""A transfer list handed in as a file."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from onedoor.kernel.forms import Form


class TransferFileForm(Form):
    """The list as an office keeps it: CSV or XLSX, one item a row."""

    file = forms.FileField(
        label=gettext_lazy("清单文件（CSV 或 XLSX）"),
        help_text=gettext_lazy(
            "一行一个事项：批次、划转依据、生效日期、承接机关、事项编码、原部门、保留职责、联络人。"
        ),
    )
