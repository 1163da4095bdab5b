"""A real house: gunicorn with forked workers over a database of its own, and what a test needs to shoot at it."""

import http.client
import os
import re
import signal
import subprocess
import time
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from schakel import db
from tests import databases, demo_server, make
from tests.notifications import sinks
from tests.registrations import seats

HOST = urllib.parse.urlsplit(databases.BASE_URL).netloc
FIELD = re.compile(r'<input[^>]*name="(csrf_token|nonce)"[^>]*value="([^"]*)"')


WORKERS = 2


@dataclass
class House:
    """A running Schakel: `app` looks at the same database from this process."""

    name: str
    app: Flask
    url: str
    port: int
    process: "subprocess.Popen[bytes]"
    environment: dict[str, str]
    folder: Path
    sink: sinks.Sink
    visitors: "list[Visitor]" = field(default_factory=list)

    def hall(self, **wishes: Any) -> seats.Hall:
        """An event with room, committed."""
        with self.app.app_context():
            db.writing.set(True)
            made = seats.hall_of(make.make_event(**wishes))
            db.finish(True)
            return made

    def workers(self) -> list[int]:
        """The processes that answer."""
        pid = self.process.pid
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def kill(self, pid: int) -> None:
        """As the kernel does when memory is gone. Only a child of this house."""
        if pid in self.workers():
            os.kill(pid, signal.SIGKILL)

    def visitor(self) -> "Visitor":
        """Somebody with a connection and a cookie of their own."""
        made = Visitor(self.port)
        self.visitors.append(made)
        return made

    def go_home(self) -> None:
        """All hang up."""
        while self.visitors:
            self.visitors.pop().close()


@dataclass
class Visitor:
    """A browser as small as can be."""

    port: int
    cookie: str = ""
    wire: http.client.HTTPConnection | None = None
    fields: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Send one request; status, place to go to, body. Raises OSError or HTTPException when the line breaks."""
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

    def open(self, hall: seats.Hall) -> None:
        """Look at the form and remember its marks."""
        status, _, body = self.ask("GET", f"{hall.path}/aanmelden")
        assert status == 200, status
        self.fields = dict(FIELD.findall(body))

    def send(self, hall: seats.Hall, name: str, **typed: str) -> tuple[int, str, str]:
        """Fill in and send the form that is open."""
        form = {**self.fields, "name": name, "email": f"{name.lower()}@example.org", "organisation": "De Terp", **typed}
        return self.ask("POST", f"{hall.path}/aanmelden", form)

    def close(self) -> None:
        """Hang up."""
        if self.wire is not None:
            self.wire.close()
        self.wire = None


@pytest.fixture(scope="session", params=databases.ENGINES)
def house(
    request: pytest.FixtureRequest, engines: Callable[[str], Any], run_folder: Path, tmp_path_factory: Any
) -> Iterator[House]:
    """One house per kind of database, shared by the tests of this folder; each test makes a hall of its own."""
    kind, folder = engines(request.param), tmp_path_factory.mktemp("house")
    url, port = kind.copy(), demo_server.free_port()
    app = databases.make_app(url, run_folder)
    sink = sinks.Sink()
    sink.start()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SCHAKEL_")} | {
        "SCHAKEL_SECRET_KEY": databases.SECRET, "SCHAKEL_KEYRING": str(run_folder / "keyring"), "SCHAKEL_DATABASE_URL": url,
        "SCHAKEL_BASE_URL": databases.BASE_URL, "SCHAKEL_AUDIT_HEAD": str(folder / "head.json"), "SCHAKEL_SMTP_TLS": "0",
        "SCHAKEL_SMTP": f"127.0.0.1:{sink.port}", "PORT": str(port), "SCHAKEL_WORKERS": str(WORKERS), "SCHAKEL_THREADS": "4",
    }  # fmt: skip
    command = [
        str(demo_server.BIN / "gunicorn"),
        "-c",
        str(demo_server.ROOT / "gunicorn.conf.py"),
        "--log-level",
        "critical",
    ]
    process = subprocess.Popen(
        [*command, "--pythonpath", str(demo_server.ROOT), "wsgi:app"], cwd=folder, env=environment
    )
    try:
        demo_server._wait(f"http://127.0.0.1:{port}", process, HOST)
        yield House(request.param, app, url, port, process, environment, folder, sink)
    finally:
        process.terminate()
        process.wait(30)
        sink.stop()
        databases.let_go(app)
        kind.drop(url)


@pytest.fixture(autouse=True)
def sound(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever was killed: the places add up."""
    apps = [request.getfixturevalue("fresh_database")] if "fresh_database" in request.fixturenames else []
    if "house" in request.fixturenames:
        apps.append(request.getfixturevalue("house").app)
    yield
    if "house" in request.fixturenames:
        request.getfixturevalue("house").go_home()
    for app in apps:
        seats.check(app)


def wait_until(true: Callable[[], Any], seconds: float = 30) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
