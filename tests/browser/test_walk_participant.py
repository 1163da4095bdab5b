"""A participant signs up, changes and withdraws, without account and JavaScript, in a real browser."""

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from schakel import db, settings
from schakel.jobs import service as jobs
from schakel.notifications import mailer
from tests import databases, demo_server, make
from tests.axe import good
from tests.browser.steps import walk
from tests.notifications import icalendar_reader
from tests.registrations import make_registrations
from tests.web_client import account_of


@dataclass
class Stage:
    """A demo with one event of one place, and its coordinator."""

    app: Flask
    base: str
    hall: make_registrations.Hall
    coordinator: str

    def minute(self) -> None:
        """Run the worker's jobs of each round and send the mails."""
        with self.app.app_context():
            jobs.round_of_work("proef")
            mailer.deliver("proef")
            db.end_transaction(False)


def set_the_stage(app: Flask) -> tuple[make_registrations.Hall, str]:
    """Make an organisation, its coordinator on the demo page, and an event with one place and two sessions."""
    with app.app_context():
        db.set_writing(True)
        organisation = make.make_organisation("Medisch Centrum Proef")
        person = make.make_staff("coordinator", organisation, "Cobie Coördinator")
        make.make_demo_person(account_of(person))
        event = make.make_event(
            organisation, room={None: 1}, sessions=(5, 5), title="Avond over verwijzen", mailbox="avond@example.org"
        )
        hall = make_registrations.hall_of(event, organisation)
        db.end_transaction(True)
        return hall, person.public_id


@pytest.fixture
def stage(database: Any, run_folder: Path, tmp_path: Path, monkeypatch: Any) -> Iterator[Stage]:
    """The demo, served by gunicorn."""
    kind, port = database, demo_server.free_port()
    url = kind.copy()
    app = databases.make_app(url, run_folder)
    monkeypatch.setitem(app.config, "DEMO", True)
    monkeypatch.setattr(settings, "undo", lambda: timedelta(0))
    hall, coordinator = set_the_stage(app)
    environment = demo_server.demo_environment(tmp_path, url) | {
        "SCHAKEL_SECRET_KEY": databases.SECRET, "SCHAKEL_KEYRING": str(run_folder / "keyring"),
        "SCHAKEL_BASE_URL": f"http://127.0.0.1:{port}",
    }  # fmt: skip
    serve = [
        str(demo_server.BIN / "gunicorn"),
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        "1",
        "--threads",
        "4",
        "--log-level",
    ]
    process = subprocess.Popen(
        [*serve, "critical", "--pythonpath", str(demo_server.ROOT), "wsgi:app"], cwd=tmp_path, env=environment
    )
    try:
        demo_server._wait(f"http://127.0.0.1:{port}", process)
        yield Stage(app, f"http://127.0.0.1:{port}", hall, coordinator)
        make_registrations.check(app)
    finally:
        process.terminate()
        process.wait(20)
        databases.let_go(app)
        kind.drop(url)


@pytest.fixture
def person_at(browser: Any, stage: Stage) -> Iterator[Callable[..., Any]]:
    """`person_at(javascript=False)` returns a page in a new browser."""
    contexts = []

    def sit(javascript: bool = False) -> Any:
        context = browser.new_context(base_url=stage.base, java_script_enabled=javascript, locale="nl-NL")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        return page

    yield sit
    for context in contexts:
        context.close()


def sign_up(page: Any, hall: make_registrations.Hall, name: str, email: str) -> None:
    page.goto(hall.path)
    page.locator(f'a[href$="{hall.path}/aanmelden"]').first.click()
    page.get_by_role("textbox", name="Naam").fill(name)
    page.get_by_role("textbox", name="E-mail").fill(email)
    page.get_by_role("textbox", name="Praktijk of afdeling").fill("De Verzonnen Terp")
    page.get_by_text("A. Sessie 1").click()
    page.get_by_role("button", name="Meld mij aan").click()


def newest_mail(page: Any, email: str) -> str:
    """Open the newest mail to an address in the demo's mailbox; return its subject."""
    page.goto(f"/postvak?q={email}")
    page.locator("tbody th a").first.click()
    return page.locator("h1").inner_text()


def invitation(page: Any) -> icalendar_reader.Part:
    """Return the calendar file attached to the open mail."""
    place = page.locator('a[href$=".ics"]').first.get_attribute("href")
    calendar = icalendar_reader.read(page.request.get(place).body())
    (event,) = [part for part in calendar.parts if part.name == "VEVENT"]
    event.lines.append(("METHOD-OF-FILE", {}, calendar.get("METHOD")))
    return event


def use_link(page: Any) -> None:
    page.get_by_role("link", name="Bekijk of wijzig uw aanmelding").first.click()
    assert page.url.endswith("/mijn-aanmelding"), page.url


def move_the_event(page: Any, stage: Stage) -> None:
    """Sign in as the coordinator through the demo page, choose another place, and confirm who gets a mail."""
    page.goto("/inloggen/demo")
    page.locator(f'button[name="person"][value="{stage.coordinator}"]').click()
    page.wait_for_url("**/vandaag")
    page.goto(f"{stage.hall.path}/wijzigen")
    page.locator('input[name="place_name"]').fill("Zalencentrum De Proef, Drachten")
    page.locator("main form button[type=submit]").last.click()
    page.get_by_label("krijgen een mail met wat er verandert").check()
    page.locator("main form button[type=submit]").last.click()
    assert "De Proef, Drachten" in page.locator("main").inner_text()


def has_what_was_typed(page: Any) -> None:
    """Send a wrong address: the error is displayed and the typed input is still there."""
    assert page.locator("main .errors").is_visible() and page.title().startswith("Fout: ")
    assert page.get_by_role("textbox", name="Naam").input_value() == "Tjitske Voorbeeldsma"
    assert page.get_by_role("textbox", name="E-mail").input_value() == "geen adres"
    assert page.get_by_role("radio", name="A. Sessie 1").is_checked()


@dataclass
class Way:
    """Two people who want the one place, the coordinator, and the invitations mailed to the first."""

    stage: Stage
    first: Any
    second: Any
    staff: Any
    invited: icalendar_reader.Part | None = None
    moved: icalendar_reader.Part | None = None


def a_wrong_address_gets_an_error_and_no_input_is_lost(way: Way) -> None:
    sign_up(way.first, way.stage.hall, "Tjitske Voorbeeldsma", "geen adres")
    has_what_was_typed(way.first)
    good(way.first)


def the_first_gets_the_place(way: Way) -> None:
    way.first.get_by_role("textbox", name="E-mail").fill("tjitske@praktijk.example.org")
    way.first.get_by_role("button", name="Meld mij aan").click()
    assert way.first.locator("h1").inner_text() == "U bent aangemeld"
    good(way.first)


def the_second_is_on_the_waiting_list(way: Way) -> None:
    sign_up(way.second, way.stage.hall, "Oane Fictiefstra", "oane@praktijk.example.org")
    assert way.second.locator("h1").inner_text() == "U staat op de wachtlijst"
    good(way.second)


def the_mail_has_a_calendar_entry_and_a_link(way: Way) -> None:
    assert newest_mail(way.first, "tjitske@praktijk") == "U bent aangemeld: Avond over verwijzen"
    way.invited = invitation(way.first)
    assert way.invited.get("METHOD-OF-FILE") == "REQUEST" and way.invited.get("SEQUENCE") == "0"
    use_link(way.first)
    good(way.first)


def the_link_changes_session_and_wishes(way: Way) -> None:
    way.first.get_by_role("link", name="Wijzig").click()
    good(way.first)
    way.first.get_by_text("B. Sessie 2").click()
    way.first.get_by_label("Dieet of iets anders").fill("Geen noten.")
    way.first.get_by_role("button", name="Bewaar").click()
    assert (
        "B. Sessie 2" in way.first.locator("main").inner_text()
        and "Geen noten." in way.first.locator("main").inner_text()
    )


def the_coordinator_moves_the_event_and_the_calendar_is_updated(way: Way) -> None:
    move_the_event(way.staff, way.stage)
    way.stage.minute()
    assert newest_mail(way.first, "tjitske@praktijk") == "Gewijzigd: Avond over verwijzen"
    way.moved = invitation(way.first)
    assert way.moved.get("UID") == way.invited.get("UID") and int(way.moved.get("SEQUENCE")) > int(
        way.invited.get("SEQUENCE")
    )
    assert way.moved.get("LOCATION").startswith("Zalencentrum De Proef, Drachten")
    assert way.moved.get("METHOD-OF-FILE") == "REQUEST"


def the_first_withdraws_and_the_entry_is_cancelled(way: Way) -> None:
    use_link(way.first)
    way.first.get_by_role("link", name="Meld mij af").click()
    good(way.first)
    way.first.get_by_role("button", name="Meld mij af").click()
    assert "Afgemeld" in way.first.locator("main").inner_text()
    good(way.first)
    assert newest_mail(way.first, "tjitske@praktijk") == "U bent afgemeld: Avond over verwijzen"
    gone = invitation(way.first)
    assert gone.get("METHOD-OF-FILE") == "CANCEL" and gone.get("UID") == way.invited.get("UID")
    assert int(gone.get("SEQUENCE")) > int(way.moved.get("SEQUENCE"))


def the_place_is_offered_to_the_next_person_who_accepts_it(way: Way) -> None:
    assert newest_mail(way.second, "oane@praktijk") == "Er is een plaats voor u: Avond over verwijzen"
    use_link(way.second)
    assert "Plaats aangeboden" in way.second.locator("main").inner_text()
    good(way.second)
    way.second.get_by_role("button", name="Ja, ik neem de plaats").click()
    assert "Aangemeld" in way.second.locator("main").inner_text()
    assert newest_mail(way.second, "oane@praktijk") == "U bent aangemeld: Avond over verwijzen"
    assert invitation(way.second).get("LOCATION").startswith("Zalencentrum De Proef")


STEPS = [
    a_wrong_address_gets_an_error_and_no_input_is_lost,
    the_first_gets_the_place,
    the_second_is_on_the_waiting_list,
    the_mail_has_a_calendar_entry_and_a_link,
    the_link_changes_session_and_wishes,
    the_coordinator_moves_the_event_and_the_calendar_is_updated,
    the_first_withdraws_and_the_entry_is_cancelled,
    the_place_is_offered_to_the_next_person_who_accepts_it,
]


def test_from_the_link_of_an_event_to_a_place_for_the_next_person(stage, person_at):
    walk(STEPS, Way(stage, person_at(), person_at(), person_at(javascript=True)))
