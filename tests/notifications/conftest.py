"""After every test of this folder the places must add up."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.notifications import smtp_servers
from tests.notifications.outbox import queue
from tests.registrations import make_registrations


@pytest.fixture(autouse=True)
def sound(request: pytest.FixtureRequest) -> Iterator[None]:
    """Nothing a test does may leave a place that nobody holds, or a person with two."""
    apps: list[Any] = [
        request.getfixturevalue(name) for name in ("app", "fresh_database") if name in request.fixturenames
    ]
    yield
    for app in apps:
        make_registrations.check(app)


@pytest.fixture(scope="session")
def _sink() -> Iterator[smtp_servers.Sink]:
    made = smtp_servers.Sink()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def sink(_sink: smtp_servers.Sink) -> smtp_servers.Sink:
    """A mail server that takes everything, or fails as told by `sink.script`."""
    _sink.reset()
    return _sink


@pytest.fixture
def post(app, sink, monkeypatch, work):
    """`post(5)`: five mails wait, and the application sends to the sink."""
    smtp_servers.send_to(app, sink.port, monkeypatch)

    def put(number: int = 1, **wishes) -> None:
        with work():
            for one in range(number):
                queue(f"Gast{one}", **wishes)

    return put
