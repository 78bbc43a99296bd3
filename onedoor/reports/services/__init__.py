"""What may be done with reports: take one in, read one, break its promises down, publish it."""

from onedoor.reports.services.checking import clear, send_back, settle
from onedoor.reports.services.importing import break_down, import_report, keep
from onedoor.reports.services.live import make_report, project_named, wanted_of
from onedoor.reports.services.publishing import (
    Typed,
    correct,
    drop,
    edit,
    enter,
    publish,
    submit,
    withdraw,
)
from onedoor.reports.services.reading import confirm_reading, drop_reading, read_report

__all__ = [
    "Typed",
    "break_down",
    "clear",
    "confirm_reading",
    "correct",
    "drop",
    "drop_reading",
    "edit",
    "enter",
    "import_report",
    "keep",
    "make_report",
    "project_named",
    "publish",
    "read_report",
    "send_back",
    "settle",
    "submit",
    "wanted_of",
    "withdraw",
]
