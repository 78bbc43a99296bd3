"""What may be done with reports: take one in, read one, break its promises down."""

from onedoor.reports.services.importing import break_down, import_report, keep
from onedoor.reports.services.reading import confirm_reading, drop_reading, read_report

__all__ = [
    "break_down",
    "confirm_reading",
    "drop_reading",
    "import_report",
    "keep",
    "read_report",
]
