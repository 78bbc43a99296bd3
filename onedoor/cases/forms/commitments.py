"""What is typed about a commitment: taking it, checking it, objecting to what was found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from onedoor.cases.forms.fields import SeenForm
from onedoor.cases.models import CaseMaterial


class CommitForm(SeenForm):
    orders = forms.MultipleChoiceField(
        label=gettext_lazy("用承诺代替哪几份"), widget=forms.CheckboxSelectMultiple, required=False
    )
    identity_checked = forms.BooleanField(
        label=gettext_lazy("我已核对申请人的证件，他看过告知的内容和责任，愿意签承诺书"),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:  # whether they may be chosen is decided by the service
            sent = self.data.getlist("orders")  # type: ignore[attr-defined]  # a QueryDict
            self.fields["orders"].choices = [(o, o) for o in sent if o.isdigit()]  # type: ignore[attr-defined]  # ChoiceField

    def offer(self, rows: Sequence[CaseMaterial]) -> None:
        """Offer the materials a commitment may stand for."""
        self.fields["orders"].choices = [(str(r.order), r.material.name) for r in rows]  # type: ignore[attr-defined]  # ChoiceField

    def given(self) -> dict[str, Any]:
        given = super().given()
        return given | {"orders": [int(order) for order in given["orders"]]}
