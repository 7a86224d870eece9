"""The folder of one run: where its files lie, how it is created, locked and asked to stop."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from training.atomic_files import write_bytes_atomic
from training.config.config_file import write_config
from training.config.run_config import RunConfig
from training.errors import RunError


@dataclass(frozen=True)
class RunFolder:
    """Names of everything in a run folder."""

    path: Path

    @property
    def config(self) -> Path:
        """All settings, defaults included."""
        return self.path / "config.yaml"

    @property
    def dataset(self) -> Path:
        """Copy of the export's dataset.json."""
        return self.path / "dataset.json"

    @property
    def status(self) -> Path:
        """What the run does now, with a heartbeat."""
        return self.path / "status.json"

    @property
    def events(self) -> Path:
        """Everything that happened, one JSON object a line."""
        return self.path / "events.jsonl"

    @property
    def stop(self) -> Path:
        """An empty file that asks the run to stop."""
        return self.path / "stop"

    @property
    def samples(self) -> Path:
        """Pictures drawn while it learns, one folder a step."""
        return self.path / "samples"

    @property
    def checkpoints(self) -> Path:
        """States to go on from."""
        return self.path / "checkpoints"

    @property
    def weights(self) -> Path:
        """The final weights files."""
        return self.path / "weights"

    @property
    def log(self) -> Path:
        """Output of the process when it was started as a job."""
        return self.path / "log"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for this process; the system lets go when the process dies.

        Raises: RunError when another process holds it.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "lock").open("ab") as file:
            if not _try_lock(file.fileno()):
                raise RunError(f"{self.path} is being trained by another process. Wait for it, or stop it first.")
            yield


def create_run(runs_folder: Path | str, config: RunConfig) -> Path:
    """Make the next numbered run folder, such as 0002-lora, with config.yaml in it; return its path.

    Raises: CannotWrite when the place is full or read-only.
    """
    runs_folder = Path(runs_folder)
    runs_folder.mkdir(parents=True, exist_ok=True)
    while True:
        path = runs_folder / f"{_next_number(runs_folder):04d}-{config.method.method}"
        try:
            # The number is claimed first: two processes that create a run at once get two numbers.
            path.mkdir()
        except FileExistsError:
            continue
        write_config(config, path / "config.yaml")
        return path


def request_stop(run_dir: Path | str) -> None:
    """Ask a run to save its state and stop; it does so after the batch it is working on.

    Raises: RunError when there is no such run.
    """
    run_dir = Path(run_dir)
    if not run_dir.is_dir():
        raise RunError(f"There is no run folder {run_dir}. Choose one of the listed runs.")
    write_bytes_atomic(run_dir / "stop", b"")


def forget_stop(run_dir: Path | str) -> None:
    """Drop a wish to stop that an earlier process left; call it before the next one exists, or a new wish is lost."""
    RunFolder(Path(run_dir)).stop.unlink(missing_ok=True)


def run_command(config_path: Path | str, run_dir: Path | str) -> list[str]:
    """The command line that trains `config_path` in `run_dir`, or goes on where it stopped."""
    return [
        sys.executable, "-m", "training", "run", "--config", str(config_path), "--run-dir", str(run_dir)
    ]  # fmt: skip


def generate_command(request_path: Path | str, out_dir: Path | str) -> list[str]:
    """The command line that draws what `request_path` asks for into `out_dir`."""
    return [
        sys.executable, "-m", "training", "generate", "--request", str(request_path), "--out", str(out_dir)
    ]  # fmt: skip


def _next_number(runs_folder: Path) -> int:
    numbers = [int(match[1]) for path in runs_folder.iterdir() if (match := re.match(r"^(\d+)-", path.name))]
    return max(numbers, default=0) + 1


def _try_lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(descriptor, 0, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
