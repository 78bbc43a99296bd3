"""The tables of the national exchange (国家交换表): columns, widths, what may not be empty.

The columns a file may have are in ``columns``; every national column here is one of them, so what
is exported is read back by the same names. Columns of ours come behind those of the nation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from onedoor.catalogue.rules.columns import CHILD_COLUMNS, ITEM_COLUMNS

PUBLIC_SERVICE = "20"


class Column(NamedTuple):
    """A column: its national name, our field, how wide it is, whether it must be filled."""

    name: str
    field: str
    width: int = 0
    is_required: bool = False


class Problem(NamedTuple):
    """What the exchange would refuse."""

    item: str
    table: str
    column: str
    why: str


def _columns(text: str, known: Mapping[str, str]) -> tuple[Column, ...]:
    found = []
    for line in text.strip().splitlines():
        name, width, *required = line.split()
        found.append(Column(name, known.get(name, name), int(width), bool(required)))
    return tuple(found)


# fmt: off
ENVELOPE = ("row_guid", "task_state", "task_version", "plan_cancel_date", "cd_operation",
            "cd_batch", "cd_time", "data_source")
"""Columns of the envelope: made when exported, passed over when read."""

BASIC = _columns("""
    row_guid 50 M
    task_code 36 M
    catalog_code 12 M
    local_task_code 50
    local_catalog_code 50
    task_handle_item 50
    task_name 1000 M
    task_type 2 M
    task_state 2 M
    task_version 9 M
    plan_effective_date 20
    plan_cancel_date 20
    by_law 0 M
    use_level 11 M
    dept_code 50 M
    dept_name 200 M
    dept_type 2 M
    entrust_name 100
    power_source 2 M
    server_type 32 M
    project_type 2 M
    anticipate_day 9 M
    anticipate_day_type 2 M
    anticipate_day_explain 256
    promise_day 9 M
    promise_day_type 2 M
    promise_day_explain 256
    accept_condition 0 M
    handle_flow 0 M
    handle_type 5
    limit_scene_num 9 M
    limit_scene_explain 1000
    is_online 2 M
    online_handle_url 256
    online_handle_depth 20
    handle_area 2
    is_entry_center 2 M
    is_schedule 2
    is_express 2 M
    is_pay_online 2 M
    is_service_terminals 2
    is_single_login 2 M
    app_is_single_login 2 M
    link_addr 256
    mobile_terminal_url 500
    transact_addr 500 M
    transact_time 500 M
    link_way 256 M
    supervise_way 256 M
    special_procedure 500 M
    limit_explain 256
    is_fee 2 M
    fee_basis 256
    result_type 30 M
    result_name 200
    other_dept 200
    service_type 500
    user_topic_type 40
    corp_topic_type 40
    town_code 18
    village_code 18
    cd_operation 1 M
    cd_batch 50 M
    cd_time 20 M
    data_source 50 M
    division_code 0
    english_name 0
    main_item 0
    fee_fen 0
    deemed_acceptance 0
    instant_authorised 0
    quantity 0
    is_tolerant 0
    tolerance_days 0
    is_on_promise 0
    is_forwarded 0
    review_office 0
    lawsuit_office 0
    checked_on 0
""", ITEM_COLUMNS)

_CHILDREN = {
    "materials": """
        material_name 0 M
        order_num 0
        is_need 2 M
        material_format 2 M
        page_num_y 0
        page_num_f 0
        page_format 0
        source_type 2 M
        source_explain 0
        form_guid 0
        example_guid 0
        fill_explain 0
        accept_stand 0
        by_law 0 M
        remark 0
    """,
    "fees": """
        fee_name 0 M
        amount_fen 0
        fee_stand 0
        by_law 0 M
        is_desc 0
        desc_explain 0
        order_num 0
    """,
    "questions": "question 0 M\nanswer 0\norder_num 0",
    "steps": "name 0\nwho 0\ndays 0\nunit 0\nstandard 0\nresult 0\norder_num 0",
    "results": "name 0\nkind 0\nnote 0\nvalidity 0\nsample_file 0\norder_num 0",
    "intermediaries": "name 0\nbasis 0\npayer 0\nresult 0\norder_num 0",
    "special_procedures": "kind 0\ndays 0\nunit 0\nbasis 0\norder_num 0",
    "commitments": """
        matter 0
        extent 0
        replaces 0
        basis 0
        conditions 0
        content 0
        liability 0
        way 0
        days 0
        unit 0
        is_open_to_broken 0
        order_num 0
    """,
    "situations": "question 0 M\nanswers 0\nwhy 0\norder_num 0",
    "extras": "name 0 M\nvalue 0\norder_num 0",
}
# fmt: on

CHILD_TABLES: Mapping[str, tuple[Column, ...]] = {
    name: _columns(text, CHILD_COLUMNS[name]) for name, text in _CHILDREN.items()
}
"""The lists, each a table of its own, hung to its item by ``item_code``."""

ITEM_KEY = "item_code"
_SUFFIXES = {"materials": "material", "fees": "fee_project", "questions": "questions"}


def file_name(table: str, *, item_type: str = "") -> str:
    """Return the file of a table: the nation's where it has one, ours where it has not.

    >>> file_name("basic", item_type="01"), file_name("basic", item_type="20")
    ('up_task_general_basic.csv', 'up_task_public_basic.csv')
    >>> file_name("steps", item_type="01")
    'onedoor_steps.csv'
    """
    suffix = "basic" if table == "basic" else _SUFFIXES.get(table)
    if suffix is None:
        return f"onedoor_{table}.csv"
    return f"up_task_{'public' if item_type == PUBLIC_SERVICE else 'general'}_{suffix}.csv"


def problems(
    item: str, table: str, columns: Sequence[Column], row: Mapping[str, str]
) -> Iterator[Problem]:
    """Return what the exchange would refuse of a row: what is missing, what is too wide."""
    for column in columns:
        value = row.get(column.name, "")
        if column.is_required and not value:
            yield Problem(item, table, column.name, "empty")
        if column.width and len(value) > column.width:
            yield Problem(item, table, column.name, f"{len(value)} > {column.width}")
