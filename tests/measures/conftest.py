"""A house, and a measure that was decided there."""

import pytest

from tests import thread


@pytest.fixture
def house(in_app):
    return thread.make_house()


@pytest.fixture
def measure(house):
    return thread.make_measure(house)
