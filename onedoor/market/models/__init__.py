"""Tables of the market."""

from onedoor.market.models.packs import RulePack, ScopeReceipt

__all__ = ["RulePack", "ScopeReceipt"]
