"""What may be done with reports: take one in, read one, break its promises down."""

from onedoor.reports.services.importing import break_down, import_report, keep
from onedoor.reports.services.live import make_report, project_named, wanted_of
from onedoor.reports.services.reading import confirm_reading, drop_reading, read_report

__all__ = [
    "break_down",
    "confirm_reading",
    "drop_reading",
    "import_report",
    "keep",
    "make_report",
    "project_named",
    "read_report",
    "wanted_of",
]
