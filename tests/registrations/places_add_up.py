"""A fixture for every test of a folder: afterwards the places must be consistent."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.registrations import make_registrations


@pytest.fixture(autouse=True)
def sound(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a place without a registration, or a registration with two places."""
    apps: list[Any] = [
        request.getfixturevalue(name) for name in ("app", "fresh_database") if name in request.fixturenames
    ]
    yield
    for app in apps:
        make_registrations.check(app)
