"""Everything a run does beside learning: log, measure, draw, save, and listen for a wish to stop."""

import io
import threading
import time
from pathlib import Path

from PIL import Image

from training.atomic_files import write_bytes_atomic
from training.checkpoints import prune_checkpoints, save_checkpoint
from training.device import autocast
from training.run_folder import RunFolder
from training.run_log import EventLog, StatusWriter
from training.run_state import capture
from training.sampling import draw_samples
from training.set_up import Lesson
from training.validation import validation_loss
from training.versions import versions


class Reporter:
    """The run folder's side of the loop."""

    def __init__(
        self,
        lesson: Lesson,
        folder: RunFolder,
        events: EventLog,
        status: StatusWriter,
        stop: threading.Event,
    ) -> None:
        self._lesson = lesson
        self._folder = folder
        self._events = events
        self._status = status
        self._stop = stop
        self._pace = Pace(lesson.config.optimisation.steps)

    def stop_asked(self) -> bool:
        """Whether a signal came or the stop file is there."""
        return self._stop.is_set() or self._folder.stop.exists()

    def before_first_step(self) -> None:
        """Measure and draw the untouched base model, unless the run was resumed."""
        progress = self._lesson.state.progress
        if progress.step == 0 and progress.micro == 0:
            self._status.update(message="Measuring and drawing the base model.")
            self._measure(baseline=True)
            self._draw(baseline=True)
        self._status.update(state="running", step=progress.step, message="Training.")
        self._lesson.method.train_mode(True)
        self._pace.start()

    def after_step(self, loss: float, rate: float) -> None:
        """Log the step; measure, draw and save when it is time for that."""
        config, step = self._lesson.config, self._lesson.state.progress.step
        seconds = self._pace.step_done()
        self._events.write("step", step=step, loss=loss, lr=rate, seconds=round(seconds, 4))
        self._status.update(
            step=step,
            loss=loss,
            seconds_per_step=round(self._pace.seconds_per_step, 4),
            seconds_left=round(self._pace.seconds_left(step), 1),
        )
        last = step == config.optimisation.steps
        is_best = self._due(config.validation.every, last) and self._measure(baseline=False)
        if self._due(config.samples.every, last):
            self._draw(baseline=False)
        if is_best or self._due(config.checkpoints.every, last):
            self.save()
        self._pace.start()

    def save(self) -> None:
        """Write a checkpoint, verify it, then let old ones go.

        Raises: CannotWrite, CheckpointError, LossNotFinite; the older checkpoints are kept then.
        """
        lesson = self._lesson
        progress = lesson.state.progress
        tensors, facts = capture(lesson.state)
        facts |= {"export_digest": lesson.digest, "versions": versions()}
        save_checkpoint(self._folder.checkpoints, progress.step, progress.micro, tensors, facts)
        prune_checkpoints(self._folder.checkpoints, lesson.config.checkpoints.keep, [progress.best_step])
        self._events.write("checkpoint", step=progress.step)

    def _due(self, every: int, last: bool) -> bool:
        return last or (every > 0 and self._lesson.state.progress.step % every == 0)

    def _measure(self, baseline: bool) -> bool:
        """Log the validation loss; true when it is the best so far."""
        lesson, progress = self._lesson, self._lesson.state.progress
        if not lesson.held_out or lesson.config.validation.every == 0:
            return False
        words = lesson.method.baseline_caption if baseline else lesson.method.validation_caption
        lesson.method.train_mode(False)
        with autocast(lesson.config, lesson.device):
            loss = validation_loss(
                lesson.family,
                lesson.held_out,
                lesson.latents,
                lesson.conditions,
                words,
                lesson.config.validation,
            )
        lesson.method.train_mode(True)
        self._events.write("validation", step=progress.step, loss=loss, baseline=baseline)
        if baseline:
            progress.baseline_loss = loss
            return False
        progress.last_loss = loss
        is_best = progress.best_loss is None or loss < progress.best_loss
        if is_best:
            progress.best_step, progress.best_loss = progress.step, loss
        self._status.update(validation_loss=loss, best_step=progress.best_step)
        return is_best

    def _draw(self, baseline: bool) -> None:
        lesson = self._lesson
        settings = lesson.config.samples
        if not settings.prompts:
            return
        prompts = [lesson.method.sample_prompt(prompt, baseline) for prompt in settings.prompts]
        side = lesson.config.data.resolution or lesson.family.info.resolution
        with autocast(lesson.config, lesson.device):
            pictures = draw_samples(
                lesson.family,
                prompts,
                [settings.seed + number for number in range(len(prompts))],
                settings.steps,
                settings.guidance,
                settings.width or side,
                settings.height or side,
                settings.negative_prompt,
            )
        self._keep_pictures(pictures, prompts)

    def _keep_pictures(self, pictures: list[Image.Image], prompts: list[str]) -> None:
        step = self._lesson.state.progress.step
        files = []
        for number, picture in enumerate(pictures):
            data = io.BytesIO()
            picture.save(data, format="PNG")
            name = Path("samples") / f"step-{step:06d}" / f"{number:02d}.png"
            write_bytes_atomic(self._folder.path / name, data.getvalue())
            files.append(name.as_posix())
        self._events.write("sample", step=step, files=files, prompts=prompts)


class Pace:
    """How fast the run goes: the mean of the last steps, measuring and drawing left out."""

    KEEP = 20

    def __init__(self, total: int) -> None:
        self._total = total
        self._recent: list[float] = []
        self._began = time.monotonic()

    def start(self) -> None:
        """A step begins now."""
        self._began = time.monotonic()

    def step_done(self) -> float:
        """Seconds that the step took."""
        seconds = time.monotonic() - self._began
        self._recent = [*self._recent, seconds][-self.KEEP :]
        return seconds

    @property
    def seconds_per_step(self) -> float:
        """Mean over the last steps; 0 before the first."""
        return sum(self._recent) / len(self._recent) if self._recent else 0.0

    def seconds_left(self, step: int) -> float:
        """Expected seconds until the last step."""
        return self.seconds_per_step * (self._total - step)
