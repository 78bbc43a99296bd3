"""Who may act for whom."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import models
from django.db.models import Q

from onedoor.citizens.rules.mandates import Ended, How, Kind, Scope, State
from onedoor.kernel import masking
from onedoor.kernel.fields import EncryptedTextField, EqualityIndexField, new_id, new_short


class Mandate(models.Model):
    """That somebody may act for a person or a company (代办授权), agreed to by them.

    Both are known by their documents, not by accounts: at a window neither needs one. ``agent`` is
    who acts, ``party`` is acted for. ``digest`` is that of the code sent to the party, while their
    answer is awaited. Nothing is changed once it has ended.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=10, unique=True, default=new_short, editable=False)
    kind = models.CharField(max_length=8)
    scope = models.CharField(max_length=8)
    state = models.CharField(max_length=8, default=State.ASKED.value)
    agent_name = EncryptedTextField(purpose="mandate.agent_name")
    agent_number = EncryptedTextField(purpose="mandate.agent_number")
    agent_index = EqualityIndexField(of="agent_number")
    party_name = EncryptedTextField(purpose="mandate.party_name")
    party_type = models.CharField(max_length=3)
    party_number = EncryptedTextField(purpose="mandate.party_number")
    party_index = EqualityIndexField(of="party_number")
    party_phone = EncryptedTextField(purpose="mandate.party_phone")
    digest = models.CharField(max_length=64, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    first_on = models.DateField()
    last_on = models.DateField(null=True)
    asked_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True)
    given_how = models.CharField(max_length=10, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_how = models.CharField(max_length=14, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agent_index", "party_index", "kind"],
                condition=~Q(state=State.ENDED.value),
                name="mandate_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[each.value for each in Kind])
                & Q(scope__in=[each.value for each in Scope])
                & Q(state__in=[each.value for each in State]),
                name="mandate_words_known",
            ),
            models.CheckConstraint(
                condition=Q(state=State.ASKED.value, given_at__isnull=True, given_how="")
                | Q(state=State.ENDED.value)
                | Q(
                    state=State.GIVEN.value,
                    given_at__isnull=False,
                    given_how__in=[each.value for each in How],
                ),
                name="mandate_given_how",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_how="") & ~Q(state=State.ENDED.value)
                | Q(
                    state=State.ENDED.value,
                    ended_at__isnull=False,
                    ended_how__in=[each.value for each in Ended],
                ),
                name="mandate_ended_how",
            ),
            models.CheckConstraint(
                condition=Q(last_on__isnull=True, kind=Kind.LEGAL.value) | Q(last_on__isnull=False),
                name="mandate_has_an_end",
            ),
        ]
        indexes = [
            models.Index(fields=["agent_index"], name="mandate_by_agent"),
            models.Index(fields=["party_index"], name="mandate_by_party"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def subject(self) -> str:
        return f"mandate:{self.code}"

    @property
    def as_what(self) -> Kind:
        return Kind(self.kind)

    @property
    def reach(self) -> Scope:
        return Scope(self.scope)

    @property
    def standing(self) -> State:
        return State(self.state)

    @property
    def agreed_how(self) -> How | None:
        return How(self.given_how) if self.given_how else None

    @property
    def is_family(self) -> bool:
        return self.kind == Kind.FAMILY.value

    def holds_on(self, day: date) -> bool:
        """Whether somebody may act under it on a day."""
        is_given = self.state == State.GIVEN.value and self.first_on <= day
        return is_given and (self.last_on is None or day <= self.last_on)

    # What pages ask of whoever's cases they show: see ``Citizen``.

    is_verified = True

    @property
    def name(self) -> str:
        return str(self.party_name)

    @property
    def shown(self) -> str:
        """The party as its agent reads it once they agreed; before, a person's name is masked."""
        name = str(self.party_name)
        is_open = self.state == State.GIVEN.value or not self.is_family
        return name if is_open else masking.name(name)

    @property
    def id_type(self) -> str:
        return self.party_type

    @property
    def id_number(self) -> str:
        return str(self.party_number)

    @property
    def phone(self) -> str:
        return str(self.party_phone)

    def ids(self) -> list[UUID]:
        """Return the accounts whose applications are shown: none, only what is in their name."""
        return []
