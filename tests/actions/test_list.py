"""The list of action points: each filter and their combinations, the pages, the files, with many rows and with none."""

from datetime import timedelta
from itertools import product

import pytest

from schakel import dates
from schakel.actions import rules
from tests import html, list_pages, make, make_followup

pytestmark = pytest.mark.both_databases

OPEN = ("proposed", "returned", "accepted", "running", "on_hold", "sent_back", "reported_done")
WHOSE = {"": lambda row, me: True, "van-mij": lambda row, me: row[2] == me, "door-mij": lambda row, me: row[3] == me}
DUES = (None, -9, 4, 90)


class Crowd:
    """Some 70 action points of one hospital and its seven events, over every state, owner, theme and date."""

    def __init__(self, size: int = 72) -> None:
        self.hospital = make_followup.make_hospital()
        self.themes = [make.make_theme(f"lijst-{name}", name) for name in ("Wachttijd", "Bejegening")]
        self.rows: list[tuple] = []
        people = self.hospital.people
        events = [make.make_event(self.hospital.organisation) for _ in range(7)]
        for number in range(size):
            state = tuple(rules.STATES)[number % 9]
            owner, asker = people["coordinator" if number % 5 == 0 else "facilitator"], people["coordinator" if number % 2 else "quality_adviser"]  # fmt: skip
            theme, due = (None, *self.themes)[number % 3], DUES[number % 4]
            title = f"{'Bel terug' if number % 4 else '=Schrijf op'} {number:03d}"
            made = make_followup.make_action(
                self.hospital, owner, events[number % 7], title=title, requester_id=asker.id, theme_id=theme.id if theme else None,
                due_on=dates.today() + timedelta(days=due) if due is not None else None,
            )  # fmt: skip
            made.state = state
            self.rows.append(
                (title, state, owner.id, asker.id, theme.code if theme else "", made.due_on, made.due_sort)
            )
        make_followup.make_action(make_followup.make_hospital("Ander"), title="Bel terug van een ander")

    def expected(self, me: int, whose: str, state: str, theme: str, word: str) -> set[str]:
        """Return the titles that match a choice of filters."""
        today = dates.today()
        fits = {
            "": lambda row: row[1] in OPEN, "alle": lambda row: True,
            "te-laat": lambda row: row[1] in OPEN and row[1] not in ("on_hold", "reported_done") and bool(row[5] and row[5] < today),
            "zonder-datum": lambda row: row[1] in OPEN and row[5] is None,
        }.get(state, lambda row: row[1] == state)  # fmt: skip
        fitting = [row for row in self.rows if fits(row) and WHOSE[whose](row, me)]
        return {row[0] for row in fitting if (not theme or row[4] == theme) and word.lower() in row[0].lower()}


def large_crowd() -> Crowd:
    return Crowd(200)


@pytest.fixture
def crowd(prepared):
    return prepared


@pytest.fixture
def editor(crowd, client_of):
    return client_of(crowd.hospital.people["coordinator"])


def address(whose: str, state: str, theme: str, word: str) -> str:
    return f"wie={whose}&staat={state}&thema={theme}&q={word}"


CHOICES = [*product(WHOSE, ("", "alle", "te-laat", "zonder-datum"), ("", "lijst-Wachttijd"), ("", "bel"))]
CHOICES += [("", state, "", "") for state in rules.STATES] + [("door-mij", "running", "lijst-Bejegening", "Bel TERUG")]


@pytest.mark.prepared(by=Crowd)
@pytest.mark.plants  # states are written without the services
def test_every_filter_and_every_pair_gives_the_matching_rows_on_screen_and_in_the_file(crowd, editor):
    me, sizes = crowd.hospital.people["coordinator"].id, set()
    for choice in CHOICES:
        wanted, query = crowd.expected(me, *choice), address(*choice)
        pages = list_pages.all_pages(editor, f"/actiepunten?{query}")
        seen = [title for page in pages for title in page]
        assert set(seen) == wanted and len(seen) == len(wanted), query
        file = [row["Actiepunt"].removeprefix("'") for row in list_pages.rows(editor, f"/actiepunten.csv?{query}")]
        assert file == seen, query
        sizes.add(len(wanted))
    assert {0} < sizes and len(sizes) > 8


@pytest.mark.prepared(by=Crowd)
@pytest.mark.plants
def test_the_pages_continue_in_order_of_the_date_with_undated_rows_last(crowd, editor):
    pages = list_pages.all_pages(editor, "/actiepunten?staat=alle")
    assert [len(page) for page in pages] == [30, 30, 12]
    order = {row[0]: row[6] for row in crowd.rows}
    seen = [order[title] for page in pages for title in page]
    assert seen == sorted(seen)


@pytest.mark.prepared(by=Crowd)
@pytest.mark.plants
def test_the_file_has_the_rows_of_the_screen_and_no_cell_is_a_formula(crowd, editor):
    rows_in_file = list_pages.rows(editor, "/actiepunten.csv?staat=alle")
    states = {row[0]: rules.WORKFLOW.label(row[1]) for row in crowd.rows}
    dues = {row[0]: row[5].isoformat() if row[5] else "" for row in crowd.rows}
    for row in rows_in_file:
        title = row["Actiepunt"].removeprefix("'")
        assert (row["Staat"], row["Klaar op"]) == (states[title], dues[title])
        assert not [cell for cell in row.values() if cell[:1] in "=+-@" and cell]
    assert sum(row["Actiepunt"].startswith("'=") for row in rows_in_file) == 18


@pytest.mark.prepared(by=Crowd)
@pytest.mark.plants
def test_every_cell_of_a_card_has_a_label(editor):
    assert list_pages.bare_cells(editor.get("/actiepunten?staat=alle").text) == []


@pytest.mark.prepared(by=Crowd)
@pytest.mark.plants
def test_an_active_filter_can_be_removed_and_is_selected_in_the_form(crowd, editor):
    page = editor.get("/actiepunten?wie=door-mij&staat=running&thema=lijst-Wachttijd&q=Bel").text
    for part in (
        'value="door-mij" selected',
        'value="running" selected',
        'value="lijst-Wachttijd" selected',
        'value="Bel"',
    ):
        assert part in page.replace('selected=""', "selected"), part
    assert "wie=door-mij&amp;thema=lijst-Wachttijd&amp;q=Bel" in page, "without the state"


def test_an_empty_list_explains_what_it_will_contain(work, client_of):
    with work():
        hospital = make_followup.make_hospital()
    page = client_of(hospital.people["coordinator"]).get("/actiepunten?q=nergens").text
    assert list_pages.table(page) is None and "Geen actiepunten" in page and "/actiepunten?staat=alle" in page


@pytest.mark.parametrize("odd", ["na=2026-13-45~1", "na=x", "na=2026-01-01~x", "na=~", "thema='--", "q=%25_", "wie=x"])
def test_an_odd_address_gives_no_error(work, client_of, odd):
    with work():
        hospital = make_followup.make_hospital()
        make_followup.make_action(hospital)
    client = client_of(hospital.people["coordinator"])
    assert client.get(f"/actiepunten?{odd}").status_code == client.get(f"/actiepunten.csv?{odd}").status_code == 200


@pytest.mark.prepared(by=large_crowd)
@pytest.mark.plants
@pytest.mark.parametrize("role", ["coordinator", "facilitator"])
def test_two_hundred_rows_take_thirty_a_page_for_directors_and_for_owners(crowd, client_of, role):
    client = client_of(crowd.hospital.people[role])
    pages = list_pages.all_pages(client, "/actiepunten?staat=alle")
    assert sum(map(len, pages)) == len({title for page in pages for title in page}) == 200
    assert {len(page) for page in pages[:-1]} == {30}


@pytest.mark.prepared(by=Crowd)
@pytest.mark.plants  # states are written without the services
def test_a_title_is_found_by_plain_letters_and_words_in_any_order(crowd, editor, work):
    with work():
        owner = crowd.hospital.people["facilitator"]
        make_followup.make_action(crowd.hospital, owner, title="Één lijst voor de Sørensen-route")
    for word in ("één lijst", "EEN LIJST", "lijst een", "sorensen route", "Route Sorensen"):
        assert list_pages.titles(editor.get("/actiepunten", query_string={"q": word}).text) == [
            "Één lijst voor de Sørensen-route"
        ], word


@pytest.mark.prepared(by=large_crowd)
@pytest.mark.plants  # states are written without the services
def test_from_an_item_the_breadcrumb_leads_back_to_the_list_with_its_filters_and_place(crowd, editor):
    first = editor.get("/actiepunten?staat=alle&q=bel").text
    later = next(one.get("href") for one in html.quick_tree_of(first).iter("a") if one.get("rel") == "next")
    for path in ("/actiepunten?staat=alle&q=bel", later):
        listed = editor.get(path).text
        item = next(one.get("href") for one in list_pages.table(listed).iter("a"))
        crumb = crumbs(editor.get(item).text)[0]
        assert list_pages.titles(editor.get(crumb).text) == list_pages.titles(listed), path


def crumbs(text: str) -> list[str]:
    """Return the addresses of the breadcrumbs."""
    return [one.get("href") for place in html.quick_tree_of(text).iter("ol") if place.get("class") == "crumb" for one in place.iter("a")]  # fmt: skip


@pytest.mark.prepared(by=Crowd)
@pytest.mark.plants  # states are written without the services
@pytest.mark.parametrize("back", ["https://kwaad.example.net/", "//kwaad.example.net/actiepunten", "/uitloggen", "javascript:alert(1)", "/beheer", "/actiepunten/../x", ""])  # fmt: skip
def test_a_breadcrumb_leads_to_no_other_site_or_page(crowd, editor, back):
    item = next(one.get("href") for one in list_pages.table(editor.get("/actiepunten").text).iter("a"))
    assert item.count("?") == 0
    assert crumbs(editor.get(item, query_string={"terug": back}).text) == ["/actiepunten"]
