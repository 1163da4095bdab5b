"""The director's page: exact figures, three clicks to the proof, nobody else's house."""

import re
from datetime import timedelta

import pytest

from schakel import dates
from schakel.identity.models import Account
from schakel.measures import service as measures
from schakel.measures.queries import Filters
from schakel.reports import queries
from tests import thread


@pytest.fixture
def house(work):
    with work():
        made = thread.make_house()
        for number in range(6):
            measure = thread.make_measure(
                made, title=f"Maatregel {number}", due_on=dates.today() + timedelta(days=40 + number)
            )
            if number:
                measures.assign(made.actor("medical_director"), measure, made.people["department_head"])
            if number > 3:
                measure.due_on = measure.due_sort = dates.today() - timedelta(days=number)
        thread.make_measure(thread.make_house("Ander"), title="Van een ander")
    return made


def test_the_figures_equal_a_recount(work, house):
    with work():
        figures = queries.figures(house.actor("medical_director"), Filters(state="all"), dates.today())
    assert figures.reached == (6, 5, 0, 0, 0, 0) and (figures.late, figures.undated, figures.urgent) == (2, 0, 2)


def test_the_director_sees_the_own_house_only(client_of, house):
    page = client_of(house.people["medical_director"]).get("/monitoring?staat=alle").text
    assert page.count("Maatregel ") >= 6 and "Van een ander" not in page


def test_from_the_overview_to_the_text_of_a_measure_is_one_click(client_of, house):
    client = client_of(house.people["medical_director"])
    address = re.search(r"/maatregelen/[0-9a-f]{12}", client.get("/monitoring").text).group()
    assert "OFFICIEEL" in client.get(address).text


@pytest.mark.parametrize("role", ["coordinator", "facilitator", "secretary", "department_head", "participant"])
def test_nobody_else_gets_the_page(client_of, house, role):
    assert client_of(house.people[role]).get("/monitoring").status_code == 403


def test_the_page_takes_eight_statements_for_few_and_for_many(client_of, work, house, statements):
    """Promise P7."""
    with work() as session:
        account = session.query(Account).filter_by(person_id=house.people["medical_director"].id).one()
        account.previous_visit_at = dates.now() - timedelta(days=7)
    client, costs = client_of(house.people["medical_director"]), []
    for _ in range(2):
        client.get("/monitoring?staat=alle")
        with statements() as seen:
            client.get("/monitoring?staat=alle")
        costs.append(len(seen))
        with work():
            for number in range(40):
                thread.make_measure(house, title=f"Nog een {number}")
    assert costs == [8, 8]


def test_filters_stand_in_the_address_and_the_file_holds_the_same_rows(client_of, house):
    client = client_of(house.people["medical_director"])
    page = client.get("/monitoring?staat=decided")
    assert page.text.count('<th scope="row"><a href="/maatregelen/') == 1
    file = client.get("/monitoring.csv?staat=decided").data.decode("utf-8-sig").strip().splitlines()
    assert len(file) == 2 and "Maatregel 0" in file[1]
