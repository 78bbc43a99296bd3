"""Reports and published information for programs."""

from onedoor.reports.api.information import router as information
from onedoor.reports.api.kept import router

__all__ = ["information", "router"]
