"""What the source says of itself: its files, its refusals, the settings it reads."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "onedoor"

REFUSALS = {
    "Refusal": 409,
    "NotAllowed": 403,
    "NotSignedIn": 401,
    "NotFound": 404,
    "NotValid": 422,
    "NotRead": 400,
    "NotScanned": 503,
    "NotSeen": 428,
    "WrongMethod": 405,
    "TooLarge": 413,
    "WrongType": 415,
    "TooOften": 429,
}
FAULT = "fault"
"""A method that notes a refusal of a row: ``fault("no_name", "…")`` is ``<app>.no_name``."""
STEP_FOR = "steps.step_for"
"""What refuses for every table of steps; its codes begin with the constant it is called with."""
NOT_DATA = {"basis", "field", "retry_after"}
"""Keywords of a refusal that are not filled into its sentence."""


class Module(NamedTuple):
    """A file of the product, without tests and migrations."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def place(self) -> str:
        return self.path.relative_to(ROOT).as_posix()


class Raised(NamedTuple):
    """A refusal as it stands in the source."""

    code: str
    status: int
    text: str
    basis: str
    data: frozenset[str]
    place: str


@cache
def modules() -> tuple[Module, ...]:
    """Return every module of the product, in order of its name."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if not {"tests", "migrations"} & set(parts) and path.name != "conftest.py":
            name = ".".join(parts).removesuffix(".__init__")
            found.append(Module(name, path, ast.parse(path.read_text())))
    return tuple(found)


def called(node: ast.expr) -> str:
    """Return the last name of what is called: ``Refusal`` of ``errors.Refusal``."""
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def dotted(node: ast.expr) -> str:
    """Return the whole name: ``clock.now`` of ``clock.now``; empty for anything else."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def constant(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _functions(module: Module, name: str) -> list[ast.FunctionDef]:
    return [n for n in ast.walk(module.tree) if isinstance(n, ast.FunctionDef) and n.name == name]


@cache
def _processes() -> tuple[str, ...]:
    """Return the names of the tables of steps, as their codes begin."""
    calls = (n for m in modules() for n in ast.walk(m.tree) if isinstance(n, ast.Call))
    return tuple(str(constant(c.args[0])) for c in calls if dotted(c.func) == STEP_FOR)


def _codes(node: ast.expr | None) -> list[str]:
    """Return the code that stands here; of ``f"{process}.need"`` one for every process."""
    if isinstance(node, ast.JoinedStr) and len(node.values) == 2:
        begin, end = node.values
        if isinstance(begin, ast.FormattedValue) and dotted(begin.value) == "process":
            return [process + str(constant(end)) for process in _processes()]
    code = constant(node)
    return [] if code is None else [code]


@cache
def refusals() -> tuple[Raised, ...]:
    """Return every refusal raised anywhere, by code; a text that is not constant fails."""
    found = []
    for module in modules():
        faults = {id(n) for f in _functions(module, FAULT) for n in ast.walk(f)}
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Call) or id(node) in faults:
                continue
            name = called(node.func)
            if name not in REFUSALS and name != FAULT:
                continue
            first, second = [*node.args, None, None][:2]
            codes, text = _codes(first), constant(second)
            if not codes or text is None:
                raise ValueError(f"{module.place}:{node.lineno}: code and text must be constants")
            keywords = {k.arg or "**": k.value for k in node.keywords}
            data = frozenset(keywords) - NOT_DATA
            if name == FAULT:
                codes, data = [f"{module.name.split('.')[1]}.{codes[0]}"], data | {"column"}
            status = REFUSALS.get(name, REFUSALS["NotValid"])
            basis = constant(keywords.get("basis")) or ""
            found += [Raised(code, status, text, basis, data, module.place) for code in codes]
    return tuple(sorted(set(found), key=lambda r: (r.code, r.place, r.text)))


@cache
def settings_read() -> frozenset[str]:
    """Return the names that ``settings.py`` reads from the environment."""
    module = next(m for m in modules() if m.name == "onedoor.settings")
    return frozenset(
        name
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and called(node.func) in {"env", "env_bool", "env_secret"}
        if node.args and (name := constant(node.args[0]))
    )


@cache
def committed() -> tuple[Path, ...]:
    """Return the files that git keeps, or would; every file where there is no git."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        skipped = {".venv", "var", "__pycache__"}
        return tuple(p for p in ROOT.rglob("*") if p.is_file() and not skipped & set(p.parts))
    names = listed.stdout.decode().split("\0")
    return tuple(p for p in (ROOT / name for name in names if name) if p.is_file())


def lines_with(words: tuple[str, ...]) -> Iterator[str]:
    """Yield the places in committed text files where one of the words stands."""
    for path in committed():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            if any(word in line for word in words):
                yield f"{path.relative_to(ROOT)}:{number}"
