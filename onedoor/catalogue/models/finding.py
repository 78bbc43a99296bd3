"""What the search reads, and what was looked for in vain."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from onedoor.catalogue.models.checks import known
from onedoor.catalogue.models.items import Item
from onedoor.catalogue.rules.life_events import By
from onedoor.kernel.fields import new_id


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


class Shelf(models.Model):
    """A place of an item in the public's lists: a theme, a life event, a letter (查找入口).

    Written with the search; only what the public may find stands anywhere.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="shelves")
    by = models.CharField(max_length=10)
    key = models.CharField(max_length=40)

    class Meta:
        indexes = [models.Index(fields=["by", "key"], name="catalogue_shelf_by_key")]
        constraints = [
            models.UniqueConstraint(fields=["item", "by", "key"], name="catalogue_shelf_once"),
            models.CheckConstraint(condition=known("by", By), name="catalogue_shelf_known"),
        ]

    def __str__(self) -> str:
        return f"{self.by}:{self.key}"


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
