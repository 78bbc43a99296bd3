"""What the check before publication finds, and what it leaves alone."""

from __future__ import annotations

import pytest

from onedoor.reports import pack
from onedoor.reports.rules.publishing.privacy import Patterns, find, masked
from onedoor.reports.rules.publishing.words import HitKind

PATTERNS = pack.rules().patterns


def found(text: str, patterns: Patterns = PATTERNS) -> list[tuple[str, str]]:
    return [(f.kind.value, text[f.start : f.start + f.length]) for f in find(text, patterns)]


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("身份证号532502199203080001。", [("id_number", "532502199203080001")]),
        (
            "号码５３２５０２１９９２０３０８０００Ｘ",
            [("id_number", "５３２５０２１９９２０３０８０００Ｘ")],
        ),
        ("号码 532502 19920308 0001", [("id_number", "532502 19920308 0001")]),
        ("老号码532502920308001", [("id_number", "532502920308001")]),
        ("拨打13800000001或0873-0000202", [("phone", "13800000001"), ("phone", "0873-0000202")]),
        ("打 +86 138-0000-0001", [("phone", "+86 138-0000-0001")]),
        ("账号：5325 0201 0000 0012 3", [("bank_account", "5325 0201 0000 0012 3")]),
        ("卡6222000000000000004", [("bank_account", "6222000000000000004")]),
        ("联系人：李示例，", [("name", "李示例")]),
        ("由阿普·木嘎办理", [("name", "由阿普·木嘎办理")]),
        ("普示范同志", [("name", "普示范")]),
        ("秘密★1年", [("secrecy", "秘密★")]),
        ("机 密", []),
        ("机密★", [("secrecy", "机密★")]),
        ("这是内部资料，不得外传", [("secrecy", "内部资料"), ("secrecy", "不得外传")]),
    ],
)
def test_numbers_names_and_marks_are_found(text, hits):
    assert found(text) == hits


@pytest.mark.parametrize(
    "text",
    [
        "办件53250200220260306000010",
        "索引号000014348/2021-01295",
        "统一社会信用代码11532502DEM0000149",
        "上缴1234567890123456元",
        "商业秘密、国家秘密",
        "2021年3月31日，41个单位、1099项",
        "联系人：李**，138****0001，532502********0001",
    ],
)
def test_what_is_nobodys_or_masked_already_is_left_alone(text):
    assert found(text) == []


def test_a_name_the_system_knows_is_found_wherever_it_stands():
    patterns = Patterns(names=frozenset({"示范甲"}))

    assert found("局里由示范甲负责", patterns) == [("name", "示范甲")]


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        (HitKind.ID_NUMBER, "532502199203080001", "532502********0001"),
        (HitKind.BANK_ACCOUNT, "6222 0000 0000 0000 001", "6222 **** **** ***0 001"),
        (HitKind.NAME, "阿普·木嘎", "阿*·**"),
    ],
)
def test_a_mask_is_as_long_as_what_it_hides(kind, text, shown):
    assert masked(kind, text) == shown
    assert len(shown) == len(text)
