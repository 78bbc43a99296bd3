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
from onedoor.citizens.services.mandates import (
    agree,
    ask_family,
    claim_company,
    consent_by_code,
    end,
    end_all,
    end_lapsed,
    give_at_window,
    invite,
    require_verified,
    use,
)
from onedoor.citizens.services.phone_codes import enter_by_code, forget_codes, send_code, sent_code
from onedoor.citizens.services.reading import mark_read

__all__ = [
    "agree",
    "ask_family",
    "claim_company",
    "close",
    "confirm_mail",
    "consent_by_code",
    "drop_mail",
    "end",
    "end_all",
    "end_lapsed",
    "enter_by_code",
    "enter_by_identity",
    "enter_by_phone",
    "forget_codes",
    "forget_mail_codes",
    "forget_old_mail_codes",
    "give_at_window",
    "invite",
    "mark_read",
    "require_verified",
    "send_code",
    "send_mail_code",
    "sent_code",
    "sent_mail_code",
    "use",
]
