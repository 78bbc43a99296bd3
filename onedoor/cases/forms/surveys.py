"""What is typed about surveys and hearings."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from onedoor.cases import queries
from onedoor.cases.forms.fields import DateOf, SeenForm, SomebodyOf
from onedoor.cases.models import Case


class OrderSurveyForm(SeenForm):
    first = SomebodyOf(label=gettext_lazy("勘验人"))
    second = SomebodyOf(label=gettext_lazy("另一位勘验人"))
    planned_on = DateOf(label=gettext_lazy("哪天去"))
    place = forms.CharField(label=gettext_lazy("去哪里"), max_length=200)

    def offer(self, case: Case, *, on: date) -> None:
        able = queries.surveyors(case, on=on)
        self.offer_people("first", able)
        self.offer_people("second", able)
        self.fields["planned_on"].initial = queries.survey_due_on(case)


class RecordSurveyForm(SeenForm):
    surveyed_at = forms.DateTimeField(
        label=gettext_lazy("勘验时间（在现场的时间）"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    passed = forms.TypedChoiceField(
        label=gettext_lazy("勘验结论"),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    findings = forms.CharField(
        label=gettext_lazy("看到的情况"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("passed", [("yes", gettext("符合")), ("no", gettext("不符合"))])


class TellHearingForm(SeenForm):
    reason = forms.CharField(
        label=gettext_lazy("为什么可以听证"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AskHearingForm(SeenForm):
    asked_by = forms.CharField(label=gettext_lazy("谁申请听证"), max_length=100)


class CallHearingForm(SeenForm):
    held_at = forms.DateTimeField(
        label=gettext_lazy("听证时间"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    place = forms.CharField(label=gettext_lazy("听证地点"), max_length=200)
    chair = SomebodyOf(label=gettext_lazy("主持人（没有办过这一件的人）"))

    def offer(self, case: Case, *, on: date) -> None:
        self.offer_people("chair", queries.chairs(case, on=on))


class RecordHearingForm(SeenForm):
    attendants = forms.CharField(
        label=gettext_lazy("参加人（每行一位，像“申请人：张三”）"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    minutes = forms.CharField(
        label=gettext_lazy("听证笔录要点"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
