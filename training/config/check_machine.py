"""Is the machine up to it: packages, device, memory, disk, time? Estimates are rough and say so."""

import importlib.util
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path

import psutil

from training.config.check import Check
from training.config.run_config import RunConfig
from training.data.read_dataset import Dataset
from training.families.info import FamilyInfo

GB = 1e9
LONG = 4 * 3600  # seconds from which on a run deserves a second thought
PACKAGES = ("torch", "diffusers", "transformers", "peft", "safetensors")
# Parameters (in thousand millions) of UNet, VAE and text encoders together.
PARAMETERS = {"pocket": 0.015, "sd1": 1.07, "sd2": 1.29, "sdxl": 3.47}
# Memory in GB that one picture at the family's own size needs in a training step, float32, and the same with
# gradient checkpointing.
ACTIVATIONS = {"pocket": (0.05, 0.03), "sd1": (5.0, 1.6), "sd2": (5.5, 1.8), "sdxl": (16.0, 4.5)}
# Seconds for one picture in one step, on two CPU cores and on a recent GPU.
SECONDS = {"pocket": (0.045, 0.01), "sd1": (22.0, 0.2), "sd2": (25.0, 0.25), "sdxl": (150.0, 0.7)}


def check_packages(config: RunConfig, dataset: Dataset, info: FamilyInfo) -> list[Check]:
    """Training needs the extra `models`."""
    missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    if not missing:
        return []
    fix = "Install them: pip install 'concept-studio[models]'."
    return [Check("error", "Packages", f"Not installed: {', '.join(missing)}.", fix)]


def check_device(config: RunConfig, dataset: Dataset, info: FamilyInfo) -> list[Check]:
    """Large models need a GPU; float16 does not work without one."""
    settings, gpu = config.optimisation, gpu_memory_gb()
    uses_gpu = _uses_gpu(config)
    if settings.device.startswith("cuda") and gpu is None:
        return [Check("error", "Device", "No GPU was found.", "Set optimisation.device to auto.")]
    if not uses_gpu and (settings.mixed_precision == "fp16" or config.base.dtype == "float16"):
        fix = "Set optimisation.mixed_precision to no and base.dtype to auto."
        return [Check("error", "Device", "A CPU cannot train in float16.", fix)]
    if uses_gpu:
        return [Check("ok", "Device", f"A GPU with {gpu:.0f} GB of memory.")]
    if info.source == "pocket":
        return [Check("ok", "Device", "No GPU: the small model is made to train on the CPU.")]
    detail = f"No GPU was found; {info.label} on a CPU takes hours or days."
    return [Check("warning", "Device", detail, "Use a machine with a GPU, or the pocket model to try things out.")]


def check_memory(config: RunConfig, dataset: Dataset, info: FamilyInfo) -> list[Check]:
    """Compare a rough estimate with what the device has."""
    needed = memory_estimate_gb(config, info)
    gpu = gpu_memory_gb()
    has = gpu if _uses_gpu(config) and gpu else psutil.virtual_memory().available / GB
    detail = f"About {needed:.1f} GB needed, {has:.1f} GB there (estimate)."
    if needed <= 0.9 * has:
        return [Check("ok", "Memory", detail)]
    fix = "Lower data.batch_size, switch on optimisation.gradient_checkpointing, or set mixed_precision to bf16."
    return [Check("warning", "Memory", detail, fix)]


def check_disk(config: RunConfig, dataset: Dataset, info: FamilyInfo) -> list[Check]:
    """Checkpoints, weights, samples and caches must fit where the run folder will be."""
    needed = disk_estimate_gb(config, dataset, info)
    free = shutil.disk_usage(_existing(config.data.path)).free / GB
    detail = f"About {needed:.2f} GB needed, {free:.1f} GB free (estimate)."
    if needed < free:
        return [Check("ok", "Disk", detail)]
    return [Check("error", "Disk", detail, "Free some space, or lower checkpoints.keep.")]


def check_time(config: RunConfig, dataset: Dataset, info: FamilyInfo) -> list[Check]:
    """How long it will take, roughly."""
    seconds = time_estimate_seconds(config, info)
    detail = f"About {_duration(seconds)} (estimate)."
    if seconds <= LONG:
        return [Check("ok", "Time", detail)]
    fix = "Lower optimisation.steps, or let it run: it can be stopped and gone on with at any time."
    return [Check("warning", "Time", detail, fix)]


def memory_estimate_gb(config: RunConfig, info: FamilyInfo) -> float:
    """Weights, adapters with their optimiser, and the activations of one batch, in GB."""
    kind, settings = _kind(info), config.optimisation
    width = 4 if settings.mixed_precision == "no" and config.base.dtype in ("auto", "float32") else 2
    activations = ACTIVATIONS[kind][settings.gradient_checkpointing] * width / 4
    area = ((config.data.resolution or info.resolution) / info.resolution) ** 2
    libraries = 0.6
    pictures = activations * config.data.batch_size * area
    return libraries + PARAMETERS[kind] * width + 16 * trainable_estimate(config, info) / GB + pictures


def trainable_estimate(config: RunConfig, info: FamilyInfo) -> float:
    """Roughly how many numbers are learned."""
    method = config.method
    if method.method == "textual-inversion":
        return float(method.vectors * sum(info.text_widths))
    per_rank = {"pocket": 27e3, "sd1": 400e3, "sd2": 420e3, "sdxl": 1.45e6}[_kind(info)]
    return method.rank * per_rank * (2 if "convolutions" in method.targets else 1)


def disk_estimate_gb(config: RunConfig, dataset: Dataset, info: FamilyInfo) -> float:
    """Checkpoints (weights and two moments each, one more while saving), final files, samples, caches, in GB."""
    learned = trainable_estimate(config, info) * 4
    checkpoints = learned * 3 * (config.checkpoints.keep + 2)
    side = config.data.resolution or info.resolution
    rounds = config.optimisation.steps // config.samples.every + 2 if config.samples.every else 2
    samples = rounds * len(config.samples.prompts) * side * side * 3
    latents = side * side // info.vae_scale**2 * info.latent_channels * 4
    text = 77 * info.cross_attention_width * 4
    cached = len(dataset.train) * (latents * (1 + config.data.flip) + text) if config.data.cache_folder else 0
    return (checkpoints + 2 * learned + samples + cached) / GB


def time_estimate_seconds(config: RunConfig, info: FamilyInfo) -> float:
    """Steps, validation and samples, in seconds."""
    kind, settings = _kind(info), config.optimisation
    pace = SECONDS[kind][_uses_gpu(config)]
    area = ((config.data.resolution or info.resolution) / info.resolution) ** 2
    slower = 1.3 if settings.gradient_checkpointing else 1.0
    steps = settings.steps * settings.accumulate * config.data.batch_size * pace * slower
    rounds = settings.steps / config.samples.every + 1 if config.samples.every else 2
    # Drawing runs the network twice a step, without the way back: two thirds of a training step.
    samples = rounds * len(config.samples.prompts) * config.samples.steps * pace * 2 / 3
    return (steps + samples) * area + 10


@lru_cache(maxsize=1)
def gpu_memory_gb() -> float | None:
    """Memory of the first NVIDIA GPU in GB, by asking its driver; None without one."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return None
    command = [program, "--query-gpu=memory.total", "--format=csv,noheader,nounits"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True).stdout
        return float(answer.split()[0]) * 1.048576e6 / GB
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return None


def _duration(seconds: float) -> str:
    minutes = seconds / 60
    if minutes < 1.5:
        return "one minute"
    if minutes < 90:
        return f"{minutes:.0f} minutes"
    return f"{minutes / 60:.1f} hours" if minutes < 48 * 60 else f"{minutes / 60 / 24:,.0f} days"


def _uses_gpu(config: RunConfig) -> bool:
    return config.optimisation.device != "cpu" and gpu_memory_gb() is not None


def _kind(info: FamilyInfo) -> str:
    return "pocket" if info.source == "pocket" else info.name


def _existing(path: Path) -> Path:
    path = path.absolute()
    while not path.exists():
        path = path.parent
    return path
