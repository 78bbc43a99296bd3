"""What every test of a refusal says."""

from __future__ import annotations

from typing import Any

import pytest

from onedoor.kernel.errors import Refusal


def refused(code: str) -> Any:
    """Expect a refusal with this code."""
    return pytest.raises(Refusal, check=lambda refusal: refusal.code == code)
