"""A stale page of the handbook fails the build like a wrong sum."""

import re
from pathlib import Path

import pytest

from onedoor import cli
from onedoor.kernel.messages import E_NUMBERS
from tools import handbook, source

PAGES = [p for p in source.committed() if p.suffix == ".md"]
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
COMMAND = re.compile(r"\.venv/bin/onedoor ([a-z]+)(?: ([a-z]+))?")


@pytest.mark.django_db
def test_every_generated_page_is_current():
    stale = [
        path.name
        for path, text in handbook.pages().items()
        if path.read_text(encoding="utf-8") != text
    ]

    assert stale == []


def test_every_setting_that_is_read_is_explained_and_no_other():
    assert set(handbook.SETTINGS) == set(source.settings_read())


@pytest.mark.parametrize("name", ["example.env", "compose.yaml", "Containerfile"])
def test_what_deployments_set_is_a_setting(name):
    text = (source.ROOT / "deploy" / name).read_text(encoding="utf-8")
    # Beside ours: PostgreSQL's own variables, and the password compose asks for.
    names = set(re.findall(r"\b([A-Z][A-Z_]{3,})\s*[=:]\s", text + "\n"))
    names |= set(re.findall(r"(?m)\b([A-Z][A-Z_]{3,})=", text))

    assert names
    foreign = {n for n in names if n.startswith("POSTGRES_")} | {"ONEDOOR_PASSWORD"}
    assert names - foreign <= set(source.settings_read())


def test_a_number_read_out_on_the_phone_belongs_to_a_refusal_that_is_raised():
    raised = {r.code for r in source.refusals()} | {"server.error"}

    assert set(E_NUMBERS) - raised == set()


@pytest.mark.parametrize("raised", source.refusals(), ids=lambda r: f"{r.code}-{r.place}")
def test_a_refusal_has_a_dotted_code_and_fills_its_sentence(raised):
    named = set(re.findall(r"%\((\w+)\)", raised.text))

    assert re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", raised.code)
    assert "**" in raised.data or named <= raised.data
    assert "!" not in raised.text
    assert "！" not in raised.text


def test_the_page_of_the_architecture_names_every_app():
    page = (source.ROOT / "docs" / "explanation" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(\w+)`", "".join(re.findall(r"(?m)^\| (`.*?) \|", page))))
    apps = {path.parent.name for path in source.PACKAGE.glob("*/__init__.py")}

    assert apps - named == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_a_file_of_the_source_that_a_page_names_is_there(page):
    named = re.findall(r"`(?:onedoor/)?((?:\w+/)+\w+\.py)`", page.read_text(encoding="utf-8"))

    assert [n for n in named if not (source.PACKAGE / n).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path):
    targets = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link]

    assert [link for link in targets if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_commands_in_the_documents_exist(page: Path, capsys):
    for command, further in COMMAND.findall(page.read_text(encoding="utf-8")):
        words = [command, further] if command in {"import", "ledger", "verify"} else [command]
        with pytest.raises(SystemExit) as left:
            cli.main([*words, "--help"])
        assert left.value.code == 0, words


def test_the_version_is_the_first_of_the_changelog():
    from onedoor.version import VERSION

    changelog = (source.ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert changelog.index(f"## {VERSION} ") == changelog.index("## ")
