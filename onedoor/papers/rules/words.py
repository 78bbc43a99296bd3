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
