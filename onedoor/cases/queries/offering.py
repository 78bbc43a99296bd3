"""What somebody may do now, and what each step still waits for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from onedoor.accounts.rules import Actor
from onedoor.cases import conditions
from onedoor.cases.models import Case
from onedoor.cases.queries.needs import completeness, decision_needs
from onedoor.cases.queries.procedures import depositing_of, entrusting_of, posting_of
from onedoor.cases.rules.lifecycle import Action, Need, Status, open_actions, step_for
from onedoor.kernel.errors import Refusal

ONLY_WHEN = {
    Action.PRE_PASS: Need.ORIGINALS_AWAITED,
    Action.PROMISE: Need.TOLERABLE,
    Action.COMMIT: Need.COMMITTABLE,
    Action.ACCEPT_TOLERANT: Need.PROMISED,
    Action.SUPPLEMENT: Need.SUPPLEMENT_OPEN,
    Action.PUT_OFF: Need.SUPPLEMENT_OPEN,
    Action.ORDER_SURVEY: Need.NO_SURVEY,
    Action.RECORD_SURVEY: Need.MINE_TO_WRITE,
    Action.SIGN_SURVEY: Need.OTHERS_TO_SIGN,
    Action.TELL_HEARING: Need.NOT_TOLD,
    Action.ASK_HEARING: Need.MAY_ASK,
    Action.CALL_HEARING: Need.ASKED,
    Action.RECORD_HEARING: Need.HEARD,
    Action.EXTEND: Need.EXTENDABLE,
    Action.CONFIRM_DELIVERY: Need.POSTED,
    Action.ANNOUNCE: Need.NOT_ANNOUNCED,
    Action.SERVE_ONLINE: Need.CONSENTED,
    Action.CONFIRM_ENTRUSTED: Need.ENTRUSTED,
    Action.FETCH: Need.DEPOSITED,
    Action.FINISH_AT_ONCE: Need.INSTANT,
    Action.PROPOSE_SPECIAL: Need.NONE_PROPOSED,
    Action.SUSPEND: Need.PROPOSED,
    Action.TURN_DOWN_SPECIAL: Need.PROPOSED,
    Action.END_SPECIAL: Need.OTHERS_RUN,
    Action.RESUME: Need.LAST_ONE,
    Action.FORWARD: Need.FORWARDABLE,
    Action.RECORD_REPLY: Need.REPLY_AWAITED,
}
"""Actions shown only where they are the next thing to do: most cases never need them."""


FROM_THE_FORM = frozenset(
    {
        Need.IDENTITY,
        Need.LIST_JUDGED,
        Need.GAPS,
        Need.FIRST_NOTICE,
        Need.REASON,
        Need.BASIS,
        Need.OPINION,
        Need.KIND_LISTED,
        Need.RESULT_FILED,
        Need.RENEWABLE,
        Need.WITNESSED,
        Need.LAST_RESORT,
    }
)
"""Needs that whoever takes the step meets by what they write; the rest are facts of the case."""


@dataclass(frozen=True)
class Offer:
    """An action of the table as a page offers it: open, or with the reason why not now."""

    action: Action
    refusal: Refusal | None


def offers(case: Case, actor: Actor, *, on: date) -> list[Offer]:
    """Return what the page of a case offers: of an application sent online, to go to its check."""
    found = ways(case, actor, on=on)
    if case.state is not Status.SUBMITTED:
        return found
    return [o for o in found if o.action not in (Action.PRE_PASS, Action.PRE_RETURN)]


def ways(case: Case, actor: Actor, *, on: date) -> list[Offer]:
    """Return what the actor may do with the case that day, and what stands in the way."""
    roles = actor.roles_in(case.unit_id)
    actions = open_actions(case.state, roles=roles)
    met = FROM_THE_FORM
    if case.state is Status.SUBMITTED:
        met = met | conditions.of_originals(case)
    if case.state is Status.RECEIVED:
        met = met | completeness(case)
        met = met | conditions.of_supplement(case, on=on)
        if case.item_version.kind == "instant" and case.item_version.instant_authorised:
            met = met | {Need.INSTANT}
        if not case.item_version.is_licence:
            actions = [a for a in actions if a is not Action.LINK_LICENCE]
        met = met | conditions.of_quantity(case, on=on)
    if case.state is Status.CORRECTING:
        met = met | conditions.of_correction(case, on=on)
    if case.state in (Status.IN_REVIEW, Status.SPECIAL):
        met = met | conditions.of_decision(case, by=actor, on=on)
        if not case.item_version.procedures:
            actions = [a for a in actions if a is not Action.PROPOSE_SPECIAL]
    if case.state is Status.IN_REVIEW:
        met = met | decision_needs(case, by=actor) | conditions.of_extension(case, on=on)
        met = met | conditions.of_forwarding(case)
        if Need.FORWARDABLE in met:
            met = met | completeness(case)
    if case.state is Status.FORWARDED:
        met = met | decision_needs(case, by=actor) | conditions.of_forwarding(case)
    if case.state is Status.MAKING:
        met = met | conditions.of_seal(case)
    if case.state is Status.READY and posting_of(case):
        met = met | {Need.POSTED}
    if case.state is Status.READY:
        met = met | conditions.of_announcing(case) | conditions.of_serving_online(case.applicant)
        met = met | conditions.of_entrusting(entrusting_of(case))
        met = met | conditions.of_depositing(depositing_of(case))
    found = []
    for action in actions:
        if ONLY_WHEN.get(action, action) not in {action, *met}:
            continue
        try:
            step_for(case.state, action, roles=roles, met=met)
        except Refusal as refusal:
            found.append(Offer(action, refusal))
        else:
            found.append(Offer(action, None))
    return found
