"""What must hold for every app at once: order, purity, migrations, models, time, text."""

from __future__ import annotations

import ast
import re
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddConstraint, AddIndex
from django.db.migrations.state import ProjectState
from django.utils import translation

from onedoor.kernel.fields import EncryptedTextField
from tools import source

CONTRACTS = tomllib.loads((source.ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
ORDER = [
    name.strip(" ()") for layer in CONTRACTS["contracts"][0]["layers"] for name in layer.split("|")
]
OURS = [app for app in apps.get_app_configs() if app.name.startswith("onedoor.")]
MODELS = [model for app in OURS for model in app.get_models()]
CHINESE = re.compile(r"[\u4e00-\u9fff]")

STYLES = Path(__file__).resolve().parents[1] / "onedoor" / "static"


def fields(model: type[models.Model]) -> list[models.Field[object, object]]:
    return [f for f in model._meta.get_fields() if isinstance(f, models.Field)]


@pytest.mark.parametrize("app", OURS, ids=lambda app: app.label)
def test_every_app_says_what_it_is_with_its_words(app):
    text = import_module(app.name).__doc__ or ""

    assert len(text.splitlines()) <= 8
    assert app.label == "kernel" or CHINESE.search(text), "name its words in Chinese"


@pytest.mark.parametrize("module", source.modules(), ids=lambda module: module.name)
def test_rules_services_and_queries_say_what_they_are_about(module):
    parts = module.name.split(".")
    if {"rules", "services", "queries", "subscribers", "events", "api"} & set(parts[2:]):
        assert ast.get_docstring(module.tree)


def app_of(model):
    """Return the folder of a model's app: its label may be another name."""
    return model._meta.app_config.name.rpartition(".")[2]


def test_foreign_keys_point_only_downwards():
    upwards = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in MODELS
        for field in fields(model)
        if field.related_model is not None and field.related_model in MODELS
        if ORDER.index(app_of(model)) > ORDER.index(app_of(field.related_model))
    ]

    assert upwards == []


def test_own_tables_have_keys_made_by_the_application():
    numbered = [
        model._meta.label for model in MODELS if isinstance(model._meta.pk, models.AutoField)
    ]

    assert numbered == []


def test_tables_are_made_with_their_constraints_at_once():
    """Each one added afterwards makes Django model everything anew: seconds of a new database."""
    added = {
        label
        for (label, name), migration in MigrationLoader(None).disk_migrations.items()
        if name == "0001_initial" and label in {app.label for app in OURS}
        for each in migration.operations
        if isinstance(each, AddConstraint | AddIndex)
    }

    # What refers to a field that can only be added afterwards; the hall's are still to be folded.
    assert added <= {"cases", "catalogue", "hall"}


def test_no_model_offers_choices_or_orders_by_key():
    chosen = [f"{m._meta.label}.{f.name}" for m in MODELS for f in fields(m) if f.choices]
    ordered = [
        m._meta.label
        for m in MODELS
        if {"id", "-id", "pk"} & {str(o) for o in m._meta.ordering or ()}
    ]

    assert (chosen, ordered) == ([], [])


def test_every_status_has_a_constraint_that_lists_what_is_known():
    unguarded = [
        f"{model._meta.label}.{field.name}"
        for model in MODELS
        for field in fields(model)
        if field.name in {"status", "state", "outcome"} and isinstance(field, models.CharField)
        if not any(
            isinstance(c, models.CheckConstraint) and f"{field.name}__in" in str(c.condition)
            for c in model._meta.constraints
        )
    ]

    assert unguarded == []


def test_models_and_migrations_agree():
    loader = MigrationLoader(None)
    wanted = ProjectState.from_apps(apps)

    with translation.override(None):  # Django's own field names are translated when compared
        changes = MigrationAutodetector(loader.project_state(), wanted).changes(graph=loader.graph)

    assert {app: c for app, c in changes.items() if app in {a.label for a in OURS}} == {}


@pytest.mark.parametrize("app", OURS, ids=lambda app: app.label)
def test_migrations_are_named_and_linear(app):
    graph = MigrationLoader(None).graph
    mine = sorted(name for label, name in graph.nodes if label == app.label)

    assert len(graph.leaf_nodes(app.label)) <= 1
    assert [name for name in mine if re.search(r"_auto_|_and_more|_\d{8}_", name)] == []
    assert [int(name[:4]) for name in mine] == list(range(1, len(mine) + 1))
    assert app.label == "kernel" or mine or not list(app.get_models())


def test_migrations_import_nothing_of_ours():
    theirs = [
        f"{path.name}: {name}"
        for path in source.PACKAGE.rglob("migrations/*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [a.name for a in node.names]
            if isinstance(node, ast.Import)
            else []
        )
        if name.startswith("onedoor") and name != "onedoor.kernel.fields"
    ]

    assert theirs == []


def test_only_views_commands_and_the_worker_read_the_clock():
    readers = {"views", "api", "admin", "web", "cli", "demo", "bench", "worker", "templatetags"}
    readers |= {"booking_api", "matter_api", "package_api", "transfer_api"}
    elsewhere = [
        f"{module.place}:{node.lineno}"
        for module in source.modules()
        if module.name != "onedoor.kernel.clock" and not readers & set(module.name.split("."))
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and source.dotted(node.func)
        in {"clock.now", "timezone.now", "date.today", "datetime.today"}
    ]

    assert elsewhere == []


def test_there_are_no_signals_of_our_own():
    found = [
        f"{module.place}:{node.lineno}"
        for module in source.modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and source.called(node.func) in {"Signal", "receiver"}
    ]

    assert found == []


def test_modules_have_names_that_say_something():
    empty = {"utils", "helpers", "common", "base", "managers", "mixins", "misc", "exceptions"}

    assert [m.name for m in source.modules() if m.name.split(".")[-1] in empty] == []


def test_nothing_is_left_to_do():
    words = tuple(a + b for a, b in (("TO", "DO"), ("FIX", "ME"), ("XX", "X:")))

    assert [line for line in source.lines_with(words) if not line.startswith(".git")] == []


def test_nothing_committed_names_this_machine_or_a_registry():
    words = tuple(
        "".join(parts)
        for parts in (
            ("/wo", "rk/"),
            ("/tm", "p/"),
            ("/ro", "ot/"),
            ("py", "pi.org"),
            ("python", "hosted.org"),
            ("npm", "js.org"),
            (".lib", "rary"),
        )
    )

    assert list(source.lines_with(words)) == []


def classification() -> dict[str, dict[str, list[str]]]:
    text = (source.ROOT / "docs/reference/personal-data.toml").read_text()
    return {k: v for k, v in tomllib.loads(text).items() if "." in k}


def test_every_field_is_classified_as_personal_data_or_not():
    """Basis: 个人信息保护法 6, 51: whoever adds a field says what it holds."""
    table = classification()
    wanted = {m._meta.label: sorted(f.name for f in fields(m)) for m in MODELS}
    classified = {
        label: sorted(name for names in kinds.values() for name in names)
        for label, kinds in table.items()
    }

    assert classified == wanted
    assert {kind for kinds in table.values() for kind in kinds} <= {
        "none",
        "staff",
        "personal",
        "encrypted",
        "digest",
        "secret",
    }


def test_what_is_classified_as_encrypted_is_encrypted():
    encrypted = {
        (m._meta.label, f.name)
        for m in MODELS
        for f in fields(m)
        if isinstance(f, EncryptedTextField)
    }

    assert encrypted == {
        (label, name)
        for label, kinds in classification().items()
        for name in kinds.get("encrypted", [])
    }


@pytest.mark.parametrize("sheet", sorted(STYLES.glob("*.css")), ids=lambda p: p.name)
def test_every_block_of_a_style_sheet_is_closed(sheet):
    # What follows an open block is read as part of it, and nothing complains.
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.S)

    assert text.count("{") == text.count("}")
