"""A hospital, and a measure that was decided there."""

import pytest

from tests import make_followup


@pytest.fixture
def hospital(in_app):
    return make_followup.make_hospital()


@pytest.fixture
def measure(hospital):
    return make_followup.make_measure(hospital)
