"""Joint packages (一件事)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from onedoor.accounts.models import Organisation
from onedoor.catalogue.models.checks import known
from onedoor.catalogue.models.items import Item
from onedoor.catalogue.rules.packages import PackageState
from onedoor.kernel.fields import new_id


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
                condition=known("state", PackageState), name="catalogue_package_state_known"
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
