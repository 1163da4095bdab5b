"""A real server: gunicorn with forked workers over its own database, and clients that load it."""

import http.client
import os
import re
import signal
import subprocess
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask

from schakel import db
from tests import databases, make
from tests.notifications import smtp_servers
from tests.registrations import make_registrations

HOST = urllib.parse.urlsplit(databases.BASE_URL).netloc
FIELD = re.compile(r'<input[^>]*name="(csrf_token|nonce)"[^>]*value="([^"]*)"')


WORKERS = 2


@dataclass
class Server:
    """A running Schakel: `app` uses the same database from this process."""

    name: str
    app: Flask
    url: str
    port: int
    process: "subprocess.Popen[bytes]"
    environment: dict[str, str]
    folder: Path
    sink: smtp_servers.Sink
    visitors: "list[Visitor]" = field(default_factory=list)

    def hall(self, **wishes: Any) -> make_registrations.Hall:
        """Make an event with places, committed."""
        with self.app.app_context():
            db.set_writing(True)
            made = make_registrations.hall_of(make.make_event(**wishes))
            db.end_transaction(True)
            return made

    def workers(self) -> list[int]:
        """Return the ids of the web workers."""
        pid = self.process.pid
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def kill(self, pid: int) -> None:
        """Kill a process as the kernel does when memory is exhausted. Only a child of this server."""
        if pid in self.workers():
            os.kill(pid, signal.SIGKILL)

    def visitor(self) -> "Visitor":
        """Return a visitor with its own connection and cookie."""
        made = Visitor(self.port)
        self.visitors.append(made)
        return made

    def go_home(self) -> None:
        """Close the connections of all visitors."""
        while self.visitors:
            self.visitors.pop().close()


@dataclass
class Visitor:
    """A minimal browser."""

    port: int
    cookie: str = ""
    wire: http.client.HTTPConnection | None = None
    fields: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Send one request; return status, location, body. Raises OSError or HTTPException for a lost connection."""
        if self.wire is None:
            self.wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        heads = {"Host": HOST, **({"Cookie": self.cookie} if self.cookie else {})}
        if form is not None:
            heads["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.wire.request(method, path, urllib.parse.urlencode(form) if form is not None else None, heads)
            answer = self.wire.getresponse()
            body = answer.read().decode()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        for one in answer.headers.get_all("Set-Cookie") or []:
            self.cookie = one.partition(";")[0]
        return answer.status, answer.headers.get("Location", ""), body

    def open(self, hall: make_registrations.Hall) -> None:
        """Open the form and store its tokens."""
        status, _, body = self.ask("GET", f"{hall.path}/aanmelden")
        assert status == 200, status
        self.fields = dict(FIELD.findall(body))

    def send(self, hall: make_registrations.Hall, name: str, **typed: str) -> tuple[int, str, str]:
        """Fill in and send the open form."""
        form = {**self.fields, "name": name, "email": f"{name.lower()}@example.org", "organisation": "De Terp", **typed}
        return self.ask("POST", f"{hall.path}/aanmelden", form)

    def close(self) -> None:
        """Close the connection."""
        if self.wire is not None:
            self.wire.close()
        self.wire = None


def wait_until(true: Callable[[], Any], seconds: float = 30) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "the condition did not hold in time"
        time.sleep(0.02)
