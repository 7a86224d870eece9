"""Long work as processes of its own: started, watched, stopped; a closed page or terminal does not end them."""

from studio.jobs.start_job import start, start_training
from studio.jobs.stop_job import stop
from studio.jobs.watch_jobs import log_tail, watch

__all__ = ["log_tail", "start", "start_training", "stop", "watch"]
