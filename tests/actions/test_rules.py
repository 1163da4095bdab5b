"""Action points: what follows from their dates."""

from datetime import date

import pytest

from schakel.actions import rules

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("state", "due", "report", "said"),
    [
        ("running", date(2026, 11, 21), None, ("late", "1 dag te laat")),
        ("running", date(2026, 10, 22), None, ("late", "31 dagen te laat")),
        ("running", date(2026, 11, 22), None, ("soon", "vandaag")),
        ("running", date(2026, 11, 29), None, ("soon", "nog 7 dagen")),
        ("running", date(2026, 12, 30), date(2026, 11, 20), ("silent", "Geen bericht, 2 dagen")),
        ("running", None, None, ("open", "Zonder datum")),
        ("running", date(2026, 12, 30), date(2026, 11, 30), ("run", "In uitvoering")),
        ("reported_done", date(2026, 10, 22), None, ("wait", "Gereedgemeld")),
        ("on_hold", date(2026, 10, 22), None, ("silent", "Opgeschort")),
        ("checked", date(2026, 10, 22), date(2026, 10, 1), ("done", "Getoetst")),
        ("cancelled", None, None, ("stop", "Vervallen")),
    ],
)
def test_late_has_priority_over_silent_over_undated_over_soon(state, due, report, said):
    assert rules.why(state, due, report, TODAY) == said


def test_the_sources_and_target_of_every_verb_exist():
    for one in rules.TRANSITIONS:
        assert {*one.sources, one.target or rules.State.PROPOSED} <= set(rules.STATES)


def test_no_verb_leaves_checked_or_cancelled():
    assert rules.WORKFLOW.final == {"checked", "cancelled"}
    beside = {rules.Verb.REMOVE}  # a file with names in it must be removable always
    allowed = [verb for verb in rules.Verb for state in rules.WORKFLOW.final if rules.WORKFLOW.allows(state, verb)]
    assert set(allowed) == beside


def test_nobody_judges_their_own_work_and_no_unknown_person_judges():
    assert not rules.may_judge(7, 7)
    assert not rules.may_judge(7, None)
    assert rules.may_judge(7, 8)
