"""The tenant of a prepared test module, and its coordinator."""

import pytest


@pytest.fixture
def house(prepared):
    return prepared


@pytest.fixture
def editor(house, client_of):
    return client_of(house.accounts["coordinator"])
