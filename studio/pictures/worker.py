"""The process that decodes untrusted files: reads paths on standard input, answers on standard output.

Started by `studio.pictures.isolate`, one line of JSON in and one out. It keeps its own memory and processor
limits, and ends when its parent does, however that dies.
"""

from __future__ import annotations

import json
import math
import os
import queue
import signal
import sys
import threading
from pathlib import Path
from typing import Any, BinaryIO

from PIL import Image

from studio.pictures import hashes
from studio.pictures.measure import measure_or_refuse
from studio.pictures.worker_messages import READY, answer_to_json


def main() -> None:
    """Answer one request after the other until the parent closes the pipe."""
    seconds, memory_bytes = float(sys.argv[1]), int(sys.argv[2])
    # Ctrl-C in a terminal reaches all processes; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = _private_output()
    requests = _requests_in_background()
    hashes.phash(Image.new("L", (8, 8)))  # brings in what is loaded late, before the clock of a file runs
    _limit_memory(memory_bytes)
    _send(answers, READY)
    while True:
        path = requests.get()
        _limit_processor_time(seconds)
        _send(answers, answer_to_json(measure_or_refuse(path)))


def _private_output() -> BinaryIO:
    """Keep the answer pipe for ourselves: a decoder that prints must not garble the answers."""
    descriptor = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return os.fdopen(descriptor, "wb")


def _requests_in_background() -> queue.SimpleQueue[Path]:
    """Read paths in a thread, so that the end of the parent is noticed in the middle of a file too."""
    requests: queue.SimpleQueue[Path] = queue.SimpleQueue()

    def read() -> None:
        for line in sys.stdin.buffer:
            requests.put(Path(json.loads(line)["path"]))
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    return requests


def _limit_memory(memory_bytes: int) -> None:
    """Limit the memory of this process; without effect where the system has no such limit."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    except (ImportError, OSError, ValueError):
        return


def _limit_processor_time(seconds: float) -> None:
    """End this process when one file takes far too long, even if the parent is gone and a decoder never returns."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    # The parent watches the wall clock. This is for a decoder that runs on alone, and several threads may add up.
    limit = math.ceil(used.ru_utime + used.ru_stime + 3 * seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, hard))


def _send(answers: BinaryIO, answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer).encode("ascii") + b"\n")
    answers.flush()


if __name__ == "__main__":
    main()
