"""The words of this app."""

from __future__ import annotations

from onedoor.kernel.terms import Term


class PublicState(Term):
    """How far a decision is on its way to the public list (公示状态)."""

    WAITING = "waiting", "待公示"
    PUBLISHED = "published", "已公示"
    WITHHELD = "withheld", "不予公开"


class Ground(Term):
    """Why a decision is not made public (不予公开情形). Basis: 许可法5."""

    STATE_SECRET = "state_secret", "涉及国家秘密"
    TRADE_SECRET = "trade_secret", "涉及商业秘密"
    PRIVACY = "privacy", "涉及个人隐私"
