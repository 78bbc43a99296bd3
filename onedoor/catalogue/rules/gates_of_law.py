"""Gates of limits, fees, special procedures and legal basis."""

from __future__ import annotations

import re
from collections.abc import Iterator

from onedoor.catalogue.rules.content import Content
from onedoor.catalogue.rules.directory import is_named_alike
from onedoor.catalogue.rules.item_file import promise_exceeds_law
from onedoor.catalogue.rules.limits import is_within, national_limit
from onedoor.catalogue.rules.setting import Setting
from onedoor.catalogue.rules.words import NAMED_BY_LAW, ItemState, Kind
from onedoor.kernel.errors import NotValid

_ARTICLE = re.compile(r"第[〇零一二三四五六七八九十百千\d]+条")
_LAW = re.compile(r"《[^》]{2,}》")
ENTRUSTED = "3"
"""The national code of a body that acts on another's mandate (受委托组织)."""

Found = Iterator[NotValid]


def promise_keeps_law(content: Content, setting: Setting) -> Found:
    """A promise may be shorter than the law, never longer."""
    promised, statutory = content.promised, content.statutory
    if promised and statutory and is_within(promised, statutory) is False:
        yield promise_exceeds_law(promised, statutory)


def units_compare(content: Content, setting: Setting) -> Found:
    """Limits compare only within one unit; two units need somebody's eye."""
    promised, statutory = content.promised, content.statutory
    if promised and statutory and is_within(promised, statutory) is None:
        yield NotValid(
            "catalogue.limits_differ_in_unit",
            "承诺时限按%(promised)s算，法定时限按%(statutory)s算，不能直接比。请核对承诺不长于法定。",
            field="promised",
            promised=promised.unit,
            statutory=statutory.unit,
        )


def instant_is_at_once(content: Content, setting: Setting) -> Found:
    """An item answered on the spot promises no days."""
    if content.kind is Kind.INSTANT and (content.promised is None or content.promised.count):
        yield NotValid(
            "catalogue.instant_takes_days",
            "即办件要当场办结，承诺时限应是 0 工作日。",
            field="promised",
        )


def has_a_limit(content: Content, setting: Setting) -> Found:
    """What is promised must say for when."""
    if content.kind is Kind.PROMISED and content.statutory is None and content.promised is None:
        yield NotValid(
            "catalogue.no_limit",
            "没有写办结时限。请先补上法定时限或承诺时限。",
            field="promised",
            basis="许可法42",
        )


def has_both_limits(content: Content, setting: Setting) -> Found:
    """The law's limit and ours stand side by side."""
    if content.statutory is None and content.promised is not None:
        yield NotValid(
            "catalogue.no_statutory_limit",
            "没有写法定时限。法律没有规定的，按同级最长时限写，并写明依据。",
            field="statutory",
        )
    if content.promised is None and content.statutory is not None:
        yield NotValid("catalogue.no_promised_limit", "没有写承诺时限。", field="promised")


def long_limit_is_cited(content: Content, setting: Setting) -> Found:
    """Longer than the licence law's twenty working days only by another law, named.

    Basis: 许可法42: 法律、法规另有规定的，依照其规定.
    """
    national, statutory = national_limit(content.item_type, on=setting.on), content.statutory
    if national is None or statutory is None or statutory.unit is not national.unit:
        return
    laws = set(_LAW.findall(content.limit_basis)) - {
        "《行政许可法》",
        "《中华人民共和国行政许可法》",
    }
    if statutory.count > national.count and not laws:
        yield NotValid(
            "catalogue.limit_not_cited",
            "许可法规定 %(limit)s 工作日。写 %(count)s 工作日的，要在时限依据里写明是哪部法规。",
            field="limit_basis",
            basis=national.basis,
            limit=national.count,
            count=statutory.count,
        )


def fee_has_basis(content: Content, setting: Setting) -> Found:
    """Nothing is charged without a law that says so; licence forms are free."""
    if content.fee_fen and not content.fees and not content.fee_basis.strip():
        yield _fee_without_basis(1)
    for place, fee in enumerate(content.fees, start=1):
        if not (fee.basis.strip() or content.fee_basis.strip()):
            yield _fee_without_basis(place)


def _fee_without_basis(place: int) -> NotValid:
    return NotValid(
        "catalogue.fee_without_basis",
        "第 %(place)s 项收费没有写依据。没有法律、行政法规依据的，不能收费。",
        field="fees",
        place=place,
    )


def fees_add_up(content: Content, setting: Setting) -> Found:
    """The one sum people read is that of the listed charges."""
    amounts = [fee.amount_fen for fee in content.fees]
    if amounts and None not in amounts and sum(a or 0 for a in amounts) != content.fee_fen:
        yield NotValid(
            "catalogue.fees_do_not_add_up",
            "收费合计和各项收费加起来不一样。请改成一致。",
            field="fees",
        )


def procedures_are_lawful(content: Content, setting: Setting) -> Found:
    """What may stop the clock is named once, with days; what 许可法45 does not name, with basis."""
    seen = set()
    for one in content.special_procedures:
        if one.kind in seen:
            yield NotValid(
                "catalogue.procedure_twice",
                "特别程序“%(kind)s”写了两次。",
                field="special_procedures",
                kind=one.kind,
            )
        seen.add(one.kind)
        if one.days < 1:
            yield NotValid(
                "catalogue.procedure_without_days",
                "特别程序“%(kind)s”没有写最长天数。",
                field="special_procedures",
                kind=one.kind,
            )
        if one.kind not in NAMED_BY_LAW and not one.basis.strip():
            yield NotValid(
                "catalogue.procedure_without_basis",
                "“%(kind)s”不在许可法45列明的程序里。要停计时，请写明依据。",
                field="special_procedures",
                basis="许可法45",
                kind=one.kind,
            )


def basis_names_article(content: Content, setting: Setting) -> Found:
    """A basis one cannot look up is none."""
    if not content.legal_basis.strip():
        yield NotValid("catalogue.no_legal_basis", "没有写设定依据。", field="legal_basis")
    elif setting.words.named_rule.search(content.legal_basis) and not (
        _LAW.search(content.legal_basis) and _ARTICLE.search(content.legal_basis)
    ):
        yield NotValid(
            "catalogue.basis_without_article",
            "设定依据要写明法律名称和第几条，如《食品安全法》第三十五条。",
            field="legal_basis",
        )


def basis_names_rule(content: Content, setting: Setting) -> Found:
    """“按规定” is no basis: whoever asks for something names the rule that says so."""
    for field, text in _bases(content):
        if text.strip() and not setting.words.named_rule.search(text):
            yield NotValid(
                "catalogue.basis_names_no_rule",
                "“%(words)s”没有写明是哪部法规。请写名称和第几条，如《食品安全法》第三十五条。",
                field=field,
                basis="许可法30",
                words=text.strip()[:20],
            )


def _bases(content: Content) -> Iterator[tuple[str, str]]:
    for field in ("legal_basis", "limit_basis", "fee_basis"):
        yield field, getattr(content, field)
    for name in ("materials", "fees", "intermediaries", "special_procedures"):
        for place, one in enumerate(getattr(content, name), start=1):
            yield f"{name}-{place}", one.basis


def agrees_with_directory(content: Content, setting: Setting) -> Found:
    """The state's directory says what there is; a county neither changes nor revives it."""
    basic = setting.basic
    if basic is None:
        return
    if basic.state is ItemState.CANCELLED:
        yield NotValid(
            "catalogue.basic_cancelled",
            "基本目录里“%(name)s”已经取消，不能再发布。",
            field="basic_code",
            name=basic.name,
        )
    if basic.item_type != content.item_type:
        yield NotValid(
            "catalogue.basic_type_differs",
            "事项类型和基本目录里的“%(name)s”不一样。",
            field="item_type",
            name=basic.name,
        )


def is_named_as_in_directory(content: Content, setting: Setting) -> Found:
    """Who looks for what the state's directory names must find it under that name."""
    basic = setting.basic
    if basic and not is_named_alike(content.name, content.main_item, basic.name):
        yield NotValid(
            "catalogue.basic_name_differs",
            "基本目录里这个编码叫“%(name)s”。请改名称或写明主项名称，办理情形写在括号里。",
            field="name",
            name=basic.name,
        )


def is_in_directory(content: Content, setting: Setting) -> Found:
    """A code nobody gave points to nothing."""
    if content.basic_code and setting.basic is None and setting.has_directory:
        yield NotValid(
            "catalogue.basic_unknown",
            "基本目录里没有编码 %(code)s。请核对；是新编码的，先导入新的目录。",
            field="basic_code",
            code=content.basic_code,
        )


def entrusted_names_whom(content: Content, setting: Setting) -> Found:
    """Who acts on another's mandate says whose."""
    if content.unit_kind == ENTRUSTED and not content.entrusted_by.strip():
        yield NotValid(
            "catalogue.entrusted_by_nobody",
            "实施主体是受委托组织，请写明委托部门。",
            field="entrusted_by",
        )
