"""What people type in the hall: what somebody comes for, and why a step is taken."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onedoor.catalogue.models import Item
from onedoor.hall import pack
from onedoor.hall.models import Group, Hall, Window, Zone
from onedoor.hall.rules.words import Channel, Outcome, Pause, Reason
from onedoor.hall.services import Wanted
from onedoor.kernel.forms import Form, words

PASSING = (
    Reason.OTHER_UNIT,
    Reason.WRONG_GROUP,
    Reason.SAME_VISIT,
    Reason.EQUIPMENT,
    Reason.LANGUAGE,
)
PICKING = (Reason.GREEN_NEED, Reason.FOLLOW_UP, Reason.URGENT, Reason.SAME_VISIT)
BACK = (Reason.MISTAKE, Reason.HANDED_BACK)
OUTCOMES = (Outcome.ACCEPTED, Outcome.PICKED_UP, Outcome.ADVISED, Outcome.OTHER)
MINUTES = (10, 15, 30, 45, 60)


class TakeForm(Form):
    """A number taken at the guide's desk: for what, whether somebody goes first, who it is."""

    group = forms.ChoiceField(label=_("办哪一类"), widget=forms.RadioSelect)
    special = forms.ChoiceField(label=_("要不要先办"), required=False, widget=forms.RadioSelect)
    phone = forms.CharField(
        label=_("手机号（选填）"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    id_number = forms.CharField(
        label=_("身份证号（选填，可以刷）"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("姓名（选填）"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, hall: Hall, item: Item | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item
        self.groups = {each.letter: each for each in hall.groups.select_related("hall", "zone")}
        rows = [(g.letter, f"{g.letter} {gettext(g.name)}") for g in self.groups.values()]
        self.choose("group", rows)
        listed = [(each.code, gettext(each.name)) for each in pack.policy().specials]
        self.choose("special", [("", gettext("不用")), *listed])
        self.initial.setdefault("special", "")

    def wanted(self) -> Wanted:
        """Return what was chosen as the service takes it."""
        given = self.cleaned_data
        return Wanted(
            self.groups[given["group"]],
            Channel.GUIDE,
            self.item,
            special=given["special"],
            name=given["name"],
            id_number=given["id_number"],
            phone=given["phone"],
        )


class PassForm(Form):
    """Where somebody is sent on to, why, and what the next window should know."""

    place = forms.ChoiceField(label=_("转到"))
    reason = forms.ChoiceField(label=_("为什么"), widget=forms.RadioSelect)
    note = forms.CharField(label=_("要交代的话（选填）"), max_length=200, required=False)

    def __init__(self, *args: Any, window: Window, **kwargs: Any) -> None:
        kwargs["auto_id"] = "pass_%s"
        super().__init__(*args, **kwargs)
        hall = window.hall
        self.groups = {g.letter: g for g in hall.groups.all()}
        self.windows = {str(w.number): w for w in hall.windows.all() if w.clerk_id}
        rows = [(g.letter, f"{g.letter} {gettext(g.name)}") for g in self.groups.values()]
        others = [
            (number, gettext("%(n)s 号窗口") % {"n": number})
            for number, each in self.windows.items()
            if each.pk != window.pk
        ]
        self.choose("place", [*rows, *others])
        self.choose("reason", words(PASSING))

    def told(self) -> dict[str, Any]:
        """Return what was chosen as the service takes it."""
        given = self.cleaned_data
        place = given["place"]
        where: dict[str, Group | Window] = (
            {"group": self.groups[place]}
            if place in self.groups
            else {"window": self.windows[place]}
        )
        return {**where, "reason": Reason(given["reason"]), "note": given["note"]}


class PauseForm(Form):
    """Why a window pauses, and for about how long."""

    reason = forms.ChoiceField(label=_("为什么"), widget=forms.RadioSelect)
    minutes = forms.ChoiceField(label=_("多久回来"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["auto_id"] = "pause_%s"
        super().__init__(*args, **kwargs)
        self.choose("reason", words(Pause))
        said = [(str(n), gettext("%(n)s 分钟") % {"n": n}) for n in MINUTES]
        self.choose("minutes", said)
        self.initial.setdefault("reason", Pause.BREAK.value)

    def told(self, at: datetime) -> dict[str, Any]:
        """Return what was chosen as the service takes it."""
        minutes = timedelta(minutes=int(self.cleaned_data["minutes"]))
        return {"reason": Pause(self.cleaned_data["reason"]), "back_at": at + minutes}


class PickForm(Form):
    """Somebody called out of turn, and why."""

    number = forms.CharField(label=_("号"), max_length=8)
    reason = forms.ChoiceField(label=_("为什么不按顺序"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["auto_id"] = "pick_%s"
        super().__init__(*args, **kwargs)
        self.choose("reason", words(PICKING))


class SkillsForm(Form):
    """What a window does from now on: its own groups, and those it helps out in."""

    window = forms.ChoiceField(label=_("哪个窗口"))
    main = forms.MultipleChoiceField(label=_("自己的业务"), widget=forms.CheckboxSelectMultiple)
    helping = forms.MultipleChoiceField(
        label=_("空的时候帮着办（选填）"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, hall: Hall, **kwargs: Any) -> None:
        kwargs["auto_id"] = "skills_%s"
        super().__init__(*args, **kwargs)
        windows = [
            (str(w.number), gettext("%(n)s 号窗口") % {"n": w.number}) for w in hall.windows.all()
        ]
        groups = [(g.letter, f"{g.letter} {gettext(g.name)}") for g in hall.groups.all()]
        self.choose("window", windows)
        self.choose("main", groups)
        self.choose("helping", groups)


class MessageForm(Form):
    """Words for the boards of one zone or of all; empty words take them down."""

    zone = forms.ChoiceField(label=_("哪里的屏"))
    text = forms.CharField(label=_("写什么（空着就撤下）"), max_length=40, required=False)

    def __init__(self, *args: Any, hall: Hall, **kwargs: Any) -> None:
        kwargs["auto_id"] = "say_%s"
        super().__init__(*args, **kwargs)
        self.listed = {each.code: each for each in hall.zones.select_related("hall")}
        zones = [(code, each.name) for code, each in self.listed.items()]
        self.choose("zone", [("", gettext("每块屏")), *zones])
        self.fields["zone"].required = False

    def zones(self) -> list[Zone]:
        """Return whose boards are meant."""
        chosen = self.cleaned_data["zone"]
        return [self.listed[chosen]] if chosen else list(self.listed.values())
