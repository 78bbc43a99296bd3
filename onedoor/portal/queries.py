"""What the county says about its own centre: read once from its file, never from the database."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from onedoor import packs

COUNTY = "532502"


@dataclass(frozen=True)
class Centre:
    """The service centre as the public knows it (中心). What is not known is empty, and not shown.

    ``site_code`` is the 网站标识码: a site without one does not call itself official.
    """

    name: str = "政务服务中心"
    short_name: str = "政务服务"
    county: str = ""
    name_en: str = ""
    phone: str = ""
    complaint_phone: str = ""
    address: str = ""
    hours: str = ""
    weekend: str = ""
    bus: str = ""
    parking: str = ""
    facilities: str = ""
    sponsor: str = ""
    operator: str = ""
    site_domain: str = ""
    site_code: str = ""
    icp: str = ""
    police_record: str = ""
    common: tuple[str, ...] = ()
