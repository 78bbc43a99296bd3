"""The publish gates (发布关口): what a guide must say, and may not, before anybody reads it.

One table. A row is wrong (always refused), a gap (refused in what we wrote ourselves; a reminder in
a list taken over from another system, which may not have the field), or a doubt (a reminder).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from onedoor.catalogue.rules import gates_of_commitments as commitments
from onedoor.catalogue.rules import gates_of_guides as guides
from onedoor.catalogue.rules import gates_of_law as law
from onedoor.catalogue.rules import gates_of_materials as materials
from onedoor.catalogue.rules import gates_of_phones as phones
from onedoor.catalogue.rules import gates_of_situations as situations
from onedoor.catalogue.rules.content import Content
from onedoor.catalogue.rules.setting import Basic, Setting
from onedoor.catalogue.rules.words import Origin
from onedoor.kernel.errors import NotValid
from onedoor.kernel.terms import Term

__all__ = ["GATES", "Basic", "Finding", "Gate", "Setting", "Weight", "as_markdown", "look"]


class Weight(Term):
    """How much a finding weighs (关口的分量)."""

    WRONG = "wrong", "必须改"
    GAP = "gap", "自己编的必须补，导入的提醒"
    DOUBT = "doubt", "提醒核对"


class Gate(NamedTuple):
    """One gate: what it asks, how much that weighs, the check, and why."""

    id: str
    title: str
    weight: Weight
    check: Callable[[Content, Setting], Iterator[NotValid]]
    basis: str


class Finding(NamedTuple):
    """What a gate found; ``refusal`` names the field and holds the sentence."""

    gate: Gate
    is_reject: bool
    refusal: NotValid


W = Weight

# fmt: off
GATES = (
    #    id     asks                          weight   check                         why
    Gate("G01", "承诺不长于法定",             W.WRONG, law.promise_keeps_law,        "许可法42"),
    Gate("G02", "两个时限单位相同",           W.DOUBT, law.units_compare,            "许可法82"),
    Gate("G03", "即办件当场办结",             W.WRONG, law.instant_is_at_once,       "GB/T 39046—2020 A.6"),
    Gate("G04", "有办结时限",                 W.WRONG, law.has_a_limit,              "许可法30、42"),
    Gate("G05", "法定、承诺时限都写",         W.GAP,   law.has_both_limits,          "许可法30、42"),
    Gate("G06", "许可超20个工作日有法律依据", W.WRONG, law.long_limit_is_cited,      "许可法42"),
    Gate("G07", "收费有依据",                 W.WRONG, law.fee_has_basis,            "许可法58、59"),
    Gate("G08", "收费合计一致",               W.WRONG, law.fees_add_up,              "许可法59"),
    Gate("G09", "特别程序写明种类和天数",     W.WRONG, law.procedures_are_lawful,    "许可法45"),
    Gate("G10", "设定依据写到条",             W.GAP,   law.basis_names_article,      "许可法30"),
    Gate("G11", "和基本目录一致",             W.WRONG, law.agrees_with_directory,    "基本目录"),
    Gate("G12", "受委托写明委托机关",         W.WRONG, law.entrusted_names_whom,     "许可法24"),
    Gate("G13", "名称和基本目录一致",         W.GAP,   law.is_named_as_in_directory, "基本目录"),
    Gate("G14", "基本编码在基本目录里",       W.DOUBT, law.is_in_directory,          "基本目录"),
    Gate("G15", "依据写明是哪部法规",         W.WRONG, law.basis_names_rule,         "许可法30、31"),
    Gate("G20", "材料有依据",                 W.WRONG, materials.have_basis,         "许可法30、31"),
    Gate("G21", "没有兜底材料",               W.WRONG, materials.name_a_paper,       "许可法30、31"),
    Gate("G22", "材料写清来源和份数",         W.GAP,   materials.say_source_and_count, "许可法30"),
    Gate("G23", "表格能下载，有填好的样本",   W.GAP,   materials.have_form_and_sample, "许可法29、30"),
    Gate("G24", "容缺材料和期限合规",         W.WRONG, materials.tolerance_is_sound, "容缺承诺"),
    Gate("G25", "容缺期限写明",               W.GAP,   materials.tolerance_is_dated, "容缺承诺"),
    Gate("G26", "公开的文件是为指南上传的",   W.WRONG, materials.files_are_for_guides, "个人信息保护法25"),
    Gate("G27", "告知承诺代替得对",           W.WRONG, commitments.are_sound,        "国办发〔2020〕42号"),
    Gate("G28", "告知承诺告知得全",           W.GAP,   commitments.are_told,         "国办发〔2020〕42号"),
    Gate("G29", "情形引导走得通",             W.WRONG, situations.hold_together,     "许可法30"),
    Gate("G40", "不跑的事网上能办",           W.WRONG, guides.no_visit_means_online, "国务院令第716号"),
    Gate("G41", "不跑的事能寄结果",           W.GAP,   guides.no_visit_means_posted, "国务院令第716号"),
    Gate("G42", "跑几次、为什么，写明",       W.GAP,   guides.visits_are_explained,  "许可法30"),
    Gate("G43", "电话打得通的写法",           W.WRONG, phones.can_be_dialled,        "许可法30"),
    Gate("G44", "有咨询和投诉电话",           W.GAP,   phones.are_there,             "许可法30"),
    Gate("G45", "有地点和时间",               W.GAP,   guides.has_place_and_hours,   "许可法30"),
    Gate("G46", "每个环节有人、有时限",       W.GAP,   guides.steps_are_complete,    "许可法30"),
    Gate("G47", "环节合计不超承诺",           W.DOUBT, guides.steps_fit_the_promise, "许可法42"),
    Gate("G48", "有结果名称和样本",           W.GAP,   guides.has_result_sample,     "许可法30、39"),
    Gate("G49", "180天内核对过",              W.GAP,   guides.was_checked,           "许可法30"),
    Gate("G50", "不说空话",                   W.GAP,   guides.says_something,        "许可法30"),
    Gate("G51", "少用含混的词",               W.DOUBT, guides.avoids_doubtful_words, "许可法30"),
    Gate("G52", "交换要求的代码齐全",         W.GAP,   guides.has_exchange_codes,    "GB/T 39046—2020"),
    Gate("G53", "网办地址是网址",             W.WRONG, guides.online_address_is_one, "国务院令第716号"),
    Gate("G54", "搜名称、首字母，前三条有它", W.GAP,   guides.is_found,              "许可法30"),
)
# fmt: on


def look(content: Content, setting: Setting) -> tuple[Finding, ...]:
    """Return all that stands against publishing this content, what is refused first."""
    found = []
    for gate in GATES:
        is_reject = gate.weight is W.WRONG or (
            gate.weight is W.GAP and setting.origin is Origin.EDITED
        )
        found += [Finding(gate, is_reject, refusal) for refusal in gate.check(content, setting)]
    return tuple(sorted(found, key=lambda finding: not finding.is_reject))


def as_markdown() -> str:
    """Return the table for the handbook."""
    lines = ["| 号 | 要求 | 分量 | 依据 |", "|---|---|---|---|"]
    lines += [f"| {g.id} | {g.title} | {g.weight.zh} | {g.basis} |" for g in GATES]
    return "\n".join(lines) + "\n"
