"""Tables of the market."""

from onedoor.market.models.draws import Contribution, Draw, Entrant, Reason
from onedoor.market.models.packs import RulePack, ScopeReceipt

__all__ = ["Contribution", "Draw", "Entrant", "Reason", "RulePack", "ScopeReceipt"]
