"""Verbs that teach and try: train, runs, generate. Training always runs as a process of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from studio.cli.options import DatasetOption, JsonOption, find_dataset, one_of
from studio.cli.output import say, say_json, say_table

METHODS = ("lora", "dora", "textual-inversion")


def train(
    method: Annotated[
        str, typer.Option(help="lora or dora (concept model), or textual-inversion (embedding).")
    ] = "lora",
    base_model: Annotated[
        str, typer.Option(help='"pocket" (built in), a Hub id, a diffusers folder, or one .safetensors file.')
    ] = "",
    name: Annotated[str, typer.Option(help="Name of the result; an embedding answers to <name>.")] = "",
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", help="KEY=VALUE: change one setting, such as optimisation.steps=400. May be repeated."),
    ] = None,
    resume: Annotated[str, typer.Option(help="Go on with this run instead of starting one.", show_default=False)] = "",
    background: Annotated[
        bool, typer.Option("--background", help="Return at once; the run goes on by itself.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show settings and checks; train nothing.")] = False,
    dataset: DatasetOption = "",
    json: JsonOption = False,
) -> None:
    """Train an embedding or concept model.

    Reads the newest export, with settings chosen for it. Ctrl+C stops and saves; --resume goes on.

    Example: concept-studio train --method lora
    """
    from studio import jobs
    from studio.cli.train_run import follow, go_on, plan_and_show

    found = find_dataset(dataset)
    if resume:
        job = go_on(found, resume)
    else:
        planned = plan_and_show(
            found, one_of(method, METHODS, "method"), base_model, name, set_ or [], json and dry_run
        )
        if planned is None:
            raise typer.Exit(1)
        if dry_run:
            return
        job = jobs.start_training(found, planned)
    run = found.runs / str(job.args["run"])
    if background:
        say_json({"run": run, "job": job.id}) if json else say(
            f"{run.name} is training. `concept-studio runs` shows it."
        )
        return
    raise typer.Exit(follow(found, run, json))


def runs(
    run: Annotated[str, typer.Argument(help="Show one run in full.")] = "",
    dataset: DatasetOption = "",
    json: JsonOption = False,
) -> None:
    """List trainings with state, held-out loss, weights.

    Example: concept-studio runs
    """
    from studio.cli.train_run import say_run
    from studio.errors import BadInput
    from training import list_runs

    found = list_runs(find_dataset(dataset).runs)
    if run:
        chosen = [view for view in found if view.id == run]
        if not chosen:
            raise BadInput(f"{run}: no run of this name. There are: {', '.join(v.id for v in found) or 'none'}.")
        say_json(chosen[0]) if json else say_run(chosen[0])
        return
    if json:
        say_json(found)
    elif not found:
        say("No run yet. Train one: concept-studio train")
    else:
        rows = [(v.id, v.state, f"{v.step}/{v.total}", _loss(v.validation), _files(v.weights)) for v in found]
        say_table(("run", "state", "steps", "held-out loss", "weights"), rows)


def generate(
    prompts: Annotated[list[str], typer.Argument(help="What to draw; several prompts are several pictures.")],
    run: Annotated[
        list[str] | None, typer.Option("--run", help="Use what this run learned; may be repeated. Default: the newest.")
    ] = None,
    weights: Annotated[
        list[Path] | None, typer.Option("--weights", help="Use this weights file; may be repeated.")
    ] = None,
    strength: Annotated[float, typer.Option(min=0, max=1.5, help="How strongly concept models act.")] = 1.0,
    seed: Annotated[int, typer.Option(help="Seed of the first picture; the next ones count up.")] = 0,
    steps: Annotated[int, typer.Option(min=1, max=200, help="Sampling steps.")] = 20,
    guidance: Annotated[float, typer.Option(help="Guidance scale; 0 takes the base model's.")] = 0.0,
    base_model: Annotated[str, typer.Option(help="Base model; default: that of the run.")] = "",
    without: Annotated[bool, typer.Option("--without/--only-with", help="Also draw without the weights.")] = True,
    out: Annotated[Path | None, typer.Option(help="Folder for the pictures.", show_default=False)] = None,
    dataset: DatasetOption = "",
    json: JsonOption = False,
) -> None:
    """Draw prompts with and without what was trained.

    Example: concept-studio generate "a lemon, ink style" --strength 0.8
    """
    from studio.cli.draw_out import choose_runs, draw_here
    from studio.stages.try_out import build_request

    found = find_dataset(dataset)
    chosen = choose_runs(found, run or []) if run or not weights else []
    request = build_request(
        chosen, prompts, strength, seed, steps, guidance or None, base_model, compare=without, files=weights or []
    )
    drawn = draw_here(found, request, out, quiet=json)
    if json:
        say_json(drawn)
        return
    for picture in drawn.pictures:
        side = "with" if picture.with_weights else "without"
        say(f"{drawn.folder / picture.file}  {side}, seed {picture.seed}: {picture.prompt}")


def _loss(validation: list[tuple[int, float]]) -> str:
    return f"{validation[-1][1]:.4f}" if validation else "-"


def _files(weights: list[Path]) -> str:
    return ", ".join(path.name for path in weights) or "-"
