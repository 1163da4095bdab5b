"""The tenant of a prepared test module, and its coordinator."""

import pytest


@pytest.fixture
def hospital(prepared):
    return prepared


@pytest.fixture
def editor(hospital, client_of):
    return client_of(hospital.accounts["coordinator"])
