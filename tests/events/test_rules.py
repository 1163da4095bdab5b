"""The rules of events."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.events import rules

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
WAY = {"draft": {"publish"}, "published": {"cancel", "hold"}, "held": {"close"}, "closed": set(), "cancelled": set()}


@pytest.mark.parametrize("state", WAY)
def test_from_each_state_only_the_next_steps_can_be_taken(state):
    assert {one.verb for one in rules.moves(state, NOW, NOW)} == WAY[state]


@pytest.mark.parametrize(("after", "may"), [(-1, False), (0, True), (1, True)])
def test_an_event_can_have_been_held_once_it_has_begun(after, may):
    assert rules.may_move("published", "hold", NOW, NOW + timedelta(seconds=after)) is may


def test_cancelling_requires_a_reason_and_closing_allows_one():
    assert {verb: rules.WORKFLOW[verb].needs_reason for verb in rules.ENDING} == {"cancel": True, "close": False}


def test_every_verb_leads_to_a_state_with_a_name():
    assert {one.target for one in rules.TRANSITIONS if one.target} == set(rules.STATES) == set(WAY)


def test_a_draft_is_never_public():
    assert "draft" not in rules.PUBLIC_STATES and set(rules.PUBLIC_STATES) == set(rules.STATES) - {"draft"}


def test_every_kind_of_event_has_a_form_that_exists():
    assert {kind.form for kind in rules.KINDS.values()} <= set(rules.FORMS)


def lacks(title="Avond", lead="Omdat", place="Leeuwarden", agenda=1, pools=1, form="professional") -> list[str]:
    return rules.missing_to_publish(title, lead, place, agenda, pools, form)


def test_an_event_with_everything_can_be_published():
    assert lacks() == []


@pytest.mark.parametrize(
    ("without", "said"),
    [
        ({"title": " "}, "een titel"),
        ({"lead": ""}, "een inleiding"),
        ({"place": ""}, "een plaats"),
        ({"agenda": 0}, "een programma"),
        ({"pools": 0}, "plaatsen"),
    ],
)
def test_publishing_says_what_is_missing(without, said):
    assert lacks(**without) == [said]


def test_an_event_without_signing_up_needs_no_places():
    assert lacks(form="none", pools=0) == []


@pytest.mark.parametrize(
    ("state", "form", "closes", "open_now"),
    [
        ("published", "professional", LATER, True),
        ("published", "professional", None, True),
        ("published", "none", LATER, False),
        ("draft", "professional", LATER, False),
        ("held", "professional", LATER, False),
        ("cancelled", "professional", LATER, False),
        ("published", "professional", NOW, False),
        ("published", "professional", NOW - timedelta(seconds=1), False),
    ],
)
def test_one_can_sign_up_for_a_published_event_until_it_closes(state, form, closes, open_now):
    assert rules.is_open(state, form, closes, LATER, NOW) is open_now


@pytest.mark.parametrize(
    ("capacity", "used", "waiting", "words"),
    [(None, 99, 0, "ruimte genoeg"), (10, 2, 0, "8 vrij"), (10, 8, 0, "nog 2 vrij"), (10, 9, 0, "nog 1 vrij"), (10, 10, 0, "vol"),
     (10, 10, 1, "vol, 1 wacht"), (10, 10, 3, "vol, 3 wachten"), (10, 12, 0, "vol"), (0, 0, 0, "vol")],
)  # fmt: skip
def test_places_in_words(capacity, used, waiting, words):
    assert rules.seats_text(capacity, used, waiting) == words


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Avond over bereikbaarheid", "avond-over-bereikbaarheid"),
        ("Crème brûlée & co", "creme-brulee-co"),
        ("!!!", "bijeenkomst"),
        ("a" * 300, "a" * 80),
        ("../../etc", "etc"),
    ],
)
def test_a_slug_from_a_title(title, slug):
    assert rules.slug_of(title) == slug


@given(st.text())
def test_every_title_gives_a_kebab_case_slug(title):
    import re

    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rules.slug_of(title)) and len(rules.slug_of(title)) <= 80


@given(st.lists(st.text(st.characters(exclude_categories=("Zs", "Cc", "Zl", "Zp", "Cs")), min_size=1)))
def test_an_empty_line_begins_a_paragraph(texts):
    assert rules.paragraphs("\r\n \r\n".join(texts)) == texts
