"""Rows of days, sessions and places: every error is Dutch and at its own row, and no row breaks the page."""

import re
from datetime import timedelta
from html import unescape

import pytest

from schakel import dates
from tests import forms, html, make

ON = (dates.today() + timedelta(days=60)).isoformat()
ENGLISH = re.compile(r"\b(Not a valid|This field|Invalid|is required)\b")
EDIT = {"kind": "conference", "title": "Avond", "form": "professional", "about": "Alles wat ik al had getypt."}
EDITOR = "/bijeenkomsten/draft-kanariea"


def tenant() -> make.Tenant:
    made = make.one_tenant()
    for code in ("huisarts", "apotheker"):
        make.make_profession(code)
    return made


pytestmark = pytest.mark.prepared(by=tenant)


def typed(hospital, **more) -> dict:
    return {**EDIT, "organisation_id": hospital.organisation.id, **more}


def item_data(hospital, **more) -> dict:
    day = dates.local(hospital.events["draft"].starts_at).date().isoformat()
    return {"kind": "round", "day": day, "begins": "18:00", "ends": "19:00", "title": "Ronde", **more}


def summary(page) -> str:
    return unescape(page.text.split('class="errors"')[1].split("</ul>")[0])


@pytest.mark.parametrize("days", [{}, {"days-0-on": ""}, {"days-0-on": "", "days-0-begins": ""}], ids=str)
@pytest.mark.parametrize("path", ["/bijeenkomsten/nieuw", f"{EDITOR}/wijzigen"])
def test_an_event_without_a_day_gets_an_error_above_the_form_and_at_the_days(editor, hospital, dump, path, days):
    before = dump()
    page = editor.send(path, typed(hospital, **days))
    assert page.status_code == 422 and dump() == before
    assert 'href="#days-0-on"' in summary(page) and "Geef ten minste één dag op." in summary(page)
    assert html.said_at(page.text, "days") == "Geef ten minste één dag op."
    assert EDIT["about"] in page.text and page.text.count("Geef ten minste één dag op.") == 2


def test_a_day_that_is_no_date_gets_only_that_error(editor, hospital):
    page = editor.send("/bijeenkomsten/nieuw", typed(hospital, **{"days-0-on": "31-02-2027"}))
    assert page.status_code == 422 and "Geef ten minste" not in page.text and not ENGLISH.search(page.text)
    assert html.said_at(page.text, "days-0-on") == "Ongeldige datum."


@pytest.mark.parametrize("on", ["9999-12-31", "2101-01-01", "1999-12-31", "0001-01-01"])
def test_a_day_too_far_away_is_refused_at_its_field_on_every_form_of_an_event(editor, hospital, dump, on):
    before = dump()
    night = {"days-0-on": on, "days-0-begins": "23:00", "days-0-ends": "01:00"}
    for path in ("/bijeenkomsten/nieuw", f"{EDITOR}/wijzigen"):
        page = editor.send(path, typed(hospital, **night))
        assert page.status_code == 422 and html.said_at(page.text, "days-0-on") == "Deze datum ligt te ver weg."
    slot = item_data(hospital, day=on, begins="23:00", ends="01:00")
    for path in ("nieuw", hospital.items["draft"]):
        page = editor.send(f"{EDITOR}/programma/{path}", slot)
        assert page.status_code == 422 and html.said_at(page.text, "day") == "Deze datum ligt te ver weg."
    assert dump() == before


WRONG_ROWS = [
    ("wijzigen", "days-0-on", "morgen"), ("wijzigen", "days-0-begins", "25:99"), ("wijzigen", "days-0-ends", "x"),
    ("programma/nieuw", "sessions-0-capacity", "veel"), ("programma/nieuw", "sessions-0-capacity", "-1"),
    ("programma/nieuw", "sessions-2-title", "x" * 201), ("programma/nieuw", "sessions-1-letter", "lang!"),
    ("plaatsen", "rows-1-capacity", "veel"), ("plaatsen", "rows-1-capacity", "-1"), ("plaatsen", "rows-0-capacity", "1.5"),
]  # fmt: skip


@pytest.mark.parametrize(("where", "name", "value"), WRONG_ROWS, ids=lambda value: value[:20])
def test_an_error_in_a_row_is_in_dutch_at_that_row_and_no_input_is_lost(editor, hospital, dump, where, name, value):
    before = dump()
    day = {"days-0-on": ON, "days-0-begins": "17:00", "days-0-ends": "18:00"}
    full = {
        "wijzigen": typed(hospital, **day),
        "programma/nieuw": item_data(hospital, **{f"sessions-{n}-title": f"Sessie {n}" for n in range(3)}),
        "plaatsen": {"everybody": "40", "rows-0-code": "apotheker", "rows-0-capacity": "7", "rows-1-code": "huisarts",
                     "rows-1-capacity": "25"},
    }[where]  # fmt: skip
    sent = {**full, name: value}
    page = editor.send(f"{EDITOR}/{where}", sent)
    assert page.status_code == 422 and dump() == before
    sentence = html.said_at(page.text, name)
    assert sentence and not ENGLISH.search(page.text) and f'href="#{name}"' in summary(page)
    assert page.text.count('class="error"') == 1
    again = forms.typed_in(page.text)
    assert {key: again.get(key) for key in sent} == {key: str(text) for key, text in sent.items()}


def test_the_error_about_a_wrong_number_of_places_names_the_profession(editor, hospital):
    page = editor.send(f"{EDITOR}/plaatsen", {"rows-0-code": "apotheker", "rows-0-capacity": "veel"})
    assert "Apotheker: Ongeldig getal." in summary(page)


@pytest.mark.parametrize("number", ["0", "7"])
@pytest.mark.parametrize(
    ("where", "name"),
    [("wijzigen", "days-{}-on"), ("programma/nieuw", "sessions-{}-title"), ("plaatsen", "rows-{}-capacity")],
)
def test_a_field_of_a_row_sent_twice_is_refused(editor, hospital, dump, where, name, number):
    before = dump()
    base = {
        "wijzigen": typed(hospital),
        "programma/nieuw": item_data(hospital),
        "plaatsen": {f"rows-{number}-code": "huisarts"},
    }
    value = {"wijzigen": ON, "programma/nieuw": "Een", "plaatsen": "5"}[where]
    page = editor.send(f"{EDITOR}/{where}", {**base[where], name.format(number): [value, value]})
    assert page.status_code == 422 and dump() == before
    assert "twee keer" in html.said_at(page.text, name.format(0))


def test_a_profession_in_two_rows_is_refused(editor, hospital, dump):
    before = dump()
    rows = {f"rows-{n}-{name}": value for n in (0, 1) for name, value in (("code", "huisarts"), ("capacity", "5"))}
    page = editor.send(f"{EDITOR}/plaatsen", rows)
    assert page.status_code == 422 and "Een beroep kwam twee keer binnen." in summary(page) and dump() == before


NO_ROW = ["²", "٣", "9" * 5000, "1234", "-1", "x", "", " 1", "0x1", "1e1"]


@pytest.mark.parametrize("number", NO_ROW, ids=lambda number: repr(number[:6]))
@pytest.mark.parametrize(
    ("path", "name"),
    [("/bijeenkomsten/nieuw", "days-{}-on"), (f"{EDITOR}/wijzigen", "days-{}-on"), (f"{EDITOR}/plaatsen", "rows-{}-code"),
     (f"{EDITOR}/programma/nieuw", "sessions-{}-title")],
)  # fmt: skip
def test_a_row_with_an_impossible_number_is_ignored(editor, hospital, path, name, number):
    assert editor.send(path, {name.format(number): "x", "version": "-1"}).status_code in (303, 409, 422)
