"""What a commitment may stand for (告知承诺事项): the paper replaced, what is told, the check.

Basis: 国办发〔2020〕42号; 优化营商环境条例19, 40, 46.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from onedoor.catalogue.rules.limits import LimitUnit
from onedoor.kernel.terms import Term


class Extent(Term):
    """How far a commitment reaches (告知承诺的种类)."""

    PROOF = "proof", "证明事项"
    LICENCE = "licence", "涉企经营许可"


class Way(Term):
    """How the facts are checked once the decision is made (核查方式)."""

    NONE = "none", "免予核查"
    ONLINE = "online", "网络核验"
    SITE = "site", "现场核查"
    ASSISTED = "assisted", "请别的机关协查"


@dataclass(frozen=True, kw_only=True)
class Commitment:
    """One matter the applicant may vouch for (告知承诺事项) instead of proving it.

    ``replaces`` names the materials that then need not come, one a line.
    """

    matter: str
    extent: Extent = Extent.PROOF
    replaces: str = ""
    basis: str = ""
    conditions: str = ""
    content: str = ""
    liability: str = ""
    way: Way = Way.SITE
    days: int | None = None
    unit: LimitUnit = LimitUnit.WD
    is_open_to_broken: bool = False

    @property
    def materials(self) -> tuple[str, ...]:
        """The names of the materials it stands for.

        >>> Commitment(matter="场所使用权", replaces="场所证明\\n  租赁合同 ").materials
        ('场所证明', '租赁合同')
        """
        return tuple(name for line in self.replaces.splitlines() if (name := line.strip()))

    @property
    def is_checked(self) -> bool:
        """Whether somebody goes and looks afterwards."""
        return self.way is not Way.NONE

    @property
    def is_whole(self) -> bool:
        """Whether enough is told for an applicant to commit to: what, at what price, until when."""
        is_told = bool(self.materials and self.content.strip() and self.liability.strip())
        return is_told and (bool(self.days) or not self.is_checked)


def by_material(commitments: Iterable[Commitment]) -> dict[str, Commitment]:
    """Return which commitment may stand for a material, by the material's name.

    One that tells too little to be signed stands for nothing.
    """
    return {name: one for one in commitments if one.is_whole for name in one.materials}
