"""How sure it is who somebody is, and how a code sent to a telephone is guarded. Pure."""

from __future__ import annotations

from datetime import timedelta

from onedoor.kernel.terms import Term


class Assurance(Term):
    """What is known of who signed in (身份核验程度)."""

    PHONE = "phone", "手机号验证"
    IDENTITY = "identity", "实名认证"


CONSENT = "2026-11"
"""The text on personal data that people agree to when they open an account (个人信息保护法 13, 14,
17); another text has another name, and is agreed to again."""

CODE_DIGITS = 6
CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 5

LONGEST_MAIL = 254
"""RFC 5321: no address is longer."""

SENDS, SENDS_FROM, HOUR = 5, 60, timedelta(hours=1)
"""So many codes go to one number, and are asked for from one address, in an hour: a hall, a school
and a village office share theirs."""

SESSION = timedelta(minutes=30)
"""So long after the last page somebody is still signed in: the public's devices are shared too."""
