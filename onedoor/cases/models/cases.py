"""The case itself: one row, its state, dates and place in the ledger."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from onedoor.accounts.models import Organisation
from onedoor.cases.models.applicants import Applicant
from onedoor.cases.rules.clock import Extension
from onedoor.cases.rules.lifecycle import OPEN, WAITING_ONLINE, Outcome, Status
from onedoor.catalogue.models import Item, ItemVersion
from onedoor.kernel.fields import new_id
from onedoor.ledger.rules.chain import Link

PROMISING = [s.value for s in (Status.ACCEPTED, Status.IN_REVIEW, Status.SPECIAL)]
"""States in which a promised material may still be awaited."""


NO_DATE = date(9999, 12, 31)
"""What ``urgent_on`` holds while no clock runs."""


class Case(models.Model):
    """One application (办件). ``version`` and ``head`` are where its ledger chain stands."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # Unique by constraint: unique=True would add a second index, for patterns nobody asks.
    number = models.CharField(max_length=23)
    alias = models.CharField(max_length=8)
    track_digest = models.CharField(max_length=64)
    code_key = models.PositiveSmallIntegerField()

    item = models.ForeignKey(Item, models.PROTECT, related_name="cases", db_index=False)
    # Indexed: due dates are computed again version by version.
    item_version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="cases")
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="cases", db_index=False)
    # The department whose power went over (划转) before it was received: then the bureau decides,
    # with the one seal.
    former_unit = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", db_index=False
    )
    # One person, all the cases of a joint application.
    applicant = models.ForeignKey(Applicant, models.PROTECT, related_name="cases")

    status = models.CharField(max_length=20)
    # Kept by the database itself. SQLite uses an index of open cases only where the question
    # has the very words of its condition, and states are bound to a question as values.
    is_open = models.GeneratedField(
        expression=models.ExpressionWrapper(
            Q(status__in=[s.value for s in OPEN]), output_field=models.BooleanField()
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    outcome = models.CharField(max_length=10, default=Outcome.NONE.value)
    version = models.PositiveIntegerField()
    head = models.CharField(max_length=71)
    moved_at = models.DateTimeField()

    submitted_at = models.DateTimeField(null=True)
    prechecked_at = models.DateTimeField(null=True)
    received_by = models.CharField(max_length=64, blank=True)
    received_at = models.DateTimeField(null=True)
    # When it really came, where it was entered afterwards (补录): the receipt clock runs from it.
    brought_at = models.DateTimeField(null=True)
    # How long the same facts were typed again into systems of upper bodies (重复录入), in minutes.
    retyped_minutes = models.PositiveSmallIntegerField(default=0)
    complete_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    is_deemed = models.BooleanField(default=False)
    tolerated_at = models.DateTimeField(null=True)
    supplemented_at = models.DateTimeField(null=True)
    noticed_at = models.DateTimeField(null=True)
    visit_count = models.PositiveSmallIntegerField(default=0)
    visited_on = models.DateField(null=True)
    own_words = models.CharField(max_length=10, blank=True)
    notice_count = models.PositiveSmallIntegerField(default=0)
    reviewed_at = models.DateTimeField(null=True)
    forwarded_at = models.DateTimeField(null=True)
    replied_on = models.DateField(null=True)
    decided_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # When its file was disposed of, and with it what it knew of a person.
    erased_at = models.DateTimeField(null=True)
    renews = models.ForeignKey(
        "Licence", models.PROTECT, null=True, related_name="renewals", db_index=False
    )
    is_renewed_by_silence = models.BooleanField(default=False)
    extended_days = models.PositiveSmallIntegerField(default=0)
    extended_on = models.DateField(null=True)
    special_late_on = models.DateField(null=True)

    precheck_due_on = models.DateField(null=True)
    resubmit_due_on = models.DateField(null=True)
    receipt_due_on = models.DateField(null=True)
    correction_due_on = models.DateField(null=True)
    correction_days = models.PositiveSmallIntegerField(null=True)
    statutory_due_on = models.DateField(null=True)
    promised_due_on = models.DateField(null=True)
    # By when the guide's own steps have the first opinion written (环节时限).
    review_due_on = models.DateField(null=True)
    special_due_on = models.DateField(null=True)
    upper_due_on = models.DateField(null=True)
    supplement_due_on = models.DateField(null=True)
    # By how many working days the head put that off (不可抗力).
    supplement_put_off = models.PositiveSmallIntegerField(default=0)
    delivery_due_on = models.DateField(null=True)
    # From when to when its paper is announced (公告送达); on the last day it counts as served.
    announced_on = models.DateField(null=True)
    notice_due_on = models.DateField(null=True)
    due_provisional = models.BooleanField(default=False)
    urgent_on = models.DateField()

    class Meta:
        indexes = [
            models.Index(
                fields=["former_unit", "received_at"],
                condition=Q(former_unit__isnull=False),
                name="cases_under_the_one_seal",
            ),
            models.Index(
                fields=["unit", "urgent_on", "number"],
                condition=Q(is_open=True),
                name="cases_open_by_urgency",
            ),
            models.Index(
                fields=["urgent_on", "number"],
                condition=Q(is_open=True),
                name="cases_open_in_all_units",
            ),
            models.Index(
                fields=["status", "urgent_on", "number"],
                condition=Q(is_open=True),
                name="cases_open_by_state",
            ),
            models.Index(
                fields=["unit", "submitted_at", "number"],
                condition=Q(is_open=True, received_at__isnull=True),
                name="cases_waiting_for_precheck",
            ),
            models.Index(
                fields=["renews"],
                condition=Q(is_open=True, renews__isnull=False),
                name="cases_open_renewals",
            ),
            models.Index(fields=["received_by", "received_at"], name="cases_by_receiver"),
            models.Index(
                fields=["announced_on"],
                condition=Q(is_open=True, announced_on__isnull=False),
                name="cases_announced",
            ),
            models.Index(
                fields=["supplement_due_on"],
                condition=Q(
                    is_open=True, supplement_due_on__isnull=False, supplemented_at__isnull=True
                ),
                name="cases_waiting_for_supplement",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(announced_on__isnull=True, notice_due_on__isnull=True)
                | Q(announced_on__isnull=False, notice_due_on__isnull=False),
                name="case_announced_until_a_day",
            ),
            models.UniqueConstraint(fields=["number"], name="case_number_unique"),
            models.UniqueConstraint(fields=["alias"], name="case_alias_unique"),
            models.UniqueConstraint(fields=["track_digest"], name="case_track_digest_unique"),
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in Status if s is not Status.NEW]),
                name="case_status_known",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=[o.value for o in Outcome]), name="case_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    received_at__isnull=False,
                    complete_at__isnull=False,
                    receipt_due_on__isnull=False,
                )
                | Q(
                    status__in=[*(s.value for s in WAITING_ONLINE), Status.WITHDRAWN.value],
                    received_at__isnull=True,
                    submitted_at__isnull=False,
                ),
                name="case_received_or_submitted",
            ),
            models.CheckConstraint(
                condition=Q(brought_at__isnull=True)
                | Q(received_at__isnull=False, brought_at__lt=models.F("received_at")),
                name="case_brought_before_entered",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.DECIDED_YES.value) | Q(outcome=Outcome.GRANTED.value),
                name="case_granted_is_granted",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.DECIDED_NO.value) | Q(outcome=Outcome.REFUSED.value),
                name="case_refused_is_refused",
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.NONE.value) | Q(decided_at__isnull=False),
                name="case_outcome_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(extended_days=0, extended_on__isnull=True)
                | Q(extended_days__gt=0, extended_on__isnull=False),
                name="case_extension_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.SPECIAL.value, special_due_on__isnull=False)
                | ~Q(status=Status.SPECIAL.value) & Q(special_due_on__isnull=True),
                name="case_special_is_planned",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.FORWARDED.value)
                | Q(forwarded_at__isnull=False, upper_due_on__isnull=False),
                name="case_forwarded_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(tolerated_at__isnull=True, supplement_due_on__isnull=True)
                | Q(tolerated_at__isnull=False, supplement_due_on__isnull=False),
                name="case_tolerated_until_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def state(self) -> Status:
        return Status(self.status)

    @property
    def result(self) -> Outcome:
        return Outcome(self.outcome)

    @property
    def is_tolerant(self) -> bool:
        """Whether it was accepted with a material still to come (容缺受理)."""
        return self.tolerated_at is not None

    @property
    def extension(self) -> Extension | None:
        if self.extended_on is None:
            return None
        return Extension(self.extended_days, self.extended_on)

    @property
    def link(self) -> Link:
        return Link(self.version, self.head)

    @property
    def subject(self) -> str:
        return f"case:{self.number}"
