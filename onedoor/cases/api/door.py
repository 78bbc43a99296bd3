"""The one router that the operations of a case hang on."""

from ninja import Router

router = Router(tags=["cases"])
