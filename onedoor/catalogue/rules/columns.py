"""Which heading of a file means which of our fields: ours, the centre's, the national exchange's.

A heading nobody knows is reported with the result, never dropped in silence; a required one that
is missing is named; two headings for one field are refused, for nobody could say which counts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from onedoor.kernel.errors import NotValid

Aliases = Mapping[str, str]


def _table(text: str) -> Aliases:
    lines = (line.split() for line in text.strip().splitlines())
    return {alias.lower(): field for field, *aliases in lines for alias in (field, *aliases)}


# fmt: off
ITEM_COLUMNS = _table("""
    code             implementation_code task_code 实施编码 事项编码 实施清单编码
    name             task_name 事项名称 实施清单名称
    unit_name        unit department dept_name 部门 部门名称 实施主体 实施主体名称 实施部门
    item_type        item_type_code task_type 事项类型 事项类型代码
    unit_code        department_code dept_code 部门编码 统一社会信用代码 实施主体编码
    division_code    区划代码 行政区划代码
    main_item        主项名称
    basic_code       catalog_code 基本编码
    kind             project_type 办件类型
    statutory        statutory_limit anticipate_day 法定办结时限 法定时限
    statutory_unit   anticipate_day_type anticipate_type 法定办结时限单位 法定时限单位
    limit_basis      anticipate_day_explain anticipate_explain 法定办结时限说明 时限依据
    promised         promised_limit promise_day 承诺办结时限 承诺时限
    promised_unit    promise_day_type promise_type 承诺办结时限单位 承诺时限单位
    legal_basis      by_law 设定依据 法律依据
    conditions       accept_condition 受理条件
    place            transact_addr 办理地点
    hours            transact_time 办理时间
    phone            link_way 咨询方式 咨询电话
    complaint_phone  supervise_way 监督投诉方式 监督投诉电话 投诉电话
    is_fee           是否收费
    fee              收费金额 收费金额(元)
    fee_fen          收费金额(分)
    fee_basis        收费依据
    visits           limit_scene_num 到办事现场次数 跑动次数
    is_online        是否网办 是否网上办理
    result_name      结果名称 办理结果
    instant_authorised  窗口即办授权
    deemed_acceptance   逾期视为受理
    aliases          别名
    materials        申请材料
""")

MATERIAL_COLUMNS = _table("""
    name        material_name 材料名称
    necessity   is_need 材料必要性
    form        material_format 材料形式
    originals   page_num_y 原件份数
    copies      page_num_f 复印件份数
    source      source_explain 来源渠道 来源渠道说明
    basis       by_law 依据 要求提供材料的依据
    standard    accept_stand 受理标准
    order       order_num 排序
""")

DIVISION_COLUMNS = _table("""
    code    区划代码 行政区划代码
    name    区划名称 名称
    parent  parent_code 上级区划代码 上级代码
""")
# fmt: on

# Required fields, and what they are called when they are missing.
ITEM_REQUIRED = {
    "code": "实施编码 implementation_code",
    "name": "事项名称 name",
    "unit_name": "部门 department",
    "item_type": "事项类型 item_type_code",
}
DIVISION_REQUIRED = {"code": "区划代码 code", "name": "区划名称 name"}


class Layout(NamedTuple):
    """Which field stands in which column (``None``: unknown), and the headings nobody knows."""

    fields: tuple[str | None, ...]
    unknown: tuple[str, ...]


def normal(heading: str) -> str:
    """Return a heading without what hands add to it: spaces, marks, case, width.

    >>> normal(" 事项名称（必填）*"), normal("Task_Name ")
    ('事项名称', 'task_name')
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", heading)).strip("*\ufeff").lower()
    return plain.replace("(必填)", "")


def layout(headings: Sequence[str], aliases: Aliases, required: Mapping[str, str]) -> Layout:
    """Return which column holds what, or refuse naming what is missing or there twice."""
    fields = tuple(aliases.get(normal(heading)) for heading in headings)
    known = [field for field in fields if field]
    for field in known:
        if known.count(field) > 1:
            twice = "、".join(
                h.strip() for h, f in zip(headings, fields, strict=True) if f == field
            )
            raise NotValid(
                "catalogue.column_twice",
                "这几列说的是同一件事，请只留一列：%(columns)s。",
                columns=twice,
            )
    missing = [called for field, called in required.items() if field not in known]
    if missing:
        raise NotValid(
            "catalogue.column_missing", "文件缺少这几列：%(columns)s。", columns="；".join(missing)
        )
    unknown = [
        heading.strip() or f"#{position}"
        for position, (heading, field) in enumerate(zip(headings, fields, strict=True), start=1)
        if field is None
    ]
    return Layout(fields, tuple(unknown))
