"""What a person may do in the market."""

from onedoor.market.services.packs import confirm, propose, sign

__all__ = ["confirm", "propose", "sign"]
