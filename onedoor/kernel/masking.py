"""How personal data is shown where the whole value is not needed (脱敏).

Basis: 个人信息保护法 6, 51 (only what is needed; measures against disclosure).
"""

from __future__ import annotations


def name(value: str) -> str:
    """Return a person's name with only its first character.

    >>> name("李敏"), name("阿普·木嘎"), name("")
    ('李*', '阿****', '')
    """
    return value[:1] + "*" * (len(value) - 1)


def id_number(value: str) -> str:
    """Return an identity number with its region and its last four characters.

    >>> id_number("532502199001011234"), id_number("G1234567")
    ('532502********1234', 'G1****67')
    """
    if len(value) >= 12:
        return value[:6] + "*" * (len(value) - 10) + value[-4:]
    return value[:2] + "*" * max(len(value) - 4, 1) + value[-2:] if len(value) > 4 else "****"


def phone(value: str) -> str:
    """Return a phone number without its middle.

    >>> phone("13812341234")
    '138****1234'
    """
    return value[:3] + "****" + value[-4:] if len(value) >= 8 else "****"


def mail(value: str) -> str:
    """Return an e-mail address with only the first character of its name.

    >>> mail("limin@example.cn"), mail("")
    ('l****@example.cn', '')
    """
    name_, at, domain = value.partition("@")
    return f"{name_[:1]}****@{domain}" if at else "****" if value else ""


def address(value: str) -> str:
    """Return an address cut to county and township.

    >>> address("云南省开远市乐白道街道某某路1号")
    '云南省开远市******'
    """
    return value[:6] + "******" if value else ""
