"""The words of reports: where they come from, how far their tasks and their reading are."""

from __future__ import annotations

from onedoor.kernel.terms import Term


class Origin(Term):
    """Where a report comes from (来源)."""

    IMPORTED = "imported", "导入"
    READ = "read", "识读确认"
    LIVE = "live", "由数据生成"


class TaskState(Term):
    """How far a task of the next steps is (任务状态)."""

    TO_BREAK_DOWN = "to_break_down", "待分解"
    ASSIGNED = "assigned", "已分解"
    DONE = "done", "已完成"


class ReadingState(Term):
    """Whether a person confirmed what was read (识读状态)."""

    WAITING = "waiting", "待确认"
    CONFIRMED = "confirmed", "已确认"
    DROPPED = "dropped", "不要了"


class LiveKind(Term):
    """A report made from the ledger itself (由数据生成的报告)."""

    PROJECT = "project", "整改情况报告"
    COMPARISON = "comparison", "自述与核验对照报告"
    MONTHLY = "monthly", "整改进展月报"
    YEARLY = "yearly", "年度整改报告"
