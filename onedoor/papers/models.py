"""Papers as they were issued, the templates they were made with, and their PDFs."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from onedoor.accounts.models import Organisation
from onedoor.files.models import StoredFile
from onedoor.kernel.fields import EncryptedTextField, new_id
from onedoor.papers.rules.kinds import Kind
from onedoor.papers.rules.words import TemplateState


class Template(models.Model):
    """A version of how a kind of paper is worded (模板). Fixed once it is published."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    text = models.TextField()
    digest = models.CharField(max_length=71)
    state = models.CharField(max_length=10)
    edited_by = models.CharField(max_length=64)
    edited_at = models.DateTimeField()
    published_by = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="papers_template_number"),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(state=TemplateState.DRAFT.value),
                name="papers_one_draft_per_kind",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in TemplateState]),
                name="papers_template_state_known",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in Kind]), name="papers_template_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state=TemplateState.DRAFT.value)
                | (Q(published_at__isnull=False) & ~Q(published_by="")),
                name="papers_published_says_by_whom",
            ),
            # The text that comes with the product has no author here: nobody edits it, nobody
            # checks it but its release.
            models.CheckConstraint(
                condition=Q(edited_by="system") | ~Q(edited_by=F("published_by")),
                name="papers_editor_is_not_publisher",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Paper(models.Model):
    """An official paper as it was issued (文书). Never changed; a later one may replace it.

    ``contents`` are the words on the paper, encrypted; ``digest`` and ``sm3`` are of its canonical
    text, which holds them, its number, its template and its code. ``version`` and ``head`` are
    where its ledger chain stands.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="papers")
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    subject = models.CharField(max_length=64)
    step = models.PositiveIntegerField(null=True)
    template = models.ForeignKey(Template, models.PROTECT, related_name="papers", db_index=False)
    contents = EncryptedTextField(purpose="paper.contents")
    digest = models.CharField(max_length=71)
    sm3 = models.CharField(max_length=68)
    code = models.CharField(max_length=32)
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=64)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replaced_by", db_index=False
    )
    # A decision that takes back what another paper granted.
    ends = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="ended_by", db_index=False
    )
    version = models.PositiveIntegerField()
    head = models.CharField(max_length=71)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="papers_number_unique"),
            models.UniqueConstraint(fields=["code"], name="papers_code_unique"),
            models.UniqueConstraint(
                fields=["unit", "kind", "year", "serial"], name="papers_serial_once"
            ),
            # A step issues a kind of paper once, however often it is tried.
            models.UniqueConstraint(
                fields=["subject", "step", "kind"], name="papers_once_per_step"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in Kind]), name="papers_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(digest__startswith="sha256:", sm3__startswith="sm3:"),
                name="papers_has_both_digests",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def what(self) -> Kind:
        return Kind(self.kind)


class Rendering(models.Model):
    """The PDF of a paper, made after it was issued and kept in the store by its digest."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    paper = models.OneToOneField(Paper, models.PROTECT, related_name="rendering")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.paper_id)


class Letter(models.Model):
    """An official document as it went out (发文): numbered, its words fixed. Never changed.

    ``contents`` are its words as data, encrypted; ``digest`` and ``sm3`` are of its canonical text,
    which holds them, its number and its code. ``about`` is what of its subject called for it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    """The word of whoever sent it: this app knows how documents go out, not what for."""
    unit = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="letters")
    word = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    subject = models.CharField(max_length=64)
    about = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    recipient = models.CharField(max_length=200)
    contents = EncryptedTextField(purpose="letter.contents")
    digest = models.CharField(max_length=71)
    sm3 = models.CharField(max_length=68)
    code = models.CharField(max_length=32)
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    head = models.CharField(max_length=71)

    class Meta:
        indexes = [
            models.Index(fields=["word", "year", "unit", "serial"], name="letters_by_series")
        ]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="letters_number_unique"),
            # What calls for a letter sends it once, however often it is tried.
            models.UniqueConstraint(fields=["subject", "kind", "about"], name="letters_sent_once"),
            models.CheckConstraint(
                condition=Q(digest__startswith="sha256:", sm3__startswith="sm3:"),
                name="letters_have_both_digests",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Typeset(models.Model):
    """A document as it was set, as PDF or docx: made at the first reading, and kept (排版件).

    ``digest`` is of what was set and in which form; other words are another document.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    digest = models.CharField(max_length=71, unique=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(digest__startswith="sha256:"), name="typeset_by_digest"
            )
        ]

    def __str__(self) -> str:
        return self.digest
