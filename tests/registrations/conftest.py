"""After every test of this folder the places must add up."""

from collections.abc import Iterator
from typing import Any

import pytest

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
