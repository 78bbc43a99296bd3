"""What may be done about findings: one function for each thing a person or the clock may do."""

from onedoor.rectification.services.opening import complete, open_findings

__all__ = ["complete", "open_findings"]
