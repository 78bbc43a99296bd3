"""What an applicant may promise instead of handing it in at once.

Basis: the item's own list of materials that may follow (容缺后补); no law of the State sets it.
"""

from __future__ import annotations

from collections.abc import Iterable

from onedoor.cases.rules.words import MaterialState
from onedoor.catalogue.rules.words import Necessity


def may_follow(found: Iterable[tuple[MaterialState, str]]) -> bool:
    """Say whether all that is missing may follow later, and something that may is missing.

    What is there but defective is no material that follows: it has to be mended first.

    >>> may_follow([(MaterialState.OK, "required"), (MaterialState.MISSING, "tolerant")])
    True
    >>> may_follow([(MaterialState.MISSING, "required"), (MaterialState.MISSING, "tolerant")])
    False
    """
    missing = set()
    for state, necessity in found:
        if state is MaterialState.DEFECTIVE:
            return False
        if state is MaterialState.MISSING:
            missing.add(necessity)
    return Necessity.TOLERANT.value in missing and Necessity.REQUIRED.value not in missing
