"""A walk that stops says where."""

import pytest

from tests.browser.steps import walk


def the_door_opens(seen):
    seen.append("door")


def nobody_is_at_home(seen):
    assert not seen


def test_a_walk_stops_at_the_step_that_fails_and_names_it():
    seen = []
    with pytest.raises(AssertionError) as stopped:
        walk([the_door_opens, nobody_is_at_home, the_door_opens], seen)
    assert seen == ["door"] and stopped.value.__notes__ == ["went well: the door opens\nhere: nobody is at home"]
