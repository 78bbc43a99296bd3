"""What the county says about its own centre: read once from its file, never from the database."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache

from onedoor.kernel import packs


@dataclass(frozen=True)
class Centre:
    """The service centre as the public knows it (中心). What is not known is empty, and not shown.

    ``site_code`` is the 网站标识码: a site without one does not call itself official.
    """

    name: str = "政务服务中心"
    hall_name: str = "政务服务大厅"
    county: str = ""
    phone: str = ""
    complaint_phone: str = ""
    address: str = ""
    hours: str = ""
    weekend: str = ""
    sponsor: str = ""
    operator: str = ""
    site_domain: str = ""
    site_code: str = ""
    icp: str = ""
    police_record: str = ""
    note: str = ""
    common: tuple[str, ...] = ()


@cache
def centre() -> Centre:
    """Return the centre this installation serves; without a file of its county, one without facts.

    ``common`` are the words most people search for, as the office chose them.
    """
    data = packs.county()
    county, told = data.get("county", {}), data.get("centre", {})
    facts = {
        **{f.name: str(told[f.name]) for f in fields(Centre) if f.name in told},
        "county": county.get("name", ""),
        "note": county.get("note", ""),
        "common": tuple(told.get("common", ())),
    }
    return Centre(**facts)
