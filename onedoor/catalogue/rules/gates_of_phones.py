"""Gates of whom to ring: numbers that reach somebody who can answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from onedoor.catalogue.rules.content import Content
from onedoor.catalogue.rules.setting import Setting
from onedoor.kernel.codes import phone
from onedoor.kernel.errors import NotValid

_NUMBER = re.compile(r"(?:\+86|0086)?[\s-]*\(?[（]?\d[\d\s()（）‐‑–—-]{3,}\d")
# Short numbers of the public service: 12345, 12366, 96128, 110.
_SHORT = re.compile(r"1[012]\d(?:\d{2})?|9[56]\d{3,4}|400\d{7}|800\d{7}")
_EXTENSION = re.compile(r"(?:转|-)\d{1,5}$")
_AREA = re.compile(r"(?:010|02\d|0[3-9]\d{2})(?=\d{7,8}$)")

Found = Iterator[NotValid]


def numbers(text: str) -> tuple[str, ...]:
    """Return the telephone numbers a text holds, as written.

    >>> numbers("0873-0000202（上午）、12345"), numbers("没有")
    (('0873-0000202', '12345'), ())
    """
    found = []
    for part in re.split(r"[，,；;、/\n]|(?:[（(][^\d]*[）)])", text):
        found += [m.group().strip() for m in _NUMBER.finditer(part)]
        found += re.findall(r"(?<!\d)1[012]\d(?!\d)", part)
    return tuple(dict.fromkeys(found))


def is_dialable(number: str) -> bool:
    """Say whether a number reaches a telephone today.

    >>> [is_dialable(n) for n in ("0873-0000202", "12345", "7123456", "0873-12345")]
    [True, True, False, False]
    """
    if _SHORT.fullmatch(re.sub(r"[\s-]", "", number)):
        return True
    for written in (number, _EXTENSION.sub("", number)):
        try:
            phone.parse(written)
        except NotValid:
            continue
        return True
    return False


def can_be_dialled(content: Content, setting: Setting) -> Found:
    """No dead number: area code, right length, neither a cry for help nor typed to fill the box."""
    for field in ("phone", "complaint_phone"):
        for number in numbers(getattr(content, field)):
            digits = _subscriber(number)
            if setting.words.emergency.fullmatch(digits):
                yield NotValid(
                    "catalogue.emergency_phone",
                    "“%(number)s”是紧急求助电话，不能当咨询、投诉电话。请写办这件事的单位的号码。",
                    field=field,
                    number=number,
                )
            elif setting.words.placeholder.fullmatch(digits):
                yield NotValid(
                    "catalogue.made_up_phone",
                    "电话“%(number)s”像是随手填的，打不通。请写真正有人接的号码。",
                    field=field,
                    number=number,
                )
            elif not is_dialable(number):
                yield NotValid(
                    "catalogue.dead_phone",
                    "电话“%(number)s”打不通：座机请写区号，如 0873-0000202；手机应为11位。",
                    field=field,
                    number=number,
                )


def are_there(content: Content, setting: Setting) -> Found:
    """Somebody of the unit to ask, somebody to complain to."""
    asked = numbers(content.phone)
    if not asked:
        yield NotValid("catalogue.no_phone", "没有写咨询电话。", field="phone")
    elif all(setting.words.general.fullmatch(_subscriber(number)) for number in asked):
        yield NotValid(
            "catalogue.general_phone",
            "咨询电话只写了 %(number)s。请写本单位的号码，问的人才能直接问到。",
            field="phone",
            number=asked[0],
        )
    if not numbers(content.complaint_phone):
        yield NotValid("catalogue.no_complaint_phone", "没有写投诉电话。", field="complaint_phone")


def _subscriber(number: str) -> str:
    """Return the digits of a number without its area code."""
    return _AREA.sub("", re.sub(r"^\+?86(?=0?[1-9]\d{9})|\D", "", number))
