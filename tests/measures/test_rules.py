"""The loop of a measure says what is missing and whose turn it is, until it is closed."""

import pytest

from schakel.identity.rules import Role
from schakel.measures import progress, rules


def standing(state, effect="", informed=False, late=False):
    roles = {"signer": Role.MEDICAL_DIRECTOR, "judge": Role.BOARD_SECRETARY}
    return progress.Standing(state, effect, "committee", late, False, (2, 2), informed, **roles)


@pytest.mark.parametrize(
    ("it", "title", "text"),
    [
        (standing("decided"), "Open bij Actie: 2 van 2 getoetst", "Aan zet: medisch directeur (beleggen)."),
        (standing("running", late=True), "Open bij Actie: 2 van 2 getoetst", "Aan zet: eigenaar (uitvoeren)."),
        (standing("not_effective"), "Open bij Effect: geen effect", "Aan zet: bestuurssecretaris (nieuw besluit)."),
        (
            standing("embedded", "effective"),
            "Open bij Terugkoppeling: nog niet geïnformeerd",
            "Aan zet: secretaris (betrokkenen informeren).",
        ),
        (
            standing("embedded", "effective", informed=True),
            "Nog niet gesloten",
            "Aan zet: bestuurssecretaris (afsluiten).",
        ),
    ],
)
def test_what_is_missing_is_named_with_whose_turn_it_is(it, title, text):
    gap = progress.loop_of(it, "Oordeel").gap
    assert (gap.title, gap.text) == (title, text)


def test_in_a_closed_loop_nothing_is_missing():
    assert progress.loop_of(standing("closed", "effective", informed=True), "Oordeel").gap is None


def test_the_loop_of_a_closed_measure_is_open_until_the_people_concerned_are_informed():
    assert progress.loop_of(standing("closed", "effective"), "Oordeel").gap is not None


def test_every_state_says_whose_turn_it_is_and_whether_its_date_counts():
    """A state that is added to neither would be nobody's turn and never late."""
    assert set(rules.AT_MOVE) == set(rules.State) - set(rules.WORKFLOW.final)
    assert set(rules.State) == rules.WORKING | rules.DONE | {rules.State.IMPLEMENTED, rules.State.NOT_EFFECTIVE}
