"""The director's page: exact figures, three clicks to the evidence, their own organisations only."""

import re
from datetime import timedelta

import pytest

from schakel import dates, db
from schakel.identity.models import Account
from schakel.lru import LruCache
from schakel.measures import service as measures
from schakel.measures.models import Measure
from schakel.measures.queries import Filters
from schakel.reports import queries
from tests import make_followup


@pytest.fixture
def hospital(work):
    with work():
        made = make_followup.make_hospital()
        for number in range(6):
            measure = make_followup.make_measure(
                made, title=f"Maatregel {number}", due_on=dates.today() + timedelta(days=40 + number)
            )
            if number:
                measures.assign(made.actor("medical_director"), measure, made.people["department_head"])
            if number > 3:
                measure.due_on = measure.due_sort = dates.today() - timedelta(days=number)
        make_followup.make_measure(make_followup.make_hospital("Ander"), title="Van een ander")
    return made


def test_the_figures_equal_a_recount(work, hospital):
    with work():
        place = queries.area_of(hospital.actor("medical_director"))
        figures, _ = queries.figures(place, Filters(state="all"), dates.today())
    assert figures.reached == (6, 5, 0, 0, 0, 0) and (figures.late, figures.undated, figures.urgent) == (2, 0, 2)


def test_the_director_sees_the_own_hospital_only(client_of, hospital):
    page = client_of(hospital.people["medical_director"]).get("/monitoring?staat=alle").text
    assert page.count("Maatregel ") >= 6 and "Van een ander" not in page


def test_the_text_of_a_measure_is_one_click_from_the_overview(client_of, hospital):
    client = client_of(hospital.people["medical_director"])
    address = re.search(r"/maatregelen/[0-9a-f]{12}", client.get("/monitoring").text).group()
    assert "OFFICIEEL" in client.get(address).text


@pytest.mark.parametrize("role", ["coordinator", "facilitator", "secretary", "department_head", "participant"])
def test_nobody_else_may_see_the_page(client_of, hospital, role):
    assert client_of(hospital.people[role]).get("/monitoring").status_code == 403


def test_the_page_takes_seven_statements_for_few_and_for_many_and_one_more_after_a_change(
    client_of, work, hospital, statements
):
    """Promise P7."""
    with work() as session:
        account = session.query(Account).filter_by(person_id=hospital.people["medical_director"].id).one()
        account.previous_visit_at = dates.now() - timedelta(days=7)
    client, costs = client_of(hospital.people["medical_director"]), []
    for _ in range(2):
        with statements() as after_a_change:
            client.get("/monitoring?staat=alle")
        with statements() as seen:
            client.get("/monitoring?staat=alle")
        costs.append((len(seen), len(after_a_change)))
        with work():
            for number in range(40):
                make_followup.make_measure(hospital, title=f"Nog een {number}")
    assert costs == [(7, 8), (7, 8)], costs


def test_figures_are_counted_again_when_a_measure_changed_and_after_a_minute(work, hospital, frozen):
    with work():
        place, director = queries.area_of(hospital.actor("medical_director")), hospital.actor("medical_director")
        cache = LruCache(queries.CACHE_SIZE)

        def late():
            return queries.figures(place, Filters(state="all"), dates.today(), cache)

        first, at = late()
        frozen.shift(timedelta(seconds=20))
        assert late() == (first, at)
        measure = db.session().query(Measure).filter_by(title="Maatregel 0").one()
        measures.assign(director, measure, hospital.people["department_head"])
        db.session().flush()
        again, then = late()
        assert again.reached[1] == first.reached[1] + 1 and then > at
        frozen.shift(timedelta(seconds=61))
        assert late()[1] > then


def test_filters_are_in_the_address_and_the_file_has_the_same_rows(client_of, hospital):
    client = client_of(hospital.people["medical_director"])
    page = client.get("/monitoring?staat=decided")
    assert page.text.count('<th scope="row"><a href="/maatregelen/') == 1
    file = client.get("/monitoring.csv?staat=decided").data.decode("utf-8-sig").strip().splitlines()
    assert len(file) == 2 and "Maatregel 0" in file[1]
