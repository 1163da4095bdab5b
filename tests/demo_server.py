"""A running demo for the browser tests, and the browser (the system's Chromium)."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.options import databases_of

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PATIENCE = 300  # seconds; only a hanging server takes so long, but a busy machine may need minutes
TOOLS = Path(__file__).parent / "browser" / "ensure-tools"


def free_port() -> int:
    """Return a free port on the loopback address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def demo_environment(folder: Path, url: str) -> dict[str, str]:
    """Return the settings of a demo over this database, without the caller's own Schakel settings."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SCHAKEL_")}
    return environment | {
        "SCHAKEL_DEMO": "1",
        "SCHAKEL_DATABASE_URL": url,
        "SCHAKEL_AUDIT_HEAD": str(folder / "head.json"),
    }


def _wait(address: str, process: subprocess.Popen[bytes], host: str | None = None) -> None:
    asked = urllib.request.Request(f"{address}/gezond", headers={"Host": host} if host else {})
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert process.poll() is None, f"the server stopped with {process.returncode}"
        try:
            urllib.request.urlopen(asked, timeout=2).read()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server gave no sign of life")


@pytest.fixture(scope="session")
def live_server(
    engines: Callable[[str], Any], tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[str]:
    """The address of the demo with all stories, served by gunicorn over its own database."""
    folder = tmp_path_factory.mktemp("demo")
    (name,) = databases_of(request.config.getoption("--databases"), both=False)
    kind = engines(name)
    url = kind.copy()
    environment = demo_environment(folder, url)
    load = [str(BIN / "flask"), "--app", f"{ROOT / 'wsgi.py'}:app", "verhalen"]
    subprocess.run(load, cwd=folder, env=environment, check=True, capture_output=True, timeout=PATIENCE)
    port = free_port()
    serve = [str(BIN / "gunicorn"), "--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "4", "--log-level"]
    command = [*serve, "warning", "--pythonpath", str(ROOT), "wsgi:app"]
    process = subprocess.Popen(command, cwd=folder, env=environment)
    try:
        _wait(f"http://127.0.0.1:{port}", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)
        kind.drop(url)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The system's Chromium, without background requests of its own."""
    from playwright.sync_api import sync_playwright

    found = subprocess.run([str(TOOLS), "chromium"], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        running = playwright.chromium.launch(executable_path=found.stdout.strip(), args=flags)
        yield running
        running.close()
