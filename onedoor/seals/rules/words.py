"""The words of seals: their kinds and states, and how far a request has come."""

from __future__ import annotations

from onedoor.kernel.terms import Term


class SealKind(Term):
    """What a seal may be put on (印章种类)."""

    RECEIPT = "receipt", "受理专用章"
    APPROVAL = "approval", "审批专用章"


class Medium(Term):
    """What a seal is made of (印章介质)."""

    ELECTRONIC = "electronic", "电子印章"
    PHYSICAL = "physical", "实物印章"


class Backing(Term):
    """Who keeps the key of an electronic seal (密钥保管)."""

    DEMO = "demo", "演示签发机构"
    PKCS12 = "pkcs12", "证书文件（PKCS#12）"


class SealState(Term):
    """Whether a seal may be used (印章状态)."""

    ACTIVE = "active", "启用"
    LOCKED = "locked", "暂停"
    STOPPED = "stopped", "停用"
    DESTROYED = "destroyed", "销毁"


class RequestState(Term):
    """How far the sealing of a paper has come (用印申请状态)."""

    WAITING = "waiting", "等用印"
    SET_ASIDE = "set_aside", "搁置"
    SEALED = "sealed", "已用印"
