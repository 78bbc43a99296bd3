"""What was expected of a member of the wrong shape, in the words of the house."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, gettext_noop

_NUMBER = gettext_noop("应是整数。")
_YES_NO = gettext_noop("应是 true 或 false。")
_DATE = gettext_noop("应是日期，如 2026-11-02。")
_TIME = gettext_noop("应是时间，如 2026-11-02T09:30:00+08:00。")
_OBJECT = gettext_noop("应是对象。")

EXPECTED: dict[str, str] = {
    "missing": gettext_noop("缺这一项。"),
    "extra_forbidden": gettext_noop("没有这一项，请去掉。"),
    "string_type": gettext_noop("应是文字。"),
    "string_too_long": gettext_noop("最多 %(max_length)s 个字。"),
    "string_too_short": gettext_noop("至少 %(min_length)s 个字。"),
    "string_pattern_mismatch": gettext_noop("格式不对，应符合 %(pattern)s。"),
    "int_type": _NUMBER,
    "int_parsing": _NUMBER,
    "int_from_float": _NUMBER,
    "bool_type": _YES_NO,
    "bool_parsing": _YES_NO,
    "list_type": gettext_noop("应是列表。"),
    "too_long": gettext_noop("最多 %(max_length)s 项。"),
    "too_short": gettext_noop("至少 %(min_length)s 项。"),
    "enum": gettext_noop("应是其中之一：%(expected)s。"),
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "datetime_type": _TIME,
    "datetime_parsing": _TIME,
    "datetime_from_date_parsing": _TIME,
    "greater_than_equal": gettext_noop("不能小于 %(ge)s。"),
    "less_than_equal": gettext_noop("不能大于 %(le)s。"),
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
}
"""By the reader's own name of what is wrong; a program may go by that name (``kind``)."""


def expected(error: Mapping[str, Any]) -> str:
    """Return the sentence for one error of a reader of shapes, in the asker's language."""
    text = EXPECTED.get(error["type"])
    if text is None:
        return str(error["msg"])
    data = dict(error.get("ctx", {}))
    if "expected" in data:
        data["expected"] = str(data["expected"]).replace(" or ", ", ")
    return gettext(text) % data if data else gettext(text)
