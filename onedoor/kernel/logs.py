"""What stays out of the log."""

from __future__ import annotations

import logging
import re

_OPENED = re.compile(r"(/(?:a|b|bookings|c|m|r|v|hall/t|drafts|submissions)/)[^/\s]+")
"""Addresses that open what they name to whoever has them: a receipt's, a ticket's, a paper's."""


class WithoutTokens(logging.Filter):
    """Put dots where an address holds a key: the log is read by more people than the receipt."""

    def filter(self, record: logging.LogRecord) -> bool:
        told = record.getMessage()
        if (masked := _OPENED.sub(r"\1…", told)) != told:
            record.msg, record.args = masked, None
        return True
