"""Read a run folder, whatever its process does or however it died. Used by the app; loads no torch."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import yaml

from training.run_folder import RunFolder

ACTIVE = ("starting", "running")
LOG_LINES = 15
_START_SLACK = 1.0  # seconds by which two readings of a process's start time may differ


@dataclass(frozen=True)
class RunView:
    """A run as it is now. Losses are (step, loss), samples (step, files, prompts); times are in seconds."""

    path: Path
    state: str
    step: int = 0
    total: int = 0
    message: str = ""
    alive: bool = False
    seconds_left: float = 0.0
    seconds_per_step: float = 0.0
    memory_mb: float = 0.0
    started_at: str = ""
    loss: float | None = None
    best_step: int | None = None
    baseline: float | None = None
    losses: list[tuple[int, float]] = field(default_factory=list)
    rates: list[tuple[int, float]] = field(default_factory=list)
    validation: list[tuple[int, float]] = field(default_factory=list)
    samples: list[tuple[int, list[Path], list[str]]] = field(default_factory=list)
    weights: list[Path] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    config: dict[str, Any] = field(default_factory=dict)
    log_tail: str = ""

    @property
    def id(self) -> str:
        """The folder's name."""
        return self.path.name

    @property
    def name(self) -> str:
        """The name of the weights it makes."""
        return str(self.config.get("name", self.id))

    @property
    def method(self) -> str:
        """lora or textual-inversion; empty when the config is unreadable."""
        method = self.config.get("method")
        return str(method.get("method", "")) if isinstance(method, dict) else ""


def read_run(path: Path | str) -> RunView:
    """The run in folder `path`. State "created" means it was never started.

    A run whose status says it works but whose process is gone is "failed", with the log's last lines as the reason.
    """
    folder = RunFolder(Path(path))
    status = _read_json(folder.status)
    alive = _is_alive(status)
    state, message = str(status.get("state", "created")), str(status.get("message", ""))
    tail = _log_tail(folder.log)
    if state in ACTIVE and not alive:
        state = "failed"
        message = "The process ended without a word, at step {}. Start it again to go on.".format(status.get("step", 0))
        message += f" Last lines of its log:\n{tail}" if tail else ""
    return RunView(
        path=folder.path,
        state=state,
        message=message,
        alive=alive,
        config=_read_config(folder.config),
        weights=_weights(folder),
        log_tail=tail,
        **_numbers(status),
        **_history(folder),
    )


def list_runs(runs_folder: Path | str) -> list[RunView]:
    """All runs of a dataset, oldest first."""
    runs_folder = Path(runs_folder)
    if not runs_folder.is_dir():
        return []
    return [read_run(path) for path in sorted(runs_folder.iterdir()) if (path / "config.yaml").is_file()]


def _weights(folder: RunFolder) -> list[Path]:
    """The final files, those directly in the folder first."""
    return sorted(folder.weights.rglob("*.safetensors"), key=lambda path: (len(path.parts), path))


def _is_alive(status: dict[str, Any]) -> bool:
    """Whether the very process that wrote the status still runs."""
    if status.get("state") not in ACTIVE:
        return False
    try:
        process = psutil.Process(int(status["pid"]))
        started = float(status["process_started"])
        return abs(process.create_time() - started) < _START_SLACK and process.status() != psutil.STATUS_ZOMBIE
    except (psutil.NoSuchProcess, KeyError, TypeError, ValueError):
        return False
    except psutil.AccessDenied:
        return True


def _numbers(status: dict[str, Any]) -> dict[str, Any]:
    plain = {key: status.get(key) or 0 for key in ("step", "total")}
    times = {key: float(status.get(key) or 0.0) for key in ("seconds_left", "seconds_per_step", "memory_mb")}
    rest = {"loss": status.get("loss"), "best_step": status.get("best_step")}
    return {**plain, **times, **rest, "started_at": str(status.get("started_at", ""))}


def _history(folder: RunFolder) -> dict[str, Any]:
    """Losses, samples and messages; what came after a checkpoint is dropped when a resume went back to it."""
    steps: dict[int, tuple[float, float]] = {}
    validation: dict[int, float] = {}
    samples: dict[int, tuple[list[Path], list[str]]] = {}
    baseline, messages = None, []
    for event in read_events(folder.events):
        kind, step = event.get("type"), int(event.get("step", 0))
        if kind == "step":
            steps[step] = (event["loss"], event["lr"])
        elif kind == "validation" and event.get("baseline"):
            baseline = event["loss"]
        elif kind == "validation":
            validation[step] = event["loss"]
        elif kind == "sample":
            samples[step] = ([folder.path / name for name in event["files"]], event["prompts"])
        elif kind == "resumed":
            for series in (steps, validation, samples):
                _forget_after(step, series)
        elif kind == "message":
            messages.append(str(event["text"]))
    return {
        "losses": [(step, loss) for step, (loss, _) in sorted(steps.items())],
        "rates": [(step, rate) for step, (_, rate) in sorted(steps.items())],
        "validation": sorted(validation.items()),
        "samples": [(step, files, prompts) for step, (files, prompts) in sorted(samples.items())],
        "baseline": baseline,
        "messages": messages,
    }


def _forget_after(step: int, series: dict[int, Any]) -> None:
    for later in [key for key in series if key > step]:
        del series[later]


def read_events(path: Path) -> list[dict[str, Any]]:
    """All whole events; a last line that is still being written is left for the next reading."""
    try:
        lines = path.read_bytes().split(b"\n")[:-1]
    except FileNotFoundError:
        return []
    events = []
    for line in lines:
        try:
            event = json.loads(line)
        except ValueError:
            # A power cut can leave a block of zeros; the events around it are still good.
            continue
        if isinstance(event, dict):
            events.append(event)
    return events


def _log_tail(path: Path) -> str:
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - 8192))
            lines = file.read().decode("utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(lines[-LOG_LINES:])


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _read_config(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return {}
    return content if isinstance(content, dict) else {}
