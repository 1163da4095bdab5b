"""Hours and rooms of sessions, until when one can sign up, rounds at the same time, and the form of a patient day."""

from datetime import timedelta
from html import unescape

import pytest

from schakel import dates
from schakel.events import rules
from schakel.events.models import AgendaItem, EventSession
from schakel.registrations.models import Registration
from tests import html, mailbox, make
from tests.forms import typed_in
from tests.registrations import make_registrations

MINE = "/mijn-aanmelding"


def text_of(client, path: str) -> str:
    return unescape(html.bare(client.get(path).text))


@pytest.fixture
def tenant(work):
    with work():
        return make.one_tenant()


def put_round(editor, hall, title: str, begins: str, ends: str, room: str = "", of_session: str = "") -> None:
    """Add a round with one session by the coordinator's form."""
    day = dates.today(hall.starts_at).isoformat()
    data = {"kind": "round", "day": day, "begins": begins, "ends": ends, "title": title, "place": room}
    session = {"sessions-0-letter": title[-1], "sessions-0-title": f"Sessie {title}", "sessions-0-place": of_session}
    assert editor.send(f"{hall.path}/programma/nieuw", {**data, **session}).status_code == 303


@pytest.mark.parametrize(("room", "of_session", "expected"), [("Hal", "", "Hal"), ("Hal", "Zaal 7", "Zaal 7")])
def test_the_room_of_a_session_stands_wherever_the_session_stands(
    work, client, client_of, tenant, room, of_session, expected
):
    hall = make_registrations.make_hall(work, 5, organisation=tenant.organisation)
    editor = client_of(tenant.accounts["coordinator"])
    put_round(editor, hall, "Ronde A", "18:00", "19:00", room, of_session)
    for path in (hall.path, f"{hall.path}/programma", f"{hall.path}/aanmelden"):
        text = text_of(editor, path)
        assert expected in text and "Hal." not in text, path
    assert f"18.00 – 19.00 uur, {expected}" in text_of(client, f"{hall.path}/aanmelden")
    with work() as session:
        number = session.query(EventSession).filter_by(title="Sessie Ronde A").one().id
    hall.sessions["A"] = number
    with work():
        make_registrations.register(hall, "Eén Verzonnen", sessions="A")
    visitor = mailbox.follow(work, client, "Eén Verzonnen")
    assert f"A. Sessie Ronde A, 18.00 – 19.00 uur, {expected}" in unescape(visitor.get(MINE).text)


def test_rounds_at_the_same_time_are_named_to_the_coordinator_and_nobody_chooses_both(work, client, client_of, tenant):
    hall = make_registrations.make_hall(work, 5, organisation=tenant.organisation)
    editor = client_of(tenant.accounts["coordinator"])
    put_round(editor, hall, "Ronde A", "18:00", "19:00")
    put_round(editor, hall, "Ronde B", "18:30", "19:30")
    assert "Ronde A en Ronde B vallen samen." in text_of(editor, f"{hall.path}/programma")
    with work() as session:
        rounds = {item.title: item.id for item in session.query(AgendaItem).filter_by(event_id=hall.id)}
        ids = {one.letter: one.id for one in session.query(EventSession)}
    data = typed_in(client.get(f"{hall.path}/aanmelden").text) | {
        "name": "Eén Verzonnen",
        "email": "een@example.org",
        "organisation": "De Terp",
    }
    both = {f"round_{rounds['Ronde A']}": ids["A"], f"round_{rounds['Ronde B']}": ids["B"]}
    page = client.post(f"{hall.path}/aanmelden", data=data | both)
    assert page.status_code == 422 and "zijn tegelijk" in page.text
    one = {f"round_{rounds['Ronde A']}": ids["A"], f"round_{rounds['Ronde B']}": ""}
    assert client.post(f"{hall.path}/aanmelden", data=data | one).status_code == 303
    with work() as session:
        assert session.query(Registration).count() == 1


def test_until_when_one_can_sign_up_stands_everywhere_and_afterwards_since_when_it_is_closed(work, client, frozen):
    hall = make_registrations.make_hall(work, 5, closes_days_before=1)
    start = dates.today(hall.starts_at)
    until = f"Aanmelden kan tot en met {dates.format_date(start - timedelta(days=2), year=False)}."
    for path in (hall.path, f"{hall.path}/aanmelden", "/bijeenkomsten"):
        assert until in text_of(client, path), path
    frozen.move_to(dates.midnight(start - timedelta(days=1)))
    since = f"Aanmelden is gesloten sinds {dates.format_date(start - timedelta(days=1), year=False)}."
    for path in (hall.path, f"{hall.path}/aanmelden", "/bijeenkomsten"):
        text = text_of(client, path)
        assert since in text and "vrij" not in text and "Meld u aan" not in text, path


def test_the_last_day_is_the_day_before_an_event_that_closes_at_midnight():
    closes = dates.midnight(dates.relative("2027-06-16", dates.today()))
    starts = dates.midnight(dates.relative("2027-06-17", dates.today()))
    assert (
        rules.closing_text("professional", closes, starts, closes - timedelta(days=9))
        == "Aanmelden kan tot en met di 15 jun."
    )
    assert rules.closing_text("professional", closes, starts, closes) == "Aanmelden is gesloten sinds wo 16 jun."
    assert rules.closing_text("professional", None, starts, closes) == "Aanmelden kan tot het begin."
    assert not rules.closing_text("none", None, starts, closes)


def test_a_patient_day_with_places_per_profession_is_not_published_and_says_why(work, client_of, tenant):
    hall = make_registrations.make_hall(
        work, {"huisarts": 5}, state="draft", form="patient_day", kind="patient_day", organisation=tenant.organisation
    )
    page = client_of(tenant.accounts["coordinator"]).send(f"{hall.path}/publiceren")
    assert page.status_code == 422 and "plaatsen voor iedereen samen" in unescape(page.text)


def test_a_published_event_does_not_get_a_form_in_which_nobody_can_sign_up(work, client_of, tenant, dump):
    hall = make_registrations.make_hall(work, {"huisarts": 5}, organisation=tenant.organisation)
    editor, before = client_of(tenant.accounts["coordinator"]), dump()
    form = typed_in(editor.get(f"{hall.path}/wijzigen").text)
    page = editor.send(f"{hall.path}/wijzigen", {**form, "form": "patient_day"})
    assert page.status_code == 422 and "vraagt niet naar een beroep" in html.said_at(page.text, "form")
    assert dump() == before
    day = make_registrations.make_hall(
        work, 5, form="patient_day", kind="patient_day", organisation=tenant.organisation
    )
    form = typed_in(editor.get(f"{day.path}/plaatsen").text)
    page = editor.send(f"{day.path}/plaatsen", {**form, "rows-0-capacity": "5"})
    assert page.status_code == 422 and "vraagt niet naar een beroep" in html.said_at(page.text, "everybody")
