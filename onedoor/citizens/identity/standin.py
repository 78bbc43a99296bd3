"""The stand-in of a demo: one of a few invented people is chosen, and nothing is checked."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_noop

from onedoor.citizens.identity.claims import Identity, named, read
from onedoor.kernel.errors import Refusal


def people(*, on: date) -> list[Identity]:
    """Return the invented people of the county's file."""
    return [read(one, on=on) for one in named().get("standin", ())]


class Standin:
    """Who chose a person on our own page is that person."""

    name = gettext_noop("演示用的身份认证（不是真的）")

    def begin(self, back: str) -> tuple[str, Mapping[str, str]]:
        return reverse("citizens:standin"), {"state": secrets.token_urlsafe(32)}

    def finish(
        self, told: Mapping[str, str], kept: Mapping[str, str], back: str, *, on: date
    ) -> Identity:
        state, chosen = kept.get("state", ""), told.get("person", "")
        if not state or not hmac.compare_digest(told.get("state", "").encode(), state.encode()):
            raise Refusal(
                "identity.not_ours", "这次登录不是从这里开始的，或者已经过期。请重新登录。"
            )
        found = dict(enumerate(people(on=on))).get(int(chosen) if chosen.isdigit() else -1)
        if found is None:
            raise Refusal("identity.cancelled", "没有登录：您取消了，或者统一身份认证没有通过。")
        return found
