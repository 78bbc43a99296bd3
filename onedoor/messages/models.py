"""Messages to people: one row each, from the moment there is something to tell."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from onedoor.kernel import masking
from onedoor.kernel.fields import EncryptedTextField, new_id
from onedoor.messages.rules import Channel, State, Topic


class Message(models.Model):
    """What is told somebody through one channel (消息). ``key`` names what it tells and how, so
    that it is told once; ``about`` is the subject in the ledger it is about.

    ``to`` is a mobile number or an e-mail address; what is told in the space of whoever signs in
    (站内) goes nowhere, is there at once and counts as sent.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=100, unique=True)
    about = models.CharField(max_length=80, db_index=True)
    topic = models.CharField(max_length=14)
    channel = models.CharField(max_length=4, default=Channel.SMS.value)
    to = EncryptedTextField(purpose="message.to")
    text = EncryptedTextField(purpose="message.text")
    state = models.CharField(max_length=8, default=State.WAITING.value)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    fault = models.CharField(max_length=60, blank=True)
    gateway = models.CharField(max_length=10, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=Q(state=State.WAITING.value),
                name="messages_waiting",
            ),
            models.Index(fields=["created_at"], name="messages_created"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(topic__in=[each.value for each in Topic]), name="message_topic_known"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=[each.value for each in Channel]),
                name="message_channel_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in State]), name="message_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.SENT.value) | Q(sent_at__isnull=False),
                name="message_sent_when",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def subject(self) -> str:
        return f"message:{self.pk}"

    @property
    def what(self) -> Topic:
        return Topic(self.topic)

    @property
    def through(self) -> Channel:
        return Channel(self.channel)

    @property
    def shown_to(self) -> str:
        """To whom, as the office reads it: with its middle hidden."""
        hide = masking.mail if self.through is Channel.MAIL else masking.phone
        return hide(str(self.to)) if self.to else ""

    @property
    def standing(self) -> State:
        return State(self.state)
