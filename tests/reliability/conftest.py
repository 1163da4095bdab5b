"""A real server per kind of database, shared by the tests of this folder."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import databases, demo_server
from tests.notifications import smtp_servers
from tests.registrations import make_registrations
from tests.reliability.forked_server import HOST, WORKERS, Server


@pytest.fixture(scope="session")
def server(
    database_name: str, engines: Callable[[str], Any], run_folder: Path, tmp_path_factory: Any
) -> Iterator[Server]:
    """One server per kind of database, shared by the tests of this folder; each test makes its own event."""
    kind, folder = engines(database_name), tmp_path_factory.mktemp("server")
    url, port = kind.copy(), demo_server.free_port()
    app = databases.make_app(url, run_folder)
    sink = smtp_servers.Sink()
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
        yield Server(database_name, app, url, port, process, environment, folder, sink)
    finally:
        process.terminate()
        process.wait(30)
        sink.stop()
        databases.let_go(app)
        kind.drop(url)


@pytest.fixture(autouse=True)
def sound(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever was killed, the places must be consistent."""
    apps = [request.getfixturevalue("fresh_database")] if "fresh_database" in request.fixturenames else []
    if "server" in request.fixturenames:
        apps.append(request.getfixturevalue("server").app)
    yield
    if "server" in request.fixturenames:
        request.getfixturevalue("server").go_home()
    for app in apps:
        make_registrations.check(app)
