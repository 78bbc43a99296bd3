"""What the paper of each step says, taken from the case as it is at that step.

The paper keeps these words: printed again after a correction, an old receipt still shows what was
found when it was given.
"""

from onedoor.cases.contents.certificates import certificate
from onedoor.cases.contents.commitments import commitment, found_false
from onedoor.cases.contents.deciding import (
    at_once,
    ending,
    grant,
    refusal,
    refusing,
    rejection,
)
from onedoor.cases.contents.joint import joint_extension, joint_receipt
from onedoor.cases.contents.parts import (
    LICENCE_LAW,
    Taken,
    about,
    due_words,
    flow_slip,
    following,
    foreseen,
    granted,
    law_of,
    limit_words,
    material_rows,
    named,
    signed,
    taken_of,
    type_name,
    upper_body,
)
from onedoor.cases.contents.procedures import (
    extension,
    forward,
    forward_notice,
    return_list,
    returned,
    special,
    special_over,
)
from onedoor.cases.contents.promises import (
    UNKEPT,
    form_words,
    promise,
    promised_rows,
    returned_unkept,
    supplement_receipt,
)
from onedoor.cases.contents.receiving import (
    acceptance,
    correction,
    correction_receipt,
    receipt,
    submission,
)
from onedoor.cases.contents.remote import remote_receipt
from onedoor.cases.contents.surveys import hearing_notice, hearing_record, hearing_right, survey
from onedoor.cases.contents.unclaimed import announcement, announcement_of_end

__all__ = [
    "LICENCE_LAW",
    "UNKEPT",
    "Taken",
    "about",
    "acceptance",
    "announcement",
    "announcement_of_end",
    "at_once",
    "certificate",
    "commitment",
    "correction",
    "correction_receipt",
    "due_words",
    "ending",
    "extension",
    "flow_slip",
    "following",
    "foreseen",
    "form_words",
    "forward",
    "forward_notice",
    "found_false",
    "grant",
    "granted",
    "hearing_notice",
    "hearing_record",
    "hearing_right",
    "joint_extension",
    "joint_receipt",
    "law_of",
    "limit_words",
    "material_rows",
    "named",
    "promise",
    "promised_rows",
    "receipt",
    "refusal",
    "refusing",
    "rejection",
    "remote_receipt",
    "return_list",
    "returned",
    "returned_unkept",
    "signed",
    "special",
    "special_over",
    "submission",
    "supplement_receipt",
    "survey",
    "taken_of",
    "type_name",
    "upper_body",
]
