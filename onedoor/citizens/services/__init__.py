"""What may be done with an account: open it by telephone or identity, tell it by mail, close it."""

from onedoor.citizens.services.accounts import close, enter_by_identity, enter_by_phone
from onedoor.citizens.services.mail_codes import (
    confirm_mail,
    drop_mail,
    forget_mail_codes,
    forget_old_mail_codes,
    send_mail_code,
    sent_mail_code,
)
from onedoor.citizens.services.phone_codes import enter_by_code, forget_codes, send_code, sent_code
from onedoor.citizens.services.reading import mark_read

__all__ = [
    "close",
    "confirm_mail",
    "drop_mail",
    "enter_by_code",
    "enter_by_identity",
    "enter_by_phone",
    "forget_codes",
    "forget_mail_codes",
    "forget_old_mail_codes",
    "mark_read",
    "send_code",
    "send_mail_code",
    "sent_code",
    "sent_mail_code",
]
