"""One run from start to end: lock, set up or resume, learn, write the weights, and always leave a last word."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import psutil
import torch

from training.atomic_files import remove_leftovers, stage_folder, write_json_atomic
from training.checkpoints import load_checkpoint, newest_checkpoint
from training.config.config_file import load_config, write_config
from training.config.preflight import preflight
from training.config.run_config import RunConfig
from training.data.captions import tag_frequency
from training.errors import CheckpointError, ConfigError, OutOfMemory, RunError, TrainingError
from training.loop import train
from training.reports import Reporter
from training.run_folder import RunFolder
from training.run_log import EventLog, StatusWriter
from training.run_state import restore
from training.run_view import read_run
from training.set_up import Lesson, copy_of_facts, set_up
from training.versions import versions
from training.weights.metadata import build_metadata, strip_caption_data

CLOCK_SLACK = 2.0  # seconds by which the start time of a process and the time of a file may differ
Outcome = Literal["finished", "stopped", "finished already"]


def run_training(config: RunConfig, run_dir: Path | str) -> Outcome:
    """Train `config` in `run_dir`, or go on from its newest good checkpoint.

    Raises: TrainingError; the run's status then says "failed" with the same sentence.
    """
    folder = RunFolder(Path(run_dir))
    with folder.locked():
        if folder.weights.is_dir() and _same_config(config, folder):
            return _finished_already(folder)
        _take_over(config, folder)
        status = StatusWriter(folder.status, config.optimisation.steps)
        try:
            outcome = _run(config, folder, status)
        except BaseException as error:
            failure = _in_words(error, config)
            known = isinstance(failure, TrainingError)
            status.close("failed", str(failure) if known else f"{type(failure).__name__}: {failure}")
            if failure is error:
                raise
            raise failure from error
        finally:
            folder.stop.unlink(missing_ok=True)
        endings = {"finished": "Finished.", "stopped": "Stopped as asked; start it again to go on."}
        status.close(outcome, endings[outcome])
        return outcome


def _run(config: RunConfig, folder: RunFolder, status: StatusWriter) -> Literal["finished", "stopped"]:
    events = EventLog(folder.events)
    with _stop_signals() as stop:
        started = datetime.now(UTC).isoformat(timespec="seconds")
        refuse_hopeless(config)
        lesson = set_up(config)
        write_json_atomic(folder.dataset, copy_of_facts(lesson))
        _resume(lesson, folder, events)
        reporter = Reporter(lesson, folder, events, status, stop)
        outcome = train(lesson, reporter)
        if outcome == "finished":
            _write_weights(lesson, folder, started)
        return outcome


def refuse_hopeless(config: RunConfig) -> None:
    """Stop before anything large is loaded when the check finds an error.

    Raises: ConfigError with every such finding.
    """
    problems = [f"{check.title}: {check.detail} {check.fix}" for check in preflight(config) if check.level == "error"]
    if problems:
        raise ConfigError(" ".join(problems))


def _take_over(config: RunConfig, folder: RunFolder) -> None:
    """Clear away what a dead process left, and make sure that the folder belongs to this config.

    Raises: RunError when it holds another run.
    """
    remove_leftovers(folder.path)
    remove_leftovers(folder.checkpoints)
    _forget_old_stop(folder)
    if not folder.config.exists():
        write_config(config, folder.config)
    elif not _same_config(config, folder):
        raise RunError(
            f"{folder.path} belongs to a run with other settings (see its config.yaml). Choose a new run folder, or "
            "start it with its own config."
        )


def _forget_old_stop(folder: RunFolder) -> None:
    """Drop a wish to stop that is older than this process: it was meant for one that died before it could obey."""
    with suppress(FileNotFoundError):
        if folder.stop.stat().st_mtime < psutil.Process().create_time() - CLOCK_SLACK:
            folder.stop.unlink()


def _same_config(config: RunConfig, folder: RunFolder) -> bool:
    return folder.config.exists() and load_config(folder.config) == config


def _finished_already(folder: RunFolder) -> Literal["finished already"]:
    """The weights are there; a process that died right after writing them left the status unfinished."""
    if read_run(folder.path).state != "finished":
        total = load_config(folder.config).optimisation.steps
        status = StatusWriter(folder.status, total)
        status.update(step=total)
        status.close("finished", "Finished.")
    return "finished already"


def _resume(lesson: Lesson, folder: RunFolder, events: EventLog) -> None:
    """Put the newest good checkpoint's state in place, if there is one.

    Raises: CheckpointError when every checkpoint is damaged or the dataset has changed since.
    """
    checkpoint = newest_checkpoint(folder.checkpoints)
    if checkpoint is None:
        if folder.events.exists():
            # It died before its first checkpoint: what it logged counts no more.
            events.write("resumed", step=0)
        return
    tensors, facts = load_checkpoint(checkpoint)
    if facts["export_digest"] != lesson.digest:
        raise CheckpointError(
            f"{lesson.config.data.path} has changed since this run began, so it cannot go on as if nothing happened. "
            "Start a new run, or restore the export."
        )
    restore(lesson.state, tensors, facts)
    events.write("resumed", step=checkpoint.step)
    changed = [name for name, number in versions().items() if facts["versions"].get(name) != number]
    if changed:
        text = f"Versions of {', '.join(changed)} changed since the last start; results may differ in the last digits."
        events.write("message", step=checkpoint.step, text=text)


def _write_weights(lesson: Lesson, folder: RunFolder, started: str) -> None:
    """Write the final files into a staged folder and rename it once."""
    progress, dataset = lesson.state.progress, lesson.dataset
    facts: dict[str, Any] = {
        "steps": progress.step,
        "epoch": lesson.state.loader.order.epoch + 1,
        "validation_loss": progress.last_loss,
        "started_at": started,
        "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "num_pictures": len(dataset.train),
        "num_validation_pictures": len(dataset.validation),
        "tag_frequency": {"train": tag_frequency(row.text for row in dataset.train)},
    }
    metadata = build_metadata(lesson.config, copy_of_facts(lesson), facts)
    if lesson.config.output.strip_caption_data:
        metadata = strip_caption_data(metadata)
    lesson.method.train_mode(False)
    with stage_folder(folder.weights) as stage:
        lesson.method.save(stage, lesson.config.name, metadata)


@contextmanager
def _stop_signals() -> Iterator[threading.Event]:
    """Turn Ctrl-C and a polite kill into a wish to stop; a second Ctrl-C ends the process at once."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def ask(number: int, frame: Any) -> None:
        if stop.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _in_words(error: BaseException, config: RunConfig) -> BaseException:
    """The error itself, or for a lack of memory one that names the settings to change."""
    text = str(error)
    no_memory = isinstance(error, torch.OutOfMemoryError | MemoryError)
    if no_memory or (isinstance(error, RuntimeError) and "not enough memory" in text):
        return OutOfMemory(
            f"The memory does not suffice. Lower data.batch_size (now {config.data.batch_size}) and raise "
            "optimisation.accumulate by the same factor, switch on optimisation.gradient_checkpointing, set "
            "optimisation.mixed_precision to bf16, or lower data.resolution."
        )
    if isinstance(error, TrainingError):
        return error
    error.add_note("This is a fault of the program; the last checkpoint is intact.")
    return error
