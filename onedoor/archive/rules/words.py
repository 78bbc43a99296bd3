"""The words of this app."""

from __future__ import annotations

from onedoor.kernel.terms import Term


class FileState(Term):
    """How far a closed case is on its way into the archive (归档状态)."""

    WAITING = "waiting", "待归档"
    KEPT = "kept", "已归档"
    DISPOSED = "disposed", "已销毁"


class Retention(Term):
    """How long a file is kept (保管期限), as its number says it."""

    TEN = "D10", "10年"
    THIRTY = "D30", "30年"
    PERMANENT = "Y", "永久"

    @property
    def years(self) -> int | None:
        """How many years; none for ever."""
        return {"D10": 10, "D30": 30}.get(self.value)


class Use(Term):
    """What a file is read for (利用目的)."""

    WORK = "work", "工作查考"
    DISPUTE = "dispute", "复议、诉讼"
    AUDIT = "audit", "审计、监督"
    PARTY = "party", "当事人申请查阅"


class ListState(Term):
    """How far a list of files to be disposed of is (销毁清册状态)."""

    PROPOSED = "proposed", "待批准"
    CARRIED_OUT = "done", "已销毁"
    TURNED_DOWN = "no", "未批准"
