"""Why a picture is refused, in words that a user understands."""

from __future__ import annotations

from PIL import UnidentifiedImageError

from studio.errors import UnreadablePicture

_COPY_AGAIN = "Copy it again from where it came, or remove it."


def truncated() -> UnreadablePicture:
    """Return the error for a file that ends before its picture does."""
    return UnreadablePicture("truncated", "the file ends early", _COPY_AGAIN)


def damaged(detail: str) -> UnreadablePicture:
    """Return the error for broken data inside a file."""
    return UnreadablePicture("damaged", f"the picture data is damaged ({detail})", _COPY_AGAIN)


def explain(error: Exception, kind: str, ends_early: bool) -> UnreadablePicture:
    """Turn a decoder's exception into a cause that a user understands."""
    detail = str(error).lower()
    if "truncated" in detail or ends_early:
        return truncated()
    if "memory" in detail:
        return out_of_memory()
    if isinstance(error, UnidentifiedImageError):
        return damaged(f"it starts like {kind}, but cannot be decoded")
    return damaged(str(error) or type(error).__name__)


def out_of_memory() -> UnreadablePicture:
    """Return the error for a picture that asks for more memory than there is."""
    cause = "decoding it takes more memory than allowed"
    return UnreadablePicture("memory", cause, "Save a smaller version of it.")


def too_many_pixels(found: str, pixel_limit: int) -> UnreadablePicture:
    """Return the error for a picture that would unpack to too much; `found` starts the sentence."""
    cause = f"{found} more than the limit of {pixel_limit / 1e6:g} megapixels"
    return UnreadablePicture("too_many_pixels", cause, "Save a smaller version of it.")
