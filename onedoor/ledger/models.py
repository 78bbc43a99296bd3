"""Entries and their side tables. The entry's schema does not change: new facts go into its text."""

from __future__ import annotations

from django.db import models

from onedoor.kernel.fields import new_id


class Installation(models.Model):
    """Which installation this database belongs to; exactly one row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    only = models.BooleanField(default=True, unique=True)
    created_at = models.DateTimeField()
    key_fingerprint = models.CharField(max_length=32)
    key_version = models.PositiveSmallIntegerField(default=1)
    ledger_key = models.CharField(max_length=64)
    is_demo = models.BooleanField(default=False)
    clock_offset_seconds = models.BigIntegerField(default=0)
    # How many times faster the clock of a demo runs, and from which real moment on.
    clock_rate = models.PositiveSmallIntegerField(default=1)
    clock_from = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.pk)


class Entry(models.Model):
    """One recorded fact. Append-only: triggers refuse UPDATE, DELETE and TRUNCATE."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.CharField(max_length=120)
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)
    actor = models.CharField(max_length=64)
    at = models.DateTimeField()
    text = models.TextField()
    digest = models.CharField(max_length=71)

    class Meta:
        indexes = [models.Index(fields=["actor", "at"], name="ledger_entry_by_actor")]
        constraints = [
            models.UniqueConstraint(fields=["subject", "version"], name="one_entry_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.version} {self.kind}"


class Pending(models.Model):
    """An entry that has no position yet; left in the transaction that wrote it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="pending")
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.entry_id)


class Position(models.Model):
    """The place of an entry in the one order that feeds and the tree follow."""

    position = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="place")
    leaf = models.BinaryField()

    def __str__(self) -> str:
        return str(self.position)


class Tile(models.Model):
    """256 node hashes of one level of the Merkle tree, complete and never changed again."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    level = models.PositiveSmallIntegerField()
    number = models.BigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "number"], name="one_tile")]

    def __str__(self) -> str:
        return f"{self.level}/{self.number}"


class Tree(models.Model):
    """The tree as far as positions go: its size and frontier; exactly one row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    only = models.BooleanField(default=True, unique=True)
    size = models.BigIntegerField(default=0)
    frontier = models.BinaryField(default=b"")

    def __str__(self) -> str:
        return str(self.size)


class TreeHead(models.Model):
    """A signed statement that the tree of ``size`` entries had this root at that time."""

    size = models.BigIntegerField(primary_key=True)
    root = models.CharField(max_length=64)
    at = models.DateTimeField()
    signature = models.CharField(max_length=128)

    def __str__(self) -> str:
        return f"{self.size} {self.root[:12]}"


class HeadMail(models.Model):
    """The head of a day on its way out of the house (树头外送); unsent, with its next try."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    day = models.DateField(unique=True)
    size = models.BigIntegerField(default=0)
    tried_count = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return f"{self.day} {self.size}"


class Head(models.Model):
    """Where the chain of a subject without a row of its own stands."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.CharField(max_length=120, unique=True)
    version = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=71, blank=True)

    def __str__(self) -> str:
        return self.subject


class Feed(models.Model):
    """How far a listener has heard (订阅进度)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120, unique=True)
    position = models.BigIntegerField(default=0)
    failed_count = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} {self.position}"


class Lease(models.Model):
    """Who may do a piece of background work until when (租约); also the worker's heartbeat."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=60, unique=True)
    holder = models.CharField(max_length=80, blank=True)
    until = models.DateTimeField()
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.holder}"


class Counter(models.Model):
    """The last number given out in a series (计数)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    series = models.CharField(max_length=120, unique=True)
    value = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.series} {self.value}"
