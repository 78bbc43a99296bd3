"""What is known of a stored file. Its bytes lie in the store, under its digest."""

from __future__ import annotations

from django.db import models

from onedoor.kernel.fields import new_id


class StoredFile(models.Model):
    """An original, named by what it contains."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    digest = models.CharField(max_length=71, unique=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    created_at = models.DateTimeField()
    # Its bytes were disposed of; that there was such a file stays known.
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(digest__startswith="sha256:", size__gt=0),
                name="files_digest_and_size",
            )
        ]

    def __str__(self) -> str:
        return self.digest
