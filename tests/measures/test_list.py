"""The list of measures: filters and their combinations, the pages and the files, for both rings."""

from datetime import date, timedelta
from itertools import product

import pytest
import sqlalchemy as sa

from schakel import dates, db
from schakel.measures import rules
from schakel.measures.models import Measure
from tests import list_pages, make, make_followup

pytestmark = [pytest.mark.plants, pytest.mark.both_databases]  # states are written without the services


class Crowd:
    """Measures of one hospital over every state, cause, theme and date; every third one released."""

    def __init__(self, size: int = 80) -> None:
        self.hospital = make_followup.make_hospital()
        self.themes = [make.make_theme(f"lijst-{name}", name) for name in ("Wachttijd", "Bejegening")]
        self.rows: list[tuple] = []
        for number in range(size):
            state, cause = tuple(rules.STATES)[number % 10], tuple(rules.CAUSES)[number % 3]
            theme, due = (None, *self.themes)[number % 3], (None, -9, 4, 90)[number % 4]
            title = f"{'Bespreek' if number % 4 else '=Schrijf'} {number:03d}"
            made = make_followup.make_measure(
                self.hospital, title=title, cause_kind=cause, theme_ids=(theme.id,) if theme else ()
            )
            made.state, made.is_closed = state, state == "closed"
            made.due_on = dates.today() + timedelta(days=due) if due is not None else None
            made.due_sort = made.due_on or date(9999, 12, 31)
            if number % 3 == 0:
                made.released_at, made.working = dates.now(), "Werktekst."
            self.rows.append(
                (title, state, cause, theme.code if theme else "", made.due_sort, number % 3 == 0, made.number)
            )

    def expected(self, state: str, cause: str, theme: str, word: str, released: bool = False) -> set[str]:
        """Return the titles that match a choice of filters."""
        soon = dates.today() + timedelta(days=7)
        fits = {
            "": lambda row: row[1] != "closed", "alle": lambda row: True,
            "dringend": lambda row: row[1] in ("not_effective", "implemented", "checked")
            or (row[1] in ("decided", "assigned", "running") and (row[4] <= soon or row[4].year == 9999)),
        }.get(state, lambda row: row[1] == state)  # fmt: skip
        fitting = [
            row for row in self.rows if fits(row) and (not cause or row[2] == cause) and (not theme or row[3] == theme)
        ]
        return {row[0] for row in fitting if (row[5] or not released) and (word.lower() in row[0].lower() or row[6].startswith(word))}  # fmt: skip


class LargeCrowd(Crowd):
    """Two hundred measures, and how many of them are released."""

    def __init__(self) -> None:
        super().__init__(200)
        query = sa.select(sa.func.count(Measure.id)).where(Measure.released_at.is_not(None))
        self.released = db.session().scalar(query)


@pytest.fixture
def crowd(prepared):
    return prepared


CHOICES = [
    *product(("", "alle", "dringend"), ("", *tuple(rules.CAUSES)[:2]), ("", "lijst-Wachttijd"), ("", "bespreek"))
]
CHOICES += [(state, "", "", "") for state in rules.STATES] + [("alle", "", "", f"M-{dates.today().year}-00")]


@pytest.mark.prepared(by=Crowd)
@pytest.mark.parametrize(("role", "released"), [("medical_director", False), ("coordinator", True)])
def test_every_filter_and_every_pair_gives_the_matching_rows_on_screen_and_in_the_file(
    crowd, client_of, role, released
):
    client, sizes = client_of(crowd.hospital.people[role]), set()
    for state, cause, theme, word in CHOICES:
        query = f"staat={state}&aanleiding={cause}&thema={theme}&q={word}"
        seen = [title for page in list_pages.all_pages(client, f"/maatregelen?{query}") for title in page]
        wanted = crowd.expected(state, cause, theme, word, released)
        assert set(seen) == wanted and len(seen) == len(wanted), query
        file = list_pages.rows(client, f"/maatregelen/lijst.csv?{query}")
        assert [row["Maatregel of toezegging"].removeprefix("'") for row in file] == seen, query
        sizes.add(len(wanted))
    assert len(sizes) > 6


@pytest.mark.prepared(by=Crowd)
def test_the_pages_continue_in_order_and_every_cell_has_a_label(crowd, client_of):
    client = client_of(crowd.hospital.people["medical_director"])
    pages = list_pages.all_pages(client, "/maatregelen?staat=alle")
    assert [len(page) for page in pages] == [30, 30, 20]
    order = {row[0]: row[4] for row in crowd.rows}
    assert [order[title] for page in pages for title in page] == sorted(order.values())
    assert list_pages.bare_cells(client.get("/maatregelen?staat=alle").text) == []


@pytest.mark.prepared(by=Crowd)
def test_the_file_has_the_rows_of_the_screen_and_no_cell_is_a_formula(crowd, client_of):
    rows_in_file = list_pages.rows(
        client_of(crowd.hospital.people["medical_director"]), "/maatregelen/lijst.csv?staat=alle"
    )
    facts = {row[6]: (row[0], rules.WORKFLOW.label(row[1]), rules.CAUSES[row[2]], row[4]) for row in crowd.rows}
    for row in rows_in_file:
        title, state, cause, due = facts[row["Nummer"]]
        assert (row["Maatregel of toezegging"].removeprefix("'"), row["Staat"], row["Aanleiding"]) == (
            title,
            state,
            cause,
        )
        assert row["Klaar op"] == ("" if due.year == 9999 else due.isoformat())
        assert not [cell for cell in row.values() if cell[:1] in "=+-@" and cell]
    assert sum(row["Maatregel of toezegging"].startswith("'=") for row in rows_in_file) == 20


def test_an_empty_list_explains_what_it_will_contain_and_an_odd_address_gives_no_error(work, client_of):
    with work():
        hospital = make_followup.make_hospital()
    client = client_of(hospital.people["medical_director"])
    page = client.get("/maatregelen?q=nergens").text
    assert list_pages.table(page) is None and "Geen maatregelen" in page
    for odd in ("na=2026-13-45~1", "na=x", "na=~", "afdeling=-1", "afdeling=²", "thema='--", "q=%25_", "staat=x"):
        assert (
            client.get(f"/maatregelen?{odd}").status_code
            == 200
            == client.get(f"/maatregelen/lijst.csv?{odd}").status_code
        )


@pytest.mark.prepared(by=LargeCrowd)
def test_two_hundred_measures_take_thirty_a_page(crowd, client_of):
    for role, number in (("medical_director", 200), ("facilitator", crowd.released)):
        pages = list_pages.all_pages(client_of(crowd.hospital.people[role]), "/maatregelen?staat=alle")
        assert len({title for page in pages for title in page}) == number == sum(map(len, pages))
        assert {len(page) for page in pages[:-1]} == {30}


@pytest.mark.prepared(by=Crowd)
def test_a_title_is_found_by_plain_letters_and_words_in_any_order_also_after_it_changed(crowd, client_of, work):
    with work():
        measure = make_followup.make_measure(crowd.hospital, title="Eerst anders")
        measure = db.session().get(Measure, measure.id)
        measure.title = "Één lijst voor de Sørensen-route"
    client = client_of(crowd.hospital.people["medical_director"])
    for word in ("één lijst", "EEN LIJST", "lijst een", "Route Sorensen"):
        page = client.get("/maatregelen", query_string={"q": word})
        assert list_pages.titles(page.text) == ["Één lijst voor de Sørensen-route"], word


def test_the_file_says_how_late_a_measure_is_and_how_many_of_its_action_points_are_checked(work, client_of):
    with work():
        hospital = make_followup.make_hospital()
        measure = make_followup.make_measure(hospital, title="Te laat")
        measure.due_on = measure.due_sort = dates.today() - timedelta(days=9)
    client = client_of(hospital.people["medical_director"])
    for path in ("/maatregelen/lijst.csv", "/monitoring.csv"):
        (row,) = list_pages.rows(client, f"{path}?staat=te-laat")
        assert (row["Dagen te laat"], row["Actiepunten getoetst"], row["Actiepunten"], row["Effect"]) == (
            "9",
            "0",
            "0",
            "",
        )
