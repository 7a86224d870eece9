"""Every route of the app beside Streamlit's own, in one list."""

from __future__ import annotations

from starlette.routing import Route

from studio.api.counts import counts
from studio.api.duplicates import duplicates, search_again
from studio.api.endpoint import reads, writes
from studio.api.files import files
from studio.api.generated_files import run_file, try_file
from studio.api.guard import token_for_page
from studio.api.items import ids, items, next_empty
from studio.api.jobs import jobs, stop
from studio.api.ops import ops, undo
from studio.api.picture import crop, picture
from studio.api.thumbnails import full, thumb
from studio.api.uploads import upload

routes: list[Route] = [
    Route("/api/items", reads(items)),
    Route("/api/ids", reads(ids)),
    Route("/api/next-empty", reads(next_empty)),
    Route("/api/counts", reads(counts)),
    Route("/api/picture", reads(picture)),
    Route("/api/ops", writes(ops), methods=["POST"]),
    Route("/api/undo", writes(undo), methods=["POST"]),
    Route("/api/duplicates", reads(duplicates)),
    Route("/api/duplicates", writes(search_again), methods=["POST"]),
    Route("/api/files", reads(files)),
    Route("/api/jobs", reads(jobs)),
    Route("/api/jobs/stop", writes(stop), methods=["POST"]),
    Route("/api/token", token_for_page),
    Route("/api/upload", upload, methods=["POST"]),
    Route("/thumb/{dataset}/{sha}", reads(thumb)),
    Route("/full/{dataset}/{sha}", reads(full)),
    Route("/crop/{dataset}/{sha}", reads(crop)),
    Route("/run-file/{dataset}/{run}/{path:path}", reads(run_file)),
    Route("/try-file/{dataset}/{attempt}/{path:path}", reads(try_file)),
]
