"""What a version of an item says, fixed once it is published."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from onedoor.accounts.models import Organisation
from onedoor.catalogue.models.checks import known
from onedoor.catalogue.models.items import Item
from onedoor.catalogue.rules.commitments import Commitment, by_material
from onedoor.catalogue.rules.content import SpecialProcedure
from onedoor.catalogue.rules.content_columns import commitments_from, procedures_from
from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.catalogue.rules.words import Kind, Origin, Reduced, VersionStatus
from onedoor.kernel.fields import new_id

LICENCE_TYPE = "01"


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
    english_name = models.CharField(max_length=300, blank=True)
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
    link_url = models.TextField(blank=True)
    mobile_url = models.TextField(blank=True)
    online_depth = models.CharField(max_length=40, blank=True)
    area = models.CharField(max_length=2, blank=True)
    is_in_centre = models.BooleanField(null=True, blank=True)
    is_bookable = models.BooleanField(null=True, blank=True)
    is_posted = models.BooleanField(null=True, blank=True)
    is_paid_online = models.BooleanField(null=True, blank=True)
    at_terminal = models.BooleanField(null=True, blank=True)
    is_single_login = models.BooleanField(null=True, blank=True)
    app_is_single_login = models.BooleanField(null=True, blank=True)
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
                condition=known("status", VersionStatus), name="catalogue_version_status_known"
            ),
            models.CheckConstraint(
                condition=known("kind", Kind)
                & known("origin", Origin)
                & known("reduction_source", Reduced, blank=True),
                name="catalogue_version_kind_known",
            ),
            models.CheckConstraint(
                condition=known("statutory_unit", LimitUnit, blank=True)
                & known("promised_unit", LimitUnit, blank=True),
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
    def tolerates(self) -> bool:
        """Whether it may be accepted with a material still to come (容缺受理)."""
        can_wait = self.kind == Kind.PROMISED.value and bool(self.tolerance_days)
        return self.is_tolerant and can_wait

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
    def vouched(self) -> dict[str, Commitment]:
        """The materials a commitment may stand for (告知承诺), each with that commitment."""
        rows = self.details.get("commitments", ()) if self.is_on_promise else ()
        return by_material(commitments_from(rows))

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
