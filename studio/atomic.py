"""The one way files that matter are written; the writer itself is shared with the training half."""

from training import (
    fsync_folder,
    remove_leftovers,
    stage_folder,
    write_bytes_atomic,
    write_json_atomic,
    write_text_atomic,
)

__all__ = [
    "fsync_folder",
    "remove_leftovers",
    "stage_folder",
    "write_bytes_atomic",
    "write_json_atomic",
    "write_text_atomic",
]
