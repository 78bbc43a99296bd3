"""The road of a case for programs: operations, not tables. The same services as the pages."""

from onedoor.cases.api import (
    commitments,
    hearings,
    intake,
    precheck,
    procedure,
    promises,
    reading,
    serving,
    steps,
)
from onedoor.cases.api.door import router

__all__ = [
    "commitments",
    "hearings",
    "intake",
    "precheck",
    "procedure",
    "promises",
    "reading",
    "router",
    "serving",
    "steps",
]
