"""What may be done about findings: one function for each thing a person or the clock may do."""

from onedoor.rectification.services.advising import Made, adopt, advise
from onedoor.rectification.services.asking import (
    answer_up,
    ask_extension,
    decide_extension,
    doubt,
    pursue,
    rule_fired,
    send_up,
)
from onedoor.rectification.services.closing import begin_recheck, close, confirm, recognise, reopen
from onedoor.rectification.services.evidence import Upload, add_evidence, judge, settle, withdraw
from onedoor.rectification.services.exporting import (
    ask_export,
    make_parts,
    read_evidence,
    read_part,
)
from onedoor.rectification.services.ladder import (
    climb,
    conclude,
    reply,
    run_timers,
    sign_supervision,
)
from onedoor.rectification.services.measures import (
    add_measure,
    add_milestone,
    move_milestone,
    reach,
    report_progress,
)
from onedoor.rectification.services.money import add_amount, pay
from onedoor.rectification.services.opening import complete, open_findings
from onedoor.rectification.services.stepping import (
    approve_plan,
    disagree,
    issue,
    keep_open,
    register,
    return_plan,
    send_back,
    set_aside,
    start,
    submit,
    submit_plan,
    take,
)

__all__ = [
    "Made",
    "Upload",
    "add_amount",
    "add_evidence",
    "add_measure",
    "add_milestone",
    "adopt",
    "advise",
    "answer_up",
    "approve_plan",
    "ask_export",
    "ask_extension",
    "begin_recheck",
    "climb",
    "close",
    "complete",
    "conclude",
    "confirm",
    "decide_extension",
    "disagree",
    "doubt",
    "issue",
    "judge",
    "keep_open",
    "make_parts",
    "move_milestone",
    "open_findings",
    "pay",
    "pursue",
    "reach",
    "read_evidence",
    "read_part",
    "recognise",
    "register",
    "reopen",
    "reply",
    "report_progress",
    "return_plan",
    "rule_fired",
    "run_timers",
    "send_back",
    "send_up",
    "set_aside",
    "settle",
    "sign_supervision",
    "start",
    "submit",
    "submit_plan",
    "take",
    "withdraw",
]
