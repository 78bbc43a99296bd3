"""What people write: a rating, a matter, and a step about either."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onedoor.cases.models import Case
from onedoor.feedback import matters as matter_queries
from onedoor.feedback import pack
from onedoor.feedback.rules import matters as matter_steps
from onedoor.feedback.rules.lifecycle import LIFECYCLE, Action, Need
from onedoor.feedback.rules.matters import Action as MatterAction
from onedoor.feedback.rules.matters import Kind, Outcome, Source
from onedoor.feedback.rules.matters import Need as MatterNeed
from onedoor.feedback.rules.words import Level, Way
from onedoor.feedback.services import Move, Said, Sent, matters
from onedoor.kernel.forms import Form, words


class RateForm(Form):
    """Five levels in words, then the phrases of each; the words and the number may stay empty."""

    level = forms.ChoiceField(
        label=_("您觉得怎么样"),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一个等级。")},
    )
    indicators = forms.MultipleChoiceField(required=False)
    text = forms.CharField(
        label=_("还想说什么（可以不写）"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    phone = forms.CharField(
        label=_("回电话打哪个号码（不写就打申请时留的）"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )

    def __init__(self, *args: Any, is_visit: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_visit:
            self.fields["phone"].label = _("回电话打哪个号码（不写就没法打给您）")
        self.choose("level", words(Level))
        phrases = pack.phrases().values()
        self.choose("indicators", [told for listed in phrases for told in listed.items()])


class StepForm(Form):
    """One step about a bad rating; its fields are those the table asks for."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    way = forms.ChoiceField(label=_("怎么联系的"), widget=forms.RadioSelect)
    level = forms.ChoiceField(
        label=_("评价人现在怎么说（没有联系上就不选）"), required=False, widget=forms.RadioSelect
    )
    is_complex = forms.BooleanField(label=_("情况复杂，按复杂的期限办"), required=False)
    text = forms.CharField(
        label=_("情况"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        kwargs["auto_id"] = f"{action.value}_%s"
        super().__init__(*args, **kwargs)
        needs = next(s.needs for s in LIFECYCLE if s.action is action)
        if Need.CONTACT in needs:
            self.choose("way", words(Way))
        else:
            del self.fields["way"]
        if Need.LEVEL in needs:
            self.choose("level", words(Level))
        else:
            del self.fields["level"]
        if action is not Action.MEND:
            del self.fields["is_complex"]
        if Need.TEXT not in needs:
            del self.fields["text"]

    def said(self) -> Said:
        """Return what was written as the service takes it."""
        given = self.cleaned_data
        return Said(
            text=given.get("text", ""),
            way=Way(given["way"]) if given.get("way") else None,
            level=Level(given["level"]) if given.get("level") else None,
            is_complex=given.get("is_complex", False),
        )


class SendForm(Form):
    """What somebody sends: the kind, what happened, and, if they like, where and who."""

    kind = forms.ChoiceField(label=_("您要说的是"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("发生了什么"),
        max_length=matters.TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("要办什么事、去了几次、被怎么答复的。不用写身份证号。"),
    )
    place = forms.CharField(
        label=_("在哪个窗口或单位（选填）"), max_length=matters.WORDS, required=False
    )
    phone = forms.CharField(
        label=_("回您电话打哪个号码（选填）"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    name = forms.CharField(
        label=_("怎么称呼您（选填）"),
        max_length=matters.NAME,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    photo = forms.FileField(
        label=_("照片（选填）：窗口给您的纸，或者当时的情况"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*,.pdf"}),
    )

    def __init__(self, *args: Any, kinds: Sequence[Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("kind", words(kinds))
        if not any(each.is_complaint for each in kinds):
            text: Any = self.fields["text"]
            text.label, text.help_text = _("您想问什么，或者想说什么"), _("不用写身份证号。")

    def sent(self, *, case: Case | None = None, source: Source = Source.WEB) -> Sent:
        """Return what was written as the service takes it; the photo is kept apart."""
        given = self.cleaned_data
        return Sent(
            Kind(given["kind"]),
            given["text"],
            source,
            given["place"],
            given["name"],
            given["phone"],
            case,
        )


class NoteForm(SendForm):
    """What somebody says at a window or on the telephone, as the desk writes it down."""

    source = forms.ChoiceField(label=_("怎么反映的"), widget=forms.RadioSelect)
    field_order = ("source", "kind", "text", "place", "phone", "name", "photo")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("source", words(s for s in Source if s is not Source.WEB))


class MoveForm(Form):
    """One step about a matter; its fields are those the table asks for."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    unit = forms.ChoiceField(label=_("转给哪个单位"))
    outcome = forms.ChoiceField(label=_("办理结果"), widget=forms.RadioSelect)
    way = forms.ChoiceField(label=_("怎么回访的"), required=False, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("情况"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, action: MatterAction, **kwargs: Any) -> None:
        kwargs["auto_id"] = f"{action.value}_%s"
        super().__init__(*args, **kwargs)
        needs = next(s.needs for s in matter_steps.LIFECYCLE if s.action is action)
        among: dict[str, tuple[MatterNeed, Callable[[], list[tuple[str, str]]]]] = {
            "unit": (MatterNeed.UNIT, _units),
            "outcome": (MatterNeed.OUTCOME, partial(words, Outcome)),
            "way": (MatterNeed.CONTACT, partial(words, Way)),
        }
        for name, (need, choices) in among.items():
            if need in needs:
                self.choose(name, choices())
            else:
                del self.fields[name]
        text = self.fields["text"]
        text.required = MatterNeed.TEXT in needs
        if action is MatterAction.ANSWER:
            text.label = _("给反映人的答复")
            text.help_text = _("反映的人看得到。依法不能办的，写明依据和可以怎么办。")

    def said(self) -> Move:
        """Return what was written as the service takes it."""
        given = self.cleaned_data
        return Move(
            text=given["text"],
            unit=matter_queries.unit_with(given.get("unit", "")),
            outcome=Outcome(given["outcome"]) if given.get("outcome") else None,
            way=Way(given["way"]) if given.get("way") else None,
        )


def _units() -> list[tuple[str, str]]:
    units = matter_queries.units_to_answer().values_list("code", "name")
    return [("", gettext("请选择")), *units]


class ReopenForm(Form):
    """Why it is not solved, in the words of whoever sent it."""

    text = forms.CharField(
        label=_("还有什么没有解决"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
