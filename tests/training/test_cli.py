import json
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from tests.training.small_export import tiny_config, write_export
from training import cli
from training.config.config_file import write_config

RUNNER = CliRunner()
COMMANDS = get_command(cli.app).commands  # type: ignore[attr-defined]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    config = tiny_config(Path("pocket"), write_export(tmp_path / "export"), "lora")
    write_config(config, tmp_path / "config.yaml")
    return tmp_path / "config.yaml"


def test_the_verbs() -> None:
    assert set(COMMANDS) == {"run", "check", "inspect", "generate"}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_verb_has_help_and_an_example(name: str) -> None:
    text = RUNNER.invoke(cli.app, [name, "--help"]).output
    assert "Example: python -m training" in text
    assert COMMANDS[name].help


def test_check_prints_findings_and_json(config: Path) -> None:
    plain = RUNNER.invoke(cli.app, ["check", "--config", str(config)])
    assert plain.exit_code == 0 and "Captions: All 5" in plain.output
    found = json.loads(RUNNER.invoke(cli.app, ["check", "--config", str(config), "--json"]).output)
    assert {"level", "title", "detail", "fix"} == set(found[0])


def test_check_fails_when_the_run_would(config: Path) -> None:
    config.write_text(
        config.read_text()
        .replace("device: cpu", "device: cpu\n  mixed_precision: fp16")
        .replace("  mixed_precision: 'no'\n", "")
    )
    result = RUNNER.invoke(cli.app, ["check", "--config", str(config)])
    assert result.exit_code == 1 and "float16" in result.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "--config", "none.yaml", "--run-dir", "r"], "no config file none.yaml"),
        (["inspect", "none.safetensors"], "none.safetensors"),
        (["generate", "--out", "o"], "prompts"),
    ],
)
def test_known_errors_are_one_line(monkeypatch, capsys, tmp_path: Path, arguments: list[str], words: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["training", *arguments])
    with pytest.raises(SystemExit) as ending:
        cli.main()
    assert ending.value.code == 1
    error = capsys.readouterr().err
    assert error.startswith("Error: ") and words in error and "Traceback" not in error


def test_run_says_how_it_ended(config: Path, tmp_path: Path, monkeypatch) -> None:
    from training import run

    monkeypatch.setattr(run, "run_training", lambda settings, run_dir: "stopped")
    result = RUNNER.invoke(cli.app, ["run", "--config", str(config), "--run-dir", str(tmp_path / "r")])
    assert result.exit_code == cli.STOPPED and "saved" in result.output
    monkeypatch.setattr(run, "run_training", lambda settings, run_dir: "finished already")
    result = RUNNER.invoke(cli.app, ["run", "--config", str(config), "--run-dir", str(tmp_path / "r")])
    assert result.exit_code == 0 and "Finished already" in result.output
