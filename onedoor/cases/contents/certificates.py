"""The certificate of a licence (证照), made of its decision and its entry in the register."""

from __future__ import annotations

from datetime import timedelta

from onedoor.cases.models import Licence
from onedoor.cases.rules.licences import APPLY_BEFORE
from onedoor.cases.rules.words import ApplicantKind, IdType
from onedoor.kernel import masking
from onedoor.papers import queries as papers
from onedoor.papers.models import Paper
from onedoor.papers.rules.certificates import Certificate
from onedoor.papers.rules.contents import worded

UNNAMED = "行政许可证"
"""What a certificate is called where the guide names no result."""


def certificate(licence: Licence, granted: Paper) -> Certificate:
    """证照: holder, what it permits, its term; the conditions are those of the decision."""
    case, holder = licence.case, licence.applicant
    number, is_person = str(holder.id_number), holder.kind == ApplicantKind.PERSON.value
    shown = masking.id_number(number) if is_person else number
    return Certificate(
        name=case.item_version.result_name or UNNAMED,
        holder=holder.name,
        holder_id=f"{IdType(holder.id_type).zh} {shown}",
        licence_number=licence.number,
        identifier=licence.identifier,
        item=case.item_version.name,
        valid=term(licence),
        conditions=str(papers.words_of(granted).get("附加条件", "")),
        granted_by=granted.number,
        follows=licence.follows.number if licence.follows else "",
        renew_before=_renew_before(licence),
        phone=case.item_version.phone,
    )


def term(licence: Licence) -> str:
    """Return from when to when a licence holds, as a paper says it."""
    last = f"至{worded(licence.valid_to)}" if licence.valid_to else _open_end(licence)
    return worded(licence.valid_from) + last


def _open_end(licence: Licence) -> str:
    """Return how long a licence held that names no last day: for good, in its words, unsaid."""
    if licence.worded_term:
        return f"起，{licence.worded_term}"
    return "起长期有效" if licence.is_for_good else "起，没有写期限"


def _renew_before(licence: Licence) -> str:
    """Return the first day on which it is too late to be renewed by silence (许可法50)."""
    if licence.valid_to is None:
        return ""
    first = licence.valid_to - APPLY_BEFORE + timedelta(days=1)
    return worded(first) if first > licence.valid_from else ""
