"""How findings are watched: requests, letters, the ladder, signatures, looks back, signals."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from onedoor.files.models import StoredFile
from onedoor.kernel.fields import EncryptedTextField, new_id
from onedoor.rectification.models.findings import Finding
from onedoor.rectification.rules.words import (
    Answer,
    Decision,
    Outcome,
    RecheckState,
    RecheckWay,
    Rung,
    SignalKind,
)


class Extension(models.Model):
    """A later deadline asked for (延期): who asked, why, and what was decided by whom."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="extensions")
    until = models.DateField()
    reason = models.TextField()
    asked_by = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    decision = models.CharField(max_length=10, default=Decision.WAITING.value)
    opinion = models.TextField(blank=True)
    decided_by = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["finding"],
                condition=Q(decision=Decision.WAITING.value),
                name="extension_one_waiting",
            ),
            models.CheckConstraint(
                condition=Q(decision__in=[d.value for d in Decision]),
                name="extension_decision_known",
            ),
            models.CheckConstraint(
                condition=Q(decided_by="") | ~Q(decided_by=F("asked_by")),
                name="extension_by_another",
            ),
        ]

    def __str__(self) -> str:
        return str(self.until)

    @property
    def standing(self) -> Decision:
        return Decision(self.decision)


class UpwardMatter(models.Model):
    """A letter to the upper body on what the county may not decide (上级事权), and its answer."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="upward")
    addressee = models.CharField(max_length=200)
    basis = models.CharField(max_length=300)
    request = models.TextField()
    sent_on = models.DateField()
    answer_due_on = models.DateField()
    pursued_count = models.PositiveSmallIntegerField(default=0)
    pursued_on = models.DateField(null=True)
    answer = models.CharField(max_length=12, default=Answer.WAITING.value)
    answer_text = models.TextField(blank=True)
    answered_on = models.DateField(null=True)
    answer_file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["finding", "addressee"],
                condition=Q(answer=Answer.WAITING.value),
                name="upward_one_open",
            ),
            models.CheckConstraint(
                condition=Q(answer__in=[a.value for a in Answer]), name="upward_answer_known"
            ),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True) | Q(answered_on__gte=F("sent_on")),
                name="upward_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.addressee

    @property
    def standing(self) -> Answer:
        return Answer(self.answer)


class Supervision(models.Model):
    """One rung of the ladder, taken (督办): what for, by when an answer, what it was."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="supervisions")
    rung = models.CharField(max_length=10)
    offset_days = models.IntegerField()
    deadline_on = models.DateField()
    taken_on = models.DateField()
    reply_due_on = models.DateField(null=True)
    issued_by = models.CharField(max_length=64, blank=True)
    reply = models.TextField(blank=True)
    replied_on = models.DateField(null=True)
    addressee = models.CharField(max_length=200, blank=True)
    """To whom it was transferred (受移送机关), and as what (线索类型)."""
    clue = models.CharField(max_length=100, blank=True)
    result = models.CharField(max_length=300, blank=True)
    """What came of it: of an urging, a talk, or as the body it was transferred to wrote back."""
    persons = models.PositiveSmallIntegerField(null=True)
    """So many people were held to account (处理、问责人数)."""
    concluded_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["finding", "deadline_on", "offset_days"], name="rung_once_per_deadline"
            ),
            models.CheckConstraint(
                condition=Q(result="", concluded_on__isnull=True)
                | (~Q(result="") & Q(concluded_on__isnull=False)),
                name="rung_result_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(rung__in=[r.value for r in Rung]), name="rung_known"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def what(self) -> Rung:
        return Rung(self.rung)


class Signature(models.Model):
    """Who recognised an outcome, and who confirmed it: two people for each round (双签)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="signatures")
    round = models.PositiveSmallIntegerField()
    place = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=20)
    signer = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "round", "place"], name="signed_once"),
            models.UniqueConstraint(fields=["finding", "round", "signer"], name="signed_by_two"),
            models.CheckConstraint(
                condition=Q(outcome__in=[o.value for o in Outcome]),
                name="signed_outcome_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round}.{self.place}"


class Recheck(models.Model):
    """A look back after closing (回头看)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="rechecks")
    due_on = models.DateField(db_index=True)
    months = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10)
    way = models.CharField(max_length=10, blank=True)
    conclusion = models.TextField(blank=True)
    done_on = models.DateField(null=True)
    done_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "due_on"], name="recheck_once"),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in RecheckState]), name="recheck_state_known"
            ),
            models.CheckConstraint(
                condition=Q(way__in=["", *(w.value for w in RecheckWay)]), name="recheck_way_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.due_on)

    @property
    def standing(self) -> RecheckState:
        return RecheckState(self.state)


class RuleLink(models.Model):
    """A rule of continuous auditing that must stay quiet (关联规则)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="rules")
    rule = models.CharField(max_length=40)
    window_days = models.PositiveSmallIntegerField()
    fired_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["finding", "rule"], name="rule_linked_once")]

    def __str__(self) -> str:
        return self.rule


class Suspicion(models.Model):
    """Something points to a fix on paper only (虚假整改信号), until somebody looked into it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="signals")
    kind = models.CharField(max_length=16)
    about = models.CharField(max_length=120)
    basis = models.CharField(max_length=300, blank=True)
    """Why the rule of the place asks, as it was when it noticed."""
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=64, blank=True)
    explanation = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "kind", "about"], name="signal_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in SignalKind]), name="signal_known"
            ),
        ]

    def __str__(self) -> str:
        return self.kind

    @property
    def what(self) -> SignalKind:
        return SignalKind(self.kind)

    @property
    def shown_about(self) -> str:
        """Return about what it is, where that says something to a reader."""
        return "" if self.what is SignalKind.DOUBTED else self.about


class Doubt(models.Model):
    """What somebody of the public says about a fix that was claimed (群众反映)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="doubts")
    text = EncryptedTextField(purpose="finding.doubt")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.at)
