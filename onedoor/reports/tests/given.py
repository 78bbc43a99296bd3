"""Builders: the published report, where it is at hand, and one of our own invention."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from onedoor.accounts.rules import SYSTEM, Actor, Holding, Role
from onedoor.kernel import clock
from onedoor.reports import services as reports
from onedoor.reports.models import Report

AT = clock.at_local(date(2026, 3, 6), 10)
LEAD = Actor("person:lead", "牵头示例", holdings=(Holding(Role.LEAD_OFFICE, None),))
STRANGER = Actor("person:stranger", "外人示例")

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
PUBLISHED = SHARED / "kaiyuan-2021-report.json"
PUBLISHED_TEXT = SHARED / "kaiyuan-2021-report.txt"


def issue(n: int, **changes: Any) -> dict[str, Any]:
    """Return a finding of the invented county as a report states it."""
    return {
        "id": f"XC-{n:02d}",
        "seq_label": f"({'一二三四五六七八九'[n - 1]})",
        "title": f"样例问题{n}",
        "finding": {
            "heading": f"({'一二三四五六七八九'[n - 1]})样例问题{n}。",
            "detail": "有3家单位没有按时办。",
        },
        "responsible": {"lead_unit": None, "leader": None, "deadline": None},
        "rectification_type": {"value": "立行立改", "stated": False},
        "response": {
            "lead_in": "整改情况:",
            "measures": [
                {"label": "一是", "text": "一是补办手续。"},
                {"text": "二是收回资金2.5万元。"},
            ],
            "result_text": "该项问题已整改到位。",
        },
        "status": {"claimed": "已整改", "claim_quote": "已整改到位", "claim_is_explicit": True},
        "linked_rules": ["R-X-01"],
        "gaps": ["没有名单"],
    } | changes


def invented(*issues: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a report of a county that does not exist, without a layout of its own."""
    return {
        "schema": "onedoor.rectification-report/1",
        "document": {
            "title": "虚县人民政府关于2023年度审计查出问题整改情况的报告",
            "issuer_id": "XC-GOV",
            "overview": "虚县对审计查出的问题逐项整改。",
        },
        "organisations": [{"id": "XC-GOV", "name": "虚县人民政府"}],
        "issues": list(issues or (issue(1), issue(2), issue(3), issue(4), issue(5), issue(6))),
        "next_steps": [{"heading": "(一)加强监管。", "text": "每季度检查一次。"}],
    } | changes


def as_bytes(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


def kept(content: dict[str, Any] | None = None, *, by: Actor = SYSTEM) -> Report:
    return reports.import_report(as_bytes(content or invented()), by=by, at=AT).report
