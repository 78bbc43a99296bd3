"""Divisions, the basic directory, and the names lists give to units."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from onedoor.accounts.models import Organisation
from onedoor.catalogue.models.checks import known
from onedoor.catalogue.rules.words import ItemState
from onedoor.kernel.fields import new_id


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
                condition=known("state", ItemState), name="catalogue_basic_state_known"
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
