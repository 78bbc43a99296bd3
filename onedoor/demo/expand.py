"""From object × action to item: compact tables of a county pack become rows of an item list.

Pure: what a pack says comes in, what the catalogue imports goes out. An object (食品经营许可)
states its law, its result and what one may do with it (``do``: 新办、变更、注销…); an action states
what goes with it wherever it is used; an object may say more of one of its actions, in a table of
that action's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from onedoor.demo import guide
from onedoor.demo.english import English
from onedoor.demo.pack import Unit
from onedoor.demo.rows import Table, keys, table, wrong

LICENCE_LIMIT = ([20, "WD"], "《行政许可法》第四十二条")
IDENTITY = {"person": "申请人身份证", "organisation": "营业执照", "both": "申请人身份证明"}
SERVES = {"person": "1", "organisation": "2^3^4", "both": "1^2^3^4"}
UNIT_KIND = {"centre": "1", "bureau": "1", "mass": "2", "institution": "2", "enterprise": "9"}
ACTION = {"name", "no", "main", "title", "kind", "promised", "aliases", "conditions", "materials"}
MAY_ACTION = {"visits", "visits_reason", "result", "questions", "at_terminal"}
THING = {"no", "name", "type", "law", "result", "audience", "do"}
SAID = {
    *("kind", "promised", "visits", "visits_reason", "is_online"),
    *("conditions", "fees", "questions"),
}
WHOLE = {
    "area",
    "validity",
    "quantity",
    "quantity_note",
    "commitments",
    "is_forwarded",
    "intermediaries",
}
LIMITS = {"statutory", "limit_basis", "deemed"}
OWN = SAID | LIMITS | WHOLE | {"name", "aliases", "law", "result_name", "materials", "authorised"}
_LAW = re.compile(r"《[^》]+》")


class Expander:
    """Knows the actions and the common materials of a county, and how its centre is reached.

    ``told`` gathers the codes of the items of which the pack says more than their action does.
    """

    def __init__(
        self,
        common: Table,
        centre: Table,
        asks: Mapping[tuple[str, str], Any] | None = None,
        english: English | None = None,
    ) -> None:
        for number, action in enumerate(table(common, "action"), start=1):
            keys("action", number, action, needed=ACTION, known=ACTION | MAY_ACTION)
        for name in ("material", "step", "special"):
            table(common, name)
        self.common = common
        self.actions = {action["name"]: action for action in common["action"]}
        self.centre = centre
        self.told: set[str] = set()
        self.english = english or English()
        self.asks = dict(asks or {})
        """The questions not put to an item yet (情形引导), by object and action."""

    def items(self, unit: Unit, file: Table) -> Iterator[dict[str, Any]]:
        """Return the items of one unit, in the order of its objects and of what each may do."""
        things = [*table({"plain": [], **file}, "plain"), *table({"full": [], **file}, "full")]
        numbers: set[int] = set()
        for number, thing in enumerate(things, start=1):
            self._check(f"{unit.short_name}.object", number, thing)
            if thing["no"] in numbers:
                raise wrong(f"{unit.short_name}.object", number, f"编号 {thing['no']} 重复")
            numbers.add(thing["no"])
            for name in thing["do"]:
                item = self.item(unit, thing, name)
                if name in thing:
                    self.told.add(item["code"])
                yield item

    def _check(self, name: str, number: int, thing: Table) -> None:
        known = THING | SAID | LIMITS | WHOLE | {"need", "aliases"} | self.actions.keys()
        keys(name, number, thing, needed=THING, known=known)
        if thing["audience"] not in IDENTITY:
            raise wrong(name, number, f"没有服务对象 {thing['audience']}")
        for action in thing["do"]:
            if action not in self.actions:
                raise wrong(name, number, f"没有行为 {action}")
            keys(name, number, thing.get(action, {}), needed=(), known=OWN)
        if unused := (thing.keys() & self.actions.keys()) - set(thing["do"]):
            raise wrong(name, number, f"写了却没有列在 do 里：{'、'.join(sorted(unused))}")

    def item(self, unit: Unit, thing: Table, name: str) -> dict[str, Any]:
        """Return one item; what the object says of this action stands over all else."""
        action, own = self.actions[name], thing.get(name, {})
        law = _LAW.match(thing["law"])
        facts = {
            "object": thing["name"],
            "result": thing["result"],
            "law": law[0] if law else thing["law"],
            "identity": IDENTITY[thing["audience"]],
            "unit": unit.short_name,
        }
        said = self._said(thing, action, own, facts)
        statutory, limit_basis = self._statutory(thing, own, is_main=action["main"])
        is_instant = said["kind"] == "instant"
        promised = [0, "WD"] if is_instant else said["promised"]
        if statutory is None:
            rest = self.common["limit"]
            statutory, limit_basis = [max(rest["days"], promised[0]), promised[1]], rest["basis"]
        if promised[1] == statutory[1]:
            promised = [min(promised[0], statutory[0]), promised[1]]
        asks = self.asks.pop((thing["name"], name), [])
        listed = list(guide.materials(said["materials"], self.common, facts))
        steps = [step for step in self.common["step"] if step["kind"] == said["kind"]]
        code = _code(unit, thing, action)
        kind = guide.result_kind(said["result_name"], self.common["result_kind"])
        return {
            "code": code,
            "basic_code": code[len(unit.code) + 1 :],
            "english_name": self.english.item(thing["name"], name),
            "main_item": thing["name"],
            "unit": unit.short_name,
            "unit_kind": UNIT_KIND[unit.kind],
            "use_level": "4",
            "power_source": "1",
            "item_type": thing["type"],
            "serves": SERVES[thing["audience"]],
            "statutory_limit": statutory[0],
            "statutory_unit": statutory[1],
            "limit_basis": limit_basis,
            "promised_limit": promised[0],
            "promised_unit": promised[1],
            "promised_note": "" if is_instant else "从受理的第二天起算，受理当天不算。",
            "deemed_acceptance": own.get("deemed", thing.get("deemed", thing["type"] == "01")),
            "instant_authorised": is_instant and said.get("authorised", True),
            "legal_basis": said.get("law", thing["law"]),
            "conditions": "\n".join(f"{n}. {text}" for n, text in enumerate(said["conditions"], 1)),
            "steps": guide.steps(steps, promised, facts),
            "flow": " → ".join(step["name"] for step in steps),
            "materials": listed,
            "situations": asks,
            "tolerance_days": guide.tolerance(listed, promised),
            "special_procedures": self._specials(thing["type"], is_instant),
            "result_kind": kind,
            "results": [
                {
                    "name": said["result_name"],
                    "kind": guide.WORDS[kind],
                    "validity": said.get("validity", ""),
                }
            ],
            "fees": said.get("fees", []),
            "questions": [*said.get("questions", ()), *action.get("questions", ())],
            "is_paid_online": bool(said.get("fees")),
            "at_terminal": action.get("at_terminal", False),
            **{k: said[k] for k in ("name", "aliases", "kind", "visits", "visits_reason")},
            "result_name": said["result_name"],
            **{k: said[k] for k in WHOLE - {"validity"} if k in said},
            **self._ways(unit, said["visits"], is_online=said.get("is_online", True)),
            **self._themes(unit, thing["audience"], said["name"]),
        }

    def _themes(self, unit: Unit, audience: str, name: str) -> dict[str, str]:
        """Return the themes people and companies find it under, by the words of its name."""
        words = self.common["themes"]
        own = unit.person_topics.split("、")
        found = [theme for theme, told in words.items() if any(w in name for w in told.split())]
        found = found or [theme for theme in own if theme not in words] or own[:1]
        return {
            "person_topics": "、".join(found) if audience != "organisation" else "",
            "company_topics": unit.company_topics if audience != "person" else "",
        }

    def _said(self, thing: Table, action: Table, own: Table, facts: Table) -> dict[str, Any]:
        """Return what is said of an item: by its action, then its object, then of this action."""
        said: dict[str, Any] = {
            "name": action["title"].format(**facts),
            "kind": action["kind"],
            "promised": [action["promised"], "WD"],
            "visits": action.get("visits", 0),
            "visits_reason": action.get("visits_reason", ""),
            "result_name": action.get("result", "{result}").format(**facts),
            "conditions": [text.format(**facts) for text in action["conditions"]],
            "materials": [*action["materials"], *(thing.get("need", ()) if action["main"] else ())],
            "area": "4",
        }
        said |= {k: v for k, v in thing.items() if k in WHOLE}
        if action["main"]:
            said |= {k: v for k, v in thing.items() if k in SAID}
        said |= own
        called = own.get("aliases") or (thing.get("aliases", ()) if action["main"] else ())
        always = [alias.format(**facts) for alias in action["aliases"]]
        said["aliases"] = list(dict.fromkeys([*called, *always]))
        if said["visits"] == 0:
            said["visits_reason"] = ""
        return said

    def _statutory(
        self, thing: Table, own: Table, *, is_main: bool
    ) -> tuple[list[Any] | None, str]:
        """Return the limit of the law; one in months or plain days is for the main action only."""
        said = thing if is_main or thing.get("statutory", [0, "WD"])[1] == "WD" else {}
        limit = own.get("statutory", said.get("statutory"))
        if limit is None and thing["type"] == "01":
            return LICENCE_LIMIT
        return limit, own.get("limit_basis", said.get("limit_basis", ""))

    def _specials(self, item_type: str, is_instant: bool) -> list[dict[str, Any]]:
        if is_instant:
            return []
        return [
            {"kind": one["kind"], "days": one["days"], "basis": one["basis"]}
            for one in self.common["special"]
            if one["type"] == item_type
        ]

    def _ways(self, unit: Unit, visits: int, *, is_online: bool) -> dict[str, Any]:
        """Return where, when and through which doors it is done."""
        return {
            "place": f"{self.centre['place']}{unit.windows}（演示）",
            "hours": self.centre["hours"],
            "phone": unit.phone,
            "complaint_phone": self.centre["complaint_phone"],
            "channels": ("1^2" if visits else "1^2^3") if is_online else "1",
            "is_single_login": is_online,
            "app_is_single_login": is_online,
            "online_depth": ("4" if visits else "5") if is_online else "1",
            "is_online": is_online,
            "is_in_centre": True,
            "is_bookable": True,
            "is_posted": True,
            "review_office": unit.review_office or self.centre["review_office"],
            "lawsuit_office": self.centre["lawsuit_office"],
        }


def _code(unit: Unit, thing: Table, action: Table) -> str:
    """Return the code: the unit's, level 4, and 53 + type + department + item + action."""
    parts = (thing["type"], unit.sequence, thing["no"], action["no"])
    return unit.code + "453{}{:02d}{:03d}{:03d}".format(*parts)
