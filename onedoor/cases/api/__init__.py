"""The road of a case for programs: operations, not tables. The same services as the pages."""

from onedoor.cases.api import intake, reading, steps
from onedoor.cases.api.door import router

__all__ = ["intake", "reading", "router", "steps"]
