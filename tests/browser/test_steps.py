"""A walk that fails names the step."""

import pytest

from tests.browser.steps import walk


def the_page_opens(seen):
    seen.append("page")


def the_page_is_missing(seen):
    assert not seen


def test_a_walk_stops_at_the_step_that_fails_and_names_it():
    seen = []
    with pytest.raises(AssertionError) as stopped:
        walk([the_page_opens, the_page_is_missing, the_page_opens], seen)
    assert seen == ["page"] and stopped.value.__notes__ == ["went well: the page opens\nhere: the page is missing"]
