"""What people type about an application sent online: who applies, and what a pre-check says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext, gettext_lazy

from onedoor.cases.forms import ApplicantForm
from onedoor.cases.inputs import WHOSE, ApplicantData, Demand, Handed
from onedoor.cases.models import CaseMaterial
from onedoor.cases.rules.words import ApplicantKind, Channel, IdType, MaterialState
from onedoor.catalogue.rules.commitments import Commitment
from onedoor.citizens.mandates import Owner
from onedoor.citizens.models import Citizen, Mandate
from onedoor.kernel.forms import Form, words


class AboutYouForm(ApplicantForm):
    """Who applies, typed by themselves; somebody looks at the document when it is received."""

    identity_checked = None  # type: ignore[assignment]  # Django's way to leave a field out

    def __init__(
        self, *args: Any, who: Owner | None = None, phone: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.who = who if who is not None and who.is_verified else None
        self.fields["kind"].initial = ApplicantKind.PERSON.value
        self.fields["id_type"].initial = IdType.CITIZEN_ID.value
        self.fields["phone"].initial = str(who.phone) if who is not None else ""
        if phone:
            self.fields["phone"].initial = phone
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["phone"].widget.attrs["autocomplete"] = "tel"
        self.fields["phone"].help_text = gettext("材料要改、办好了，都打这个电话告诉您。")
        self.fields["agent"].label = gettext("替别人办的，写您自己的姓名（选填）")
        for name in self._known():
            del self.fields[name]

    def _known(self) -> dict[str, str]:
        """Return what the account says, which nobody is asked again."""
        if self.who is None:
            return {}
        kind = WHOSE.get(IdType(self.who.id_type), ApplicantKind.PERSON)
        known = {
            "kind": kind.value,
            "name": str(self.who.name),
            "id_type": self.who.id_type,
            "id_number": str(self.who.id_number),
            "agent": str(self.who.agent_name) if isinstance(self.who, Mandate) else "",
        }
        return known | ({"phone": str(self.who.phone)} if self.who.phone else {})

    def data_given(self) -> ApplicantData:
        """Return the applicant: what the account says, and what was typed."""
        self.cleaned_data = {**self.cleaned_data, **self._known()}
        return super().data_given()

    def fill_in(self, who: Citizen | None) -> None:
        """Let whoever signed in find there what is known: the name of who applies for others, or
        the telephone of an account that has nothing else."""
        if who is None or "agent" not in self.fields:
            return
        known = {"agent": str(who.name), "phone": "" if who.is_verified else str(who.phone)}
        typed = {name: self.initial.get(name) or text for name, text in known.items()}
        self.initial = {**self.initial, **typed}

    def typed(self) -> dict[str, str]:
        """Return what was typed, right or wrong, so that it can be kept."""
        return {name: str(self.data.get(name, "")) for name in self.fields}


class SendForm(Form):
    """The applicant answers for what is sent (许可法31)."""

    is_true = forms.BooleanField(
        label=gettext_lazy("我填的内容和交的材料都是真的，我对此负责"),
        error_messages={"required": gettext_lazy("请看过以后勾选这一项，再提交。")},
    )

    def __init__(self, *args: Any, told: Iterable[Commitment] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.told = list(told)
        for place, one in enumerate(self.told, start=1):
            self.fields[f"commit_{place}"] = forms.BooleanField(
                label=gettext("我看过“%(matter)s”的告知，符合条件，愿意承诺并接受核查")
                % {"matter": one.matter},
                error_messages={
                    "required": gettext("请逐条看完并勾选承诺，或改走“提交全部材料”。")
                },
            )

    def commitments(self) -> list[tuple[Commitment, Any]]:
        """Return what is vouched for, each with the box its owner ticks."""
        return [(one, self[f"commit_{n}"]) for n, one in enumerate(self.told, start=1)]


class MaterialRow(NamedTuple):
    """A material on the applicant's page: what is asked, what is there, what went wrong."""

    order: int
    name: str
    standard: str
    is_required: bool
    may_bring: bool
    must_bring: bool
    is_brought: bool
    files: list[Any]
    channel: Channel
    errors: list[str]
    demand: str = ""
    commitment: Commitment | None = None
    """What may be vouched for instead of it."""
    is_committed: bool = False
    held: Any = None
    """The file this person handed in for such a material before, if it may be used again."""


class PrecheckForm(Form):
    """Each material 齐, 缺 or 不合格, and in words what to mend."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    identity_checked = forms.BooleanField(
        label=gettext_lazy("我看过证件的照片或原件，和填的一致"), required=False
    )

    def __init__(self, *args: Any, rows: Iterable[CaseMaterial], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = list(rows)
        self.committed = [row for row in listed if row.promised]
        self.materials = [row for row in listed if not row.promised]
        for row in self.materials:
            self.fields[f"state_{row.order}"] = forms.ChoiceField(
                label=row.material.name,
                choices=words(MaterialState),
                widget=forms.RadioSelect,
                required=False,
            )
            self.fields[f"demand_{row.order}"] = forms.CharField(
                label=gettext("要怎么改（退回时写）"),
                max_length=500,
                required=False,
                widget=forms.TextInput(attrs={"list": "phrases"}),
            )

    def rows(self) -> list[tuple[CaseMaterial, Any, Any]]:
        return [(r, self[f"state_{r.order}"], self[f"demand_{r.order}"]) for r in self.materials]

    def may_receive(self) -> bool:
        """Say at the fields what receiving still lacks."""
        for row in self.materials:
            if not self.cleaned_data.get(f"state_{row.order}"):
                text = gettext("请判断“%(name)s”：齐、缺还是不合格。") % {"name": row.material.name}
                self.add_error(f"state_{row.order}", text)
        if not self.cleaned_data["identity_checked"]:
            self.add_error("identity_checked", gettext("请先核对证件，再勾选。"))
        return not self.errors

    def may_return(self) -> bool:
        """Say at the fields what sending back still lacks: something to mend, in words."""
        judged = self._judged()
        if all(state is MaterialState.OK for state in judged.values()):
            self.add_error(None, gettext("退回修改要至少有一份材料判断为“缺”或“不合格”。"))
        for row in self.materials:
            is_wrong = judged.get(row.order, MaterialState.OK) is not MaterialState.OK
            said = self.cleaned_data.get(f"demand_{row.order}") or row.material.standard.strip()
            if is_wrong and not said:
                self.add_error(f"demand_{row.order}", gettext("请写明这一份要怎么改。"))
        return not self.errors

    def _judged(self) -> Mapping[int, MaterialState]:
        given = ((r.order, self.cleaned_data.get(f"state_{r.order}")) for r in self.materials)
        return {order: MaterialState(state) for order, state in given if state}

    def handed(self) -> list[Handed]:
        """Return the materials as judged; of what was brought, as many papers as are asked for.

        What was vouched for is not there, and need not be.
        """
        found = [Handed(row.order, MaterialState.MISSING) for row in self.committed]
        for row in self.materials:
            state = MaterialState(self.cleaned_data[f"state_{row.order}"])
            is_paper = row.comes_by is Channel.BRING and state is not MaterialState.MISSING
            asked = (row.material.originals, row.material.copies) if is_paper else (0, 0)
            found.append(Handed(row.order, state, *asked))
        return found

    def demands(self) -> list[Demand]:
        return [
            Demand(order, state, self.cleaned_data[f"demand_{order}"])
            for order, state in self._judged().items()
            if state is not MaterialState.OK
        ]
