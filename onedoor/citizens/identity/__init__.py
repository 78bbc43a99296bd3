"""Which service says who somebody is: the county's own, or a demo's stand-in that says so."""

from __future__ import annotations

from django.conf import settings

from onedoor.citizens.identity.claims import Identity, Service
from onedoor.citizens.identity.oidc import Oidc
from onedoor.citizens.identity.standin import Standin
from onedoor.ledger import installation

__all__ = ["Identity", "Oidc", "Service", "Standin", "service"]


def service() -> Service | None:
    """Return the service this installation was told of, the stand-in in a demo, or none."""
    if settings.OIDC_ISSUER:
        return Oidc(settings.OIDC_ISSUER, settings.OIDC_CLIENT, settings.OIDC_SECRET)
    return Standin() if installation.current().is_demo else None
