"""The words of a case that are not its process: applicants, materials, gaps, clocks."""

from __future__ import annotations

from onedoor.kernel.terms import Term


class ApplicantKind(Term):
    """Who applies (申请人类型)."""

    PERSON = "person", "自然人"
    ORGANISATION = "organisation", "法人和其他组织"


class IdType(Term):
    """What shows who the applicant is (证件类型), with its national code."""

    CITIZEN_ID = "111", "居民身份证"
    CREDIT_CODE = "001", "统一社会信用代码"
    PASSPORT = "414", "普通护照"
    TAIWAN_PERMIT = "511", "台湾居民来往大陆通行证"
    HONG_KONG_MACAO_PERMIT = "516", "港澳居民来往内地通行证"
    OTHER = "999", "其他证件"


class MaterialState(Term):
    """What the clerk found when a material was handed in (材料判断)."""

    OK = "ok", "齐"
    MISSING = "missing", "缺"
    DEFECTIVE = "defective", "不合格"


class Promised(Term):
    """What the applicant promised about a material instead of handing it in (承诺)."""

    NONE = "", "没有"
    LATER = "later", "容缺后补"
    COMMITTED = "committed", "告知承诺代替"


class Channel(Term):
    """How a material comes in (提交方式)."""

    WINDOW = "window", "窗口交"
    UPLOAD = "upload", "网上上传"
    BRING = "bring", "到窗口交原件"
    NONE = "none", "没有交"


class OwnWords(Term):
    """Whether a notice asks for something in words that are not the item's own (指南以外的要求)."""

    NONE = "", "没有"
    FOUNDED = "founded", "有，写了依据"
    UNFOUNDED = "unfounded", "有，没写依据"


class RejectionGround(Term):
    """Why an application is not accepted (不予受理情形). Basis: 许可法32(一)(二)."""

    NOT_NEEDED = "not_needed", "依法不需要办这件事"
    NOT_OURS = "not_ours", "不属于本机关职权范围"
    OTHER = "other", "法律、法规规定不予受理的其他情形"


class ClockName(Term):
    """The clocks of a case as people call them (期限)."""

    PRECHECK = "precheck", "预审期限"
    RESUBMIT = "resubmit", "修改或交原件的期限"
    RECEIPT = "receipt", "收件答复期限"
    CORRECTION = "correction", "补正期限"
    SUPPLEMENT = "supplement", "容缺补交期限"
    PROMISED = "promised", "承诺办结期限"
    STATUTORY = "statutory", "法定办结期限"
    SPECIAL = "special", "特别程序预计期限"
    UPPER = "upper", "上级答复预计日期"
    DELIVERY = "delivery", "送达期限"
    NOTICE = "notice", "公告期"


class Purpose(Term):
    """What somebody in a post may need an applicant's data for (查看目的)."""

    IDENTITY = "identity", "核对身份"
    CONTACT = "contact", "联系申请人"
    PAPER = "paper", "制作文书"
    REVIEW = "review", "审查材料"


class Light(Term):
    """The colour of e-supervision (电子监察)."""

    GREEN = "green", "正常"
    WARNING = "warning", "预警"
    YELLOW = "yellow", "黄牌"
    RED = "red", "红牌"


class DifferenceState(Term):
    """What became of a difference between decisions and uses of the seal (用印差异)."""

    OPEN = "open", "待处理"
    SETTLED = "settled", "已处理"
    GONE = "gone", "已消除"
