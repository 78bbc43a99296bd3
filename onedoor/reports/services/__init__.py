"""What may be done with reports: take one in, break its promises down."""

from onedoor.reports.services.importing import break_down, import_report, keep

__all__ = ["break_down", "import_report", "keep"]
