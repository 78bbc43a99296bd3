"""Reports as they were kept, and what of them is made public."""

from onedoor.reports.models.kept import (
    Reading,
    Report,
    ReportFinding,
    ReportNote,
    Task,
)
from onedoor.reports.models.publishing import CheckHit, Edition, Publication

__all__ = [
    "CheckHit",
    "Edition",
    "Publication",
    "Reading",
    "Report",
    "ReportFinding",
    "ReportNote",
    "Task",
]
