"""The words of ratings. Basis: 国办发〔2019〕51号."""

from __future__ import annotations

from onedoor.kernel.terms import Term


class Level(Term):
    """How satisfied somebody was (评价等级); the last two are bad ratings (差评)."""

    EXCELLENT = "excellent", "非常满意"
    GOOD = "good", "满意"
    FAIR = "fair", "基本满意"
    POOR = "poor", "不满意"
    BAD = "bad", "非常不满意"

    @property
    def is_bad(self) -> bool:
        return self in (Level.POOR, Level.BAD)

    @property
    def is_praise(self) -> bool:
        return self in (Level.EXCELLENT, Level.GOOD)

    @property
    def national(self) -> int:
        """The code of the national interface; GB/T 39046 counts the other way round.

        >>> Level.EXCELLENT.national, Level.BAD.national
        (5, 1)
        """
        return 5 - list(Level).index(self)


class Channel(Term):
    """Where somebody rated (评价渠道)."""

    PC = "pc", "PC端"
    MOBILE = "mobile", "移动端"
    QR = "qr", "二维码"
    PAD = "pad", "大厅平板"
    TERMINAL = "terminal", "大厅其他终端"
    PHONE = "phone", "电话"
    SMS = "sms", "短信"

    @property
    def national(self) -> int:
        """The code of GB/T 39046.

        >>> Channel.QR.national
        3
        """
        return list(Channel).index(self) + 1


class Way(Term):
    """How somebody was reached about a bad rating (联系方式)."""

    PHONE = "phone", "电话"
    VISIT = "visit", "上门"
    MESSAGE = "message", "短信或网上"
    UNREACHED = "unreached", "没有联系上"
