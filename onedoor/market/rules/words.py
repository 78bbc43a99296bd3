"""The words of buying from intermediaries."""

from __future__ import annotations

from onedoor.kernel.terms import Term


class ServiceClass(Term):
    """What is bought, as the tender rules divide it (采购类别)."""

    WORKS = "works", "施工"
    GOODS = "goods", "重要设备、材料"
    SURVEY = "survey", "勘察"
    DESIGN = "design", "设计"
    SUPERVISION = "supervision", "监理"
    OTHER = "other", "其他中介服务"


class UnitKind(Term):
    """What kind of unit buys (采购单位类型)."""

    TOWN = "town", "乡镇（街道）"
    ORGAN = "organ", "国家机关"
    INSTITUTION = "institution", "事业单位"
    MASS = "mass", "人民团体"
    STATE_FIRM = "state_firm", "国有企业"
    PRIVATE = "private", "其他企业和组织"


class Funding(Term):
    """Whose money it is (资金来源)."""

    FISCAL = "fiscal", "财政性资金"
    STATE = "state", "国有企业自有资金"
    SOCIAL = "social", "社会资金"


class ProjectKind(Term):
    """What kind of construction project it belongs to, as 16号令 2 to 4 divide them (项目类型)."""

    NONE = "none", "不是工程建设项目"
    FISCAL = "fiscal", "用财政预算资金200万元以上且占投资10%以上，或者国有资金控股的工程"
    LOAN = "loan", "用国际组织或者外国政府贷款、援助资金的工程"
    LISTED = "listed", "大型基础设施、公用事业工程（843号文所列）"
    OUTSIDE = "outside", "以上都不是的工程"


class Exemption(Term):
    """Why no procedure is asked for (豁免情形)."""

    SECRET = "secret", "涉及国家安全、国家秘密"
    EMERGENCY = "emergency", "抢险救灾等紧急情况"
    ACCIDENT = "accident", "生产安全事故调查"


class Channel(Term):
    """Through which channel something is bought (采购渠道)."""

    EXEMPT = "exempt", "豁免"
    TENDER = "tender", "公开招标"
    PROCUREMENT = "procurement", "政府采购"
    REQUIRED = "market_required", "应当进中介超市"
    OPTIONAL = "market_optional", "可以进中介超市"
    FREE = "free", "自主采购"
    UNDETERMINED = "undetermined", "还定不了"


class Method(Term):
    """How an agency is selected (选取方式)."""

    DRAW = "draw", "随机抽取"
    LOWEST = "lowest", "最低价中选"
    MEAN = "mean", "均价中选"
    CREDIT = "credit", "信用择优"
    PROPOSAL = "proposal", "方案择优"
    DIRECT = "direct", "直接选取"


class Shortfall(Term):
    """What happens when too few sign up (报名不足的处理)."""

    FAIL = "fail", "流标"
    EXTEND = "extend", "延长报名"
    DOWNGRADE = "downgrade", "可以改为直接选取"


class LimitKind(Term):
    """What the market does by a day (时限种类)."""

    OBJECTION = "objection", "中选公示"
    AWARD = "award", "发中选通知书"
    CONTRACT = "contract", "签合同"
    FILING = "filing", "合同备案"
    EVALUATION = "evaluation", "评价"
    REPLY = "reply", "答复异议"
    REVIEW = "review", "豁免事后审查"
