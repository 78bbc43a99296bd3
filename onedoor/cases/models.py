"""Cases and what belongs to them. The facts of each step are in the ledger, not here."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from onedoor.accounts.models import Organisation, Person
from onedoor.cases.rules.clock import Extension
from onedoor.cases.rules.joint import MemberState
from onedoor.cases.rules.licences import LicenceState
from onedoor.cases.rules.lifecycle import OPEN, WAITING_ONLINE, Outcome, Status
from onedoor.cases.rules.words import (
    ApplicantKind,
    Channel,
    IdType,
    MaterialState,
    Promised,
)
from onedoor.catalogue.models import Item, ItemVersion, Material, Package
from onedoor.catalogue.rules.words import SpecialKind
from onedoor.files.models import StoredFile
from onedoor.kernel import masking
from onedoor.kernel.fields import EncryptedTextField, EqualityIndexField, new_id
from onedoor.ledger.rules.chain import Link

PROMISING = [s.value for s in (Status.ACCEPTED, Status.IN_REVIEW, Status.SPECIAL)]
"""States in which a promised material may still be awaited."""

NO_DATE = date(9999, 12, 31)
"""What ``urgent_on`` holds while no clock runs."""


class Applicant(models.Model):
    """Who applied, as shown at the window. Encrypted; ``salt`` makes the ledger's digest."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20)
    name = EncryptedTextField(purpose="applicant.name")
    id_type = models.CharField(max_length=3)
    id_number = EncryptedTextField(purpose="applicant.id_number")
    id_index = EqualityIndexField(of="id_number")
    phone = EncryptedTextField(purpose="applicant.phone")
    address = EncryptedTextField(purpose="applicant.address")
    agent = EncryptedTextField(purpose="applicant.agent")
    salt = models.CharField(max_length=32)

    class Meta:
        indexes = [models.Index(fields=["id_index"], name="applicant_by_id")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in ApplicantKind]), name="applicant_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(id_type__in=[t.value for t in IdType]), name="applicant_id_type_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def shown_name(self) -> str:
        """The name as lists show it: a person's masked; an organisation's is public."""
        name: str = self.name
        is_person = self.kind == ApplicantKind.PERSON.value
        return masking.name(name) if is_person else name


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
    special_due_on = models.DateField(null=True)
    upper_due_on = models.DateField(null=True)
    supplement_due_on = models.DateField(null=True)
    delivery_due_on = models.DateField(null=True)
    due_provisional = models.BooleanField(default=False)
    urgent_on = models.DateField()

    class Meta:
        indexes = [
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
                fields=["supplement_due_on"],
                condition=Q(
                    is_open=True, supplement_due_on__isnull=False, supplemented_at__isnull=True
                ),
                name="cases_waiting_for_supplement",
            ),
        ]
        constraints = [
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


class Licence(models.Model):
    """What a case granted under the licence law (许可证件): from when to when, and how it ended."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=40, unique=True)
    case = models.OneToOneField(Case, models.PROTECT, related_name="licence")
    item = models.ForeignKey(Item, models.PROTECT, related_name="licences", db_index=False)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="licences", db_index=False)
    applicant = models.ForeignKey(Applicant, models.PROTECT, related_name="licences")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    state = models.CharField(max_length=10, default=LicenceState.VALID.value)
    ended_on = models.DateField(null=True)
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="followed_by")

    class Meta:
        indexes = [
            models.Index(fields=["unit", "valid_from", "number"], name="licences_of_unit"),
            models.Index(
                fields=["item", "valid_to"],
                condition=Q(state=LicenceState.VALID.value),
                name="licences_in_force",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in LicenceState]), name="licence_state_known"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="licence_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def standing(self) -> LicenceState:
        return LicenceState(self.state)

    @property
    def subject(self) -> str:
        return f"licence:{self.number}"


class LicenceNote(models.Model):
    """Why a licence was revoked or cancelled. The ledger holds only its digest."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    licence = models.OneToOneField(Licence, models.PROTECT, related_name="note")
    text = EncryptedTextField(purpose="licence_note.text")
    salt = models.CharField(max_length=32)

    def __str__(self) -> str:
        return str(self.pk)


class CaseMaterial(models.Model):
    """One material of the item version, as the clerk found it on this case.

    Before receipt nobody has judged it: ``state`` only says whether something is there yet.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="materials", db_index=False)
    material = models.ForeignKey(Material, models.PROTECT, related_name="+", db_index=False)
    order = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10)
    channel = models.CharField(max_length=10, default=Channel.WINDOW.value)
    originals = models.PositiveSmallIntegerField(default=0)
    copies = models.PositiveSmallIntegerField(default=0)
    promised = models.CharField(max_length=10, default=Promised.NONE.value, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "order"], name="one_row_per_material"),
            models.CheckConstraint(
                condition=Q(promised__in=[p.value for p in Promised]), name="material_promise_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in MaterialState]), name="material_state_known"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=[c.value for c in Channel]), name="material_channel_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.state}"

    @property
    def found(self) -> MaterialState:
        return MaterialState(self.state)

    @property
    def is_awaited(self) -> bool:
        """Whether it was promised for later and is not there yet."""
        return self.promised == Promised.LATER.value and self.found is not MaterialState.OK

    @property
    def comes_by(self) -> Channel:
        return Channel(self.channel)


class Attachment(models.Model):
    """A scan or file handed in for a material; the file itself lies in the store, by digest."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case_material = models.ForeignKey(CaseMaterial, models.PROTECT, related_name="attachments")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = EncryptedTextField(purpose="attachment.name")
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)


class PrecheckGap(models.Model):
    """What a pre-check sent an application back for (预审意见): a material, and what is wrong.

    No correction notice of the law: nothing was received yet, and no limit runs.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case_material = models.ForeignKey(CaseMaterial, models.PROTECT, related_name="precheck_gaps")
    case_version = models.PositiveIntegerField()
    demand = models.CharField(max_length=500)
    mended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_material", "case_version"], name="one_precheck_gap_per_return"
            )
        ]

    def __str__(self) -> str:
        return self.demand


class Draft(models.Model):
    """What an applicant has typed and not sent yet (草稿); dropped some days after the last touch.

    ``key`` is the digest of a secret only the applicant's device holds. Once sent, the row stays
    empty for those days: a form sent again finds the case it became.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=64, unique=True)
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", db_index=False)
    item_version = models.PositiveIntegerField()
    content = EncryptedTextField(purpose="draft.content")
    touched_at = models.DateTimeField(db_index=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+", db_index=False)

    def __str__(self) -> str:
        return str(self.pk)


class DraftFile(models.Model):
    """A file uploaded for a material and not sent yet."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files")
    order = models.PositiveSmallIntegerField()
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = EncryptedTextField(purpose="draft_file.name")
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)


class Note(models.Model):
    """The free text of one step: reason, opinion, result. The ledger holds only its digest."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="notes", db_index=False)
    version = models.PositiveIntegerField()
    text = EncryptedTextField(purpose="note.text")
    basis = models.CharField(max_length=500, blank=True)
    salt = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="one_note_per_step")
        ]

    def __str__(self) -> str:
        return f"{self.version}"


class Gap(models.Model):
    """What a correction notice asked for: a material of the item version and what was wrong."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case_material = models.ForeignKey(CaseMaterial, models.PROTECT, related_name="gaps")
    notice_version = models.PositiveIntegerField()
    problem = models.CharField(max_length=10)
    demand = models.CharField(max_length=500)
    basis = models.CharField(max_length=500, blank=True)
    supplied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_material", "notice_version"], name="one_gap_per_material_and_notice"
            ),
            models.CheckConstraint(
                condition=Q(
                    problem__in=[MaterialState.MISSING.value, MaterialState.DEFECTIVE.value]
                ),
                name="gap_problem_known",
            ),
        ]

    def __str__(self) -> str:
        return self.demand


class Proposal(models.Model):
    """A special procedure somebody proposed (特别程序的提出); until it is approved the clock runs.

    ``version`` is the step whose note holds the reason.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="proposals", db_index=False)
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    planned_days = models.PositiveSmallIntegerField()
    proposed_by = models.CharField(max_length=64)
    proposed_on = models.DateField()
    is_approved = models.BooleanField(null=True)
    answered_by = models.CharField(max_length=64, blank=True)
    answered_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="one_proposal_per_step"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(is_approved__isnull=True), name="one_open_proposal"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in SpecialKind]), name="proposal_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(is_approved__isnull=True, answered_on__isnull=True)
                | Q(is_approved__isnull=False, answered_on__isnull=False)
                & ~Q(answered_by=models.F("proposed_by"), is_approved=True),
                name="proposal_approved_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.proposed_on}"

    @property
    def procedure(self) -> SpecialKind:
        return SpecialKind(self.kind)


class Pause(models.Model):
    """A special procedure that stops the handling clock (特别程序): approved, told in writing.

    Several may run at once; their days are counted as a union. What came of it is kept as a
    document, except of a hearing, whose record is a paper of the case.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="pauses")
    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="pause")
    kind = models.CharField(max_length=10)
    first_on = models.DateField()
    planned_until = models.DateField()
    resumed_on = models.DateField(null=True)
    ended_by = models.CharField(max_length=64, blank=True)
    document = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, related_name="+", db_index=False
    )
    document_name = EncryptedTextField(purpose="pause.document_name")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(resumed_on__isnull=True),
                name="one_open_pause_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in SpecialKind]), name="pause_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.first_on}"

    @property
    def procedure(self) -> SpecialKind:
        return SpecialKind(self.kind)


class Forwarding(models.Model):
    """A case sent up for the decision (转报): to which body, and what it answered.

    What the body gave as its reason is the note of the step that recorded the answer.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.OneToOneField(Case, models.PROTECT, related_name="forwarding")
    body = models.CharField(max_length=100)
    is_approved = models.BooleanField(null=True)
    reference = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return self.body


class Survey(models.Model):
    """An inspection on the spot (现场勘验) by two; the record counts once both have signed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="surveys", db_index=False)
    first = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    second = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    planned_on = models.DateField()
    place = EncryptedTextField(purpose="survey.place")
    ordered_at = models.DateTimeField()
    passed = models.BooleanField(null=True)
    record_version = models.PositiveIntegerField(null=True)
    surveyed_at = models.DateTimeField(null=True)
    written_by = models.CharField(max_length=64, blank=True)
    written_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case", "ordered_at"], name="surveys_of_case")]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(signed_at__isnull=True), name="one_open_survey"
            ),
            models.CheckConstraint(
                condition=~Q(first=models.F("second")), name="survey_by_two_persons"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.planned_on}"


class Hearing(models.Model):
    """A hearing (听证): when the right was told, asked for, announced, held and recorded."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.OneToOneField(Case, models.PROTECT, related_name="hearing")
    told_on = models.DateField()
    ask_by = models.DateField()
    asked_on = models.DateField(null=True)
    hold_by = models.DateField(null=True)
    called_on = models.DateField(null=True)
    held_at = models.DateTimeField(null=True)
    place = EncryptedTextField(purpose="hearing.place")
    chair = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, db_index=False)
    recorded_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.told_on}"


class Posting(models.Model):
    """A paper on its way by post (邮寄送达): carrier, waybill, and when it was signed for."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="postings")
    carrier = models.CharField(max_length=40)
    waybill = EncryptedTextField(purpose="posting.waybill")
    sent_at = models.DateTimeField()
    signed_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.carrier} {self.sent_at:%Y-%m-%d}"


class Phrase(models.Model):
    """A sentence the office approved for notices, opinions and refusals (常用语)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=20, db_index=True)
    text = models.CharField(max_length=500)
    basis = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.text


class Application(models.Model):
    """A joint application (一件事的联合申请): several cases of one applicant, received as one.

    What was judged at the window is kept with it, for the members that begin later.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=23)
    alias = models.CharField(max_length=8)
    track_digest = models.CharField(max_length=64)
    code_key = models.PositiveSmallIntegerField()
    package = models.ForeignKey(Package, models.PROTECT, related_name="applications")
    name = models.CharField(max_length=100)
    is_joint = models.BooleanField(default=False)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    applicant = models.ForeignKey(Applicant, models.PROTECT, related_name="applications")
    received_by = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    extended_days = models.PositiveSmallIntegerField(default=0)
    extended_on = models.DateField(null=True)
    extension_reason = EncryptedTextField(purpose="application.extension_reason")
    extension_salt = models.CharField(max_length=32, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["received_by", "received_at"], name="applications_by_receiver")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(extended_days=0, extended_on__isnull=True)
                | Q(extended_days__gt=0, extended_on__isnull=False, is_joint=True),
                name="application_extension_is_dated",
            ),
            models.UniqueConstraint(fields=["number"], name="application_number_unique"),
            models.UniqueConstraint(fields=["alias"], name="application_alias_unique"),
            models.UniqueConstraint(fields=["track_digest"], name="application_track_unique"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"application:{self.number}"

    @property
    def extension(self) -> Extension | None:
        if self.extended_on is None:
            return None
        return Extension(self.extended_days, self.extended_on)


class ApplicationMember(models.Model):
    """An item of a joint application: waiting for the one before, a case, or no longer done."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="members", db_index=False
    )
    order = models.PositiveSmallIntegerField()
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    after = models.ForeignKey("self", models.PROTECT, null=True, related_name="followers")
    state = models.CharField(max_length=10, default=MemberState.WAITING.value)
    case = models.OneToOneField(Case, models.PROTECT, null=True, related_name="membership")

    class Meta:
        indexes = [
            models.Index(
                fields=["after"],
                condition=Q(state=MemberState.WAITING.value),
                name="application_members_waiting",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "order"], name="application_member_place"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in MemberState]),
                name="application_member_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state=MemberState.STARTED.value, case__isnull=False)
                | ~Q(state=MemberState.STARTED.value) & Q(case__isnull=True),
                name="application_member_started_is_a_case",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.state}"

    @property
    def standing(self) -> MemberState:
        return MemberState(self.state)


class ApplicationMaterial(models.Model):
    """A material of a joint application, judged once for all members that need it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="materials", db_index=False
    )
    order = models.PositiveSmallIntegerField()
    key = models.TextField()
    name = models.TextField()
    members = models.JSONField(default=list)
    state = models.CharField(max_length=10)
    originals = models.PositiveSmallIntegerField(default=0)
    copies = models.PositiveSmallIntegerField(default=0)
    judged_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "order"], name="application_material_place"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in MaterialState]),
                name="application_material_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.state}"

    @property
    def found(self) -> MaterialState:
        return MaterialState(self.state)


class ApplicationFile(models.Model):
    """A file handed in for a joint application; each case that needs it points to the same one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    material = models.ForeignKey(ApplicationMaterial, models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = EncryptedTextField(purpose="attachment.name")
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)
