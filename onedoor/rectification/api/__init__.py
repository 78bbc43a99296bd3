"""Findings for programs: the ledger, one finding with its proof, and every step of the tables."""

from onedoor.rectification.api import reading, steps
from onedoor.rectification.api.advising import router as recommendations
from onedoor.rectification.api.door import router
from onedoor.rectification.api.exporting import router as exports

__all__ = ["exports", "reading", "recommendations", "router", "steps"]
