"""The receipt for what was taken in for another place (异地代收)."""

from __future__ import annotations

from onedoor.accounts.queries import window_of
from onedoor.accounts.rules import Actor
from onedoor.cases.contents.parts import material_rows
from onedoor.cases.models import RemoteIntake
from onedoor.cases.rules.words import MaterialState
from onedoor.kernel import masking, packs
from onedoor.kernel.clock import day_of
from onedoor.papers.rules import arriving


def remote_receipt(made: RemoteIntake, *, by: Actor) -> arriving.RemoteReceipt:
    """代收凭证: what was taken in, for whom, by when it is sent, and who decides."""
    person = made.applicant
    taken = [(m["name"], MaterialState.OK, m["originals"], m["copies"]) for m in made.materials]
    return arriving.RemoteReceipt(
        applicant=person.name,
        id_masked=masking.id_number(str(person.id_number)),
        number=made.number,
        item=made.item,
        body=made.body,
        body_address=made.body_address,
        body_phone=made.body_phone,
        received_at=made.received_at,
        materials=material_rows(taken),
        send_by=made.send_due_on,
        window=window_of(by.person_id, on=day_of(made.received_at)),
        clerk=by.name,
        phone=str(packs.county().get("centre", {}).get("phone", "")),
    )
