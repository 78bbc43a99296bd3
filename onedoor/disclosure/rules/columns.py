"""The columns of the public list, with what each means: list, files and dictionary follow this."""

from __future__ import annotations

from onedoor.kernel.terms import Term


class Column(Term):
    """A column of the public list: its key in the files, and its heading (公示项)."""

    HOLDER = "holder", "行政相对人名称"
    HOLDER_KIND = "holder_kind", "行政相对人类别"
    CREDIT_CODE = "credit_code", "统一社会信用代码"
    PAPER_KIND = "paper_kind", "许可决定文书名称"
    PAPER = "paper", "许可决定文书号"
    KIND = "kind", "许可类别"
    LICENCE = "licence", "许可编号"
    CONTENT = "content", "许可内容"
    DECIDED_ON = "decided_on", "许可决定日期"
    VALID_FROM = "valid_from", "有效期自"
    VALID_TO = "valid_to", "有效期至"
    UNIT = "unit", "许可机关"
    UNIT_CODE = "unit_code", "许可机关统一社会信用代码"
    STANDING = "standing", "当前状态"
    PUBLISHED_ON = "published_on", "公示日期"


class Meaning(Term):
    """What a column holds (公示项说明)."""

    HOLDER = "holder", "单位写全称；个人只写姓，其余用星号遮住。"
    HOLDER_KIND = "holder_kind", "自然人，或法人和其他组织。"
    CREDIT_CODE = "credit_code", "单位的；个人的证件号码任何时候都不公开。"
    PAPER_KIND = "paper_kind", "准予决定书的种类。"
    PAPER = "paper", "准予决定书的文号。"
    KIND = "kind", "事项在事项目录里的类型。"
    LICENCE = "licence", "证照台账里的编号。"
    CONTENT = "content", "准予的事项。"
    DECIDED_ON = "decided_on", "年-月-日。"
    VALID_FROM = "valid_from", "年-月-日。"
    VALID_TO = (
        "valid_to",
        "年-月-日；空着是没有写明哪一天到期：长期有效，或者期限是一句话，写在准予决定书上。",
    )
    UNIT = "unit", "作出决定的单位。"
    UNIT_CODE = "unit_code", "作出决定的单位的代码。"
    STANDING = "standing", "有效、已过期、已延续换证、已撤销或已注销，按查的那天算。"
    PUBLISHED_ON = "published_on", "年-月-日。"


DICTIONARY = [
    {"key": each.value, "heading": each.zh, "means": Meaning(each.value).zh} for each in Column
]
"""The data dictionary that goes with the files."""
