"""Materials that the cases of a joint application asked for, supplied for all of them at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from onedoor.accounts.rules import Actor
from onedoor.cases import joint_gaps
from onedoor.cases.events import ApplicationSupplied
from onedoor.cases.inputs import Handed, one_each
from onedoor.cases.models import Application, ApplicationMaterial, Case
from onedoor.cases.rules.words import MaterialState
from onedoor.cases.services.correction import take_correction
from onedoor.cases.services.moving import changed_meanwhile
from onedoor.kernel.errors import Refusal
from onedoor.ledger import services as ledger


@ledger.recorded
def supply_joint(
    application: Application,
    *,
    materials: Sequence[Handed],
    identity_checked: bool,
    seen: Mapping[str, int],
    by: Actor,
    at: datetime,
) -> list[Case]:
    """Take what the applicant supplies for all cases that asked for it (T4 for each of them).

    A case whose gaps are all closed goes on; one that still lacks something goes on waiting, and
    what it got is kept with the application. ``seen`` are the versions the page showed.
    """
    asked = joint_gaps.open_gaps(application)
    handed = one_each(materials, [gap.order for gap in asked])
    moved = []
    for case, own in joint_gaps.by_case(asked).items():
        if seen.get(case.number, case.version) != case.version:
            raise changed_meanwhile(case)
        given = [replace(handed[order], order=at_case) for order, at_case in own]
        if any(each.state is MaterialState.MISSING for each in given):
            continue
        moved.append(
            take_correction(
                case,
                materials=given,
                identity_checked=identity_checked,
                seen=case.version,
                by=by,
                at=at,
            )
        )
    if not moved:
        raise Refusal(
            "application.nothing_complete",
            "没有一项的材料补齐。请至少等一项补齐了一起收，免得收了材料没有凭证。",
            basis="许可法32(四)",
        )
    for gap in asked:
        each = handed[gap.order]
        if each.state is not MaterialState.MISSING:
            ApplicationMaterial.objects.filter(application=application, key=gap.key).update(
                state=each.state.value,
                originals=each.originals,
                copies=each.copies,
                judged_at=at,
            )
    event = ApplicationSupplied(
        subject=application.subject,
        cases=[case.number for case in moved],
        given=sum(h.state is not MaterialState.MISSING for h in handed.values()),
    )
    ledger.record(event, by=by.ref, at=at)
    return moved
