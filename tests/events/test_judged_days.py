"""What the form of an event refuses or asks about its days: equal times, long days, the past, a year typed wrong."""

from datetime import date, timedelta
from html import unescape

import pytest

from schakel import dates
from tests import html, make
from tests.events.stored_event import event_of
from tests.forms import typed_in

NEW = "/bijeenkomsten/nieuw"
DRAFT = "/bijeenkomsten/draft-kanariea"
ON = dates.today() + timedelta(days=60)

pytestmark = pytest.mark.prepared(by=make.one_tenant)


def typed(hospital, on: date = ON, begins: str = "17:30", ends: str = "21:30", **more: object) -> dict:
    facts = {
        "kind": "conference",
        "title": "Avond",
        "organisation_id": hospital.organisation.id,
        "form": "professional",
    }
    day = {"days-0-on": on.isoformat(), "days-0-begins": begins, "days-0-ends": ends}
    return {**facts, **day, "about": "Alles wat ik al had getypt.", **more}


def questions(page) -> list[str]:
    """The codes of the check boxes in a page."""
    return [
        tag.split('value="')[1].split('"')[0] for tag in page.text.split("<input")[1:] if 'name="sure"' in tag[:200]
    ]


@pytest.mark.parametrize("at", ["17:30", "00:00"])
def test_a_day_that_begins_when_it_ends_is_refused_at_its_end(editor, hospital, dump, at):
    before = dump()
    page = editor.send(NEW, typed(hospital, begins=at, ends=at))
    assert page.status_code == 422 and dump() == before
    assert "gelijk" in html.said_at(page.text, "days-0-ends")


ASKED = [
    {"begins": "21:30", "ends": "17:30"},
    {"begins": "17:30", "ends": "16:00"},
    {"begins": "08:00", "ends": "21:00"},
    {"on": dates.today() - timedelta(days=1)},
    {"on": dates.today() - timedelta(days=365)},
    {"on": dates.today() + timedelta(days=365 * 45)},
    {"closes_days_before": "90"},
]


@pytest.mark.parametrize("what", ASKED, ids=str)
def test_an_unusual_day_is_saved_after_a_confirmation_and_not_before(editor, hospital, work, dump, what):
    before = dump()
    page = editor.send(NEW, typed(hospital, **what))
    assert page.status_code == 422 and dump() == before and "Alles wat ik al had getypt." in page.text
    assert questions(page) and "vinkje" in unescape(page.text) and html.said_at(page.text, "sure")
    done = editor.send(NEW, {**typed(hospital, **what), "sure": questions(page)})
    assert done.status_code == 303 and event_of(work, "avond").title == "Avond"


def test_a_confirmation_is_for_what_was_asked_only(editor, hospital, dump):
    before = dump()
    page = editor.send(NEW, typed(hospital, on=dates.today() - timedelta(days=1)))
    other = typed(hospital, on=dates.today() - timedelta(days=2))
    assert editor.send(NEW, {**other, "sure": questions(page)}).status_code == 422 and dump() == before


@pytest.mark.parametrize("ends", ["01:30", "23:00"])
def test_an_evening_and_a_night_are_saved_at_once_and_ask_nothing(editor, hospital, work, ends):
    page = editor.get(NEW)
    assert "Klopt dit?" not in page.text
    assert editor.send(NEW, typed(hospital, begins="22:00", ends=ends)).status_code == 303


@pytest.mark.parametrize("years", [-1, 1])
def test_a_year_typed_wrong_in_an_edit_is_asked_about(editor, hospital, dump, years):
    data = typed_in(editor.get(f"{DRAFT}/wijzigen").text)
    right = date.fromisoformat(data["days-0-on"])
    before = dump()
    page = editor.send(f"{DRAFT}/wijzigen", {**data, "days-0-on": (right + timedelta(days=365 * years)).isoformat()})
    assert page.status_code == 422 and questions(page) and dump() == before


def test_an_event_that_was_already_past_is_edited_without_a_question(client_of, hospital, frozen):
    frozen.move_to(hospital.events["draft"].starts_at + timedelta(days=3))
    editor = client_of(hospital.accounts["coordinator"])
    data = typed_in(editor.get(f"{DRAFT}/wijzigen").text)
    assert editor.send(f"{DRAFT}/wijzigen", {**data, "title": "Een andere titel"}).status_code == 303


def test_two_days_at_the_same_time_are_refused(editor, hospital, dump):
    before = dump()
    second = {"days-1-on": ON.isoformat(), "days-1-begins": "20:00", "days-1-ends": "22:00"}
    page = editor.send(NEW, typed(hospital, **second))
    assert page.status_code == 422 and dump() == before and "vallen samen" in html.said_at(page.text, "days")


def test_an_earlier_end_that_leaves_a_part_outside_is_refused_and_names_the_part(editor, hospital, work, dump):
    slot = {"kind": "plenary", "day": dates.today(hospital.events["draft"].starts_at).isoformat(), "title": "Napraten"}
    assert editor.send(f"{DRAFT}/programma/nieuw", {**slot, "begins": "20:30", "ends": "21:00"}).status_code == 303
    data, before = typed_in(editor.get(f"{DRAFT}/wijzigen").text), dump()
    page = editor.send(f"{DRAFT}/wijzigen", {**data, "days-0-ends": "20:00"})
    assert page.status_code == 422 and dump() == before
    assert "Napraten" in html.said_at(page.text, "days") and "20.30" in html.said_at(page.text, "days")
    assert typed_in(page.text)["days-0-ends"] == "20:00"


@pytest.mark.parametrize(
    ("begins", "ends", "said"),
    [("19:00", "18:00", "vóór het begin"), ("18:00", "18:00", "gelijk"), ("22:30", "23:00", "21.30 uur")],
)
def test_a_part_with_wrong_times_is_refused_with_the_reason(editor, hospital, dump, begins, ends, said):
    slot = {"kind": "plenary", "day": dates.today(hospital.events["draft"].starts_at).isoformat(), "title": "Napraten"}
    before = dump()
    page = editor.send(f"{DRAFT}/programma/nieuw", {**slot, "begins": begins, "ends": ends})
    assert page.status_code == 422 and dump() == before and said in html.said_at(page.text, "begins")


@pytest.mark.parametrize(("weekday", "name"), [(5, "een zaterdag"), (6, "een zondag"), (3, "")])
def test_a_day_in_the_weekend_is_saved_and_named(editor, hospital, weekday, name):
    on = ON + timedelta(days=(weekday - ON.weekday()) % 7)
    page = editor.get(editor.send(NEW, typed(hospital, on=on)).location)
    assert (f"is {name}." in page.text) if name else True
    assert "Bewaard." in page.text and ("Let op" in page.text) >= bool(name)


def test_a_night_stands_on_the_public_page_with_both_days(editor, hospital, work):
    assert editor.send(NEW, typed(hospital, begins="22:00", ends="01:30")).status_code == 303
    next_day = dates.format_date(ON + timedelta(days=1), year=False)
    text = unescape(editor.get("/bijeenkomsten/avond").text)
    assert f"22.00 – {next_day}, 01.30 uur" in text
