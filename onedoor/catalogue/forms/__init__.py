"""What people type about items. The shape is that of the file: one reader judges both."""

from onedoor.catalogue.forms.fields import DAYS, LONG, THREE_WAY, TICKS, WORDS, choices, field_for
from onedoor.catalogue.forms.items import MOST_ROWS, SECTIONS, ItemForm
from onedoor.catalogue.forms.naming import AliasesForm, NewItemForm
from onedoor.catalogue.forms.reports import AnswerForm, ReportForm
from onedoor.catalogue.forms.rows import FILES, RowForm, cell
from onedoor.catalogue.forms.turns import TurnForm

__all__ = [
    "DAYS",
    "FILES",
    "LONG",
    "MOST_ROWS",
    "SECTIONS",
    "THREE_WAY",
    "TICKS",
    "WORDS",
    "AliasesForm",
    "AnswerForm",
    "ItemForm",
    "NewItemForm",
    "ReportForm",
    "RowForm",
    "TurnForm",
    "cell",
    "choices",
    "field_for",
]
