"""A house, and a measure that was decided there."""

import pytest

from tests import make_followup


@pytest.fixture
def house(in_app):
    return make_followup.make_house()


@pytest.fixture
def measure(house):
    return make_followup.make_measure(house)
