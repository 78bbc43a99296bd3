"""The words of making information public."""

from __future__ import annotations

from onedoor.kernel.terms import Term


class HitKind(Term):
    """What the check before publication finds in a text (审查提示)."""

    SECRECY = "secrecy", "密级或内部标志"
    ID_NUMBER = "id_number", "身份证件号码"
    BANK_ACCOUNT = "bank_account", "银行账号"
    PHONE = "phone", "电话号码"
    NAME = "name", "自然人姓名"


class Settling(Term):
    """How a hit was settled (处理): it may stay, or it was masked."""

    OPEN = "", "没有处理"
    KEPT = "kept", "可以公开"
    MASKED = "masked", "已遮住"


class Validity(Term):
    """Whether what is published still holds (时效性)."""

    IN_FORCE = "in_force", "有效"
    EXPIRED = "expired", "失效"
    REPEALED = "repealed", "废止"
    AMENDED = "amended", "已修改"


class Urgency(Term):
    """Where information stands against the day by which it must be public (公开时限)."""

    IN_TIME = "in_time", "期限内"
    SOON = "soon", "快到期"
    OVERDUE = "overdue", "已超期"


class PageField(Term):
    """A field of the page of published information (公开页著录项)."""

    COLUMN = "column", "栏目"
    INDEX_NUMBER = "index_number", "索引号"
    TITLE = "title", "标题"
    PUBLISHER = "publisher", "发布机构"
    DOC_NUMBER = "doc_number", "文号"
    FORMED_ON = "formed_on", "成文日期"
    PUBLISHED_ON = "published_on", "发布日期"
    VALIDITY = "validity", "时效性"
    TOPIC = "topic", "主题分类"
    GENRE = "genre", "体裁分类"
    AUDIENCE = "audience", "服务对象"
    KEYWORDS = "keywords", "关键词"
    SUMMARY = "summary", "内容概述"
    OPENNESS = "openness", "公开属性"
    SECRECY = "secrecy", "涉密状态"
    EDITION = "edition", "版本"
    CHANGE = "change", "更正说明"


class Openness(Term):
    """How information is opened (公开属性): what is published here is published actively."""

    ACTIVE = "active", "主动公开"


class Secrecy(Term):
    """Whether it holds state secrets (涉密状态): what is published here does not."""

    NONE = "none", "非涉密"
