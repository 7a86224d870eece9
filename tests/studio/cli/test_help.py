"""Help reads like a table of contents, every verb shows an example, and the docs mention every verb."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from studio.cli import SECTIONS, cli

ROOT = Path(__file__).parents[3]
VERBS = [verb.__name__ for verbs in SECTIONS.values() for verb in verbs]


def help_of(*arguments: str) -> str:
    answer = CliRunner().invoke(cli, [*arguments, "--help"])
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_contents_lists_every_verb_under_its_heading_in_order():
    page = help_of()
    places = [page.index(f"\n{heading}:") for heading in SECTIONS]
    assert places == sorted(places)
    for heading, verbs in SECTIONS.items():
        part = page[page.index(f"\n{heading}:") :]
        for verb in verbs:
            assert re.search(rf"^  {verb.__name__} +\S", part, re.M), verb.__name__


def test_no_line_of_the_contents_is_cut_short():
    assert "..." not in help_of().partition("Options:")[2]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_shows_an_example_and_is_in_the_readme(verb):
    assert f"Example: concept-studio {verb}" in " ".join(help_of(verb).split())
    assert f"concept-studio {verb}" in (ROOT / "README.md").read_text(encoding="utf-8") or verb in documented_verbs()


def documented_verbs() -> set[str]:
    """Verbs named in the table of docs/cli.md."""
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| `([a-z]+)", page, re.M))


@pytest.mark.parametrize("verb", VERBS)
def test_every_option_says_what_it_does(verb):
    command = typer.main.get_command(cli).commands[verb]
    assert command.params or verb == "demo"
    for parameter in command.params:
        assert getattr(parameter, "help", "") or parameter.name == "help", parameter.name
