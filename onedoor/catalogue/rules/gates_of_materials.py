"""Gates of what is asked of the applicant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from onedoor.catalogue.rules.content import Content
from onedoor.catalogue.rules.limits import LimitUnit
from onedoor.catalogue.rules.setting import Setting
from onedoor.catalogue.rules.words import Form, Kind, Necessity, Source
from onedoor.kernel.errors import NotValid

_FORM_NAME = re.compile(r"(?:申请|登记|备案|报名|审批|信息|情况|报告)?(?:表|申请书|承诺书)$")
_FROM_ELSEWHERE = {Source.LICENCE, Source.SHARED, Source.PROMISE}

Found = Iterator[NotValid]


def have_basis(content: Content, setting: Setting) -> Found:
    """Whoever asks for a paper says by what law; a paper without one is not asked for.

    Basis: 许可法31: 不得要求申请人提交与其申请的行政许可事项无关的技术资料和其他材料.
    """
    for place, one in enumerate(content.materials, start=1):
        if not one.basis.strip():
            yield NotValid(
                "catalogue.material_without_basis",
                "第 %(place)s 份材料“%(name)s”没有写要它的依据。没有依据的材料不能要。",
                field=f"materials-{place}",
                basis="许可法31",
                place=place,
                name=one.name,
            )


def name_a_paper(content: Content, setting: Setting) -> Found:
    """No catch-all: every paper is named."""
    for place, one in enumerate(content.materials, start=1):
        if setting.words.catch_all.search(one.name.strip()):
            yield NotValid(
                "catalogue.catch_all_material",
                "第 %(place)s 份材料“%(name)s”是兜底的说法。请写明是哪一份，写不出来的删掉。",
                field=f"materials-{place}",
                basis="许可法30、31",
                place=place,
                name=one.name,
            )


def say_source_and_count(content: Content, setting: Setting) -> Found:
    """Where it comes from and how many: else people come twice."""
    for place, one in enumerate(content.materials, start=1):
        if not one.source.strip() and one.source_kind in (Source.ISSUED, Source.OTHER):
            yield NotValid(
                "catalogue.material_without_source",
                "第 %(place)s 份材料“%(name)s”没有写从哪里来。",
                field=f"materials-{place}",
                place=place,
                name=one.name,
            )
        is_brought = one.form is not Form.ELECTRONIC and one.source_kind not in _FROM_ELSEWHERE
        if is_brought and not one.originals and not one.copies:
            yield NotValid(
                "catalogue.material_without_count",
                "第 %(place)s 份材料“%(name)s”没有写要几份。",
                field=f"materials-{place}",
                place=place,
                name=one.name,
            )


def have_form_and_sample(content: Content, setting: Setting) -> Found:
    """A form can be downloaded, and beside it lies one filled in.

    Basis: 许可法29, 30 (格式文本、示范文本).
    """
    for place, one in enumerate(content.materials, start=1):
        is_form = bool(_FORM_NAME.search(one.name.strip()))
        if is_form and not one.form_file:
            yield NotValid(
                "catalogue.form_missing",
                "第 %(place)s 份材料“%(name)s”是表格，请上传空白表格。",
                field=f"materials-{place}",
                place=place,
                name=one.name,
            )
        if (is_form or one.form_file) and not one.sample_file:
            yield NotValid(
                "catalogue.sample_missing",
                "第 %(place)s 份材料“%(name)s”没有填好的样本。",
                field=f"materials-{place}",
                place=place,
                name=one.name,
            )


def files_are_for_guides(content: Content, setting: Setting) -> Found:
    """What everybody may download was uploaded to be shown, not handed in by somebody.

    Basis: 个人信息保护法25: 个人信息处理者不得公开其处理的个人信息.
    """
    named = [
        (f"materials-{place}", one.name, digest)
        for place, one in enumerate(content.materials, start=1)
        for digest in (one.form_file, one.sample_file)
    ]
    named += [
        (f"results-{place}", one.name, one.sample_file)
        for place, one in enumerate(content.results, start=1)
    ]
    for field, name, digest in named:
        if digest and digest not in setting.files:
            yield NotValid(
                "catalogue.not_a_guide_file",
                "“%(name)s”的表格或样本不是为办事指南上传的文件。请在这里重新上传。",
                field=field,
                basis="个人信息保护法25",
                name=name,
            )


def tolerance_is_sound(content: Content, setting: Setting) -> Found:
    """Late papers (容缺) are named, and come before the decision is due."""
    late = [one for one in content.materials if one.necessity is Necessity.TOLERANT]
    if content.is_tolerant and not late:
        yield NotValid(
            "catalogue.tolerance_without_material",
            "写明了可以容缺，但没有一份材料是“容缺后补”。",
            field="is_tolerant",
        )
    if late and content.kind is Kind.INSTANT:
        yield NotValid(
            "catalogue.tolerance_of_instant",
            "即办件当场办结，没有后补材料的时间。请把“容缺后补”改掉。",
            field="is_tolerant",
        )
    days, promised = content.tolerance_days, content.promised
    if days and promised and promised.unit is LimitUnit.WD and days > promised.count:
        yield NotValid(
            "catalogue.tolerance_too_long",
            "容缺补正时限 %(days)s 工作日，超过了承诺时限 %(promised)s 工作日。",
            field="tolerance_days",
            days=days,
            promised=promised.count,
        )


def tolerance_is_dated(content: Content, setting: Setting) -> Found:
    """Who may bring a paper later is told until when."""
    late = any(one.necessity is Necessity.TOLERANT for one in content.materials)
    if late and not content.tolerance_days and content.kind is not Kind.INSTANT:
        yield NotValid(
            "catalogue.tolerance_without_days",
            "有“容缺后补”的材料，请写明几个工作日内补齐。",
            field="tolerance_days",
        )
