"""Which pictures and captions a run learns from, and how they are fed."""

from pydantic import Field

from training.config.strict import FilePath, Strict


class DataConfig(Strict):
    """The dataset and the way it becomes batches."""

    path: FilePath = Field(
        description="An export folder, or any folder with metadata.jsonl in it or in its train/ folder. Change it "
        "to train on another export.",
    )
    resolution: int | None = Field(
        default=None,
        ge=16,
        le=4096,
        description="Side in pixels of a square training picture. Empty means the base model's own, which is "
        "nearly always right; lower it only to save memory.",
    )
    bucket_step: int | None = Field(
        default=None,
        ge=8,
        le=512,
        description="Picture sides are multiples of this many pixels. Empty means what the base model needs.",
    )
    keep_aspect: bool = Field(
        default=True,
        description="Train tall and wide pictures at tall and wide sizes. Switch it off to crop all to squares, "
        "for instance to compare with a tool that does so.",
    )
    batch_size: int = Field(
        default=1,
        ge=1,
        le=1024,
        description="Pictures per step. More learn more evenly and need more memory; when it changes much, the "
        "learning rate should follow.",
    )
    flip: bool = Field(
        default=False,
        description="Show each picture mirrored half of the time. Good for styles and small sets; keep it off for "
        "faces, letters and anything with a left and a right.",
    )
    caption_dropout: float = Field(
        default=0.0,
        ge=0,
        lt=1,
        description="Share of steps in which a caption is replaced by nothing. About 0.05 to 0.1 lets a style "
        "show without its trigger and keeps guidance strong.",
    )
    image_column: str = Field(
        default="file_name",
        min_length=1,
        description="The key in metadata.jsonl that names the picture. Change it for files of other tools, which "
        "often say image.",
    )
    caption_column: str = Field(
        default="text",
        min_length=1,
        description="The key in metadata.jsonl that holds the caption. Change it for files of other tools, which "
        "sometimes say caption.",
    )
    cache_folder: FilePath | None = Field(
        default=None,
        description="Where encoded pictures and captions are kept between runs. Empty keeps them in memory, which "
        "suits up to some thousand pictures.",
    )
    cache_memory_mb: int = Field(
        default=1024,
        ge=1,
        description="Most memory in MB that encoded pictures and captions may take. What does not fit is read "
        "from the cache folder or encoded again; raise it when steps wait for that.",
    )
