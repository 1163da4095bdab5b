"""The pages of events for the public, a coordinator, a participant and another organisation."""

import re
import zlib
from datetime import time, timedelta

import pytest
from icalendar import Calendar

from schakel import dates
from schakel.events import service as events
from tests import make

TWO_DAYS = tuple(events.Day(dates.today() + timedelta(days=n), time(9), time(17)) for n in (40, 47))


@pytest.fixture
def hospital(work):
    with work():
        tenant = make.make_tenant("KANARIEA")
    return tenant


def many(work, number: int) -> None:
    with work():
        hospital = make.make_organisation("Huis van velen")
        themes = [make.make_theme() for _ in range(3)]
        for n in range(number):
            make.make_event(hospital, title=f"Avond {n}", theme_ids=tuple(theme.id for theme in themes))


@pytest.mark.parametrize("path", ["/bijeenkomsten", "/"])
def test_a_list_takes_as_many_statements_for_two_hundred_events_as_for_ten(client, work, statements, path):
    costs = []
    for number in (10, 190):
        many(work, number)
        with statements() as seen:
            assert client.get(path).status_code == 200
        seen.at_most(5)
        costs.append(len(seen))
    assert costs[0] == costs[1]


def test_a_cached_public_page_takes_one_statement_and_so_does_a_304(client, hospital, statements):
    address = "/bijeenkomsten/published-kanariea"
    with statements() as cold:
        first = client.get(address)
    cold.at_most(11)
    with statements() as warm:
        assert client.get(address).data == first.data
    warm.exactly(1)
    with statements() as same:
        assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    same.at_most(1)


def test_a_coordinators_page_takes_no_more_statements_for_a_long_agenda(client_of, work, hospital, statements):
    client, costs = client_of(hospital.accounts["coordinator"]), []
    with work():
        short = make.make_event(hospital.organisation, sessions=(5,)).slug
        long = make.make_event(hospital.organisation, sessions=(5,) * 12)
        for _ in range(6):
            make.make_round(long, (5,) * 12)
        long = long.slug
    for slug in (short, long):
        with statements() as seen:
            assert client.get(f"/bijeenkomsten/{slug}").status_code == 200
        costs.append(len(seen))
    assert costs == [12, 12]


def loaded_by(client, path: str) -> dict[str, bytes]:
    """Return a page and every file of this site that a browser loads with it, by address."""
    page = client.get(path)
    found = {
        address.partition("#")[0] for address in re.findall(r'(?:href|src)="(/(?:static|bootstrap)/[^"]+)"', page.text)
    }
    return {path: page.data, **{address: client.get(address).data for address in found}}


def test_the_first_page_of_an_event_is_small(client, work):
    """For a slow connection: the size of the page, and of everything a browser loads at its first visit."""
    with work():
        made = make.make_event(sessions=(20, 20, 20, 20), about="Een alinea zoals er meer zijn.\n\n" * 40)
        for _ in range(20):
            make.make_item(made)
    for path in (f"/bijeenkomsten/{made.slug}", f"/bijeenkomsten/{made.slug}/aanmelden"):
        parts = loaded_by(client, path)
        assert len(parts[path]) < 50_000 and len(zlib.compress(parts[path], 6)) < 10_000, path
        full = sum(len(zlib.compress(part, 6)) for part in parts.values())
        assert len(parts) >= 4 and full < 60_000, {name: len(zlib.compress(part, 6)) for name, part in parts.items()}


@pytest.mark.plants
def test_an_edit_is_on_the_public_page_at_once(client, client_of, hospital, work):
    address = "/bijeenkomsten/published-kanariea"
    before = client.get(address)
    with work() as session:
        event = session.merge(hospital.events["published"])
        event.pools[0].used = 100
    page = client.get(address, headers={"If-None-Match": before.headers["ETag"]})
    assert page.status_code == 200 and "vol" in page.text


def test_the_list_has_upcoming_and_past_events_and_no_draft(client, hospital):
    to_come, past = client.get("/bijeenkomsten").text, client.get("/bijeenkomsten?wanneer=geweest").text
    assert "title published KANARIEA" in to_come and "title held KANARIEA" not in to_come
    assert "title held KANARIEA" in past and "title published KANARIEA" not in past
    assert "title draft" not in to_come + past + client.get("/").text


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("soort=conference", True),
        ("soort=mdo", False),
        ("soort=onzin", True),
        ("organisatie=huis-kanariea", True),
        ("organisatie=ander", False),
        ("thema=ander", False),
    ],
)
def test_the_list_can_be_filtered(client, hospital, query, there):
    assert ("title published KANARIEA" in client.get(f"/bijeenkomsten?{query}").text) is there


def test_a_long_list_is_paged_and_every_event_is_on_exactly_one_page(client, work):
    import re

    many(work, 45)
    address, seen = "/bijeenkomsten", []
    for _ in range(5):
        page = client.get(address).text
        seen += re.findall(r"Avond \d+", re.sub(r"(?s)<title>.*?</title>", "", page))
        onward = re.search(r'href="(/bijeenkomsten\?na=[^"]*)"', page.split("</main>")[0].split('id="lijst"')[1])
        links = re.findall(r'href="([^"]*[?&;]na=[^"]*)"', page)
        if not links:
            break
        address = links[-1].replace("&amp;", "&")
        assert onward is None or onward
    assert len(seen) == len(set(seen)) == 45


def test_a_cancelled_event_says_so(client, work):
    with work():
        slug = make.make_event(state="cancelled").slug
    assert "gaat niet door" in client.get(f"/bijeenkomsten/{slug}").text.lower()


def test_what_is_internal_is_not_on_the_public_page(client, hospital):
    page = client.get("/bijeenkomsten/published-kanariea").text
    assert "chosen published" not in page and "@example.org" not in page


def test_a_script_in_any_text_is_displayed_and_not_run(client, work):
    nasty = "<img src=x onerror=alert(1)>\"'{{7*7}}"
    texts = {name: nasty for name in ("title", "over", "lead", "about", "place_name", "place_detail", "accreditation")}
    with work():
        slug = make.make_event(sessions=(3,), **texts).slug
    page = client.get(f"/bijeenkomsten/{slug}").text
    assert "<img src=x" not in page and "&lt;img src=x" in page and "49" not in page.split("<main")[1].split("</h1>")[0]


def calendar(client, slug: str) -> Calendar:
    answer = client.get(f"/bijeenkomsten/{slug}/agenda.ics")
    assert answer.status_code == 200 and answer.mimetype == "text/calendar"
    assert all(len(line) <= 75 for line in answer.data.split(b"\r\n")) and b"\n" not in answer.data.replace(
        b"\r\n", b""
    )
    return Calendar.from_ical(answer.data)


def test_the_calendar_file_has_one_entry_per_day_at_the_right_hour(client, work):
    with work():
        event = make.make_event(days=TWO_DAYS)
    entries = calendar(client, event.slug).walk("VEVENT")
    assert len(entries) == 2 and len({str(entry["uid"]) for entry in entries}) == 2
    assert [dates.local(entry.decoded("dtstart")).date() for entry in entries] == [day.on for day in TWO_DAYS]
    assert {f"{dates.local(entry.decoded('dtstart')):%H:%M}" for entry in entries} == {"09:00"}
    assert not any("attendee" in entry or "organizer" in entry for entry in entries)


def test_no_text_injects_a_line_into_a_calendar_file(client, work):
    nasty = "Avond\r\nATTENDEE:mailto:x@evil.test\nEND:VEVENT;,\\"
    with work():
        event = make.make_event(title=nasty, place_name=nasty)
    made = calendar(client, event.slug)
    (entry,) = made.walk("VEVENT")
    assert "attendee" not in entry and str(entry["summary"]).replace("\r\n", "\n") == nasty.replace("\r\n", "\n")
    assert str(entry["url"]).startswith("https://schakel.example.org/bijeenkomsten/")


def test_the_calendar_file_of_a_cancelled_event_says_so(client, work):
    with work():
        event = make.make_event(state="cancelled")
    (entry,) = calendar(client, event.slug).walk("VEVENT")
    assert entry["status"] == "CANCELLED" and entry["sequence"] == 1


def test_the_calendar_file_is_the_same_bytes_each_time(client, hospital):
    one, two = (client.get("/bijeenkomsten/published-kanariea/agenda.ics").data for _ in range(2))
    assert one == two


def test_a_foreign_host_header_is_on_no_page(client, hospital):
    for path in ("/", "/bijeenkomsten/published-kanariea", "/bijeenkomsten/published-kanariea/agenda.ics", "/vandaag"):
        answer = client.get(
            path, headers={"Host": "evil.test", "X-Forwarded-Host": "evil.test", "X-Forwarded-Proto": "http"}
        )
        assert "evil.test" not in answer.text + str(answer.headers)


@pytest.mark.parametrize(("state", "offers"), [("published", True), ("held", False), ("cancelled", False)])
def test_only_upcoming_events_offer_places(client, work, hospital, state, offers):
    with work():
        slug = make.make_event(hospital.organisation, state, sessions=(5, 5)).slug
    page = client.get(f"/bijeenkomsten/{slug}").text
    assert ("vrij" in page) is offers and ('id="plaatsen"' in page) is offers
