"""What may be done to the catalogue: take in lists, publish, suspend, resume, cancel."""

from onedoor.catalogue.services.aliases import add_alias, name_aliases
from onedoor.catalogue.services.divisions import import_divisions
from onedoor.catalogue.services.importing import import_items
from onedoor.catalogue.services.misses import note_miss, settle_miss
from onedoor.catalogue.services.packages import (
    PackageTold,
    resume_package,
    set_packages,
    suspend_package,
)
from onedoor.catalogue.services.publishing import PublishReport, publish, publish_all
from onedoor.catalogue.services.reports import ImportReport, RefusedRow
from onedoor.catalogue.services.searching import rebuild
from onedoor.catalogue.services.states import cancel, resume, suspend

__all__ = [
    "ImportReport",
    "PackageTold",
    "PublishReport",
    "RefusedRow",
    "add_alias",
    "cancel",
    "import_divisions",
    "import_items",
    "name_aliases",
    "note_miss",
    "publish",
    "publish_all",
    "rebuild",
    "resume",
    "resume_package",
    "set_packages",
    "settle_miss",
    "suspend",
    "suspend_package",
]
