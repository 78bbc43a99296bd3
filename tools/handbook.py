"""Print the tables in force into docs/reference and the glossary; ``--check`` only compares."""

from __future__ import annotations

import ast
import importlib
import json
import os
import re
import sys
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onedoor.settings")

import django

django.setup()

from django.apps import apps

from onedoor.accounts.rules import Role
from onedoor.accounts.steps import as_markdown
from onedoor.api import api
from onedoor.cases.rules import lifecycle, lights
from onedoor.catalogue.queries import item_types
from onedoor.catalogue.rules import gates
from onedoor.catalogue.rules.limits import Limit
from onedoor.feedback.rules import lifecycle as feedback
from onedoor.feedback.rules import matters
from onedoor.hall.rules import bookings
from onedoor.hall.rules import lifecycle as hall
from onedoor.kernel.messages import E_NUMBERS
from onedoor.kernel.terms import Term
from onedoor.ledger.events import Event
from onedoor.market.rules import drawing
from onedoor.rectification import pack as rectification_pack
from onedoor.rectification.rules import lifecycle as rectification
from onedoor.rectification.rules import outcomes, signals
from onedoor.reports.rules.publishing import lifecycle as publishing
from tools import source

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference"
MADE = "<!-- Made by `make docs`; do not edit. -->\n\n"


def load_everything() -> None:
    """Import every module, so that every Term and Event is known."""
    for module in source.modules():
        if module.path.name not in ("__main__.py", "wsgi.py"):
            importlib.import_module(module.name.removesuffix(".__init__"))


_STEPS: tuple[Any, ...] = (
    *lifecycle.LIFECYCLE,
    *rectification.LIFECYCLE,
    *feedback.LIFECYCLE,
    *matters.LIFECYCLE,
    *hall.LIFECYCLE,
    *bookings.LIFECYCLE,
    *publishing.LIFECYCLE,
    *drawing.LIFECYCLE,
)


def lifecycle_page() -> str:
    return MADE + "# The process of a case\n\n" + lifecycle.as_markdown()


def rectification_page() -> str:
    return (
        MADE
        + "# The process of a finding\n\n## How far it is\n\n"
        + as_markdown(rectification.LIFECYCLE)
        + "\n## What may be recognised\n\n"
        + outcomes.as_markdown()
        + "\n## What points to a fix on paper\n\n"
        + signals.as_markdown(rectification_pack.rulebook(date(2026, 1, 1)).signals)
    )


def publishing_page() -> str:
    return (
        MADE + "# The process of an edition of information\n\n" + as_markdown(publishing.LIFECYCLE)
    )


def feedback_page() -> str:
    return (
        MADE
        + "# The process of a bad rating\n\n"
        + as_markdown(feedback.LIFECYCLE)
        + "\n# The process of a matter\n\n"
        + as_markdown(matters.LIFECYCLE)
    )


def market_page() -> str:
    return MADE + "# The process of a draw\n\n" + as_markdown(drawing.LIFECYCLE)


def hall_page() -> str:
    tickets = "# The process of a ticket\n\n" + as_markdown(hall.LIFECYCLE)
    booked = "\n## The process of an appointment\n\n" + as_markdown(bookings.LIFECYCLE)
    return MADE + tickets + booked


def permissions_page() -> str:
    """Return roles × actions."""
    rows = [
        f"| {role.zh} `{role.value}` | "
        + ("、".join(f"{s.id} {s.action.zh}" for s in _STEPS if role in s.by) or "—")
        + " |"
        for role in Role
    ]
    return (
        MADE + "# Who may take which step\n\n| Role | Steps |\n|---|---|\n" + "\n".join(rows) + "\n"
    )


def gates_page() -> str:
    return MADE + "# Publish gates of an item\n\n" + gates.as_markdown()


def refusals_page() -> str:
    found = {(r.code, r.status, r.text, r.basis) for r in source.refusals()}
    rows = [
        f"| `{code}` | {status} | {E_NUMBERS.get(code, '')} | {text} | {basis} |"
        for code, status, text, basis in sorted(found)
    ]
    head = "# Refusals\n\n| Code | Status | Number | Sentence | Basis |\n|---|---|---|---|---|\n"
    return MADE + head + "\n".join(rows) + "\n"


def supervision_page() -> str:
    """Return the rules of supervision with their lights."""
    rows = [
        f"| {watch.value} | {watch.zh} | {light.zh} `{light.value}` | {basis} |"
        for watch, (light, basis) in sorted(lights.RULINGS.items())
    ]
    head = "# Rules of supervision\n\n| Number | Rule | Light | Basis |\n|---|---|---|---|\n"
    return MADE + head + "\n".join(rows) + "\n"


def limits_page() -> str:
    """Return every limit that is in the code, with what it rests on; the items' own are data."""
    found = {
        f"{module.name.removeprefix('onedoor.')}.{name}": value
        for module in source.modules()
        if module.name in sys.modules
        for name, value in vars(sys.modules[module.name]).items()
        if isinstance(value, Limit) and name.isupper() and _is_defined_in(module, name)
    }
    rows = [
        f"| `{name}` | {limit.count} {limit.unit.zh} | {limit.basis or '—'} |"
        for name, limit in sorted(found.items())
    ]
    types = [
        f"| {t.code} {t.name} | {t.extension_days or '—'} | {t.extension_basis or '—'} |"
        for t in item_types().by_code.values()
        if t.at_window
    ]
    return (
        MADE
        + "# Limits\n\nThe limits of single items are in the catalogue.\n\n"
        + "| Limit | | Basis |\n|---|---|---|\n"
        + "\n".join(rows)
        + "\n\n## Extension, by item type\n\n"
        + "| Type | At most, working days | Basis |\n|---|---|---|\n"
        + "\n".join(types)
        + "\n"
    )


def _is_defined_in(module: source.Module, name: str) -> bool:
    """Say whether a name is assigned in the module, and not only imported."""
    targets = [n.targets for n in module.tree.body if isinstance(n, ast.Assign)]
    return any(getattr(t, "id", "") == name for found in targets for t in found)


SETTINGS = {
    "ALLOWED_HOSTS": "Names this site answers to, with commas. Required beyond this machine.",
    "BEHIND_TLS": "1 behind a TLS proxy. Default: 1 unless HOST is this machine.",
    "COUNTY": "Division code of the county; names its pack.",
    "CSRF_TRUSTED_ORIGINS": "Origins the TLS proxy serves, with commas.",
    "DATABASE_URL": "Default: SQLite in ONEDOOR_DATA.",
    "DB_POOL": "PostgreSQL connections of one web process.",
    "DEBUG": "1 only to develop: shows errors, allows unsafe values.",
    "EMAIL_FROM": "Sender of mail.",
    "EMAIL_HOST": "Mail server. Without one a message becomes a file in ONEDOOR_DATA/mail.",
    "EMAIL_HOST_PASSWORD": "Password at the mail server.",
    "EMAIL_HOST_USER": "Name at the mail server.",
    "EMAIL_PORT": "Port of the mail server. Default: 25.",
    "EMAIL_USE_TLS": "1 to speak TLS with the mail server.",
    "HOST": "Address to serve on.",
    "LEDGER_MAIL_TO": "Addresses, with commas, that get the ledger's signed head every day.",
    "LOG_LEVEL": "DEBUG, INFO, WARNING or ERROR.",
    "OIDC_CLIENT": "Name of this installation at the identity service.",
    "OIDC_ISSUER": "Address of the OpenID Connect service that knows people.",
    "OIDC_SECRET": "Secret of this installation at the identity service.",
    "ONEDOOR_FONTS": "Folder of an office's own fonts, for characters the carried ones lack.",
    "ONEDOOR_DATA": "Folder of data, files and keys. Default: var/ in the checkout.",
    "PORT": "Port to serve on.",
    "PUBLIC_URL": "Address printed on receipts and in QR codes.",
    "PROXIES": "How many proxies in front are believed about the address of the asker.",
    "SECRET_KEY": "Default: made once per installation. SECRET_KEY_FILE names a file instead.",
    "CLAMD": "Virus scanner (clamd): its socket, or host:port. Without one none.",
    "SMS_GATEWAY": "Address that takes text messages; without one they become files.",
    "SMS_TOKEN": "Bearer token for the gateway.",
    "UPLOAD_LIMIT_MB": "Largest file taken, in MB.",
}


def settings_page() -> str:
    rows = [f"| `{name}` | {SETTINGS[name]} |" for name in sorted(source.settings_read())]
    head = "# Settings\n\nFrom the environment only.\n\n| Name | |\n|---|---|\n"
    return MADE + head + "\n".join(rows) + "\n"


def events_page() -> str:
    rows = [
        f"| `{event.kind}` | {event.__module__.split('.')[1]} | {first_line(event)} |"
        for event in sorted(_events(), key=lambda e: e.kind)
    ]
    head = "# Events in the ledger\n\n| Kind | App | |\n|---|---|---|\n"
    return MADE + head + "\n".join(rows) + "\n"


def first_line(thing: type) -> str:
    """Return the first line of a docstring of its own; nothing where it has none."""
    return (thing.__doc__ or "").strip().partition("\n")[0].replace("|", "\\|")


def _events() -> list[type[Event]]:
    return [e for e in Event.__subclasses__() if ".tests." not in e.__module__]


def openapi() -> str:
    schema = api.get_openapi_schema()
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


WRITTEN = re.compile(r"(?s)^(.*?)<!-- generated -->")


def glossary() -> str:
    """Return the glossary: its written half kept, its generated half made anew."""
    path = ROOT / "docs" / "glossary.md"
    match = WRITTEN.match(path.read_text(encoding="utf-8"))
    assert match is not None, "docs/glossary.md lost its mark"
    lines = ["<!-- generated -->\n\n## Terms\n\n| Term | Members |\n|---|---|"]
    terms = [t for t in Term.__subclasses__() if ".tests." not in t.__module__ and list(t)]
    for term in sorted(terms, key=lambda t: (t.__module__, t.__name__)):
        members = "、".join(f"{m.zh} `{m.value}`" for m in term)
        lines.append(
            f"| `{term.__module__.removeprefix('onedoor.')}.{term.__name__}` | {members} |"
        )
    lines.append("\n## Models\n\n| Model | |\n|---|---|")
    for config in apps.get_app_configs():
        if config.name.startswith("onedoor."):
            for model in config.get_models():
                lines.append(f"| `{config.label}.{model.__name__}` | {first_line(model)} |")
    return match[1] + "\n".join(lines) + "\n"


def pages() -> dict[Path, str]:
    """Return every generated page with its text."""
    load_everything()
    return {
        REFERENCE / "lifecycle.md": lifecycle_page(),
        REFERENCE / "rectification.md": rectification_page(),
        REFERENCE / "feedback.md": feedback_page(),
        REFERENCE / "market.md": market_page(),
        REFERENCE / "hall.md": hall_page(),
        REFERENCE / "publishing.md": publishing_page(),
        REFERENCE / "permissions.md": permissions_page(),
        REFERENCE / "publish-gates.md": gates_page(),
        REFERENCE / "refusals.md": refusals_page(),
        REFERENCE / "settings.md": settings_page(),
        REFERENCE / "supervision.md": supervision_page(),
        REFERENCE / "limits.md": limits_page(),
        REFERENCE / "events.md": events_page(),
        REFERENCE / "openapi.json": openapi(),
        ROOT / "docs" / "glossary.md": glossary(),
    }


def main() -> int:
    stale = []
    for path, text in pages().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path.relative_to(ROOT))
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8")
    if stale and "--check" in sys.argv:
        print("Not current, run `make docs`:", *stale)  # a tool speaks
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
