"""Two coordinators edit one event: the second sees both texts, nothing is overwritten, nobody gets an error page."""

import html
import time
from dataclasses import replace
from datetime import time as clock

import pytest
import sqlalchemy as sa

from schakel import dates, db, errors
from schakel.events import service as events
from schakel.events.models import AgendaItem, Event
from tests import make
from tests.concurrency import together
from tests.events.stored_event import event_of
from tests.forms import typed_in

pytestmark = pytest.mark.both_databases

PATH = "/bijeenkomsten/draft-kanariea"


@pytest.fixture
def hospital(work):
    with work():
        tenant = make.make_tenant("KANARIEA")
        for code in ("huisarts", "psychiater"):
            make.make_profession(code)
        tenant.colleague = make.make_staff("coordinator", tenant.organisation, "Collega")
    return tenant


@pytest.fixture
def two(hospital, client_of):
    return client_of(hospital.accounts["coordinator"]), client_of(hospital.colleague)


def sent(page, **typed: str) -> dict[str, str]:
    """Return what the form on a page sends, with some fields changed."""
    return {**{name: value for name, value in typed_in(page.text).items() if name != "csrf_token"}, **typed}


def agenda_item(work) -> AgendaItem:
    found = event_of(work, "draft-kanariea").items[0]
    with work() as session:
        found = session.merge(found)
        _ = [(one.letter, one.title) for one in found.sessions]
    return found


def test_the_second_writer_of_an_agenda_item_sees_both_texts_and_no_input_is_lost(two, hospital, work):
    first, second = two
    path = f"{PATH}/programma/{hospital.items['draft']}"
    early, late = first.get(path), second.get(path)
    theirs = {"kind": "round", "title": "Ronde van de ander", "sessions-0-letter": "A", "sessions-0-title": "Ouderen"}
    assert first.send(path, sent(early, **theirs)).status_code == 303
    mine = {
        "title": "Mijn <b>welkom</b>",
        "place": "Zaal 3",
        "sessions-0-title": "Wachttijd",
        "sessions-0-capacity": "12",
    }
    page = second.send(path, sent(late, **mine))
    text = html.unescape(page.text)
    assert page.status_code == 409 and "Iemand anders was u voor" in text
    for visible in (
        "Ronde van de ander",
        "A. Ouderen",
        "Ronde met sessies tegelijk",
        "Mijn <b>welkom</b>",
        "Wachttijd, 12 plaatsen",
    ):
        assert visible in text, visible
    assert agenda_item(work).title == "Ronde van de ander"
    assert [one.title for one in agenda_item(work).sessions] == ["Ouderen"]
    again = typed_in(page.text)
    assert again["version"] == str(agenda_item(work).version) and again["title"] == mine["title"]
    assert (again["place"], again["sessions-0-title"], again["sessions-0-capacity"]) == ("Zaal 3", "Wachttijd", "12")
    assert second.post(path, data=again).status_code == 303
    assert (agenda_item(work).title, agenda_item(work).place) == (mine["title"], "Zaal 3")


def test_the_second_writer_of_the_capacity_sees_both_numbers_and_no_input_is_lost(two, hospital, work):
    first, second = two
    path = f"{PATH}/plaatsen"
    early, late = first.get(path), second.get(path)
    number = {
        typed_in(early.text)[name]: name.removesuffix("code") + "capacity"
        for name in typed_in(early.text)
        if name.endswith("-code")
    }
    assert first.send(path, sent(early, everybody="", **{number["huisarts"]: "25"})).status_code == 303
    page = second.send(path, sent(late, everybody="", **{number["huisarts"]: "30", number["psychiater"]: "5"}))
    text = html.unescape(page.text)
    assert page.status_code == 409 and ">25<" in text and "Iemand anders was u voor" in text
    again = typed_in(page.text)
    assert (again[number["huisarts"]], again[number["psychiater"]]) == ("30", "5")
    assert {pool.profession_code: pool.capacity for pool in event_of(work, "draft-kanariea").pools} == {"huisarts": 25}
    assert second.post(path, data=again).status_code == 303
    pools = event_of(work, "draft-kanariea").pools
    assert {pool.profession_code: pool.capacity for pool in pools} == {"huisarts": 30, "psychiater": 5}


def test_two_who_change_different_agenda_items_have_no_conflict(two, hospital, work):
    first, second = two
    page = second.get(f"{PATH}/programma/{hospital.items['draft']}")
    new = sent(first.get(f"{PATH}/programma/nieuw"), title="Pauze", kind="break", ends="18:30")
    assert first.send(f"{PATH}/programma/nieuw", new).status_code == 303
    assert second.send(f"{PATH}/programma/{hospital.items['draft']}", sent(page, title="Ontvangst")).status_code == 303
    assert sorted(one.title for one in event_of(work, "draft-kanariea").items) == ["Ontvangst", "Pauze"]


def test_an_agenda_item_that_moved_with_its_event_is_displayed_before_it_is_overwritten(two, hospital, work):
    first, second = two
    path = f"{PATH}/programma/{hospital.items['draft']}"
    late = second.get(path)
    facts = sent(first.get(f"{PATH}/wijzigen"), **{"days-0-begins": "18:00"})
    assert first.send(f"{PATH}/wijzigen", facts).status_code == 303
    page = second.send(path, sent(late, title="Ontvangst"))
    assert page.status_code == 409 and "18.00" in page.text


@pytest.mark.parametrize("version", ["", "x", "0", "-1", "9999999999999"])
def test_an_agenda_item_or_capacity_without_a_valid_version_changes_nothing(two, hospital, dump, version):
    first, _ = two
    before = dump()
    for path in (f"{PATH}/programma/{hospital.items['draft']}", f"{PATH}/plaatsen"):
        page = first.send(path, sent(first.get(path), version=version, title="Anders", everybody="7"))
        assert page.status_code == 409, path
    assert dump() == before


# At the same time


def test_two_simultaneous_drafts_with_the_same_title_are_both_made(fresh_database):
    app = fresh_database
    with app.app_context():
        db.set_writing(True)
        hospital = make.make_organisation("Huis")
        facts, actor = make.make_facts(hospital), make.coordinator_of(hospital)
        db.end_transaction(True)
    made = together(app, lambda _number: events.create(actor, facts).slug, range(8), 8)
    stem = "avond-over-bereikbaarheid"
    assert sorted(made) == sorted([stem, *(f"{stem}-{number}" for number in range(2, 9))])


@pytest.fixture
def raced(fresh_database, monkeypatch):
    """A published event, and `race(*works)`, which runs all at the same time and returns the outcome of each."""
    app = fresh_database
    with app.app_context():
        db.set_writing(True)
        event = make.make_event(days=(events.Day(dates.today(), clock(0), clock(1)),))
        number, facts, version = event.id, make.make_facts(event.organisation), event.version
        db.end_transaction(True)

    def slowly(real):
        def checked(*args):
            time.sleep(0.2)
            return real(*args)

        return checked

    monkeypatch.setattr(events, "_require_move", slowly(events._require_move))
    monkeypatch.setattr(events, "_check", slowly(events._check))

    def race(*works):
        def one(work):
            try:
                work(db.session().get(Event, number))
                return "done"
            except (errors.Refused, errors.Stale) as no:
                return type(no).__name__

        return together(app, one, works, len(works))

    race.app, race.number, race.facts, race.version = app, number, facts, version
    return race


def test_of_two_who_end_an_event_at_the_same_time_one_succeeds(raced):
    outcomes = raced(
        lambda event: events.move(make.ANY_ROLE, event, "cancel", "De spreker is ziek."),
        lambda event: events.move(make.ANY_ROLE, event, "hold"),
    )
    assert sorted(outcomes) == ["Refused", "done"]
    with raced.app.app_context():
        event = db.session().get(Event, raced.number)
        assert (event.state, event.sequence) in {("cancelled", 1), ("held", 0)}


def test_of_two_who_edit_one_version_at_the_same_time_one_succeeds(raced):
    outcomes = raced(
        *(
            lambda event, lead=lead: events.edit(make.ANY_ROLE, event, replace(raced.facts, lead=lead), raced.version)
            for lead in ("Een.", "Twee.")
        )
    )
    assert sorted(outcomes) == ["Stale", "done"]
    with raced.app.app_context():
        assert db.session().scalar(sa.select(Event.version).where(Event.id == raced.number)) == raced.version + 1


def test_an_edit_of_an_event_that_is_cancelled_at_the_same_time_is_refused(raced):
    outcomes = raced(
        lambda event: events.move(make.ANY_ROLE, event, "cancel", "De spreker is ziek."),
        lambda event: events.edit(make.ANY_ROLE, event, raced.facts, raced.version),
    )
    assert outcomes in (["done", "Stale"], ["done", "done"]), outcomes
    with raced.app.app_context():
        event = db.session().get(Event, raced.number)
        assert event.state == "cancelled" and event.version == raced.version + outcomes.count("done")
