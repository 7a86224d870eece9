"""A run's settings in a few plain sentences, for people who will not read the config."""

from training.config.run_config import RunConfig
from training.methods.lora.config import LoraConfig
from training.methods.textual_inversion.config import TextualInversionConfig

_LAYERS = {
    "attention": "attention",
    "feed_forward": "feed-forward",
    "projections": "projection",
    "convolutions": "convolution",
}


def explain_config(config: RunConfig) -> list[str]:
    """Three to five sentences: what is learned, how long and fast, on what, and what is shown meanwhile."""
    method = config.method
    learned = _lora(method) if isinstance(method, LoraConfig) else _embedding(method)
    sentences = [learned, _pace(config), _pictures(config), _reports(config)]
    if config.optimisation.mixed_precision != "no" or config.optimisation.gradient_checkpointing:
        sentences.append(_memory(config))
    return sentences


def _lora(method: LoraConfig) -> str:
    kind = "DoRA" if method.dora else "LoRA"
    layers = [_LAYERS[target] for target in method.targets]
    listed = layers[0] if len(layers) == 1 else ", ".join(layers[:-1]) + " and " + layers[-1]
    text = "the text encoder learns too" if method.train_text_encoder else "the text encoder stays as it is"
    return f"{kind} of rank {method.rank}, alpha {method.alpha:g}, on the {listed} layers; {text}."


def _embedding(method: TextualInversionConfig) -> str:
    start = f'the words "{method.initial_phrase}"' if method.initial_phrase else "the average word"
    if method.initial_file:
        start = f"the file {method.initial_file.name}"
    vectors = "1 vector" if method.vectors == 1 else f"{method.vectors} vectors"
    return f"An embedding of {vectors} behind {method.placeholder}, starting from {start}; the model stays as it is."


def _pace(config: RunConfig) -> str:
    settings = config.optimisation
    pictures = config.data.batch_size * settings.accumulate
    fall = ", falling to nothing along a cosine" if settings.schedule == "cosine" else ""
    warmup = f" after {settings.warmup_steps} steps of warm-up" if settings.warmup_steps else ""
    batch = "1 picture" if pictures == 1 else f"{pictures} pictures"
    return f"{settings.steps} steps of {batch}, learning rate {rate_text(settings.learning_rate)}{fall}{warmup}."


def _pictures(config: RunConfig) -> str:
    side = f"{config.data.resolution} px" if config.data.resolution else "the base model's own size"
    shapes = "tall and wide ones in their own shape" if config.data.keep_aspect else "all cut to squares"
    flips = ", half of them mirrored" if config.data.flip else ""
    dropped = f", {config.data.caption_dropout:.0%} without caption" if config.data.caption_dropout else ""
    return f"Pictures are trained at {side}, {shapes}{flips}{dropped}."


def _reports(config: RunConfig) -> str:
    drawn = f"{len(config.samples.prompts)} sample pictures" if config.samples.prompts else "no sample pictures"
    every = f" every {config.samples.every} steps" if config.samples.prompts and config.samples.every else ""
    return f"A checkpoint every {config.checkpoints.every} steps, {drawn}{every}; it can be stopped at any time."


def _memory(config: RunConfig) -> str:
    parts = []
    if config.optimisation.mixed_precision != "no":
        parts.append(f"computes in {config.optimisation.mixed_precision}")
    if config.optimisation.gradient_checkpointing:
        parts.append("saves memory by computing activations twice")
    return f"To fit the device, it {' and '.join(parts)}."


def rate_text(rate: float) -> str:
    """A learning rate as people write it: 2e-3, 1e-4, 0.5."""
    if rate >= 0.1:
        return f"{rate:g}"
    mantissa, exponent = f"{rate:.3e}".split("e")
    return f"{float(mantissa):g}e{int(exponent)}"
