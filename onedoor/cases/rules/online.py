"""Applying online (网上办): what a county sets, what may be sent, and how each material comes.

Before receipt no limit of the law runs; by when the centre looks, and by when the applicant
answers, is for the county to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Protocol

from onedoor.cases.rules.words import Channel
from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.catalogue.rules.words import Form, Necessity
from onedoor.kernel.errors import NotValid


@dataclass(frozen=True)
class OnlineRules:
    """What the county set for applications sent online; without a word of it, this."""

    precheck_days: int = 1
    """Working days in which the centre looks at an application."""
    resubmit_days: int = 15
    """Working days the applicant has to mend it, or to bring the originals."""
    draft_days: int = 7
    """Days after which what was not sent is deleted."""
    files_per_material: int = 10
    files_per_case: int = 30
    reuse_days: int = 365
    """Days for which a file handed in before may be handed in again."""

    @property
    def precheck(self) -> Limit:
        return Limit(self.precheck_days, LimitUnit.WD)

    @property
    def resubmit(self) -> Limit:
        return Limit(self.resubmit_days, LimitUnit.WD)


def read_rules(told: Mapping[str, Any]) -> OnlineRules:
    """Return the county's rules, or refuse them by name: whole numbers from 1 to 365.

    >>> read_rules({"precheck_days": 2}).precheck_days
    2
    """
    known = {f.name for f in fields(OnlineRules)}
    for name, value in told.items():
        if name not in known or type(value) is not int or not 1 <= value <= 365:
            raise NotValid(
                "county.online",
                "县的设定里 [online] 的 %(name)s 不对：应是认识的名称，值是 1 到 365 的整数。",
                name=name,
            )
    return OnlineRules(**told)


class Applied(Protocol):
    """What these rules need to know of an item."""

    @property
    def is_online(self) -> bool | None: ...

    @property
    def online_url(self) -> str: ...


def is_taken_here(item: Applied) -> bool:
    """Say whether the item is applied for on this site: online, and not on another's."""
    return bool(item.is_online) and not item.online_url


def channel_of(form: Form, necessity: Necessity, *, is_uploaded: bool, is_brought: bool) -> Channel:
    """Return how a material comes in. What the item asks for on paper is brought, photo or not.

    >>> channel_of(Form.EITHER, Necessity.REQUIRED, is_uploaded=True, is_brought=False).value
    'upload'
    >>> channel_of(Form.PAPER, Necessity.REQUIRED, is_uploaded=True, is_brought=False).value
    'bring'
    >>> channel_of(Form.ELECTRONIC, Necessity.REQUIRED, is_uploaded=False, is_brought=True).value
    'none'
    """
    if form is Form.PAPER and (is_brought or is_uploaded or necessity is Necessity.REQUIRED):
        return Channel.BRING
    if is_uploaded:
        return Channel.UPLOAD
    return Channel.BRING if is_brought and form is not Form.ELECTRONIC else Channel.NONE


def is_lacking(channel: Channel, necessity: Necessity) -> bool:
    """Say whether an application may not be sent yet for want of this material."""
    return channel is Channel.NONE and necessity is Necessity.REQUIRED
