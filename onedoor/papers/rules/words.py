"""The words of this app beside the kinds of paper."""

from __future__ import annotations

from onedoor.kernel.terms import Term


class TemplateState(Term):
    """How far a version of a template is (模板状态)."""

    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"


class Standing(Term):
    """What a paper is worth now (文书效力)."""

    VALID = "valid", "没有被替换"
    REPLACED = "replaced", "已被替换"
    REVOKED = "revoked", "许可已撤销"
    CANCELLED = "cancelled", "许可已注销"
    RENEWED = "renewed", "许可已延续换证"
    EXPIRED = "expired", "许可已到期"


class Compared(Term):
    """What a file is that somebody holds against the one that was kept (比对结果)."""

    SAME = "same", "这个文件就是我们出具的，一个字节也没有改。"
    SEALED = "sealed", "这个文件就是我们盖了电子印章的那一份，一个字节也没有改。"
    UNSEALED = "unsealed", "这个文件是我们做的底稿，没有改，但没有电子印章，不能用。"
    EARLIER = "earlier", "这个文件是补盖电子印章以前的，没有改。请换成盖了章的那一份。"
    ADDED = "added", "这是我们盖了章的那一份，但后面又加了东西，例如又一个签名。请用原来的文件。"
    OTHER = "other", "这个文件和我们出具的不一样：可能被改过，也可能不是这一份。"
