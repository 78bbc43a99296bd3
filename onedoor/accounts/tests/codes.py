"""Administrators in tests, who gave their one-time code."""

from __future__ import annotations

from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY

from onedoor.accounts.models import Authenticator, Person, new_seed


def with_code(client: Client) -> Client:
    """Return the browser of somebody who is signed in, as it is after their one-time code."""
    session = client.session
    device = Authenticator.objects.create(
        user=Person.objects.get(pk=session["_auth_user_id"]),
        name="x",
        confirmed=True,
        seed=new_seed(),
    )
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session.save()
    return client
