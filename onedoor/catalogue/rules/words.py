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
    PLANNED = "planned", "待生效"
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


class Source(Term):
    """Where a material comes from (来源渠道)."""

    OWN = "own", "申请人自备"
    ISSUED = "issued", "政府部门核发"
    LICENCE = "licence", "电子证照调取"
    SHARED = "shared", "数据共享核验"
    PROMISE = "promise", "告知承诺替代"
    OTHER = "other", "其他"


class Origin(Term):
    """How a version came in (版本来源): publication asks more of what we wrote ourselves."""

    EDITED = "edited", "编辑"
    IMPORTED = "imported", "导入"


class SpecialKind(Term):
    """What may stop the clock (特别程序种类): the eight of the licence law, and a survey."""

    HEARING = "TX01", "听证"
    TENDER = "TX02", "招标"
    AUCTION = "TX03", "拍卖"
    INSPECTION = "TX04", "检验"
    TESTING = "TX05", "检测"
    QUARANTINE = "TX06", "检疫"
    APPRAISAL = "TX07", "鉴定"
    EXPERT_REVIEW = "TX08", "专家评审"
    SURVEY = "survey", "现场勘验"


NAMED_BY_LAW = frozenset(SpecialKind) - {SpecialKind.SURVEY}
"""许可法45 names these; stopping the clock for anything else needs a basis of its own."""


class Reduced(Term):
    """How a material or step became needless (减少的来源)."""

    DROPPED = "dropped", "取消"
    LICENCE = "licence", "电子证照"
    SHARED = "shared", "数据核验"
    INTERNAL = "internal", "内部流转"
    PROMISE = "promise", "告知承诺"
    MERGED = "merged", "合并表单"


class ReportStatus(Term):
    """How far a reader's report has come (报错进度)."""

    OPEN = "open", "待处理"
    MENDED = "mended", "已改正"
    RIGHT = "right", "核实无误"
