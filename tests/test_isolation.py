"""The fixtures themselves: what a test writes is not in the database of the next one."""

from datetime import date

import pytest
import sqlalchemy as sa

from schakel import dates
from schakel.identity.models import Sector
from tests import make

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_commits_is_not_in_the_next_one(work, turn):
    with work() as session:
        assert session.scalar(sa.select(sa.func.count(Sector.code))) == 0
        session.add(Sector(code="a", name="A", line="first"))
    with work() as session:
        assert session.scalar(sa.select(sa.func.count(Sector.code))) == 1


@pytest.mark.parametrize("turn", range(20))
def test_a_page_opens(client, turn):
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("state", list(make.VERBS))
def test_an_event_can_be_made_in_any_state(in_app, state):
    event = make.make_event(state=state, sessions=(5, None), room={"huisarts": 2})
    assert event.state == state and len(event.pools) == 3


def test_two_tenants_each_have_every_role(work):
    with work():
        first, second = make.two_tenants()
    assert set(first.people) == set(second.people) == set(make.ROLES) and len(make.ROLES) == 13


def test_a_signed_in_client_has_an_actor(work, client, client_of):
    with work():
        person = make.make_staff("coordinator", make.make_organisation())
    assert client.get("/vandaag").status_code == 302
    page = client_of(person).get("/vandaag")
    assert page.status_code == 200 and person.name in page.text
    assert client.get("/vandaag").status_code == 302


def test_a_form_with_its_token_is_accepted(work, client_of):
    with work():
        person = make.make_staff("coordinator", make.make_organisation())
    assert client_of(person).send("/uitloggen").status_code == 303


def test_statements_are_counted_and_listed(client, statements):
    with statements() as seen:
        client.get("/")
    assert seen
    with pytest.raises(AssertionError, match="promised"):
        seen.at_most(0)
    seen.at_most(20)


def test_a_relative_day_of_the_seeds_can_have_a_weekday():
    base = date(2026, 11, 24)  # a Tuesday
    assert dates.relative("+60", base) == date(2027, 1, 23)
    assert dates.relative("+60 do", base) == date(2027, 1, 28)
    assert dates.relative("+0 di", base) == base and dates.relative("-304 do", base) == date(2026, 1, 29)
    assert dates.relative("2021-10-26", base) == date(2021, 10, 26)


def test_a_dump_has_what_was_written_and_not_what_was_rolled_back(work, dump, undone):
    before = dump()
    assert dump() is before, "nothing was written, so nothing is read again"
    with undone():
        with work() as session:
            session.add(Sector(code="a", name="A", line="first"))
        written = dump()
        assert written != before and len(written["sector"]) == 1
        with work() as session:
            session.execute(sa.text("update sector set name = 'B'"))
        assert dump() != written
        written = dump()
    assert dump() == before
    with undone(), work() as session:
        session.execute(sa.delete(Sector))
        session.rollback()
    assert dump() == before
    with work() as session:
        session.add(Sector(code="a", name="B", line="first"))
    assert dump() == written, "a dump of rows that were rolled back is not used for the current ones"


def test_a_dump_leaves_out_the_tables_that_are_named(work, dump):
    before, all_of_it = dump("sector"), dump()
    with work() as session:
        session.add(Sector(code="a", name="A", line="first"))
    assert dump("sector") == before and "sector" not in before and dump() != all_of_it
