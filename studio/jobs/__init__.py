"""Long work as processes of its own: started, watched, stopped; a closed page or terminal does not end them."""

from studio.jobs.start import start, start_generate, start_training
from studio.jobs.stop import stop
from studio.jobs.watch import log_tail, watch

__all__ = ["log_tail", "start", "start_generate", "start_training", "stop", "watch"]
