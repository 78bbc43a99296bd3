"""From a report's structure to what rectification is told: the audit, its findings, their gaps."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Any

from onedoor.ledger.rules.chain import digest
from onedoor.rectification.inputs import FindingTold, MeasureTold, ProjectTold
from onedoor.rectification.rules.limits import Rulebook
from onedoor.rectification.rules.words import GapKind, Outcome, RectificationClass
from onedoor.reports.rules.document import Content, name_of, part, said, title_of
from onedoor.reports.rules.rendering import numeral

_CLASSES = {c.zh: c for c in RectificationClass if c.value}
UNCLEAR = frozenset({"未明确", "不明确", "未说明"})


def project_of(content: Content) -> ProjectTold:
    """Return the audit a report is about; its key is the report's issuer and title."""
    audit = part(part(content, "document"), "audit")
    period = audit.get("period")
    title = title_of(content) or said(content, "disclosure", "index_no") or "未命名报告"
    issuer = name_of(content, said(content, "document", "issuer_id"))
    return ProjectTold(
        key=digest(f"{issuer}\n{title}\n{said(audit, 'audit_report_no')}".encode()),
        title=title[:300],
        place=issuer[:100],
        kind=said(audit, "kind")[:100],
        subject=said(audit, "subject")[:300],
        audit_body=said(audit, "audit_body")[:200],
        period="—".join(str(p) for p in period)[:40] if isinstance(period, list) else "",
        report_number=said(audit, "audit_report_no")[:100],
        report_date=said(audit, "audit_report_date")[:20],
    )


def findings_of(content: Content, book: Rulebook) -> list[FindingTold]:
    """Return the findings with their claims, in the report's order; every code once."""
    found: list[FindingTold] = []
    taken: set[str] = set()
    for n, issue in enumerate(content.get("issues") or [], 1):
        code = (said(issue, "id") or f"{n:02d}")[:60]
        if code in taken:
            code = f"{code}#{n}"
        taken.add(code)
        found.append(_finding(content, issue, n, code, book))
    return found


def _finding(
    content: Content, issue: dict[str, Any], n: int, code: str, book: Rulebook
) -> FindingTold:
    responsible, response = part(issue, "responsible"), part(issue, "response")
    label = said(issue, "status", "claimed")
    claimed = book.outcome_of(label) or Outcome.NONE
    told = _CLASSES.get(said(issue, "rectification_type", "value"), RectificationClass.UNSET)
    heading = said(issue, "finding", "heading")
    lead = said(responsible, "lead_unit")
    return FindingTold(
        code=code,
        title=(said(issue, "title") or heading or f"第{numeral(n)}个问题")[:500],
        label=said(issue, "seq_label")[:20],
        heading=heading,
        detail=said(issue, "finding", "detail"),
        basis=said(issue, "basis")[:500],
        category=said(issue, "category_l1")[:100],
        subcategory=said(issue, "category_l2")[:100],
        origin=said(issue, "origin")[:100],
        scope=said(issue, "scope")[:200],
        rectification_class=told,
        is_class_stated=bool(part(issue, "rectification_type").get("stated")) and bool(told.value),
        unit_name=name_of(content, lead) if lead else "",
        leader=said(responsible, "leader")[:100],
        officer=said(responsible, "officer")[:100],
        deadline_on=day(said(responsible, "deadline")),
        claimed=claimed,
        claim_label="" if label in UNCLEAR else label[:50],
        claim_quote=said(issue, "status", "claim_quote")[:500],
        is_claim_explicit=bool(part(issue, "status").get("claim_is_explicit")),
        claim_lead=said(response, "lead_in"),
        claim_result=said(response, "result_text"),
        measures=[
            MeasureTold(
                text=said(m, "text"), label=said(m, "label")[:20], title=said(m, "title")[:300]
            )
            for m in response.get("measures") or []
        ],
        rules=[str(rule)[:40] for rule in issue.get("linked_rules") or []],
        gaps=[*_gaps(content, issue, claimed, label)],
        is_public=bool(said(content, "disclosure", "publish_date")),
    )


def _gaps(
    content: Content, issue: dict[str, Any], claimed: Outcome, label: str
) -> list[tuple[GapKind, str]]:
    found = []
    inferred = part(issue, "responsible").get("units_inferred") or []
    if inferred:
        names = "、".join(name_of(content, str(code)) for code in inferred)
        found.append((GapKind.MISSING_RESPONSIBLE, names))
    written = said(issue, "responsible", "deadline")
    if written and day(written) is None:
        found.append((GapKind.SOURCE_NOTE, f"时限写的是“{written[:50]}”，不是日期"))
    if label and label not in UNCLEAR and not claimed.value:
        found.append((GapKind.UNKNOWN_LABEL, label))
    amount = issue.get("amount_cny")
    if amount:
        found.append((GapKind.SOURCE_NOTE, f"涉及金额 {amount} 元"))
    found += [(GapKind.SOURCE_NOTE, str(gap)) for gap in issue.get("gaps") or []]
    return found


_DAY = re.compile(r"(\d{4})[-年./](\d{1,2})[-月./](\d{1,2})日?(?:前|以前|之前)?")
_MONTH = re.compile(r"(\d{4})年(?:(\d{1,2})月)?(?:份)?(?:底|末)(?:前|以前|之前)?")


def day(text: str) -> date | None:
    """Return a day written in any usual way, the end of a month or year too; else none.

    >>> day("2021-03-31"), day("2021年3月1日"), day("年底前")
    (datetime.date(2021, 3, 31), datetime.date(2021, 3, 1), None)
    >>> day("2024年2月底前"), day("2024年底前"), day("2024年2月")
    (datetime.date(2024, 2, 29), datetime.date(2024, 12, 31), None)
    """
    written = "".join(text.split())
    try:
        if match := _DAY.fullmatch(written):
            return date(*map(int, match.groups()))
        if match := _MONTH.fullmatch(written):
            year, month = int(match[1]), int(match[2] or 12)
            return date(year, month, monthrange(year, month)[1])
    except ValueError:
        pass
    return None
