"""After every test of this folder the places must be consistent."""

from collections.abc import Iterator

import pytest

from tests.notifications import smtp_servers
from tests.notifications.outbox import queue
from tests.registrations.places_add_up import sound as sound


@pytest.fixture(scope="session")
def _sink() -> Iterator[smtp_servers.Sink]:
    made = smtp_servers.Sink()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def sink(_sink: smtp_servers.Sink) -> smtp_servers.Sink:
    """A mail server that accepts everything, or fails as `sink.script` says."""
    _sink.reset()
    return _sink


@pytest.fixture
def post(app, sink, monkeypatch, work):
    """`post(5)` queues five mails of an application that sends to the sink."""
    smtp_servers.send_to(app, sink.port, monkeypatch)

    def put(number: int = 1, **wishes) -> None:
        with work():
            for one in range(number):
                queue(f"Gast{one}", **wishes)

    return put
