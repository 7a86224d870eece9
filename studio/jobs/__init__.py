"""Long work as detached processes: a closed tab or a killed app does not stop them, and they are found again."""

from studio.jobs.start import start
from studio.jobs.stop import stop
from studio.jobs.watch import log_tail, watch

__all__ = ["log_tail", "start", "stop", "watch"]
