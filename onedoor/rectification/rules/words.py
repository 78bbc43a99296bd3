"""The words of rectification. What a place calls an outcome is data, see ``labels``."""

from __future__ import annotations

from onedoor.kernel.terms import Term


class Outcome(Term):
    """What was recognised (认定结果), apart from how far the work is (state)."""

    NONE = "", "未认定"
    RECTIFIED = "rectified", "已整改"
    MOSTLY = "mostly", "基本整改"
    IN_PROGRESS = "in_progress", "正在整改"
    LONG_TERM = "long_term", "持续整改"
    NOT_RECTIFIED = "not_rectified", "未整改"
    UPSTREAM = "upstream", "上级事权"
    NOT_APPLICABLE = "not_applicable", "不再适用"


class RectificationClass(Term):
    """How long putting it right may take (整改类型), each with a limit of its own."""

    UNSET = "", "未定"
    AT_ONCE = "at_once", "立行立改"
    STAGED = "staged", "分阶段整改"
    CONTINUED = "continued", "持续整改"


class Severity(Term):
    """How serious a finding is (严重程度)."""

    UNSET = "", "未定"
    MAJOR = "major", "重大"
    LARGER = "larger", "较大"
    GENERAL = "general", "一般"


class GapKind(Term):
    """What a finding came without (缺项)."""

    MISSING_RESPONSIBLE = "MISSING_RESPONSIBLE", "没有责任单位"
    MISSING_DEADLINE = "MISSING_DEADLINE", "没有整改时限"
    CLASS_NOT_STATED = "CLASS_NOT_STATED", "没有写明整改类型"
    NO_CLAIM = "NO_CLAIM", "没有写明整改结果"
    NO_MEASURE = "NO_MEASURE", "没有整改措施"
    UNKNOWN_LABEL = "UNKNOWN_LABEL", "整改结果的说法不认识"
    SOURCE_NOTE = "SOURCE_NOTE", "来源备注"


class EvidenceKind(Term):
    """What a piece of evidence is (佐证种类)."""

    VOUCHER = "voucher", "财务凭证"
    WRITTEN = "written", "书面证明"
    REPLY = "reply", "办理回复"
    APPROVAL = "approval", "审批文件"
    REGULATION = "regulation", "制度文本"
    MINUTES = "minutes", "会议纪要"
    CONTRACT = "contract", "合同协议"
    PHOTO = "photo", "照片视频"
    SCREEN = "screen", "系统截图"
    QUERY = "query", "数据查询结果"
    THIRD_PARTY = "third_party", "第三方报告"


class EvidenceState(Term):
    """What a reviewer said of a piece of evidence (佐证状态)."""

    WAITING = "waiting", "待核"
    APPROVED = "approved", "认可"
    REJECTED = "rejected", "不认可"
    WITHDRAWN = "withdrawn", "已撤回"


class MoneyKind(Term):
    """What has to happen to an amount (处理方式)."""

    REMIT = "remit", "上缴财政"
    RETURN = "return", "归还原渠道"
    ADJUST = "adjust", "调整账目"
    REFUND = "refund", "清退退还"
    RECOVER = "recover", "追缴收回"
    ALLOCATE = "allocate", "拨付到位"


class Decision(Term):
    """What came of a request (处理意见)."""

    WAITING = "waiting", "待批"
    GRANTED = "granted", "同意"
    REFUSED = "refused", "不同意"


class Answer(Term):
    """What the upper body answered (上级答复)."""

    WAITING = "waiting", "待复"
    YES = "yes", "同意"
    NO = "no", "不同意"
    PASSED_ON = "passed_on", "转办"


class Rung(Term):
    """One step of the ladder for what is late (督办方式)."""

    REMIND = "remind", "提醒"
    URGE = "urge", "督办"
    TALK = "talk", "约谈"
    CIRCULAR = "circular", "通报"
    TRANSFER = "transfer", "移送"


class LetterKind(Term):
    """A letter of rectification (整改文书)."""

    SERVICE = "service", "审计整改通知书"
    PLAN = "plan", "整改方案"
    SUPERVISION = "supervision", "督办文书"
    ASKED = "asked", "延期整改申请"
    EXTENSION = "extension", "延期整改批复"
    UPWARD = "upward", "上级事权请示"
    CLAIM = "claim", "销号申请表"
    CLOSING = "closing", "对账销号单"


class RecheckState(Term):
    """Where a look back stands (回头看状态)."""

    PLANNED = "planned", "未到期"
    DUE = "due", "该复查了"
    HELD = "held", "巩固"
    RELAPSED = "relapsed", "反弹"
    DROPPED = "dropped", "不再需要"


class RecheckWay(Term):
    """How one looks back (复查方式)."""

    PAPER = "paper", "书面"
    ON_SITE = "on_site", "现场"
    RULE = "rule", "数据规则"


class SignalKind(Term):
    """What points to a fix on paper only (虚假整改信号)."""

    SAME_FILE = "same_file", "同一个文件用在两个问题上"
    LATE_DOCUMENT = "late_document", "文件日期在申请销号以后"
    EARLY_DOCUMENT = "early_document", "文件日期在查出问题以前"
    PHOTO_OUTSIDE = "photo_outside", "照片拍摄时间不在整改期间"
    LAST_DAY = "last_day", "到期那天才申请销号，佐证只有照片"
    FIGURE = "figure", "自述的金额和凭证对不上"
    WITHDRAWN = "withdrawn", "销号以后撤回佐证"
    RULE_FIRED = "rule_fired", "销号以后规则又报警"
    DOUBTED = "doubted", "群众反映没有整改到位"


class Adoption(Term):
    """What became of a recommendation (建议采纳情况)."""

    WAITING = "waiting", "待采纳"
    ADOPTED = "adopted", "采纳"
    PARTLY = "partly", "部分采纳"
    NOT_ADOPTED = "not_adopted", "未采纳"


class ProofUse(Term):
    """What somebody takes findings out for (导出用途)."""

    AUDIT = "audit", "审计"
    INSPECTION = "inspection", "督查检查"
    DISCIPLINE = "discipline", "纪检监察"
    DISPUTE = "dispute", "争议处理"


class Change(Term):
    """What was done to a finding beside its steps (变更), as its history tells it."""

    IMPORTED = "imported", "导入"
    COMPLETED = "completed", "补全责任、类型和时限"
    MEASURE = "measure", "增加措施"
    PROGRESS = "progress", "填报进展"
    MILESTONE = "milestone", "增加阶段目标"
    MILESTONE_MOVED = "milestone_moved", "调整阶段目标"
    REACHED = "reached", "完成阶段目标"
    EVIDENCE = "evidence", "上传佐证"
    JUDGED = "judged", "审核佐证"
    WITHDRAWN = "withdrawn", "撤回佐证"
    AMOUNT = "amount", "登记应处理金额"
    PAID = "paid", "登记已处理金额"
    EXTENSION_ASKED = "extension_asked", "申请延期"
    EXTENSION_DECIDED = "extension_decided", "批复延期"
    SENT_UP = "sent_up", "向上级请示"
    PURSUED = "pursued", "向上级催复"
    ANSWERED = "answered", "登记上级答复"
    SUPERVISED = "supervised", "督办"
    REPLIED = "replied", "回复督办"
    CONCLUDED = "concluded", "登记督办结果"
    SIGNAL = "signal", "发现虚假整改信号"
    SETTLED = "settled", "核清信号"
    RULE = "rule", "规则报警"
    DOUBTED = "doubted", "群众反映"
