"""Fields and bases that the forms of several steps share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext

from onedoor.accounts.models import Person
from onedoor.kernel.forms import Form
from onedoor.kernel.terms import Term


def words(terms: type[Term]) -> list[tuple[str, str]]:
    """Return a term's members as choices in the reader's language."""
    return [(term.value, gettext(term.zh)) for term in terms]


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


class DateOf(forms.DateField):
    """A day picked from the browser's calendar."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, **kwargs)


class SomebodyOf(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic only in the stubs
    """One of the people offered; whether they may is decided by the service."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Person.objects.filter(is_active=True), **kwargs)

    def offer(self, people: Sequence[Person]) -> None:
        self.queryset = Person.objects.filter(pk__in=[p.pk for p in people]).order_by("name")
