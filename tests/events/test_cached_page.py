"""The cached page of an event: it is never out of date, whatever changed."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from schakel import dates, db
from schakel.agreements import service as agreements
from schakel.events import service as events
from schakel.events.models import Event
from schakel.identity.models import Organisation
from schakel.lru import LruCache
from tests import make
from tests.concurrency import committing
from tests.web_client import make_client

SIGN_UP = "Meld u aan"


@pytest.fixture
def made(work):
    """A published event with places left, whose sign-up closes two days before it starts, and its address."""
    with work():
        organisation = make.make_organisation("Huis Zeldzaam")
        event = make.make_event(
            organisation, room={"huisarts": 5}, sessions=(5,), closes_days_before=2, mailbox="oud@example.org"
        )
    return event


def page_of(client, event) -> str:
    """Request the page twice and return it: the second response is cached and equals the first."""
    first, second = (client.get(f"/bijeenkomsten/{event.slug}") for _ in range(2))
    assert first.status_code == 200 and first.data == second.data
    return first.text


def offers(text: str) -> bool:
    """Whether a page offers places or signing up."""
    return SIGN_UP in text or "vrij" in text or 'id="plaatsen"' in text


@pytest.mark.parametrize("when", ["closes", "starts"])
def test_an_event_that_is_closed_or_has_begun_offers_no_places(client, made, frozen, when):
    last = dates.midnight(dates.local(made.starts_at).date() - timedelta(days=2))
    at = {"closes": last, "starts": made.starts_at}[when]
    frozen.move_to(last - timedelta(seconds=1))
    text = page_of(client, made)
    assert SIGN_UP in text and "5 van de 5 vrij" in text
    frozen.move_to(at)
    assert not offers(page_of(client, made))


def test_without_a_closing_day_places_are_offered_until_it_starts(client, work, frozen):
    with work():
        event = make.make_event(sessions=(5,))
    frozen.move_to(event.starts_at - timedelta(seconds=1))
    assert offers(page_of(client, event))
    frozen.move_to(event.starts_at)
    assert not offers(page_of(client, event))


def test_the_organiser_still_sees_the_places_after_signing_up_closed(client_of, work, frozen):
    with work():
        hospital = make.make_tenant("ORGANISEERT")
        event = make.make_event(hospital.organisation, closes_days_before=2)
    frozen.move_to(event.starts_at - timedelta(days=1))
    text = client_of(hospital.accounts["coordinator"]).get(f"/bijeenkomsten/{event.slug}").text
    assert 'id="plaatsen"' in text and SIGN_UP not in text


def test_a_new_name_of_an_organisation_is_on_the_page_at_once(client, work, made):
    assert "Huis Zeldzaam" in page_of(client, made)
    with work() as session:
        session.execute(sa.update(Organisation).where(Organisation.name == "Huis Zeldzaam").values(name="Huis Anders"))
    text = page_of(client, made)
    assert "Huis Anders" in text and "Huis Zeldzaam" not in text


def test_a_new_name_of_a_theme_is_on_the_page_at_once(client, work):
    with work():
        theme = make.make_theme(name="Wachttijd")
        event = make.make_event(theme_ids=(theme.id,))
    assert "Wachttijd" in page_of(client, event)
    with work() as session:
        session.merge(theme).name = "Bejegening"
    text = page_of(client, event)
    assert "Bejegening" in text and "Wachttijd" not in text


def test_a_new_contact_address_is_on_the_page_at_once(client, work, made):
    assert "oud@example.org" in page_of(client, made)
    with work() as session:
        session.execute(sa.update(Event).where(Event.id == made.id).values(mailbox="nieuw@example.org"))
    text = page_of(client, made)
    assert "nieuw@example.org" in text and "oud@example.org" not in text


def test_a_new_agenda_item_or_agreement_is_on_the_page_at_once(client, work, made):
    page_of(client, made)
    with work() as session:
        event = session.get(Event, made.id)
        make.make_item(event, title="Iets heel anders")
        agreements.add_to_event(make.ANY_ROLE, event, "We bellen dezelfde dag terug.", "2024", None)
    text = page_of(client, made)
    assert "Iets heel anders" in text and "We bellen dezelfde dag terug." in text
    with work() as session:
        event = session.get(Event, made.id)
        facts = make.make_facts(event.organisation, title="Een andere titel")
        events.edit(make.ANY_ROLE, event, facts, event.version)
    assert "Een andere titel" in page_of(client, made)


def test_the_url_prefix_of_one_visitor_is_not_on_the_page_of_another(client, made):
    """Security finding 5: a cached page depends on its key only."""
    path = f"/bijeenkomsten/{made.slug}"
    client.check_pages = False  # the page of the visitor who sent that prefix
    for root in ("//evil.test", "/elders", ""):
        poisoned = client.get(path, environ_overrides={"SCRIPT_NAME": root}, headers={"Host": "schakel.example.org"})
        assert poisoned.status_code in (200, 308, 400, 404)
    client.check_pages = True
    text = client.get(path).text
    assert "evil.test" not in text and "/elders" not in text


def test_addresses_in_the_calendar_of_an_event_begin_with_the_base_url(client, made):
    answer = client.get(f"/bijeenkomsten/{made.slug}/agenda.ics", environ_overrides={"SCRIPT_NAME": "//evil.test"})
    assert b"evil.test" not in answer.data


def test_the_cache_stays_bounded(app, client, made):
    cache = app.extensions["schakel.event_pages"]
    app.extensions["schakel.event_pages"] = small = LruCache(3)
    try:
        for number in range(8):
            client.get(f"/bijeenkomsten/{made.slug}", environ_overrides={"SCRIPT_NAME": f"/voor{number}"})
        assert len(small) == 3
    finally:
        app.extensions["schakel.event_pages"] = cache


def test_the_least_recently_used_page_is_dropped_first():
    cache = LruCache(2)
    cache.put("a", 1)
    cache.put("b", 2)
    assert cache.get("a") == 1
    cache.put("c", 3)
    assert (cache.get("a"), cache.get("b"), cache.get("c"), len(cache)) == (1, None, 3, 2)
    cache.clear()
    assert cache.get("a") is None and len(cache) == 0


def test_threads_share_a_cache_without_losing_count():
    cache = LruCache(5)

    def use(number: int) -> bool:
        for turn in range(2000):
            cache.put((number, turn), turn)
            if cache.get((number, turn)) not in (turn, None) or len(cache) > 5:
                return False
        return True

    with ThreadPoolExecutor(16) as threads:
        assert all(threads.map(use, range(16)))


PAIR = re.compile(r"Nummer (\d+)")


def test_sixteen_threads_never_get_a_page_of_two_versions(fresh_database):
    """Title, introduction and agenda change together; each page has them from one version, never an older one."""
    app = fresh_database
    with committing(app):
        event = make.make_event(title="Nummer 0", lead="Nummer 0", sessions=(5,))
        slot = event.items[0].id
    path, number, wrong = f"/bijeenkomsten/{event.slug}", event.id, []

    def edit(turn: int) -> None:
        with app.app_context():
            db.set_writing(True)
            row = db.session().get(Event, number)
            row.title = row.lead = f"Nummer {turn}"
            next(one for one in row.items if one.id == slot).title = f"Nummer {turn}"
            row.touch()
            db.end_transaction(True)
            db.set_writing(False)

    def read(_thread: int) -> None:
        client, last = make_client(app), 0
        client.check_pages = False
        for _ in range(12):
            answer = client.get(path)
            found = {int(one) for one in PAIR.findall(answer.text)}
            if answer.status_code != 200 or len(found) != 1 or min(found) < last:
                wrong.append((answer.status_code, found, last))
            last = max(found, default=last)

    with ThreadPoolExecutor(17) as threads:
        readers = [threads.submit(read, one) for one in range(16)]
        for turn in range(1, 15):
            edit(turn)
        for reader in readers:
            reader.result()
    assert not wrong, wrong[:5]
    assert set(PAIR.findall(make_client(app).get(path).text)) == {"14"}
