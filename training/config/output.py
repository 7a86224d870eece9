"""What the final weights files tell about the pictures they were made from."""

from pydantic import Field

from training.config.strict import Strict


class OutputConfig(Strict):
    """The weights files a run leaves."""

    strip_caption_data: bool = Field(
        default=False,
        description="Leave out of the weights files what was derived from captions: how often each tag or phrase "
        "occurs. Switch it on before you share weights of private pictures.",
    )
