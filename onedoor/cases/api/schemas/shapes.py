"""What every shape is made of: texts with their limits, and what a program may not send."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(max_length=2000)]
Short = Annotated[str, StringConstraints(max_length=200)]
Ref = Annotated[str, StringConstraints(max_length=64, pattern=r"^[^\x00-\x1f]*$")]
"""What a row is looked for by; no database keeps or looks for a NUL."""
Count = Annotated[int, Field(ge=0, le=999)]


class In(BaseModel):
    """What a program sends. A member nobody knows is refused: it may be a slip of one that is."""

    model_config = ConfigDict(extra="forbid")
