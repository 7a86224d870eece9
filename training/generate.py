"""Try out trained files: draw the same prompts and seeds with and without them."""

import io
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from PIL import Image

from training.atomic_files import write_bytes_atomic, write_json_atomic
from training.config.base_model import BaseModelConfig
from training.config.generate import GenerateRequest
from training.data.captions import bare, with_placeholder
from training.errors import GenerateError, TrainingError
from training.families import detect_family
from training.families.info import FamilyInfo
from training.run_log import StatusWriter
from training.saturation import mean_saturation
from training.weights.kind import kind_of_weights, placeholder_of, replaced_phrase_of

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class DrawnPicture:
    """One picture that was drawn: `file` lies in the output folder, `saturation` is its mean, 0 to 1."""

    file: str
    prompt: str
    seed: int
    with_weights: bool
    saturation: float


@dataclass(frozen=True)
class GenerateResult:
    """All that was drawn, as in result.json. `pictures` holds those with weights first, in prompt order."""

    base_model: str
    seconds: float
    steps: int
    guidance: float
    width: int
    height: int
    pictures: list[DrawnPicture]


@dataclass(frozen=True)
class Drawing:
    """One set of pictures to draw: prompts as the model reads them."""

    prefix: str
    prompts: list[str]
    with_weights: bool


def generate(request: GenerateRequest, out: Path, progress: Progress | None = None) -> GenerateResult:
    """Write with-00.png, ..., without-00.png, ... and last result.json into the folder `out`.

    Progress goes to status.json and to `progress(done, total, message)`. Without weights the pictures are
    named without-NN.png.

    Raises:
        TrainingError: the base model or a weights file cannot be used, or the size does not fit.
    """
    began = time.monotonic()
    info = detect_family(request.base_model)
    width, height = _size(request, info)
    drawings = plan(request)
    total = len(drawings) * request.steps
    status = StatusWriter(Path(out) / "status.json", total)
    try:
        pictures = _draw_all(request, drawings, Path(out), (width, height), _reporter(status, progress, total))
        result = GenerateResult(
            base_model=request.base_model,
            seconds=round(time.monotonic() - began, 2),
            steps=request.steps,
            guidance=info.default_guidance if request.guidance is None else request.guidance,
            width=width,
            height=height,
            pictures=sorted(pictures, key=lambda picture: not picture.with_weights),
        )
        write_json_atomic(Path(out) / "result.json", asdict(result))
    except BaseException as error:
        status.close("failed", str(error) if isinstance(error, TrainingError) else f"Drawing ended: {error!r}")
        raise
    status.close("finished", f"{len(pictures)} pictures are drawn.")
    return result


def plan(request: GenerateRequest) -> list[Drawing]:
    """What to draw: first without the weights, since they stay on the model once applied.

    An embedding's placeholder takes the place of the phrase it was trained for, or is added at the end where a
    prompt has neither; the pictures without it are drawn from the bare prompt.
    """
    with_prompts = without_prompts = list(request.prompts)
    for weights in request.weights:
        if kind_of_weights(weights.path) == "embedding":
            placeholder, phrase = placeholder_of(weights.path), replaced_phrase_of(weights.path)
            with_prompts = [with_placeholder(prompt, phrase, placeholder) for prompt in with_prompts]
            without_prompts = [bare(bare(prompt, placeholder), phrase) for prompt in without_prompts]
    drawings = []
    if request.compare or not request.weights:
        drawings.append(Drawing("without", without_prompts, with_weights=False))
    if request.weights:
        drawings.append(Drawing("with", with_prompts, with_weights=True))
    return drawings


def _draw_all(
    request: GenerateRequest,
    drawings: list[Drawing],
    out: Path,
    size: tuple[int, int],
    report: Callable[[int, str], None],
) -> list[DrawnPicture]:
    import torch

    from training.families import load_family
    from training.sampling import draw_samples
    from training.weights.apply import apply_weights

    has_gpu = torch.cuda.is_available()
    family = load_family(
        BaseModelConfig.model_validate({"model": request.base_model}),
        device="cuda" if has_gpu else "cpu",
        dtype=torch.float16 if has_gpu else torch.float32,
    )
    drawn: list[DrawnPicture] = []
    seeds = request.seed_of_each_prompt()
    for number, drawing in enumerate(drawings):
        if drawing.with_weights:
            apply_weights(family, [(weights.path, weights.strength) for weights in request.weights])
        words = "with the weights" if drawing.with_weights else "without the weights"

        def draw_progress(done: int, total: int, start: int = number * request.steps, words: str = words) -> None:
            report(start + done * request.steps // total, f"Drawing {words}.")

        pictures = draw_samples(
            family,
            drawing.prompts,
            seeds,
            request.steps,
            request.guidance,
            *size,
            negative_prompt=request.negative_prompt,
            progress=draw_progress,
        )
        drawn += [
            _write(out, drawing, index, seed, picture)
            for index, (seed, picture) in enumerate(zip(seeds, pictures, strict=True))
        ]
    return drawn


def _write(out: Path, drawing: Drawing, index: int, seed: int, picture: Image.Image) -> DrawnPicture:
    data = io.BytesIO()
    picture.save(data, format="PNG")
    name = f"{drawing.prefix}-{index:02d}.png"
    write_bytes_atomic(out / name, data.getvalue())
    return DrawnPicture(
        file=name,
        prompt=drawing.prompts[index],
        seed=seed,
        with_weights=drawing.with_weights,
        saturation=round(mean_saturation(picture), 4),
    )


def _size(request: GenerateRequest, info: FamilyInfo) -> tuple[int, int]:
    width, height = request.width or info.resolution, request.height or info.resolution
    # Full-size UNets take sides that are not multiples of their buckets' step; small ones were not tried so.
    step = info.bucket_step if info.resolution < 256 else info.vae_scale
    if width % step or height % step:
        raise GenerateError(
            f"{width} x {height} does not fit {info.label}: sides must be multiples of {step} pixels. "
            f"Try {round_to(width, step)} x {round_to(height, step)}."
        )
    return width, height


def round_to(value: int, step: int) -> int:
    """The nearest multiple of `step`, at least one."""
    return max(step, round(value / step) * step)


def _reporter(status: StatusWriter, progress: Progress | None, total: int) -> Callable[[int, str], None]:
    began = time.monotonic()

    def report(step: int, message: str) -> None:
        pace = (time.monotonic() - began) / max(step, 1)
        status.update(
            state="running",
            step=step,
            message=message,
            seconds_per_step=round(pace, 4),
            seconds_left=round(pace * (total - step), 1),
        )
        if progress is not None:
            progress(step, total, message)

    return report
