"""Gates of what a commitment may stand for (告知承诺).

Basis: 国办发〔2020〕42号: the obligation, what is to be proven, the liability and the way of
checking are told in writing before anybody commits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from onedoor.catalogue.rules.commitments import Commitment, Extent
from onedoor.catalogue.rules.content import Content
from onedoor.catalogue.rules.setting import Setting
from onedoor.catalogue.rules.words import Source
from onedoor.kernel.errors import NotValid

LICENCE = "01"

Found = Iterator[NotValid]


def are_sound(content: Content, setting: Setting) -> Found:
    """A commitment stands for papers the item asks for, each but once."""
    if content.commitments and not content.is_on_promise:
        yield NotValid(
            "catalogue.commitment_not_offered",
            "写了告知承诺事项，就要选“可以告知承诺”；不实行的，删掉这些行。",
            field="is_on_promise",
        )
    known = {material.name.strip() for material in content.materials}
    named = Counter(name for one in content.commitments for name in one.materials)
    for place, one in enumerate(content.commitments, start=1):
        yield from _reaches_too_far(content, place, one)
        for name in one.materials:
            if name not in known:
                yield NotValid(
                    "catalogue.commitment_of_no_material",
                    "第 %(place)s 项告知承诺“%(name)s”要代替的“%(material)s”不在申请材料里。",
                    **_at(place, one),
                    material=name,
                )
            elif named[name] > 1:
                yield NotValid(
                    "catalogue.committed_twice",
                    "材料“%(material)s”有两项告知承诺代替。请只留一项。",
                    **_at(place, one),
                    material=name,
                )


def _reaches_too_far(content: Content, place: int, one: Commitment) -> Found:
    if one.extent is Extent.PROOF and len(one.materials) > 1:
        yield NotValid(
            "catalogue.commitment_of_many",
            "第 %(place)s 项告知承诺“%(name)s”是证明事项，只能代替一份材料。请分开写。",
            **_at(place, one),
        )
    if one.extent is Extent.LICENCE and content.item_type != LICENCE:
        yield NotValid(
            "catalogue.commitment_of_no_licence",
            "第 %(place)s 项告知承诺“%(name)s”写的是涉企经营许可，这个事项却不是行政许可。",
            **_at(place, one),
        )


def are_told(content: Content, setting: Setting) -> Found:
    """Who commits was told what, at what price, and how it is checked and until when."""
    if content.is_on_promise and not content.commitments:
        yield NotValid(
            "catalogue.commitment_missing",
            "写明了可以告知承诺，但没有写承诺什么、代替哪份材料。",
            field="is_on_promise",
        )
    for place, one in enumerate(content.commitments, start=1):
        yield from _left_out(place, one)
    spoken_of = {name for one in content.commitments for name in one.materials}
    for place, material in enumerate(content.materials, start=1):
        if material.source_kind is Source.PROMISE and material.name.strip() not in spoken_of:
            yield NotValid(
                "catalogue.promised_by_nothing",
                "第 %(place)s 份材料“%(name)s”写明由告知承诺替代，但没有一项告知承诺代替它。",
                field=f"materials-{place}",
                place=place,
                name=material.name,
            )


def _left_out(place: int, one: Commitment) -> Found:
    if not one.materials:
        yield NotValid(
            "catalogue.commitment_for_nothing",
            "第 %(place)s 项告知承诺“%(name)s”没有写代替哪份材料。",
            **_at(place, one),
        )
    if not one.basis.strip():
        yield NotValid(
            "catalogue.commitment_without_basis",
            "第 %(place)s 项告知承诺“%(name)s”没有写依据。",
            **_at(place, one),
        )
    if not one.content.strip():
        yield NotValid(
            "catalogue.commitment_without_content",
            "第 %(place)s 项告知承诺“%(name)s”没有写告知的内容：要符合什么条件、什么标准。",
            **_at(place, one),
        )
    if not one.liability.strip():
        yield NotValid(
            "catalogue.commitment_without_liability",
            "第 %(place)s 项告知承诺“%(name)s”没有写不实要负的责任。",
            **_at(place, one),
        )
    if one.is_checked and not one.days:
        yield NotValid(
            "catalogue.commitment_without_days",
            "第 %(place)s 项告知承诺“%(name)s”没有写决定后多少天内核查。免予核查的，选“免予核查”。",
            **_at(place, one),
        )


def _at(place: int, one: Commitment) -> dict[str, Any]:
    return {"field": f"commitments-{place}", "place": place, "name": one.matter}
