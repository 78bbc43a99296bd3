"""Whether papers may be served electronically (电子送达): asked, given and taken back.

Basis: 民事诉讼法90: only with the consent of whoever is served.
"""

from __future__ import annotations

from datetime import datetime

from onedoor.accounts.rules import APPLICANT, Actor, Role
from onedoor.cases.events import ServingChosen
from onedoor.cases.models import Applicant, Case
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.ledger import services as ledger

_BY = {Role.DESK, Role.ACCEPTOR, Role.ISSUER}


def may_choose_serving(case: Case, by: Actor) -> bool:
    """Say whether somebody stands at a window at which an applicant may say it."""
    return case.erased_at is None and not by.roles_in(case.unit_id).isdisjoint(_BY)


@ledger.recorded
def choose_serving(
    case: Case, *, online: bool, identity_checked: bool, by: Actor, at: datetime
) -> None:
    """Keep that the applicant agrees to be served electronically, or no longer does.

    From their own page against the query code, or at a window against their document. It holds for
    all papers of the application that are served from now on; what was served stays so.
    """
    if by != APPLICANT and not may_choose_serving(case, by):
        raise NotAllowed("serving.not_at_this_window", "送达方式由本人在网上改，或者到窗口改。")
    if case.erased_at is not None:
        raise Refusal("serving.erased", "这一件的档案已经销毁，没有要送达的文书。")
    if not identity_checked:
        raise NotValid(
            "serving.identity", "请先核对申请人的证件，再勾选。", field="identity_checked"
        )
    before = Applicant.objects.filter(pk=case.applicant_id).exclude(is_served_online=online)
    if before.update(is_served_online=online):
        event = ServingChosen(subject=f"case-serving:{case.number}", online=online)
        ledger.record(event, by=by.ref, at=at)
    case.applicant.is_served_online = online
