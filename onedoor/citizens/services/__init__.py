"""What may be done with an account: open it by telephone or identity, and close it."""

from onedoor.citizens.services.accounts import close, enter_by_identity, enter_by_phone
from onedoor.citizens.services.phone_codes import enter_by_code, forget_codes, send_code, sent_code

__all__ = [
    "close",
    "enter_by_code",
    "enter_by_identity",
    "enter_by_phone",
    "forget_codes",
    "send_code",
    "sent_code",
]
