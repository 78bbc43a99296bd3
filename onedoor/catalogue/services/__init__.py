"""What may be done to the catalogue: take in lists, edit, publish, suspend, resume, cancel."""

from onedoor.catalogue.services.aliases import add_alias, name_aliases
from onedoor.catalogue.services.checking_guides import check_guides, look_through
from onedoor.catalogue.services.directory import import_directory
from onedoor.catalogue.services.divisions import import_divisions
from onedoor.catalogue.services.drafts import (
    Written,
    new_item,
    require_editor,
    save_draft,
    submit,
)
from onedoor.catalogue.services.exporting import ExportReport, export_items
from onedoor.catalogue.services.guide_files import upload_guide_file
from onedoor.catalogue.services.guide_reports import answer_report, report_guide
from onedoor.catalogue.services.importing import import_items
from onedoor.catalogue.services.misses import note_miss, settle_miss
from onedoor.catalogue.services.packages import (
    PackageTold,
    resume_package,
    set_packages,
    suspend_package,
)
from onedoor.catalogue.services.probing import probe_links, probe_next
from onedoor.catalogue.services.publishing import (
    PublishReport,
    publish,
    publish_all,
    send_back,
    take_over,
)
from onedoor.catalogue.services.reports import ImportReport, RefusedRow
from onedoor.catalogue.services.searching import rebuild
from onedoor.catalogue.services.states import (
    apply_turns,
    ask_turn,
    confirm_turn,
    decline_turn,
)
from onedoor.catalogue.services.transfers import (
    draft_transfer,
    drop_transfer,
    import_transfers,
    publish_transfer,
)

__all__ = [
    "ExportReport",
    "ImportReport",
    "PackageTold",
    "PublishReport",
    "RefusedRow",
    "Written",
    "add_alias",
    "answer_report",
    "apply_turns",
    "ask_turn",
    "check_guides",
    "confirm_turn",
    "decline_turn",
    "draft_transfer",
    "drop_transfer",
    "export_items",
    "import_directory",
    "import_divisions",
    "import_items",
    "import_transfers",
    "look_through",
    "name_aliases",
    "new_item",
    "note_miss",
    "probe_links",
    "probe_next",
    "publish",
    "publish_all",
    "publish_transfer",
    "rebuild",
    "report_guide",
    "require_editor",
    "resume_package",
    "save_draft",
    "send_back",
    "set_packages",
    "settle_miss",
    "submit",
    "suspend_package",
    "take_over",
    "upload_guide_file",
]
