"""How gunicorn serves Schakel: workers forked from a preloaded parent, a few threads each."""

import gc
import os
from typing import Any

bind = f"{os.environ.get('SCHAKEL_LISTEN', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("SCHAKEL_WORKERS", "2"))
worker_class = "gthread"
threads = int(os.environ.get("SCHAKEL_THREADS", "4"))
preload_app = True
timeout = 60
graceful_timeout = 20
keepalive = 5
# The access log would hold link tokens; the application logs each request with its path cut.
accesslog = None
errorlog = "-"
control_socket_disable = True


def when_ready(_server: Any) -> None:
    """What the preloaded parent made is never garbage: the collector need not walk it in every worker."""
    gc.collect()
    gc.freeze()
