"""From object × action to item: compact tables of a county pack become rows of an item list.

Pure: what a pack says comes in, what the catalogue imports goes out. An object (食品经营许可)
states its law, its result and what one may do with it (``do``: 新办、变更、注销…); an action states
what goes with it wherever it is used; an object may say more of one of its actions, in a table of
that action's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from onedoor.demo.pack import Unit
from onedoor.demo.rows import Table, keys, table, wrong

LICENCE_LIMIT = ([20, "WD"], "《行政许可法》第四十二条")
NECESSITY = {"*": "tolerant", "?": "optional"}
MATERIAL = {
    "necessity": "required",
    "form": "either",
    "originals": 1,
    "copies": 0,
    "source": "您自己准备",
    "standard": "内容完整，签名或盖章清楚。",
}
IDENTITY = {"person": "申请人身份证", "organisation": "营业执照", "both": "申请人身份证明"}
ACTION = {"name", "no", "main", "title", "kind", "promised", "aliases", "conditions", "materials"}
THING = {"no", "name", "type", "law", "result", "audience", "do"}
SAID = {"kind", "promised", "visits", "is_online", "conditions", "fee_fen", "fee_basis"}
LIMITS = {"statutory", "limit_basis", "deemed"}
OWN = SAID | LIMITS | {"name", "aliases", "law", "result_name", "materials", "authorised"}
_LAW = re.compile(r"《[^》]+》")


class Expander:
    """Knows the actions and the common materials of a county, and how its centre is reached.

    ``told`` gathers the codes of the items of which the pack says more than their action does.
    """

    def __init__(self, common: Table, centre: Table) -> None:
        for number, action in enumerate(table(common, "action"), start=1):
            keys("action", number, action, needed=ACTION, known=ACTION | {"visits", "result"})
        self.actions = {action["name"]: action for action in common["action"]}
        self.materials = {material["name"]: material for material in table(common, "material")}
        form = dict(common.get("form", {}))
        self.form_endings = tuple(form.pop("endings", ()))
        self.form = form
        self.centre = centre
        self.told: set[str] = set()

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
        known = THING | SAID | LIMITS | {"need", "aliases"} | self.actions.keys()
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
        law, identity = _LAW.match(thing["law"]), IDENTITY[thing["audience"]]
        facts = {
            "object": thing["name"],
            "result": thing["result"],
            "law": law[0] if law else thing["law"],
            "identity": identity,
        }
        said: dict[str, Any] = {
            "name": action["title"].format(**facts),
            "aliases": [alias.format(**facts) for alias in action.get("aliases", ())],
            "kind": action["kind"],
            "promised": [action["promised"], "WD"],
            "visits": action.get("visits", 0),
            "is_online": True,
            "result_name": action.get("result", "{result}").format(**facts),
            "conditions": [text.format(**facts) for text in action["conditions"]],
            "materials": [*action["materials"], *(thing.get("need", ()) if action["main"] else ())],
            "fee_fen": 0,
            "fee_basis": "",
        }
        if action["main"]:
            said |= {k: v for k, v in thing.items() if k in SAID}
            said["aliases"] = [*thing.get("aliases", ()), *said["aliases"]]
        said |= own
        statutory, limit_basis = self._statutory(thing, own, is_main=action["main"])
        is_instant = said["kind"] == "instant"
        promised = [0, "WD"] if is_instant else self._promise(said["promised"], statutory)
        return {
            "code": _code(unit, thing, action),
            "main_item": thing["name"],
            "unit": unit.short_name,
            "item_type": thing["type"],
            "statutory_limit": statutory[0] if statutory else None,
            "statutory_unit": statutory[1] if statutory else "",
            "limit_basis": limit_basis,
            "promised_limit": promised[0],
            "promised_unit": promised[1],
            "deemed_acceptance": own.get("deemed", thing.get("deemed", thing["type"] == "01")),
            "instant_authorised": is_instant and said.get("authorised", True),
            "legal_basis": said.get("law", thing["law"]),
            "place": f"{self.centre['place']}{unit.windows}（演示）",
            "hours": self.centre["hours"],
            "phone": unit.phone,
            "complaint_phone": self.centre["complaint_phone"],
            **{k: said[k] for k in ("name", "aliases", "kind", "visits", "is_online")},
            **{k: said[k] for k in ("result_name", "fee_fen", "fee_basis")},
            "conditions": "\n".join(f"{n}. {text}" for n, text in enumerate(said["conditions"], 1)),
            "materials": list(self._materials(said["materials"], facts)),
        }

    def _statutory(
        self, thing: Table, own: Table, *, is_main: bool
    ) -> tuple[list[Any] | None, str]:
        """Return the limit of the law; one in months or plain days is for the main action only."""
        said = thing if is_main or thing.get("statutory", [0, "WD"])[1] == "WD" else {}
        limit = own.get("statutory", said.get("statutory"))
        if limit is None and thing["type"] == "01":
            return LICENCE_LIMIT
        return limit, own.get("limit_basis", said.get("limit_basis", ""))

    def _promise(self, promised: list[Any], statutory: list[Any] | None) -> list[Any]:
        """Return the promise, never longer than the law where both count alike."""
        if statutory and promised[1] == statutory[1]:
            return [min(promised[0], statutory[0]), promised[1]]
        return promised

    def _materials(self, asked: Sequence[str | Table], facts: Table) -> Iterator[dict[str, Any]]:
        seen = set()
        for each in asked:
            given = {"name": each} if isinstance(each, str) else dict(each)
            pattern, mark = given["name"], given["name"][-1:]
            if mark in NECESSITY:
                pattern, given["necessity"] = pattern[:-1], NECESSITY[mark]
            name = pattern.format(**facts)
            if name in seen:
                continue
            seen.add(name)
            is_form = name.endswith(self.form_endings)
            common = self.materials.get(name) or self.materials.get(pattern, {})
            form = self.form if is_form else {}
            yield {**MATERIAL, "basis": facts["law"], **form, **common, **given, "name": name}


def _code(unit: Unit, thing: Table, action: Table) -> str:
    """Return the code: the unit's, level 4, and 53 + type + department + item + action."""
    parts = (thing["type"], unit.sequence, thing["no"], action["no"])
    return unit.code + "453{}{:02d}{:03d}{:03d}".format(*parts)
