"""A command is read alone, and the table that says where it stands is complete."""

from __future__ import annotations

import argparse
from importlib import import_module

import pytest

from onedoor import cli


def commands_of(parser: argparse.ArgumentParser) -> set[str]:
    """Return the commands a parser knows."""
    return {
        name
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
        for name in action.choices
    }


def test_every_command_is_found_where_the_table_says():
    assert commands_of(cli._parser("")) == set(cli.COMMANDS)


@pytest.mark.parametrize("name", sorted(cli.COMMANDS))
def test_a_command_asked_for_is_known(name):
    assert name in commands_of(cli._parser(name))
    assert hasattr(import_module(f"onedoor.cli.{cli.COMMANDS[name]}"), "register")


def test_an_unknown_command_is_wrong_usage(capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["no-such-command"])

    assert stopped.value.code == 2
    assert "ledger" in capsys.readouterr().err
