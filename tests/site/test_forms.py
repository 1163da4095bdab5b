"""Rules for every form: no citizen numbers, no invisible characters, only fields and rows of the page kit."""

import ast
import unicodedata

import pytest
from werkzeug.datastructures import MultiDict

from schakel import citizen_numbers, dates, pages
from tests import html, make, make_followup
from tests.source_tree import trees

BURGER = citizen_numbers.SENTENCE
TEXTS = (
    "Over patiënt 111222333.",
    "bsn 1112.22.333",
    "123-456-782",
    "111 222 333",
    "111\u00a0222\u00a0333",
    "１１１２２２３３３",
)
FINE = (
    "0612345678",
    "+31 612345683",
    "+31 (0)612345683",
    "KvK 012345672",
    "06-12345678",
    "+31 6 12345678",
    "BIG 19012345678",
    "058-2123456",
    "tafel 12 om 17.30",
    "123456789",
)


class Plain(pages.Form):
    """One field of each kind."""

    class Meta:
        csrf = False

    line = pages.text("Regel")
    story = pages.long_text("Verhaal")


def error_of(name: str, value: str) -> str:
    form = Plain(MultiDict({name: value}))
    form.validate()
    return " ".join(map(str, form[name].errors))


@pytest.mark.parametrize("name", ["line", "story"])
@pytest.mark.parametrize("value", TEXTS)
def test_a_citizen_number_is_refused_in_every_text(app, name, value):
    with app.test_request_context():
        assert error_of(name, value) == BURGER


@pytest.mark.parametrize("value", FINE)
def test_telephone_and_big_numbers_are_accepted(app, value):
    with app.test_request_context():
        assert error_of("line", value) == error_of("story", value) == ""


CONTROLS = sorted({*map(chr, (*range(32), *range(127, 160))), "\u2028", "\u2029"} - {"\n", "\r", "\t"})


def test_control_characters_and_unusual_line_ends_are_refused(app):
    seen = [sign for sign in map(chr, range(0x110000)) if unicodedata.category(sign) in ("Cc", "Zl", "Zp")]
    assert {*CONTROLS, "\n", "\r", "\t"} == {*seen}
    with app.test_request_context():
        let_in = [
            f"{name} {sign!r}" for sign in CONTROLS for name in ("line", "story") if not error_of(name, f"Av{sign}ond")
        ]
    assert not let_in


def free_texts(hospital, event, action, measure) -> dict[str, tuple[str, dict[str, str], list[str]]]:
    """Yield each form with its actor and its free texts."""
    soon, day = dates.today().isoformat(), dates.local(event.starts_at).date().isoformat()
    path, point, one = (
        f"/bijeenkomsten/{event.slug}",
        f"/actiepunten/{action.public_id}",
        f"/maatregelen/{measure.public_id}",
    )
    measured = {"kind": "measure", "cause_kind": "own_system", "cause_year": "2026", "decided_on": soon}
    measured |= {"organisation": str(hospital.organisation.id), "department": "", "strength": ""}
    facts = {"kind": "conference", "organisation_id": str(hospital.organisation.id), "form": "professional"}
    facts |= {"days-0-on": "2027-05-05", "days-0-begins": "17:00", "days-0-ends": "18:00", "closes_days_before": "0"}
    outside = {"owner": "", "owner_email": "x@example.org", "tier": "action", "session": ""}
    line = {"kind": "round", "day": day, "begins": "17:45", "ends": "18:00", "title": "Ronde"}
    return {
        "/bijeenkomsten/nieuw": ("coordinator", facts, ["title", "over", "lead", "about", "place_name", "place_detail", "accreditation"]),
        f"{path}/programma/nieuw": ("coordinator", line, ["title", "text", "place", "sessions-0-title", "sessions-0-text", "sessions-0-place"]),
        f"{path}/actiepunten/nieuw": ("coordinator", outside, ["title", "text", "owner_name"]),
        f"{point}/aannemen": ("facilitator", {}, ["text"]),
        f"{point}/onderbouwing": ("facilitator", {}, ["text", "url"]),
        f"{point}/datum": ("coordinator", {"due_on": soon}, ["text"]),
        "/maatregelen/nieuw": ("medical_director", measured, ["title", "official"]),
        f"{one}/werktekst": ("secretary", {}, ["text"]),
        f"{one}/datum": ("medical_director", {"due_on": soon}, ["text"]),
    }  # fmt: skip


def test_a_citizen_number_is_refused_at_its_field_on_every_form_and_not_stored(work, client_of, dump):
    with work():
        hospital = make_followup.make_hospital()
        event = make.make_event(hospital.organisation)
        action, measure = (
            make_followup.make_action(hospital, hospital.people["facilitator"]),
            make_followup.make_measure(hospital),
        )
        forms = free_texts(hospital, event, action, measure)
    before, let_in = dump(), []
    for path, (role, filled, names) in forms.items():
        client = client_of(hospital.people[role])
        numbered = {name: "https://x.nl/123456782" if name == "url" else "patiënt 123456782" for name in names}
        page = client.send(path, {**filled, **numbered})
        let_in += [f"{path} {name}" for name in names if BURGER not in html.said_at(page.text, name)]
        assert page.status_code == 422, path
    assert not let_in and dump() == before


def test_every_text_field_and_every_row_is_made_by_the_page_kit():
    """WTForms' own text fields refuse nothing, and its rows read any number of digits: only the package pages may make them."""
    kinds = {"TextAreaField", "FieldList", "Form"}
    loose = []
    for path, tree in trees():
        taken = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module in ("wtforms", "flask_wtf")
            for alias in node.names
        }
        if path.parent.name != "pages" and path.name != "sample_form.py":
            loose += [f"{path}: {name}" for name in taken & (kinds | {"FlaskForm"})]
            loose += [f"{path}: StringField"] if "StringField" in taken and path.parent.name != "identity" else []
    assert not loose


def test_a_tab_in_a_pasted_line_becomes_a_blank(app):
    with app.test_request_context():
        form = Plain(MultiDict({"line": "\tTjitske\tVoorbeeldsma\t"}))
        form.validate()
        assert not form.line.errors and form.line.data == "Tjitske Voorbeeldsma"
