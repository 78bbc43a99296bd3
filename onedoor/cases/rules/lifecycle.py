"""The process of a case as one table: state, action, who, on what condition, with what effect.

Basis: 行政许可法 (licence law); for other kinds of items the same road, with the item's own limits.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from onedoor.accounts.rules import Role
from onedoor.kernel.errors import NotAllowed, Refusal
from onedoor.kernel.terms import Term


class Status(Term):
    """Where the work on a case is (办件状态)."""

    NEW = "new", "未收件"
    SUBMITTED = "submitted", "已申请"
    PRE_RETURNED = "pre_returned", "预审退回"
    RECEIVED = "received", "已收件"
    CORRECTING = "correcting", "补正中"
    REJECTED_INTAKE = "rejected_intake", "不予受理"
    ACCEPTED = "accepted", "已受理"
    IN_REVIEW = "in_review", "审查"
    SPECIAL = "special", "特别程序中"
    FORWARDED = "forwarded", "转报上级"
    DECIDED_YES = "decided_yes", "准予"
    DECIDED_NO = "decided_no", "不予"
    MAKING = "making", "制证"
    READY = "ready", "待领取"
    CLOSED = "closed", "办结归档"
    WITHDRAWN = "withdrawn", "撤回"
    RETURNED = "returned", "退件"


class Outcome(Term):
    """What was decided (办理结果), on another axis than where the work is."""

    NONE = "none", "未决定"
    GRANTED = "granted", "准予"
    REFUSED = "refused", "不予"


class Action(Term):
    """What a person or the clock may do to a case (办理动作)."""

    SUBMIT = "submit", "网上申请"
    PRE_PASS = "pre_pass", "预审通过，等原件"
    PRE_RETURN = "pre_return", "退回修改"
    RESUBMIT = "resubmit", "修改后重新提交"
    LAPSE = "lapse", "逾期按撤回处理"
    RECEIVE = "receive", "收件"
    FOLLOW_ON = "follow_on", "接续收件"
    ASK_CORRECTION = "ask_correction", "一次性告知补正"
    TAKE_CORRECTION = "take_correction", "补正收件"
    SUPPLY = "supply", "网上补正"
    RETURN_UNANSWERED = "return_unanswered", "逾期没有补正，退件"
    PROMISE = "promise", "签容缺承诺"
    COMMIT = "commit", "签告知承诺书"
    COMMIT_ONLINE = "commit_online", "网上作出承诺"
    ACCEPT = "accept", "受理"
    ACCEPT_TOLERANT = "accept_tolerant", "容缺受理"
    DEEM_ACCEPTED = "deem_accepted", "视为受理"
    REJECT = "reject", "不予受理"
    DISPATCH = "dispatch", "分派"
    SUPPLEMENT = "supplement", "容缺补交收件"
    SUPPLEMENT_ONLINE = "supplement_online", "网上补交容缺材料"
    PUT_OFF = "put_off", "顺延容缺补交期限"
    RETURN_UNKEPT = "return_unkept", "逾期没有补交，退件"
    REVIEW = "review", "初审"
    ORDER_SURVEY = "order_survey", "安排现场勘验"
    RECORD_SURVEY = "record_survey", "填写勘验记录"
    SIGN_SURVEY = "sign_survey", "签认勘验记录"
    TELL_HEARING = "tell_hearing", "告知听证权利"
    ASK_HEARING = "ask_hearing", "登记听证申请"
    CALL_HEARING = "call_hearing", "通知听证"
    RECORD_HEARING = "record_hearing", "记录听证"
    LINK_LICENCE = "link_licence", "关联要延续的证照"
    DEEM_RENEWED = "deem_renewed", "视为准予延续"
    PROPOSE_SPECIAL = "propose_special", "提出特别程序"
    SUSPEND = "suspend", "批准特别程序"
    TURN_DOWN_SPECIAL = "turn_down_special", "不同意特别程序"
    END_SPECIAL = "end_special", "结束一项特别程序"
    RESUME = "resume", "恢复计时"
    EXTEND = "extend", "延期"
    FORWARD = "forward", "转报上级"
    TELL_FORWARDED = "tell_forwarded", "告知转报"
    RECORD_REPLY = "record_reply", "登记上级结果"
    GRANT = "grant", "准予"
    REFUSE = "refuse", "不予"
    WITHDRAW = "withdraw", "撤回"
    MAKE = "make", "制证"
    MAKE_READY = "make_ready", "交出件窗口"
    HAND_OUT = "hand_out", "出件"
    POST = "post", "寄出"
    CONFIRM_DELIVERY = "confirm_delivery", "确认签收"
    LEAVE = "leave", "留置送达"
    ANNOUNCE = "announce", "公告送达"
    DEEM_SERVED = "deem_served", "公告期满，视为送达"
    SERVE_ONLINE = "serve_online", "电子送达"
    ENTRUST = "entrust", "委托送达"
    CONFIRM_ENTRUSTED = "confirm_entrusted", "确认受托送达"
    DEPOSIT = "deposit", "放进自助柜"
    FETCH = "fetch", "从自助柜取走"
    FINISH_AT_ONCE = "finish_at_once", "当场办结"


class Need(Term):
    """A condition of a step (条件); a word here, a fact in ``queries.needs_met``."""

    ONLINE = "online", "事项可以在这里网上办"
    GIVEN = "given", "必要的材料都已上传，或写明到窗口交原件"
    ORIGINALS_AWAITED = "originals_awaited", "还有原件要到窗口交，而且还没有预审过"
    LEFT_ALONE = "left_alone", "过了修改或交原件的期限"
    IDENTITY = "identity", "已核对身份"
    LIST_JUDGED = "list_judged", "材料已逐份判断"
    GRANTED_BEFORE = "granted_before", "同一份申请的前一项已准予"
    GAPS = "gaps", "缺件已一次列全"
    FIRST_NOTICE = "first_notice", "没有告知过，或补来的材料不合格并写明原因"
    CORRECTION_OPEN = "correction_open", "补正期限还没过"
    CORRECTION_OVER = "correction_over", "过了补正期限，没有补齐"
    COMPLETE = "complete", "材料齐全"
    TOLERABLE = "tolerable", "只缺事项允许后补的材料，没有签过承诺，不是联合申请"
    PROMISED = "promised", "缺的材料都签了容缺承诺"
    COMMITTABLE = "committable", "缺着事项允许用承诺代替的材料，不是联合申请"
    SUPPLEMENT_OPEN = "supplement_open", "有材料承诺后补，期限还没过"
    SUPPLEMENT_OVER = "supplement_over", "过了容缺补交期限，没有补齐"
    PROMISES_KEPT = "promises_kept", "承诺后补的材料已经补齐"
    NOTICE_LATE = "notice_late", "逾期没有告知"
    DEEMING = "deeming", "事项适用视为受理"
    REASON = "reason", "已写明理由"
    BASIS = "basis", "已写明依据条款"
    OPINION = "opinion", "已写明意见"
    KIND_LISTED = "kind_listed", "事项列明了这种特别程序"
    NONE_PROPOSED = "none_proposed", "提出的特别程序已经答复"
    PROPOSED = "proposed", "有人提出特别程序"
    BY_ANOTHER = "by_another", "由提出人以外的人批准"
    RESULT_FILED = "result_filed", "程序结果已上传"
    OTHERS_RUN = "others_run", "还有别的特别程序在进行"
    LAST_ONE = "last_one", "没有别的特别程序在进行"
    EXTENDABLE = "extendable", "这类事项的法律允许延期"
    NOT_EXTENDED = "not_extended", "没有延期过"
    IN_TIME = "in_time", "法定期限还没过"
    REVIEWED = "reviewed", "已有初审意见"
    FORWARDABLE = "forwardable", "事项要转报上级决定"
    DECIDED_HERE = "decided_here", "事项由本机关决定，不用转报上级"
    REPLY_AWAITED = "reply_awaited", "上级还没有答复"
    REPLY_YES = "reply_yes", "上级答复同意"
    REPLY_NO = "reply_no", "上级答复不同意"
    TWO_PERSONS = "two_persons", "决定人没有收件、受理或初审过这一件"
    INSTANT = "instant", "即办件且有书面授权"
    SEALED = "sealed", "决定文书已用印"
    POSTED = "posted", "已经寄出"
    WITNESSED = "witnessed", "写明拒收、地点和两位见证人，附照片或文件"
    LAST_RESORT = "last_resort", "下落不明，或者寄过没有送到，原因和经过已写明"
    NOT_ANNOUNCED = "not_announced", "没有公告过"
    NOTICE_OVER = "notice_over", "公告期满，没有人来领"
    CONSENTED = "consented", "申请人同意电子送达，没有撤回"
    ENTRUSTED = "entrusted", "已经委托送达"
    DEPOSITED = "deposited", "已经放进自助柜"
    NO_SURVEY = "no_survey", "上一次勘验签认完"
    MINE_TO_WRITE = "mine_to_write", "由两位勘验人之一填写"
    OTHERS_TO_SIGN = "others_to_sign", "由另一位勘验人签认"
    SURVEYS_DONE = "surveys_done", "勘验记录由两人签认"
    NOT_TOLD = "not_told", "没有告知过听证权利"
    MAY_ASK = "may_ask", "在告知后 5 个工作日内申请"
    ASKED = "asked", "有人申请听证"
    HEARD = "heard", "到通知的日期举行听证"
    HEARING_SETTLED = "hearing_settled", "等听证申请期满，或者听证有了笔录"
    QUANTITY_LEFT = "quantity_left", "还有名额"
    IN_ORDER = "in_order", "等先受理的件决定，名额按受理先后给"
    RENEWABLE = "renewable", "原证照有效，是同一个人的，没有别的件在延续它"
    ASKED_IN_TIME = "asked_in_time", "在到期 30 日前申请延续"
    EXPIRED = "expired", "原证照到期还没有决定"


class Paper(Term):
    """The official paper a step issues (文书)."""

    NONE = "none", "—"
    SUBMISSION = "submission", "申请回执"
    RECEIPT = "receipt", "收件凭证"
    CORRECTION = "correction", "一次性补正告知书"
    CORRECTION_RECEIPT = "correction_receipt", "补正收件凭证"
    ACCEPTANCE = "acceptance", "受理通知书"
    REJECTION = "rejection", "不予受理决定书"
    FLOW_SLIP = "flow_slip", "流转单"
    PROMISE = "promise", "容缺受理承诺书"
    COMMITMENT = "commitment", "告知承诺书"
    SUPPLEMENT_RECEIPT = "supplement_receipt", "容缺补交收件凭证"
    SPECIAL = "special", "特别程序告知书"
    SURVEY = "survey", "勘验记录"
    HEARING_RIGHT = "hearing_right", "听证告知书"
    HEARING_NOTICE = "hearing_notice", "听证通知书"
    HEARING_RECORD = "hearing_record", "听证笔录"
    EXTENSION = "extension", "延期告知书"
    FORWARD = "forward", "转报函"
    FORWARD_NOTICE = "forward_notice", "转报告知书"
    GRANT = "grant", "准予决定书"
    REFUSAL = "refusal", "不予决定书"
    CERTIFICATE = "certificate", "证照（要发证的）"
    RETURN_LIST = "return_list", "材料退还清单"
    RETURN = "return", "退件通知书"
    DELIVERY = "delivery", "送达回证"
    ANNOUNCEMENT = "announcement", "送达公告"
    AT_ONCE = "at_once", "收件受理决定合并回执"


class Clock(Term):
    """What a step does to the clocks (时限)."""

    KEEP = "keep", "—"
    START_RECEIPT = "start_receipt", "收件时限起算"
    STOP_RECEIPT = "stop_receipt", "收件时限停止"
    START_HANDLING = "start_handling", "办理时限起算"
    PAUSE = "pause", "办理时限中止"
    RESUME = "resume", "办理时限恢复"
    EXTEND = "extend", "办理时限延长"
    HAND_OVER = "hand_over", "办理时限停止，等上级答复"
    START_DELIVERY = "start_delivery", "办理时限停止，送达时限起算"
    STOP = "stop", "时限停止"


class Step(NamedTuple):
    """One row: in this state, this action, by one of these roles, if these needs are met."""

    id: str
    source: Status
    action: Action
    by: tuple[Role, ...]
    needs: tuple[Need, ...]
    target: Status
    paper: Paper
    clock: Clock
    basis: str
    also: Paper = Paper.NONE
    """A second paper, where the step is a whole visit."""

    @property
    def papers(self) -> tuple[Paper, ...]:
        """What the step issues; a certificate only where one is to be issued (许可法39)."""
        return tuple(each for each in (self.paper, self.also) if each is not Paper.NONE)


S, A, R, N, P, C = Status, Action, Role, Need, Paper, Clock

# fmt: off
LIFECYCLE = (
    #    id      in state       action              by                        if                                             leads to           paper                 clock              basis
    Step("T1",   S.NEW,         A.SUBMIT,           (R.APPLICANT, R.DESK),    (N.ONLINE, N.GIVEN),                           S.SUBMITTED,       P.SUBMISSION,         C.KEEP,            "许可法29、33"),
    Step("T1a",  S.SUBMITTED,   A.COMMIT_ONLINE,    (R.APPLICANT, R.DESK),    (N.COMMITTABLE,),                              S.SUBMITTED,       P.COMMITMENT,         C.KEEP,            "国办发〔2020〕42号"),
    Step("T20",  S.PRE_RETURNED, A.RESUBMIT,        (R.APPLICANT,),           (N.GIVEN,),                                    S.SUBMITTED,       P.SUBMISSION,         C.KEEP,            "许可法29、33"),
    Step("T21",  S.SUBMITTED,   A.PRE_RETURN,       (R.DESK,),                (N.GAPS, N.FIRST_NOTICE),                      S.PRE_RETURNED,    P.NONE,               C.KEEP,            "县里的预审规定"),
    Step("T21a", S.SUBMITTED,   A.PRE_PASS,         (R.DESK,),                (N.ORIGINALS_AWAITED,),                        S.SUBMITTED,       P.NONE,               C.KEEP,            "县里的预审规定"),
    Step("T21b", S.PRE_RETURNED, A.LAPSE,           (R.TIMER,),               (N.LEFT_ALONE,),                               S.WITHDRAWN,       P.NONE,               C.STOP,            "县里的预审规定"),
    Step("T21c", S.SUBMITTED,   A.LAPSE,            (R.TIMER,),               (N.LEFT_ALONE,),                               S.WITHDRAWN,       P.NONE,               C.STOP,            "县里的预审规定"),
    Step("T2d",  S.SUBMITTED,   A.RECEIVE,          (R.DESK,),                (N.IDENTITY, N.LIST_JUDGED),                   S.RECEIVED,        P.RECEIPT,            C.START_RECEIPT,   "许可法29、32"),
    Step("T2e",  S.PRE_RETURNED, A.RECEIVE,         (R.DESK,),                (N.IDENTITY, N.LIST_JUDGED),                   S.RECEIVED,        P.RECEIPT,            C.START_RECEIPT,   "许可法29、32"),
    Step("T2",   S.NEW,         A.RECEIVE,          (R.DESK,),                (N.IDENTITY, N.LIST_JUDGED),                   S.RECEIVED,        P.RECEIPT,            C.START_RECEIPT,   "许可法29、32"),
    Step("T2a",  S.RECEIVED,    A.LINK_LICENCE,     (R.DESK, R.ACCEPTOR),     (N.RENEWABLE,),                                S.RECEIVED,        P.NONE,               C.KEEP,            "许可法50"),
    Step("T2b",  S.NEW,         A.FOLLOW_ON,        (R.SYSTEM,),              (N.GRANTED_BEFORE, N.LIST_JUDGED),             S.RECEIVED,        P.RECEIPT,            C.START_RECEIPT,   "许可法26、32"),
    Step("T3",   S.RECEIVED,    A.ASK_CORRECTION,   (R.ACCEPTOR,),            (N.GAPS, N.FIRST_NOTICE),                      S.CORRECTING,      P.CORRECTION,         C.STOP_RECEIPT,    "许可法32(四)"),
    Step("T4",   S.CORRECTING,  A.TAKE_CORRECTION,  (R.DESK, R.ACCEPTOR),     (N.CORRECTION_OPEN, N.IDENTITY, N.LIST_JUDGED), S.RECEIVED,        P.CORRECTION_RECEIPT, C.START_RECEIPT,   "许可法32(四)"),
    Step("T4a",  S.CORRECTING,  A.SUPPLY,           (R.APPLICANT,),           (N.CORRECTION_OPEN, N.ONLINE, N.GIVEN),        S.RECEIVED,        P.CORRECTION_RECEIPT, C.START_RECEIPT,   "许可法29、32(四)"),
    Step("T15",  S.CORRECTING,  A.RETURN_UNANSWERED, (R.TIMER,),              (N.CORRECTION_OVER,),                          S.RETURNED,        P.RETURN,             C.STOP,            "县里的补正期限"),
    Step("T5",   S.RECEIVED,    A.ACCEPT,           (R.ACCEPTOR,),            (N.COMPLETE,),                                 S.ACCEPTED,        P.ACCEPTANCE,         C.START_HANDLING,  "许可法32(五)"),
    Step("T5a",  S.RECEIVED,    A.PROMISE,          (R.DESK, R.ACCEPTOR),     (N.TOLERABLE, N.IDENTITY),                     S.RECEIVED,        P.PROMISE,            C.KEEP,            "办事指南的容缺规定"),
    Step("T5h",  S.RECEIVED,    A.COMMIT,           (R.DESK, R.ACCEPTOR),     (N.COMMITTABLE, N.IDENTITY),                   S.RECEIVED,        P.COMMITMENT,         C.KEEP,            "国办发〔2020〕42号"),
    Step("T5b",  S.RECEIVED,    A.ACCEPT_TOLERANT,  (R.ACCEPTOR,),            (N.PROMISED,),                                 S.ACCEPTED,        P.ACCEPTANCE,         C.START_HANDLING,  "许可法32(五)、办事指南的容缺规定"),
    Step("T5g",  S.RECEIVED,    A.SUPPLEMENT,       (R.DESK, R.ACCEPTOR),     (N.SUPPLEMENT_OPEN, N.IDENTITY, N.LIST_JUDGED), S.RECEIVED,       P.SUPPLEMENT_RECEIPT, C.KEEP,            "容缺受理承诺书"),
    Step("T6",   S.RECEIVED,    A.DEEM_ACCEPTED,    (R.TIMER,),               (N.DEEMING, N.NOTICE_LATE),                    S.ACCEPTED,        P.ACCEPTANCE,         C.START_HANDLING,  "许可法32(四)"),
    Step("T7",   S.RECEIVED,    A.REJECT,           (R.ACCEPTOR,),            (N.REASON, N.BASIS),                           S.REJECTED_INTAKE, P.REJECTION,          C.STOP,            "许可法32(一)(二)"),
    Step("T8",   S.ACCEPTED,    A.DISPATCH,         (R.SYSTEM, R.TIMER),      (),                                            S.IN_REVIEW,       P.FLOW_SLIP,          C.KEEP,            "许可法34"),
    Step("T5c",  S.IN_REVIEW,   A.SUPPLEMENT,       (R.DESK, R.ACCEPTOR),     (N.SUPPLEMENT_OPEN, N.IDENTITY, N.LIST_JUDGED), S.IN_REVIEW,      P.SUPPLEMENT_RECEIPT, C.KEEP,            "容缺受理承诺书"),
    Step("T5d",  S.SPECIAL,     A.SUPPLEMENT,       (R.DESK, R.ACCEPTOR),     (N.SUPPLEMENT_OPEN, N.IDENTITY, N.LIST_JUDGED), S.SPECIAL,        P.SUPPLEMENT_RECEIPT, C.KEEP,            "容缺受理承诺书"),
    Step("T5e",  S.IN_REVIEW,   A.SUPPLEMENT_ONLINE, (R.APPLICANT,),          (N.SUPPLEMENT_OPEN, N.ONLINE, N.GIVEN),        S.IN_REVIEW,       P.SUPPLEMENT_RECEIPT, C.KEEP,            "容缺受理承诺书"),
    Step("T5f",  S.SPECIAL,     A.SUPPLEMENT_ONLINE, (R.APPLICANT,),          (N.SUPPLEMENT_OPEN, N.ONLINE, N.GIVEN),        S.SPECIAL,         P.SUPPLEMENT_RECEIPT, C.KEEP,            "容缺受理承诺书"),
    Step("T5i",  S.IN_REVIEW,   A.PUT_OFF,          (R.HEAD,),                (N.SUPPLEMENT_OPEN, N.REASON),                 S.IN_REVIEW,       P.NONE,               C.KEEP,            "民法典180"),
    Step("T5j",  S.SPECIAL,     A.PUT_OFF,          (R.HEAD,),                (N.SUPPLEMENT_OPEN, N.REASON),                 S.SPECIAL,         P.NONE,               C.KEEP,            "民法典180"),
    Step("T23a", S.ACCEPTED,    A.RETURN_UNKEPT,    (R.TIMER,),               (N.SUPPLEMENT_OVER,),                          S.RETURNED,        P.RETURN,             C.STOP,            "容缺受理承诺书"),
    Step("T23b", S.IN_REVIEW,   A.RETURN_UNKEPT,    (R.TIMER,),               (N.SUPPLEMENT_OVER,),                          S.RETURNED,        P.RETURN,             C.STOP,            "容缺受理承诺书"),
    Step("T23c", S.SPECIAL,     A.RETURN_UNKEPT,    (R.TIMER,),               (N.SUPPLEMENT_OVER,),                          S.RETURNED,        P.RETURN,             C.STOP,            "容缺受理承诺书"),
    Step("T8a",  S.IN_REVIEW,   A.REVIEW,           (R.REVIEWER,),            (N.OPINION, N.SURVEYS_DONE),                   S.IN_REVIEW,       P.NONE,               C.KEEP,            "许可法34"),
    Step("T8b",  S.IN_REVIEW,   A.ORDER_SURVEY,     (R.REVIEWER, R.HEAD),     (N.NO_SURVEY,),                                S.IN_REVIEW,       P.NONE,               C.KEEP,            "许可法34、55"),
    Step("T8c",  S.IN_REVIEW,   A.RECORD_SURVEY,    (R.REVIEWER,),            (N.MINE_TO_WRITE,),                            S.IN_REVIEW,       P.NONE,               C.KEEP,            "许可法34"),
    Step("T8d",  S.IN_REVIEW,   A.SIGN_SURVEY,      (R.REVIEWER,),            (N.OTHERS_TO_SIGN,),                           S.IN_REVIEW,       P.SURVEY,             C.KEEP,            "许可法34"),
    Step("H1",   S.IN_REVIEW,   A.TELL_HEARING,     (R.REVIEWER, R.HEAD),     (N.NOT_TOLD,),                                 S.IN_REVIEW,       P.HEARING_RIGHT,      C.KEEP,            "许可法46、47"),
    Step("H2a",  S.IN_REVIEW,   A.ASK_HEARING,      (R.DESK, R.REVIEWER),     (N.MAY_ASK,),                                  S.IN_REVIEW,       P.NONE,               C.KEEP,            "许可法47"),
    Step("H2b",  S.SPECIAL,     A.ASK_HEARING,      (R.DESK, R.REVIEWER),     (N.MAY_ASK,),                                  S.SPECIAL,         P.NONE,               C.KEEP,            "许可法47"),
    Step("H3a",  S.IN_REVIEW,   A.CALL_HEARING,     (R.HEAD,),                (N.ASKED,),                                    S.IN_REVIEW,       P.HEARING_NOTICE,     C.KEEP,            "许可法48"),
    Step("H3b",  S.SPECIAL,     A.CALL_HEARING,     (R.HEAD,),                (N.ASKED,),                                    S.SPECIAL,         P.HEARING_NOTICE,     C.KEEP,            "许可法48"),
    Step("H4a",  S.IN_REVIEW,   A.RECORD_HEARING,   (R.HEAD,),                (N.HEARD,),                                    S.IN_REVIEW,       P.HEARING_RECORD,     C.KEEP,            "许可法48"),
    Step("H4b",  S.SPECIAL,     A.RECORD_HEARING,   (R.HEAD,),                (N.HEARD,),                                    S.SPECIAL,         P.HEARING_RECORD,     C.KEEP,            "许可法48"),
    Step("T9a",  S.IN_REVIEW,   A.PROPOSE_SPECIAL,  (R.REVIEWER,),            (N.KIND_LISTED, N.REASON, N.NONE_PROPOSED),    S.IN_REVIEW,       P.NONE,               C.KEEP,            "许可法45"),
    Step("T9",   S.IN_REVIEW,   A.SUSPEND,          (R.HEAD,),                (N.PROPOSED, N.BY_ANOTHER),                    S.SPECIAL,         P.SPECIAL,            C.PAUSE,           "许可法45"),
    Step("T9b",  S.IN_REVIEW,   A.TURN_DOWN_SPECIAL, (R.HEAD,),               (N.PROPOSED, N.REASON),                        S.IN_REVIEW,       P.NONE,               C.KEEP,            "许可法45"),
    Step("T9c",  S.SPECIAL,     A.PROPOSE_SPECIAL,  (R.REVIEWER,),            (N.KIND_LISTED, N.REASON, N.NONE_PROPOSED),    S.SPECIAL,         P.NONE,               C.KEEP,            "许可法45"),
    Step("T9d",  S.SPECIAL,     A.SUSPEND,          (R.HEAD,),                (N.PROPOSED, N.BY_ANOTHER),                    S.SPECIAL,         P.SPECIAL,            C.PAUSE,           "许可法45"),
    Step("T9e",  S.SPECIAL,     A.TURN_DOWN_SPECIAL, (R.HEAD,),               (N.PROPOSED, N.REASON),                        S.SPECIAL,         P.NONE,               C.KEEP,            "许可法45"),
    Step("T10",  S.SPECIAL,     A.RESUME,           (R.REVIEWER, R.HEAD),     (N.LAST_ONE, N.RESULT_FILED),                  S.IN_REVIEW,       P.SPECIAL,            C.RESUME,          "许可法45"),
    Step("T10a", S.SPECIAL,     A.END_SPECIAL,      (R.REVIEWER, R.HEAD),     (N.OTHERS_RUN, N.RESULT_FILED),                S.SPECIAL,         P.NONE,               C.KEEP,            "许可法45"),
    Step("T11",  S.IN_REVIEW,   A.EXTEND,           (R.HEAD,),                (N.EXTENDABLE, N.NOT_EXTENDED, N.IN_TIME, N.REASON), S.IN_REVIEW, P.EXTENSION,          C.EXTEND,          "许可法42"),
    Step("T18",  S.IN_REVIEW,   A.FORWARD,          (R.HEAD,),                (N.FORWARDABLE, N.REVIEWED, N.COMPLETE, N.NONE_PROPOSED, N.SURVEYS_DONE, N.HEARING_SETTLED), S.FORWARDED, P.FORWARD,   C.HAND_OVER,       "许可法35、43"),
    Step("T18a", S.FORWARDED,   A.TELL_FORWARDED,   (R.SYSTEM,),              (),                                            S.FORWARDED,       P.FORWARD_NOTICE,     C.KEEP,            "许可法35"),
    Step("T22",  S.FORWARDED,   A.RECORD_REPLY,     (R.REVIEWER, R.HEAD),     (N.REPLY_AWAITED, N.REASON),                   S.FORWARDED,       P.NONE,               C.KEEP,            "许可法35、43"),
    Step("T22a", S.FORWARDED,   A.GRANT,            (R.DECIDER,),             (N.REPLY_YES, N.TWO_PERSONS, N.OPINION),       S.DECIDED_YES,     P.GRANT,              C.START_DELIVERY,  "许可法35、38"),
    Step("T22b", S.FORWARDED,   A.REFUSE,           (R.DECIDER,),             (N.REPLY_NO, N.TWO_PERSONS, N.REASON, N.BASIS), S.DECIDED_NO,      P.REFUSAL,            C.START_DELIVERY,  "许可法35、38"),
    Step("T12",  S.IN_REVIEW,   A.GRANT,            (R.DECIDER,),             (N.DECIDED_HERE, N.REVIEWED, N.TWO_PERSONS, N.OPINION, N.PROMISES_KEPT, N.NONE_PROPOSED, N.SURVEYS_DONE, N.HEARING_SETTLED, N.QUANTITY_LEFT, N.IN_ORDER), S.DECIDED_YES, P.GRANT,           C.START_DELIVERY,  "许可法34、38"),
    Step("T13",  S.IN_REVIEW,   A.REFUSE,           (R.DECIDER,),             (N.DECIDED_HERE, N.REVIEWED, N.TWO_PERSONS, N.REASON, N.BASIS, N.NONE_PROPOSED, N.SURVEYS_DONE, N.HEARING_SETTLED), S.DECIDED_NO,    P.REFUSAL,            C.START_DELIVERY,  "许可法38"),
    Step("T14a", S.RECEIVED,    A.WITHDRAW,         (R.DESK,),                (N.IDENTITY,),                                 S.WITHDRAWN,       P.RETURN_LIST,        C.STOP,            "许可法29"),
    Step("T14b", S.CORRECTING,  A.WITHDRAW,         (R.DESK,),                (N.IDENTITY,),                                 S.WITHDRAWN,       P.RETURN_LIST,        C.STOP,            "许可法29"),
    Step("T14c", S.ACCEPTED,    A.WITHDRAW,         (R.DESK,),                (N.IDENTITY,),                                 S.WITHDRAWN,       P.RETURN_LIST,        C.STOP,            "许可法29"),
    Step("T14d", S.IN_REVIEW,   A.WITHDRAW,         (R.DESK,),                (N.IDENTITY,),                                 S.WITHDRAWN,       P.RETURN_LIST,        C.STOP,            "许可法29"),
    Step("T14e", S.SPECIAL,     A.WITHDRAW,         (R.DESK,),                (N.IDENTITY,),                                 S.WITHDRAWN,       P.RETURN_LIST,        C.STOP,            "许可法29"),
    Step("T14h", S.FORWARDED,   A.WITHDRAW,         (R.DESK,),                (N.IDENTITY,),                                 S.WITHDRAWN,       P.RETURN_LIST,        C.STOP,            "许可法29"),
    Step("T14f", S.SUBMITTED,   A.WITHDRAW,         (R.DESK,),                (N.IDENTITY,),                                 S.WITHDRAWN,       P.NONE,               C.STOP,            "许可法29"),
    Step("T14g", S.PRE_RETURNED, A.WITHDRAW,        (R.DESK,),                (N.IDENTITY,),                                 S.WITHDRAWN,       P.NONE,               C.STOP,            "许可法29"),
    Step("T16a", S.DECIDED_YES, A.MAKE,             (R.MAKER,),               (),                                            S.MAKING,          P.CERTIFICATE,        C.KEEP,            "许可法39"),
    Step("T16b", S.DECIDED_NO,  A.MAKE,             (R.MAKER,),               (),                                            S.MAKING,          P.NONE,               C.KEEP,            "许可法38"),
    Step("T16c", S.MAKING,      A.MAKE_READY,       (R.MAKER, R.ISSUER),      (N.SEALED,),                                   S.READY,           P.NONE,               C.KEEP,            "许可法44"),
    Step("T17",  S.READY,       A.HAND_OUT,         (R.ISSUER,),              (N.IDENTITY,),                                 S.CLOSED,          P.DELIVERY,           C.STOP,            "许可法44"),
    Step("T17a", S.READY,       A.POST,             (R.ISSUER,),              (),                                            S.READY,           P.NONE,               C.KEEP,            "许可法44"),
    Step("T17b", S.READY,       A.CONFIRM_DELIVERY, (R.ISSUER,),              (N.POSTED,),                                   S.CLOSED,          P.DELIVERY,           C.STOP,            "许可法44"),
    Step("T17c", S.READY,       A.LEAVE,            (R.ISSUER,),              (N.WITNESSED,),                                S.CLOSED,          P.DELIVERY,           C.STOP,            "许可法44、民事诉讼法89"),
    Step("T17d", S.READY,       A.ANNOUNCE,         (R.HEAD,),                (N.NOT_ANNOUNCED, N.LAST_RESORT),              S.READY,           P.ANNOUNCEMENT,       C.STOP,            "许可法44、民事诉讼法95"),
    Step("T17e", S.READY,       A.DEEM_SERVED,      (R.TIMER,),               (N.NOTICE_OVER,),                              S.CLOSED,          P.DELIVERY,           C.STOP,            "民事诉讼法95"),
    Step("T17f", S.READY,       A.SERVE_ONLINE,     (R.ISSUER,),              (N.CONSENTED,),                                S.CLOSED,          P.DELIVERY,           C.STOP,            "许可法44、民事诉讼法90"),
    Step("T17g", S.READY,       A.ENTRUST,          (R.ISSUER,),              (),                                            S.READY,           P.NONE,               C.KEEP,            "许可法44、民事诉讼法91"),
    Step("T17h", S.READY,       A.CONFIRM_ENTRUSTED, (R.ISSUER,),             (N.ENTRUSTED,),                                S.CLOSED,          P.DELIVERY,           C.STOP,            "许可法44、民事诉讼法91"),
    Step("T17i", S.READY,       A.DEPOSIT,          (R.ISSUER,),              (),                                            S.READY,           P.NONE,               C.KEEP,            "许可法44"),
    Step("T17j", S.READY,       A.FETCH,            (R.ISSUER,),              (N.DEPOSITED,),                                S.CLOSED,          P.DELIVERY,           C.STOP,            "许可法44"),
    Step("T24a", S.IN_REVIEW,   A.DEEM_RENEWED,     (R.TIMER,),               (N.ASKED_IN_TIME, N.EXPIRED),                  S.DECIDED_YES,     P.GRANT,              C.START_DELIVERY,  "许可法50"),
    Step("T24b", S.SPECIAL,     A.DEEM_RENEWED,     (R.TIMER,),               (N.ASKED_IN_TIME, N.EXPIRED),                  S.DECIDED_YES,     P.GRANT,              C.START_DELIVERY,  "许可法50"),
    Step("T19",  S.RECEIVED,    A.FINISH_AT_ONCE,   (R.DESK,),                (N.INSTANT, N.COMPLETE, N.QUANTITY_LEFT, N.IN_ORDER),                     S.CLOSED,          P.AT_ONCE,            C.STOP,            "许可法34、39", P.CERTIFICATE),
)
# fmt: on

_BY_MOVE = {(step.source, step.action): step for step in LIFECYCLE}

FINAL = frozenset(Status) - {step.source for step in LIFECYCLE}
"""States that nothing leads out of."""

OPEN = tuple(s for s in Status if s not in FINAL and s is not Status.NEW)
"""States of cases still in somebody's hands."""

WAITING_ONLINE = (Status.SUBMITTED, Status.PRE_RETURNED)
"""States of an application sent online that nobody has received yet: no limit of the law runs."""

HANDLED = frozenset(
    {
        Action.PRE_PASS,
        Action.PRE_RETURN,
        Action.RECEIVE,
        Action.ASK_CORRECTION,
        Action.TAKE_CORRECTION,
        Action.PROMISE,
        Action.COMMIT,
        Action.ACCEPT,
        Action.ACCEPT_TOLERANT,
        Action.SUPPLEMENT,
        Action.REVIEW,
        Action.RECORD_SURVEY,
        Action.SIGN_SURVEY,
        Action.RECORD_REPLY,
    }
)
"""Whoever did one of these on a case may not decide it (受审分离)."""


def step_for(
    status: Status, action: Action, *, roles: AbstractSet[Role], met: AbstractSet[Need]
) -> Step:
    """Return the row that lets somebody with ``roles`` take ``action`` now, or refuse.

    >>> roles, met = {Role.ACCEPTOR}, {Need.COMPLETE}
    >>> step_for(Status.RECEIVED, Action.ACCEPT, roles=roles, met=met).id
    'T5'
    """
    step = _BY_MOVE.get((status, action))
    if step is None:
        raise Refusal(
            "case.wrong_state",
            "这一件现在是“%(status)s”，不能%(action)s。",
            status=status,
            action=action,
        )
    if roles.isdisjoint(step.by):
        raise NotAllowed(
            "case.wrong_role",
            "%(action)s要由%(role)s来做。",
            basis=step.basis,
            action=action,
            role=step.by[0],
        )
    for need in step.needs:
        if need not in met:
            raise Refusal(
                "case.need",
                "还不能%(action)s，条件还不满足：%(need)s。",
                basis=step.basis,
                action=action,
                need=need,
            )
    return step


def steps_from(status: Status) -> list[Step]:
    """Return the rows that lead out of a state, in the order of the table."""
    return [step for step in LIFECYCLE if step.source is status]


def open_actions(status: Status, *, roles: AbstractSet[Role]) -> list[Action]:
    """Return what somebody with ``roles`` may try now, in the order of the table."""
    return [s.action for s in steps_from(status) if not roles.isdisjoint(s.by)]


def as_markdown(steps: Iterable[Step] = LIFECYCLE) -> str:
    """Return the table for the handbook, in Chinese."""
    head = "| 号 | 状态 | 动作 | 执行人 | 条件 | 结果 | 文书 | 时限 | 依据 |\n" + "|---" * 9 + "|\n"
    return head + "".join(
        f"| {s.id} | {s.source.zh} | {s.action.zh} | {'、'.join(r.zh for r in s.by)} "
        f"| {'、'.join(n.zh for n in s.needs) or '—'} | {s.target.zh} "
        f"| {'、'.join(p.zh for p in s.papers) or '—'} "
        f"| {s.clock.zh} | {s.basis} |\n"
        for s in steps
    )
