"""The words of the catalogue: states, kinds, and how materials are asked for."""

from __future__ import annotations

from onedoor.kernel.terms import Term


class ItemState(Term):
    """Whether applications are taken (事项状态)."""

    IN_USE = "in_use", "在用"
    SUSPENDED = "suspended", "暂停"
    CANCELLED = "cancelled", "取消"


class VersionStatus(Term):
    """How far a version has come (版本状态)."""

    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待发布"
    PUBLISHED = "published", "已发布"
    REJECTED = "rejected", "已退回"
    SUPERSEDED = "superseded", "已被替代"


class Kind(Term):
    """Whether the answer is given on the spot (办件类型)."""

    INSTANT = "instant", "即办件"
    PROMISED = "promised", "承诺件"


class Necessity(Term):
    """Whether a material must be there (材料必要性)."""

    REQUIRED = "required", "必要"
    OPTIONAL = "optional", "非必要"
    TOLERANT = "tolerant", "容缺后补"


class Form(Term):
    """In what form a material is taken (材料形式)."""

    PAPER = "paper", "纸质"
    ELECTRONIC = "electronic", "电子"
    EITHER = "either", "纸质或电子"
