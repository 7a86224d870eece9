"""`python -m training`: train, check, inspect and draw without the app."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from training.errors import TrainingError

app = typer.Typer(
    help="From an export to weights: embeddings and concept models for Stable Diffusion.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
STOPPED = 3

Config = Annotated[Path, typer.Option("--config", help="The settings, as YAML or JSON.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]


@app.command(name="run", epilog="Example: python -m training run --config config.yaml --run-dir runs/0001-lora")
def run(
    config: Config,
    run_dir: Annotated[Path, typer.Option("--run-dir", help="Where the run keeps everything it makes.")],
) -> None:
    """Train, or go on from the last checkpoint; does nothing when the run is finished.

    Exit code 0: finished. 3: stopped as asked (Ctrl-C, a kill, or the stop file). 1: refused or failed.
    """
    from training.config.config_file import load_config

    settings = load_config(config)
    from training.run import run_training

    outcome = run_training(settings, run_dir)
    weights = ", ".join(str(path) for path in sorted((run_dir / "weights").glob("*.safetensors")))
    typer.echo({"stopped": "Stopped; the state is saved."}.get(outcome, f"{outcome.capitalize()}: {weights}"))
    if outcome == "stopped":
        raise typer.Exit(STOPPED)


@app.command(name="check", epilog="Example: python -m training check --config config.yaml")
def check(config: Config, as_json: AsJson = False) -> None:
    """Look for trouble before a run: captions, words, sizes, device, memory, disk, time.

    Exit code 1 when the run would fail.
    """
    from dataclasses import asdict

    from training.config.config_file import load_config
    from training.config.explain import explain_config
    from training.config.preflight import preflight

    settings = load_config(config)
    checks = preflight(settings)
    if as_json:
        typer.echo(json.dumps([asdict(result) for result in checks]))
    else:
        for sentence in explain_config(settings):
            typer.echo(sentence)
        for result in checks:
            typer.echo(f"{result.level:8}{result.title}: {result.detail} {result.fix}".rstrip())
    if any(result.level == "error" for result in checks):
        raise typer.Exit(1)


@app.command(name="inspect", epilog="Example: python -m training inspect ink.safetensors")
def inspect(
    path: Annotated[Path, typer.Argument(help="A .safetensors file, or a folder that holds a diffusers adapter.")],
    as_json: AsJson = False,
) -> None:
    """Show what a weights file is and what its header says, without loading it."""
    from training.weights.inspect import facts_as_json, facts_table, inspect_weights

    facts = inspect_weights(path)
    if as_json:
        typer.echo(facts_as_json(facts))
        return
    from rich.console import Console

    Console().print(facts_table(facts))


@app.command(
    name="generate",
    epilog="Example: python -m training generate --prompt 'a lemon, <ink>' --weights ink.safetensors --out out",
)
def generate(
    out: Annotated[Path, typer.Option("--out", help="Folder for the pictures and result.json.")],
    request: Annotated[Path | None, typer.Option("--request", help="A request.json instead of the options.")] = None,
    prompt: Annotated[list[str] | None, typer.Option("--prompt", help="What to draw; may be repeated.")] = None,
    weights: Annotated[list[Path] | None, typer.Option("--weights", help="A trained file; may be repeated.")] = None,
    strength: Annotated[float, typer.Option("--strength", help="How strongly the files act, 0 to 1.5.")] = 1.0,
    base_model: Annotated[str, typer.Option("--base-model", help="The base model to draw with.")] = "pocket",
    seed: Annotated[int, typer.Option("--seed", help="Seed of the first picture; the next count up.")] = 0,
    steps: Annotated[int, typer.Option("--steps", help="Drawing steps per picture.")] = 20,
    compare: Annotated[bool, typer.Option("--compare/--no-compare", help="Also draw without the files.")] = True,
) -> None:
    """Draw pictures with trained files and, to compare, without them."""
    from training.config.generate import load_request, parse_request

    if request is not None:
        wanted = load_request(request)
    else:
        chosen = [{"path": str(path), "strength": strength} for path in weights or []]
        wanted = parse_request(
            {
                "base_model": base_model,
                "prompts": prompt or [],
                "weights": chosen,
                "seeds": [seed],
                "steps": steps,
                "compare": compare and bool(chosen),
            },
            "the options",
        )
    from training.generate import generate as draw

    result = draw(wanted, out)
    typer.echo(f"{len(result.pictures)} pictures in {out}, {result.seconds:.0f} s")


def main() -> None:
    """Run the command line; a known error is one line on stderr and exit code 1."""
    try:
        app()
    except TrainingError as error:
        print(f"Error: {error}", file=sys.stderr)
        sys.exit(1)
