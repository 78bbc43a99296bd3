"""The kinds of paper, with the word each has in its number and the way it is set.

Basis: 许可法32, 38, 39, 42, 45–48, 69, 70; service-centre appendix A.
"""

from __future__ import annotations

from enum import StrEnum

from onedoor.kernel.terms import Term


class Kind(Term):
    """What a paper is (文书种类)."""

    SUBMISSION = "submission", "申请回执"
    RECEIPT = "receipt", "收件凭证"
    JOINT_RECEIPT = "joint_receipt", "联合申请收件凭证"
    REMOTE_RECEIPT = "remote_receipt", "异地代收凭证"
    CORRECTION = "correction", "一次性补正告知书"
    CORRECTION_RECEIPT = "correction_receipt", "补正收件凭证"
    ACCEPTANCE = "acceptance", "受理通知书"
    REJECTION = "rejection", "不予受理决定书"
    FLOW_SLIP = "flow_slip", "流转单"
    SPECIAL = "special", "特别程序告知书"
    GRANT = "grant", "准予决定书"
    REFUSAL = "refusal", "不予决定书"
    CERTIFICATE = "certificate", "证照"
    RETURN_LIST = "return_list", "材料退还清单"
    DELIVERY = "delivery", "送达回证"
    ANNOUNCEMENT = "announcement", "送达公告"
    AT_ONCE = "at_once", "收件受理决定合并回执"
    EXTENSION = "extension", "延期告知书"
    RETURN = "return", "退件通知书"
    FORWARD = "forward", "转报函"
    FORWARD_NOTICE = "forward_notice", "转报告知书"
    PROMISE = "promise", "容缺受理承诺书"
    SUPPLEMENT_RECEIPT = "supplement_receipt", "容缺补交收件凭证"
    COMMITMENT = "commitment", "告知承诺书"
    VERIFICATION = "verification", "核查结果告知书"
    HEARING_RIGHT = "hearing_right", "听证告知书"
    HEARING_NOTICE = "hearing_notice", "听证通知书"
    HEARING_RECORD = "hearing_record", "听证笔录"
    SURVEY = "survey", "现场勘验记录"
    REVOCATION = "revocation", "撤销决定书"
    CANCELLATION = "cancellation", "注销决定书"


RECEIPTS = frozenset(
    {
        Kind.SUBMISSION,
        Kind.RECEIPT,
        Kind.JOINT_RECEIPT,
        Kind.REMOTE_RECEIPT,
        Kind.CORRECTION_RECEIPT,
        Kind.SUPPLEMENT_RECEIPT,
        Kind.AT_ONCE,
    }
)
"""Papers an applicant leaves with: they carry the ledger's head out of the house."""


class Setting(StrEnum):
    """How a paper is set: a letter (信函格式), a form with ruled lines, a framed certificate."""

    LETTER = "letter"
    FORM = "form"
    CERTIFICATE = "certificate"


WORDS = {
    Kind.SUBMISSION: "申",
    Kind.RECEIPT: "收",
    Kind.JOINT_RECEIPT: "联收",
    Kind.REMOTE_RECEIPT: "代收",
    Kind.CORRECTION: "补告",
    Kind.CORRECTION_RECEIPT: "补收",
    Kind.ACCEPTANCE: "{matter}受",
    Kind.REJECTION: "{matter}不受",
    Kind.FLOW_SLIP: "流",
    Kind.SPECIAL: "特告",
    Kind.GRANT: "{matter}准",
    Kind.REFUSAL: "{matter}不准",
    Kind.CERTIFICATE: "{matter}证",
    Kind.RETURN_LIST: "退材",
    Kind.DELIVERY: "送",
    Kind.ANNOUNCEMENT: "送公",
    Kind.AT_ONCE: "即办",
    Kind.EXTENSION: "延告",
    Kind.RETURN: "退告",
    Kind.FORWARD: "转报",
    Kind.FORWARD_NOTICE: "转告",
    Kind.PROMISE: "容诺",
    Kind.SUPPLEMENT_RECEIPT: "容收",
    Kind.COMMITMENT: "诺",
    Kind.VERIFICATION: "核告",
    Kind.HEARING_RIGHT: "听权",
    Kind.HEARING_NOTICE: "听通",
    Kind.HEARING_RECORD: "听录",
    Kind.SURVEY: "勘",
    Kind.REVOCATION: "许撤",
    Kind.CANCELLATION: "许注",
}
"""The word of each kind in a number, where the county's pack has none of its own."""

LICENCE = "01"
MATTERS = {
    LICENCE: "许",
    "05": "给",
    "07": "确",
    "08": "奖",
    "09": "裁",
    "10": "权",
    "20": "服",
}
"""What stands for {matter} by the type of the item: only a licence is numbered 许."""

_FORMS = {
    Kind.SUBMISSION,
    Kind.RECEIPT,
    Kind.JOINT_RECEIPT,
    Kind.REMOTE_RECEIPT,
    Kind.CORRECTION_RECEIPT,
    Kind.SUPPLEMENT_RECEIPT,
    Kind.FLOW_SLIP,
    Kind.RETURN_LIST,
    Kind.DELIVERY,
    Kind.AT_ONCE,
    Kind.PROMISE,
    Kind.COMMITMENT,
    Kind.HEARING_RECORD,
    Kind.SURVEY,
}


def setting_of(kind: Kind) -> Setting:
    """Return how a kind is set."""
    if kind is Kind.CERTIFICATE:
        return Setting.CERTIFICATE
    return Setting.FORM if kind in _FORMS else Setting.LETTER
