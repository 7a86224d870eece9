"""Every knob of an embedding."""

import re
from typing import Literal

from pydantic import Field, field_validator

from training.config.strict import FilePath, Strict, Words


class TextualInversionConfig(Strict):
    """An embedding: vectors behind a placeholder, learned while the whole base model stays frozen."""

    method: Literal["textual-inversion"] = Field(
        default="textual-inversion", description="Names the method; always textual-inversion here."
    )
    placeholder: str = Field(
        description="The new word for prompts, in angle brackets such as <ink>. It must not be a word the "
        "model knows already; change it when the check says so.",
    )
    replaces: str | None = Field(
        default=None,
        description="The trigger phrase in the captions that the placeholder takes the place of. Empty means the "
        "placeholder is added at the end of each caption.",
    )
    vectors: int = Field(
        default=4,
        ge=1,
        le=64,
        description="How many vectors stand behind the placeholder. More hold more detail but crowd out other "
        "words of a prompt; 1 to 8 is usual.",
    )
    initial_phrase: str | None = Field(
        default=None,
        description="Known words whose vectors are the start, such as ink drawing. Choose words near the concept; "
        "empty starts from the average of all words.",
    )
    initial_file: FilePath | None = Field(
        default=None,
        description="An embedding file to start from instead of words. Set it to go on with an earlier embedding; "
        "the number of vectors must be the same.",
    )
    text: Literal["captions", "templates", "both"] = Field(
        default="captions",
        description="What the pictures are described by: their captions, fixed sentences around the placeholder, "
        "or a sentence followed by the caption. Use templates when there are no captions.",
    )
    templates: Literal["style", "object"] | Words = Field(
        default="style",
        description="The fixed sentences: the style list, the object list, or own sentences that each contain {}. "
        "Only read when text is templates or both.",
    )

    @field_validator("placeholder")
    @classmethod
    def _looks_like_a_token(cls, placeholder: str) -> str:
        if not re.fullmatch(r"<[a-z0-9][a-z0-9-]*>", placeholder):
            raise ValueError("must look like <ink>: small letters, digits and hyphens in angle brackets")
        return placeholder

    @field_validator("templates")
    @classmethod
    def _templates_have_a_gap(cls, templates: str | tuple[str, ...]) -> str | tuple[str, ...]:
        if isinstance(templates, tuple) and not all(text.count("{}") == 1 for text in templates):
            raise ValueError("needs exactly one {} in every sentence, where the placeholder goes")
        if templates == ():
            raise ValueError("needs at least one sentence")
        return templates
