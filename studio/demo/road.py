"""The verbs of the demo, printed as they would be typed and run in this process."""

from __future__ import annotations

import shlex

from studio.cli.output import say
from studio.example import TRIGGER
from studio.workspace import Dataset, example_folder, list_datasets, open_dataset

VALIDATION = "0.15"
"""Seven of 44 drawings held out: enough for a steady number, few enough to leave something to learn from."""
NAME = "ink"


def walk(name: str) -> None:
    """Walk the whole road on the example pictures; what is done already is left alone.

    Raises: StudioError or TrainingError from the step that failed.
    """
    example = example_folder()
    if name not in {dataset.name for dataset in list_datasets()}:
        _verb("Make a dataset", "new", name, "--trigger", TRIGGER, "--concept", "style")
    on = ("--dataset", name)
    _verb("Read the folder", "ingest", str(example / "raw"), *on)
    _verb("Take the best of each group of copies", "duplicates", "--accept", *on)
    flagged = [
        option for flag in ("blurred", "dark", "too_small", "odd_shape", "empty") for option in ("--reject", flag)
    ]
    _verb("Reject what is flagged", "flags", *flagged, *on)
    _verb("Let BLIP write the missing captions", "caption", *on)
    _verb("Correct by hand what it got wrong", "captions", "--import", str(example / "edits.csv"), *on)
    _verb("Keep the rest", "keep", "--rest", *on)
    _verb("Look at the crops", "resize", *on)
    _verb("Hold some pictures out", "split", "--validation", VALIDATION, *on)
    _verb("Write the export", "export", *on)
    _verb("Check that all is whole", "check", *on)
    for method, what in (("textual-inversion", "an embedding"), ("lora", "a concept model")):
        _train(open_dataset(name), method, what)


def _train(dataset: Dataset, method: str, what: str) -> None:
    """Train, go on with an unfinished run of the same export, or leave a finished one as it is."""
    run, state = _earlier_run(dataset, method)
    if state == "finished":
        say(f"\nTrain {what}: done already, run {run}.")
    elif run:
        _verb(f"Go on training {what}", "train", "--resume", run, "--dataset", dataset.name)
    else:
        _verb(f"Train {what}", "train", "--method", method, "--name", NAME, "--dataset", dataset.name)


def _earlier_run(dataset: Dataset, method: str) -> tuple[str, str]:
    from studio.stages.plan_training import newest_export
    from training import list_runs

    export = newest_export(dataset)
    for view in reversed(list_runs(dataset.runs)):
        data = view.config.get("data")
        same_export = isinstance(data, dict) and str(data.get("path")) == str(export)
        if view.method == method and same_export and view.state != "created":
            return view.id, view.state
    return "", ""


def _verb(title: str, *arguments: str) -> None:
    import typer

    from studio.cli import cli
    from studio.errors import JobFailed

    say(f"\n{title}\n$ concept-studio {shlex.join(arguments)}")
    try:
        code = cli(list(arguments), standalone_mode=False)
    except typer.Exit as leaving:
        code = leaving.exit_code
    if code:
        raise JobFailed(
            f"The demo stops here: `concept-studio {arguments[0]}` ended with code {code}. See above for why."
        )
