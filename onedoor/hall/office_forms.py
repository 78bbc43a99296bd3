"""What the people of the hall write about appointments, hours and the roster."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onedoor.accounts.models import Person
from onedoor.accounts.rules import Role
from onedoor.hall.models import Hall
from onedoor.hall.rules.opening import Opening, Span, read_spans
from onedoor.kernel.forms import Form

SPANS = 5


class BookForm(Form):
    """An appointment for somebody who comes to the desk or calls."""

    group = forms.ChoiceField(label=_("办哪一类"))
    start = forms.DateTimeField(
        label=_("什么时间"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "step": 1800}),
        input_formats=["%Y-%m-%dT%H:%M"],
    )
    name = forms.CharField(label=_("怎么称呼"), max_length=50)
    phone = forms.CharField(
        label=_("电话"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )

    def __init__(self, *args: Any, hall: Hall, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("group", [(g.letter, g.name) for g in hall.groups.filter(is_open=True)])


class DeclineForm(Form):
    """Why an appointment cannot be."""

    reason = forms.CharField(label=_("为什么不能安排"), max_length=200)


class DayForm(Form):
    """The hours of a day that is not as usual; lines left empty are none, no line is closed."""

    group = forms.ChoiceField(label=_("哪一类业务"), required=False)
    reason = forms.CharField(label=_("为什么（公众看得到）"), max_length=100)
    spans = forms.CharField(
        label=_("开放时间"),
        required=False,
        help_text=_("一行一段，比如“09:00 12:00 正常”；都不写，就是这一天不开。"),
        widget=forms.Textarea(attrs={"rows": SPANS}),
    )

    def __init__(self, *args: Any, hall: Hall, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [(g.letter, g.name) for g in hall.groups.all()]
        self.choose("group", [("", gettext("整个大厅")), *groups])

    def read(self) -> tuple[Span, ...]:
        """Return the spans that were written, or refuse them."""
        return read_spans(_line(each) for each in self.cleaned_data["spans"].splitlines() if each)


def _line(text: str) -> tuple[str, str, str]:
    parts = [*text.replace("—", " ").replace("–", " ").replace("-", " ").split(), "", "", ""]
    known = {each.zh: each.value for each in Opening}
    return parts[0], parts[1], known.get(parts[2], parts[2] or Opening.NORMAL.value)


class DutyForm(Form):
    """Who is at which window from when to when."""

    window = forms.ChoiceField(label=_("窗口"))
    person = forms.ChoiceField(label=_("谁"))
    start = forms.TimeField(label=_("从"), widget=forms.TimeInput(attrs={"type": "time"}))
    end = forms.TimeField(label=_("到"), widget=forms.TimeInput(attrs={"type": "time"}))

    def __init__(self, *args: Any, hall: Hall, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("window", [(str(w.number), str(w.number)) for w in hall.windows.all()])
        self.choose("person", [(str(p.pk), p.name) for p in at_windows()])


def at_windows() -> list[Person]:
    """Return who may sit at a window."""
    roles = [Role.DESK.value, Role.ACCEPTOR.value, Role.ISSUER.value]
    rows = Person.objects.filter(role_holdings__role__in=roles).distinct()
    return list(rows.order_by("name"))
