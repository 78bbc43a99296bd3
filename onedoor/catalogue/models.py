"""Items, their versions and materials; divisions; the names lists give to units."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models import F, Q

from onedoor.accounts.models import Organisation
from onedoor.catalogue.rules.content import SpecialProcedure, procedures_from
from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.catalogue.rules.links import Answer
from onedoor.catalogue.rules.packages import PackageState
from onedoor.catalogue.rules.turns import Turn, TurnStatus
from onedoor.catalogue.rules.words import (
    Form,
    ItemState,
    Kind,
    Necessity,
    Origin,
    Reduced,
    ReportStatus,
    Source,
    VersionStatus,
)
from onedoor.files.models import StoredFile
from onedoor.kernel.fields import EncryptedTextField, new_id, new_short
from onedoor.kernel.terms import Term

LICENCE_TYPE = "01"


def _known(field: str, words: Iterable[Term], *, blank: bool = False) -> Q:
    values = sorted(word.value for word in words)
    return Q(**{f"{field}__in": ["", *values] if blank else values})


class Division(models.Model):
    """An administrative division (行政区划), by its national code."""

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=100)
    parent = models.CharField(max_length=12, blank=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class BasicItem(models.Model):
    """A line of the basic directory (基本目录): owned by state and province, only imported here."""

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=1000)
    item_type = models.CharField(max_length=2)
    legal_basis = models.TextField(blank=True)
    use_level = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=20, default=ItemState.IN_USE.value)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=_known("state", ItemState), name="catalogue_basic_state_known"
            ),
            models.CheckConstraint(condition=~Q(code=""), name="catalogue_basic_has_code"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ListedUnit(models.Model):
    """How a place's item list calls one of our units; a unit may stand there under many codes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    division_code = models.CharField(max_length=12, blank=True)
    name = models.CharField(max_length=200)
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["division_code", "name"], name="catalogue_one_unit_per_listed_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    """What one may apply for (政务服务事项), under the code its own place gave it.

    ``unit`` is the unit of the current version; before there is one, that of the first. A handling
    item (业务办理项) is an item of its own; ``parent_code`` is the code of what it is a part of.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=64, unique=True)
    parent_code = models.CharField(max_length=64, blank=True, db_index=True)
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="items")
    division_code = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=20, default=ItemState.IN_USE.value)
    short = models.CharField(max_length=10, unique=True, default=new_short, editable=False)
    current_version = models.OneToOneField(
        "ItemVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    planned_version = models.OneToOneField(
        "ItemVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    planned_at = models.DateTimeField(null=True, blank=True)
    turns_at = models.DateTimeField(null=True, blank=True)
    turns_to = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "code"], name="catalogue_item_by_unit"),
            models.Index(
                fields=["planned_at"],
                condition=Q(planned_at__isnull=False),
                name="catalogue_item_planned",
            ),
            models.Index(
                fields=["turns_at"],
                condition=Q(turns_at__isnull=False),
                name="catalogue_item_turns",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=_known("state", ItemState), name="catalogue_item_state_known"
            ),
            models.CheckConstraint(condition=~Q(code=""), name="catalogue_item_has_code"),
            models.CheckConstraint(
                condition=Q(planned_version__isnull=True, planned_at__isnull=True)
                | Q(planned_version__isnull=False, planned_at__isnull=False),
                name="catalogue_item_plan_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(turns_at__isnull=True, turns_to="")
                | Q(turns_at__isnull=False) & _known("turns_to", ItemState),
                name="catalogue_item_turn_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class ItemVersion(models.Model):
    """Everything an applicant needs to know about an item; fixed once it is published.

    ``details`` holds the lists nothing refers to (``rules.content.KEPT_TOGETHER``).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=20, default=VersionStatus.DRAFT.value)

    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    unit_code = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=1000)
    item_type = models.CharField(max_length=2)
    main_item = models.TextField(blank=True)
    basic_code = models.TextField(blank=True)
    local_code = models.CharField(max_length=64, blank=True)
    local_basic_code = models.CharField(max_length=64, blank=True)
    legal_basis = models.TextField(blank=True)
    conditions = models.TextField(blank=True)
    use_level = models.CharField(max_length=40, blank=True)
    unit_kind = models.CharField(max_length=2, blank=True)
    entrusted_by = models.CharField(max_length=200, blank=True)
    power_source = models.CharField(max_length=2, blank=True)
    serves = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=20, default=Kind.PROMISED.value)
    statutory_limit = models.PositiveIntegerField(null=True, blank=True)
    statutory_unit = models.CharField(max_length=2, blank=True)
    limit_basis = models.TextField(blank=True)
    promised_limit = models.PositiveIntegerField(null=True, blank=True)
    promised_unit = models.CharField(max_length=2, blank=True)
    promised_note = models.TextField(blank=True)
    deemed_acceptance = models.BooleanField(default=False)
    instant_authorised = models.BooleanField(default=False)
    flow = models.TextField(blank=True)
    channels = models.CharField(max_length=40, blank=True)
    visits = models.PositiveSmallIntegerField(null=True, blank=True)
    visits_reason = models.TextField(blank=True)
    is_online = models.BooleanField(null=True, blank=True)
    online_url = models.TextField(blank=True)
    online_depth = models.CharField(max_length=40, blank=True)
    area = models.CharField(max_length=2, blank=True)
    is_in_centre = models.BooleanField(null=True, blank=True)
    is_bookable = models.BooleanField(null=True, blank=True)
    is_posted = models.BooleanField(null=True, blank=True)
    is_paid_online = models.BooleanField(null=True, blank=True)
    at_terminal = models.BooleanField(null=True, blank=True)
    place = models.TextField(blank=True)
    hours = models.TextField(blank=True)
    phone = models.TextField(blank=True)
    complaint_phone = models.TextField(blank=True)
    special_procedures = models.JSONField(default=list, blank=True)
    quantity = models.PositiveIntegerField(null=True, blank=True)
    quantity_note = models.TextField(blank=True)
    fee_fen = models.PositiveBigIntegerField(default=0)
    fee_basis = models.TextField(blank=True)
    result_kind = models.CharField(max_length=40, blank=True)
    result_name = models.TextField(blank=True)
    other_units = models.TextField(blank=True)
    person_topics = models.CharField(max_length=200, blank=True)
    company_topics = models.CharField(max_length=200, blank=True)
    town_code = models.CharField(max_length=64, blank=True)
    village_code = models.CharField(max_length=64, blank=True)
    is_tolerant = models.BooleanField(default=False)
    tolerance_days = models.PositiveSmallIntegerField(null=True, blank=True)
    is_on_promise = models.BooleanField(default=False)
    is_forwarded = models.BooleanField(default=False)
    review_office = models.TextField(blank=True)
    lawsuit_office = models.TextField(blank=True)
    checked_on = models.DateField(null=True, blank=True)
    details = models.JSONField(default=dict, blank=True)

    origin = models.CharField(max_length=20, default=Origin.EDITED.value)
    edited_by = models.CharField(max_length=64)
    edited_at = models.DateTimeField()
    returned_reason = models.TextField(blank=True)
    reduction_source = models.CharField(max_length=20, blank=True)
    reduction_basis = models.TextField(blank=True)
    published_by = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    plan_on = models.DateField(null=True, blank=True)
    effective_at = models.DateTimeField(null=True, blank=True)
    content_digest = models.CharField(max_length=71)

    class Meta:
        indexes = [
            models.Index(
                fields=["edited_at", "id"],
                condition=Q(status=VersionStatus.SUBMITTED.value),
                name="catalogue_version_awaiting",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="catalogue_version_number"),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(status=VersionStatus.PUBLISHED.value),
                name="catalogue_one_published_version",
            ),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(status=VersionStatus.SUBMITTED.value),
                name="catalogue_one_submitted_version",
            ),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(status=VersionStatus.PLANNED.value),
                name="catalogue_one_planned_version",
            ),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(status=VersionStatus.DRAFT.value),
                name="catalogue_one_draft",
            ),
            models.CheckConstraint(
                condition=_known("status", VersionStatus), name="catalogue_version_status_known"
            ),
            models.CheckConstraint(
                condition=_known("kind", Kind)
                & _known("origin", Origin)
                & _known("reduction_source", Reduced, blank=True),
                name="catalogue_version_kind_known",
            ),
            models.CheckConstraint(
                condition=_known("statutory_unit", LimitUnit, blank=True)
                & _known("promised_unit", LimitUnit, blank=True),
                name="catalogue_version_units_known",
            ),
            models.CheckConstraint(
                condition=Q(statutory_limit__isnull=True, statutory_unit="")
                | Q(statutory_limit__isnull=False) & ~Q(statutory_unit=""),
                name="catalogue_statutory_limit_has_unit",
            ),
            models.CheckConstraint(
                condition=Q(promised_limit__isnull=True, promised_unit="")
                | Q(promised_limit__isnull=False) & ~Q(promised_unit=""),
                name="catalogue_promised_limit_has_unit",
            ),
            models.CheckConstraint(
                condition=~Q(edited_by="") & ~Q(edited_by=F("published_by")),
                name="catalogue_editor_is_not_publisher",
            ),
            models.CheckConstraint(
                condition=~Q(
                    status__in=[VersionStatus.PUBLISHED.value, VersionStatus.PLANNED.value]
                )
                | (
                    ~Q(published_by="")
                    & Q(published_at__isnull=False)
                    & Q(effective_at__isnull=False)
                ),
                name="catalogue_published_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"

    @property
    def standing(self) -> VersionStatus:
        return VersionStatus(self.status)

    @property
    def statutory(self) -> Limit | None:
        if self.statutory_limit is None:
            return None
        return Limit(self.statutory_limit, LimitUnit(self.statutory_unit), self.limit_basis)

    @property
    def procedures(self) -> tuple[SpecialProcedure, ...]:
        """What may stop the clock of its cases, each for how long at most."""
        return procedures_from(self.special_procedures)

    @property
    def is_licence(self) -> bool:
        """Whether it is what the licence law speaks of (行政许可)."""
        return self.item_type == LICENCE_TYPE

    @property
    def promised(self) -> Limit | None:
        if self.promised_limit is None:
            return None
        return Limit(self.promised_limit, LimitUnit(self.promised_unit))

    @property
    def validity(self) -> str:
        """How long the result holds (有效期限), in the guide's words; empty when not said."""
        results = self.details.get("results") or [{}]
        return str(results[0].get("validity", ""))


class Material(models.Model):
    """One paper or file asked of the applicant (申请材料)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="materials")
    order = models.PositiveSmallIntegerField()
    name = models.TextField()
    necessity = models.CharField(max_length=20, default=Necessity.REQUIRED.value)
    form = models.CharField(max_length=20, default=Form.PAPER.value)
    originals = models.PositiveSmallIntegerField(default=1)
    copies = models.PositiveSmallIntegerField(default=0)
    source_kind = models.CharField(max_length=20, default=Source.OWN.value)
    source = models.TextField(blank=True)
    basis = models.TextField(blank=True)
    standard = models.TextField(blank=True)
    page_format = models.CharField(max_length=40, blank=True)
    fill_note = models.TextField(blank=True)
    remark = models.TextField(blank=True)
    form_file = models.CharField(max_length=71, blank=True)
    sample_file = models.CharField(max_length=71, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "order"], name="catalogue_material_order"),
            models.CheckConstraint(
                condition=_known("necessity", Necessity)
                & _known("form", Form)
                & _known("source_kind", Source),
                name="catalogue_material_words_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class GuideFile(models.Model):
    """A blank form or sample (指南文件): uploaded by an editor for everybody to download.

    A guide names nothing else of the store, where people's own papers lie too.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(uploaded_by=""), name="catalogue_guide_file_is_somebodys"
            )
        ]

    def __str__(self) -> str:
        return f"{self.file_id}"


class Alias(models.Model):
    """What people call an item (常用叫法). Found under it, never printed on a paper."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="aliases")
    text = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "text"], name="catalogue_alias_once"),
            models.CheckConstraint(condition=~Q(text=""), name="catalogue_alias_says_something"),
        ]

    def __str__(self) -> str:
        return self.text


class SearchDoc(models.Model):
    """An item as the search reads it; written with the version in force, never edited.

    ``titles`` are the name and the aliases, one a line in plain form; ``sounds`` how each is read.
    ``number`` names the row in the index and puts short names first. See ``search_index``.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="search_doc")
    number = models.BigIntegerField(unique=True)
    titles = models.TextField()
    sounds = models.TextField()
    beside = models.TextField(blank=True)
    tokens = models.TextField()

    def __str__(self) -> str:
        return self.titles.partition("\n")[0]


class MissedQuestion(models.Model):
    """What was asked in vain on a day, and how often. Nobody's name stands beside it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    day = models.DateField()
    text = models.CharField(max_length=50)
    count = models.PositiveIntegerField(default=1)
    is_settled = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["is_settled", "day"], name="catalogue_missed_by_day")]
        constraints = [
            models.UniqueConstraint(fields=["day", "text"], name="catalogue_missed_once_a_day")
        ]

    def __str__(self) -> str:
        return self.text


class Package(models.Model):
    """Several items that are one matter to the applicant (一件事): applied for once, together.

    ``is_joint``: handled jointly or in one place, so that the law caps all of it together.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    theme = models.CharField(max_length=40, blank=True)
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="packages")
    description = models.TextField(blank=True)
    state = models.CharField(max_length=20, default=PackageState.IN_USE.value)
    is_joint = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=_known("state", PackageState), name="catalogue_package_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(name=""), name="catalogue_package_has_a_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PackageMember(models.Model):
    """An item of a package, in its place; ``after`` is the place of what must be granted first."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    package = models.ForeignKey(
        Package, on_delete=models.PROTECT, related_name="members", db_index=False
    )
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="memberships")
    order = models.PositiveSmallIntegerField()
    after = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["package", "order"], name="catalogue_one_member_per_place"
            ),
            models.UniqueConstraint(
                fields=["package", "item"], name="catalogue_item_once_in_a_package"
            ),
            models.CheckConstraint(
                condition=Q(after__isnull=True) | Q(after__lt=F("order")),
                name="catalogue_member_waits_for_an_earlier_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order}"


class StateOrder(models.Model):
    """A suspension, resumption or cancellation (状态变更): asked by one, confirmed by another."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="turns")
    turn = models.CharField(max_length=20)
    status = models.CharField(max_length=20, default=TurnStatus.ASKED.value)
    reason = models.TextField()
    basis = models.TextField()
    notice = models.TextField(blank=True)
    effective_on = models.DateField()
    asked_by = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    decided_by = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["item", "asked_at"], name="catalogue_turns_of_item")]
        constraints = [
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(status=TurnStatus.ASKED.value),
                name="catalogue_one_turn_asked",
            ),
            models.CheckConstraint(
                condition=_known("status", TurnStatus) & _known("turn", Turn),
                name="catalogue_turn_words_known",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(basis=""), name="catalogue_turn_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(asked_by="") & ~Q(asked_by=F("decided_by")),
                name="catalogue_turn_by_two",
            ),
            models.CheckConstraint(
                condition=Q(status=TurnStatus.ASKED.value, decided_by="", decided_at__isnull=True)
                | ~Q(status=TurnStatus.ASKED.value)
                & ~Q(decided_by="")
                & Q(decided_at__isnull=False),
                name="catalogue_turn_settled_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.turn} {self.effective_on}"


class GuideReport(models.Model):
    """What a reader says is wrong in a guide (报错): an order for the item's editors."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="reports")
    version_number = models.PositiveIntegerField()
    status = models.CharField(max_length=20, default=ReportStatus.OPEN.value)
    text = EncryptedTextField(purpose="catalogue.report")
    contact = EncryptedTextField(purpose="catalogue.report", blank=True)
    answer = models.TextField(blank=True)
    reported_at = models.DateTimeField()
    answer_by = models.DateField()
    answered_by = models.CharField(max_length=64, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["status", "answer_by"], name="catalogue_reports_open"),
            models.Index(fields=["item", "reported_at"], name="catalogue_reports_of_item"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=_known("status", ReportStatus), name="catalogue_report_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status=ReportStatus.OPEN.value, answered_by="")
                | ~Q(status=ReportStatus.OPEN.value) & ~Q(answered_by="") & ~Q(answer=""),
                name="catalogue_report_answered_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.version_number}"


class ProbeNight(models.Model):
    """A night in which online addresses were probed (网办探测).

    ``is_blind``: nobody outside answered at all, so nothing is held against a silent site.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    day = models.DateField(unique=True)
    planned_at = models.DateTimeField()
    concluded_at = models.DateTimeField(null=True, blank=True)
    is_blind = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.day}"


class LinkProbe(models.Model):
    """How the online address of one item answered in a night; no address is our own page's.

    ``is_failing`` is what the night came to: a citizen cannot apply where the guide says so.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    night = models.ForeignKey(ProbeNight, on_delete=models.CASCADE, related_name="probes")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="probes")
    address = models.TextField(blank=True)
    host = models.CharField(max_length=255, blank=True)
    answer = models.CharField(max_length=20, blank=True)
    status = models.PositiveSmallIntegerField(default=0)
    tried_count = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    probed_at = models.DateTimeField(null=True, blank=True)
    is_failing = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["night", "due_at"], condition=Q(answer=""), name="catalogue_probe_waiting"
            ),
            models.Index(
                fields=["night"], condition=Q(is_failing=True), name="catalogue_probe_failing"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["night", "item"], name="catalogue_probed_once_a_night"),
            models.CheckConstraint(
                condition=_known("answer", Answer, blank=True), name="catalogue_probe_answer_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.answer}"


class Reduction(models.Model):
    """One material or step that is no longer asked for (减材料减流程): what, how, on what basis."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="reductions")
    list_name = models.CharField(max_length=20)
    name = models.TextField()
    source = models.CharField(max_length=20)
    basis = models.TextField()
    count_before = models.PositiveSmallIntegerField()
    count_after = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "list_name", "name"], name="catalogue_reduced_once"
            ),
            models.CheckConstraint(
                condition=_known("source", Reduced), name="catalogue_reduction_source_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name
