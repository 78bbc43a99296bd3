"""Fields and bases that the forms of several steps share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django import forms

from onedoor.accounts.models import Person
from onedoor.cases.models import Case
from onedoor.kernel.forms import Form


class Listed(NamedTuple):
    """A material to be judged: its place in the list, what is asked for, what to check."""

    order: int
    name: str
    is_required: bool
    originals: int
    copies: int
    standard: str
    problem: str = ""
    demand: str = ""
    before: object = None
    """Where the applicant handed the same material in before, if anywhere."""


class SeenForm(Form):
    """The version of the case the page showed; the base of every step taken from a page."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def given(self) -> dict[str, Any]:
        """Return what the service is told, beside who, when and the version seen."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    def offer(self, case: Case, *, on: date) -> None:
        """Let what can be chosen be what the case allows; most steps ask for no choice."""

    def offer_people(self, name: str, people: Sequence[Person]) -> None:
        field = self.fields[name]
        assert isinstance(field, SomebodyOf)
        field.queryset = Person.objects.filter(pk__in=[p.pk for p in people]).order_by("name")


class DateOf(forms.DateField):
    """A day picked from the browser's calendar."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, **kwargs)


class SomebodyOf(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic only in the stubs
    """One of the people offered; whether they may is decided by the service."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Person.objects.filter(is_active=True), **kwargs)
