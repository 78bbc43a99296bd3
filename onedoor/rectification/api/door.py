"""The one router that the operations of a finding hang on, and which finding is meant."""

from ninja import Router

from onedoor.accounts.rules import Actor
from onedoor.kernel.errors import NotFound
from onedoor.rectification.models import Finding
from onedoor.rectification.queries import lists

router = Router(tags=["findings"])


def finding_for(actor: Actor, number: str) -> Finding:
    """Return a finding the caller may see; a stranger's is not there."""
    found = lists.visible(actor).filter(number=number).first()
    if found is None:
        raise NotFound("finding.not_found", "没有这个问题，或者不是给您看的。")
    return found
