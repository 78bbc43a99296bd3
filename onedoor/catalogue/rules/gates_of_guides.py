"""Gates of what a reader needs: where, when, what happens next, found and in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from onedoor.catalogue.rules.content import Content
from onedoor.catalogue.rules.limits import LimitUnit
from onedoor.catalogue.rules.links import take_apart
from onedoor.catalogue.rules.setting import Setting
from onedoor.kernel.errors import NotValid

CHECKED_WITHIN = timedelta(days=180)
Found = Iterator[NotValid]


def no_visit_means_online(content: Content, setting: Setting) -> Found:
    """Who need not come must be able to apply from afar."""
    if content.visits == 0 and not content.is_online:
        yield NotValid(
            "catalogue.no_visit_not_online",
            "写了跑 0 次，但没有写网上能办。",
            field="is_online",
        )


def online_address_is_one(content: Content, setting: Setting) -> Found:
    """Where one applies online can be opened: it is an address of the web, and nothing else."""
    for field in ("online_url", "link_url", "mobile_url"):
        address = getattr(content, field)
        if address.strip() and take_apart(address) is None:
            yield NotValid(
                "catalogue.online_url_is_none",
                "网办地址要写完整的网址，以 https:// 或 http:// 开头。",
                field=field,
            )


def no_visit_means_posted(content: Content, setting: Setting) -> Found:
    """And the result must come to them: by post, or as an electronic licence."""
    kinds = {one.kind for one in content.results}
    if content.visits == 0 and not content.is_posted and "电子证照" not in kinds:
        yield NotValid(
            "catalogue.no_visit_not_posted",
            "写了跑 0 次，结果应能邮寄或发电子证照。",
            field="is_posted",
        )


def visits_are_explained(content: Content, setting: Setting) -> Found:
    """How often one must come, and why at all."""
    if content.visits is None:
        yield NotValid("catalogue.no_visits", "没有写要跑几次。", field="visits")
    elif content.visits > 0 and not content.visits_reason.strip():
        yield NotValid(
            "catalogue.visits_without_reason",
            "要跑 %(count)s 次，请写明为什么要到现场。",
            field="visits_reason",
            count=content.visits,
        )


def has_place_and_hours(content: Content, setting: Setting) -> Found:
    """Where to go and when."""
    if not content.place.strip():
        yield NotValid("catalogue.no_place", "没有写在哪里办。", field="place")
    if not content.hours.strip():
        yield NotValid("catalogue.no_hours", "没有写什么时候办。", field="hours")


def steps_are_complete(content: Content, setting: Setting) -> Found:
    """Every step has somebody and a time."""
    if not content.steps:
        yield NotValid("catalogue.no_steps", "没有写办理环节。", field="steps")
    for place, step in enumerate(content.steps, start=1):
        if not step.who.strip():
            yield NotValid(
                "catalogue.step_without_who",
                "第 %(place)s 个环节“%(name)s”没有写谁来办。",
                field=f"steps-{place}",
                place=place,
                name=step.name,
            )
        if step.days is None:
            yield NotValid(
                "catalogue.step_without_time",
                "第 %(place)s 个环节“%(name)s”没有写要多久。",
                field=f"steps-{place}",
                place=place,
                name=step.name,
            )


def steps_fit_the_promise(content: Content, setting: Setting) -> Found:
    """Steps that take longer than the promise make it a lie."""
    if content.promised is None or content.promised.unit is not LimitUnit.WD:
        return
    total = sum(s.days or 0 for s in content.steps if s.unit is LimitUnit.WD)
    if total > content.promised.count:
        yield NotValid(
            "catalogue.steps_too_long",
            "各环节加起来 %(total)s 工作日，超过了承诺的 %(promised)s 工作日。",
            field="steps",
            total=total,
            promised=content.promised.count,
        )


def has_result_sample(content: Content, setting: Setting) -> Found:
    """What one gets, and how it looks."""
    if not content.result_name.strip() and not content.results:
        yield NotValid("catalogue.no_result", "没有写办成拿到什么。", field="result_name")
    elif not any(one.sample_file for one in content.results):
        yield NotValid("catalogue.no_result_sample", "没有结果样本。", field="results")


def was_checked(content: Content, setting: Setting) -> Found:
    """Somebody has looked at it within half a year."""
    if content.checked_on is None:
        yield NotValid("catalogue.not_checked", "没有写核对日期。", field="checked_on")
    elif content.checked_on > setting.on:
        yield NotValid("catalogue.checked_tomorrow", "核对日期在今天以后。", field="checked_on")
    elif setting.on - content.checked_on > CHECKED_WITHIN:
        yield NotValid(
            "catalogue.checked_long_ago",
            "上次核对是 %(day)s，超过 180 天。请重新核对。",
            field="checked_on",
            day=content.checked_on.isoformat(),
        )


def says_something(content: Content, setting: Setting) -> Found:
    """No word that tells the reader nothing."""
    for field, text in _texts(content):
        if found := setting.words.vague.search(text):
            yield NotValid(
                "catalogue.vague_words",
                "“%(words)s”没有说清楚是什么。请写明。",
                field=field,
                words=found.group(),
            )


def avoids_doubtful_words(content: Content, setting: Setting) -> Found:
    """Words that mostly hide something."""
    for field, text in _texts(content):
        if found := setting.words.doubtful.search(text):
            yield NotValid(
                "catalogue.doubtful_words",
                "“%(words)s”说得含混，请看看能不能写具体。",
                field=field,
                words=found.group(),
            )


def is_found(content: Content, setting: Setting) -> Found:
    """Who types its name or its initials sees it among the first: nobody reads further down."""
    for one in setting.unfound:
        yield NotValid(
            "catalogue.not_among_first",
            "搜“%(text)s”，前 3 条里没有这一项。请换一个分得清的名称，或者给它加常用叫法。",
            field="name",
            text=one,
        )


def has_exchange_codes(content: Content, setting: Setting) -> Found:
    """What the national exchange may not be sent without."""
    if not content.basic_code:
        yield NotValid("catalogue.no_basic_code", "没有写基本编码，不能上报。", field="basic_code")
    if not content.use_level:
        yield NotValid("catalogue.no_use_level", "没有选行使层级，不能上报。", field="use_level")
    if not content.unit_kind:
        yield NotValid(
            "catalogue.no_unit_kind", "没有选实施主体性质，不能上报。", field="unit_kind"
        )
    if not content.power_source:
        yield NotValid(
            "catalogue.no_power_source", "没有选权力来源，不能上报。", field="power_source"
        )
    if not content.serves:
        yield NotValid("catalogue.no_serves", "没有选服务对象，不能上报。", field="serves")


def _texts(content: Content) -> Iterator[tuple[str, str]]:
    for field in ("conditions", "flow", "place", "visits_reason"):
        yield field, getattr(content, field)
    for place, material in enumerate(content.materials, start=1):
        yield f"materials-{place}", f"{material.standard}\n{material.fill_note}\n{material.source}"
    for place, step in enumerate(content.steps, start=1):
        yield f"steps-{place}", f"{step.name}\n{step.who}\n{step.standard}"
    for place, one in enumerate(content.questions, start=1):
        yield f"questions-{place}", one.answer
