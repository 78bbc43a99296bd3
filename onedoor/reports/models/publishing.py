"""What is made public of reports: information, its editions, what the check before found."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from onedoor.accounts.models import Organisation
from onedoor.kernel.fields import EncryptedTextField, new_id
from onedoor.reports.models.kept import Report
from onedoor.reports.rules.publishing.lifecycle import OPEN, State
from onedoor.reports.rules.publishing.words import HitKind, Settling, Validity

_PUBLIC = [State.PUBLISHED.value, State.REPLACED.value, State.WITHDRAWN.value]


class Publication(models.Model):
    """Information made public (政府信息), under one index number for all its editions.

    The index number is given when the first edition is published, and never to another.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    report = models.OneToOneField(Report, models.PROTECT, null=True, related_name="publication")
    publisher = models.ForeignKey(Organisation, models.PROTECT, related_name="publications")
    index_number = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001
    salt = models.CharField(max_length=32)
    begun_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"information:{self.number}"


class Edition(models.Model):
    """One edition (版本) of published information: never overwritten, a correction is the next.

    What is here is published actively (主动公开) and holds no secret: nothing else gets so far.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, default=State.DRAFT.value)
    version = models.PositiveIntegerField(default=0)
    report = models.ForeignKey(Report, models.PROTECT, null=True, related_name="editions")
    formed_on = models.DateField()
    """When the information was made, of a later edition when it changed: the clock's first day."""

    title = models.CharField(max_length=300)
    column = models.CharField(max_length=50)
    doc_number = models.CharField(max_length=60, blank=True)
    validity = models.CharField(max_length=10, default=Validity.IN_FORCE.value)
    topic = models.CharField(max_length=40, blank=True)
    genre = models.CharField(max_length=20, blank=True)
    audience = models.CharField(max_length=60, blank=True)
    keywords = models.CharField(max_length=200, blank=True)
    summary = models.CharField(max_length=500, blank=True)
    change_reason = models.CharField(max_length=500, blank=True)
    paragraphs = models.JSONField()
    tables = models.JSONField()
    figures = models.JSONField()

    text = models.TextField(blank=True)
    """The published text with its fields, byte for byte what ``digest`` is of."""
    digest = models.CharField(max_length=71, blank=True)
    publisher_name = models.CharField(max_length=200, blank=True)

    written_by = models.CharField(max_length=64)
    writers = models.JSONField()
    written_at = models.DateTimeField()
    returned_reason = models.CharField(max_length=500, blank=True)
    checked_by = models.CharField(max_length=64, blank=True)
    checked_at = models.DateTimeField(null=True)
    published_by = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=64, blank=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "published_at"], name="edition_public")]
        constraints = [
            models.UniqueConstraint(fields=["publication", "number"], name="edition_once"),
            models.UniqueConstraint(
                fields=["publication"],
                condition=Q(state=State.PUBLISHED.value),
                name="edition_one_published",
            ),
            models.UniqueConstraint(
                fields=["publication"],
                condition=Q(state__in=[s.value for s in OPEN]),
                name="edition_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in State]), name="edition_state_known"
            ),
            models.CheckConstraint(
                condition=Q(validity__in=[v.value for v in Validity]),
                name="edition_validity_known",
            ),
            models.CheckConstraint(
                condition=Q(checked_by="") | ~Q(checked_by=F("written_by")),
                name="edition_checked_by_another",
            ),
            models.CheckConstraint(
                condition=Q(published_by="")
                | (~Q(published_by=F("checked_by")) & ~Q(published_by=F("written_by"))),
                name="edition_published_by_a_third",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_PUBLIC)
                | (
                    Q(published_at__isnull=False, digest__startswith="sha256:")
                    & ~Q(checked_by="")
                    & ~Q(published_by="")
                ),
                name="edition_public_was_checked",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.WITHDRAWN.value, State.DROPPED.value])
                | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="edition_ended_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(change_reason=""), name="edition_change_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publication_id} {self.number}"

    @property
    def standing(self) -> State:
        return State(self.state)

    @property
    def holds(self) -> Validity:
        """Return whether it still holds: what a later edition followed was changed."""
        if self.standing is State.REPLACED:
            return Validity.AMENDED
        return Validity(self.validity)


class CheckHit(models.Model):
    """Something the check before publication found (审查提示), wherever the same words stand."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="hits")
    place = models.PositiveIntegerField()
    kind = models.CharField(max_length=15)
    spots = models.JSONField()
    """Where: the part of the edition, the first character and how many."""
    settling = models.CharField(max_length=10, blank=True)
    reason = EncryptedTextField(purpose="check.reason")
    settled_by = models.CharField(max_length=64, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "place"], name="check_hit_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in HitKind]), name="check_hit_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(settling="", settled_at__isnull=True)
                | (
                    Q(settling__in=[s.value for s in Settling if s.value])
                    & Q(settled_at__isnull=False)
                    & ~Q(settled_by="")
                ),
                name="check_hit_settled_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.kind}"

    @property
    def what(self) -> HitKind:
        return HitKind(self.kind)

    @property
    def answer(self) -> Settling:
        return Settling(self.settling)
