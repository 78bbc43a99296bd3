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


LOCAL = "local:"
LOCAL_NAMES = (
    *("是否提供代办服务", "是否异地代收", "是否支持一窗通办", "是否智能秒办", "是否限制申报时段"),
    *("是否需要挂起", "收件时限", "外网预审时限", "免费邮递类型", "收费方式", "支付渠道"),
    *("权责清单关联", "跨省通办高频清单", "结果获取方式", "会办处室", "星级"),
    *("行政复议部门", "行政复议地址", "行政复议电话", "行政复议网址"),
    *("行政诉讼部门", "行政诉讼地址", "行政诉讼电话", "行政诉讼网址"),
)
"""Columns counties add to the nation's (地方扩展字段): each becomes a line of its own, as it is."""

# fmt: off
_NATIONAL = _table("""
    code             implementation_code task_code 实施编码 事项编码 实施清单编码 清单编码
    handling_code    task_handle_item 业务办理项编码
    name             task_name 事项名称 实施清单名称 子项名称 办理项名称 业务办理项名称
    unit_name        unit department dept_name 部门 部门名称 实施主体 实施主体名称 实施部门
    unit_name        实施机构 所属部门
    item_type        item_type_code task_type 事项类型 事项类型代码 权力类型 职权类型
    unit_code        department_code dept_code 部门编码 统一社会信用代码 实施主体编码 组织机构代码
    division_code    area_code region_code 区划代码 行政区划代码 区划编码 行政区划
    effective_on     plan_effective_date 计划生效日期
    english_name     英文名称 英文名
    main_item        main_name 主项名称 主项 基本目录名称
    basic_code       catalog_code 基本编码
    local_code       local_task_code 地方实施编码
    local_basic_code local_catalog_code 地方基本编码
    use_level        行使层级
    unit_kind        dept_type 实施主体性质
    entrusted_by     entrust_name 委托部门
    power_source     权力来源
    serves           server_type 服务对象
    kind             project_type 办件类型
    statutory        statutory_limit anticipate_day 法定办结时限 法定时限
    statutory_unit   anticipate_day_type anticipate_type 法定办结时限单位 法定时限单位
    limit_basis      anticipate_day_explain anticipate_explain 法定办结时限说明 时限依据
    promised         promised_limit promise_day 承诺办结时限 承诺时限
    promised_unit    promise_day_type promise_type 承诺办结时限单位 承诺时限单位
    promised_note    promise_day_explain promise_explain 承诺办结时限说明
    legal_basis      by_law 设定依据 法律依据
    conditions       accept_condition 受理条件
    flow             handle_flow 办理流程
    channels         handle_type 办理形式
    place            transact_addr 办理地点
    hours            transact_time 办理时间
    phone            link_way 咨询方式 咨询电话
    complaint_phone  supervise_way 监督投诉方式 监督投诉电话 投诉电话
    is_fee           是否收费
    fee              收费金额 收费金额(元)
    fee_fen          收费金额(分)
    fee_basis        收费依据
    visits           limit_scene_num 到办事现场次数 跑动次数
    visits_reason    limit_scene_explain 必须现场办理原因说明
    is_online        是否网办 是否网上办理
    online_url       online_handle_url 网办地址
    link_url         link_addr 在线办理地址 PC在线办理地址
    mobile_url       mobile_terminal_url 移动端办理地址
    online_depth     online_handle_depth 网上办理深度
    area             handle_area 通办范围
    is_in_centre     is_entry_center 是否进驻政务大厅
    is_bookable      is_schedule 是否支持预约办理
    is_posted        is_express 是否支持物流快递
    is_paid_online   is_pay_online 是否支持网上支付
    at_terminal      is_service_terminals 是否支持自助终端
    is_single_login  是否单点登录 PC端是否单点登录
    app_is_single_login  移动端是否单点登录
    quantity         年审批数量限制
    quantity_note    limit_explain 数量限制
    result_kind      result_type 结果类型
    result_name      结果名称 办理结果
    other_units      other_dept 联办机构
    person_topics    user_topic_type 自然人主题分类
    company_topics   corp_topic_type 法人主题分类
    town_code        乡镇代码
    village_code     村居代码
    is_tolerant      是否容缺受理
    tolerance_days   容缺补正时限
    is_on_promise    是否告知承诺
    is_forwarded     是否转报上级
    review_office    行政复议
    lawsuit_office   行政诉讼
    checked_on       核对日期
    instant_authorised  窗口即办授权
    deemed_acceptance   逾期视为受理
    aliases          别名 常用名 常用叫法 俗称
    materials        申请材料
    steps            办理环节
    fees             收费项目
    results          办理结果清单
    questions        常见问题
    intermediaries   service_type 中介服务
    special_procedures  special_procedure 特别程序
    commitments      告知承诺事项
    situations       情形引导
    extras           地方字段
""")
ITEM_COLUMNS: Aliases = {
    **_NATIONAL,
    **{name.lower(): f"{LOCAL}{name}" for name in LOCAL_NAMES},
}

CHILD_COLUMNS: Mapping[str, Aliases] = {
    "materials": _table("""
        name         material_name 材料名称
        necessity    is_need 材料必要性
        form         material_format 材料形式
        originals    page_num_y 原件份数
        copies       page_num_f 复印件份数
        source_kind  source_type 来源渠道类型
        source       source_explain 来源渠道 来源渠道说明
        basis        by_law 依据 要求提供材料的依据
        standard     accept_stand 受理标准
        page_format  纸质材料规格
        fill_note    fill_explain 填报须知
        form_file    form_guid 空白表格
        sample_file  example_guid 示例样表
        remark       备注
        order        order_num 排序
    """),
    "steps": _table("""
        name       环节 环节名称
        who        办理人 办理人员
        days       limit 时限 办理时限
        unit       limit_unit 时限单位
        standard   审查标准
        result     办理结果
        order      order_num 排序
    """),
    "fees": _table("""
        name          fee_name 收费项目名称
        amount        金额 金额(元)
        amount_fen    金额(分)
        standard      fee_stand 收费标准
        basis         by_law 收费依据
        is_waivable   is_desc 允许减免
        waiver_basis  desc_explain 减免依据
        order         order_num 排序
    """),
    "results": _table("""
        name         result_name 结果名称
        kind         result_type 结果类型
        note         说明
        validity     有效期说明
        sample_file  result_guid 结果样本
        order        order_num 排序
    """),
    "questions": _table("""
        question  问题
        answer    answers 答案 解答
        order     order_num 排序
    """),
    "intermediaries": _table("""
        name    中介服务名称
        basis   by_law 依据
        payer   付费方
        result  result_name 结果文件
        order   order_num 排序
    """),
    "special_procedures": _table("""
        kind   种类 特别程序种类
        days   limit 最长时限
        unit   limit_unit 时限单位
        basis  by_law 依据
        order  order_num 排序
    """),
    "commitments": _table("""
        matter      承诺事项 证明事项
        extent      承诺种类
        replaces    代替的材料
        basis       by_law 依据
        conditions  承诺条件
        content     告知内容
        liability   法律责任
        way         核查方式
        days        limit 核查期限
        unit        limit_unit 时限单位
        is_open_to_broken  失信可用
        order       order_num 排序
    """),
    "situations": _table("""
        question  问题
        answers   可以选的答案
        why       为什么问
        order     order_num 排序
    """),
    "extras": _table("""
        name   字段名称 名称
        value  内容
        order  order_num 排序
    """),
}

DIVISION_COLUMNS = _table("""
    code    区划代码 行政区划代码
    name    区划名称 名称
    parent  parent_code 上级区划代码 上级代码
""")

TRANSFER_COLUMNS = _table("""
    number        batch 批次 划转批次
    basis         划转依据 依据 批复文件
    effective_on  生效日期 划转日期 起始日期
    unit          to 承接机关 承接单位 行使机关
    code          item_code 事项编码 实施编码
    name          事项名称
    former_unit   from 原实施部门 原部门 划出部门
    kept_duties   duties 保留职责 原部门保留的职责
    liaison       联络人 联络员
""")

DIRECTORY_COLUMNS = _table("""
    code         catalog_code basic_code 基本编码 基本目录编码
    name         catalog_name task_name 事项名称 目录名称
    item_type    task_type catalog_type item_type_code 事项类型 事项类型代码
    legal_basis  by_law 设定依据 法律依据
    use_level    行使层级
    state        task_state catalog_state 事项状态 状态
    version      task_version catalog_version 事项版本 版本
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
TRANSFER_REQUIRED = {
    "number": "批次 batch",
    "basis": "划转依据 basis",
    "effective_on": "生效日期 effective_on",
    "unit": "承接机关 to",
    "code": "事项编码 code",
}
DIRECTORY_REQUIRED = {
    "code": "基本编码 catalog_code",
    "name": "事项名称 name",
    "item_type": "事项类型 task_type",
}


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
            "catalogue.column_missing",
            "文件缺少这几列：%(columns)s。文件的表头是：%(found)s。",
            columns="；".join(missing),
            found="、".join(h.strip()[:20] for h in headings[:30] if h.strip()),
        )
    unknown = [
        heading.strip() or f"#{position}"
        for position, (heading, field) in enumerate(zip(headings, fields, strict=True), start=1)
        if field is None
    ]
    return Layout(fields, tuple(unknown))
