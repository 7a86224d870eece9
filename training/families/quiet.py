"""Keep the libraries' progress bars and notes out of our own output; errors are worded by us."""


def quiet_libraries() -> None:
    """Silence transformers, then diffusers; in this order, since importing diffusers already prints notes."""
    from transformers.utils import logging as transformers_logging

    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    from diffusers.utils import logging as diffusers_logging

    diffusers_logging.set_verbosity_error()
    diffusers_logging.disable_progress_bar()
