"""*Vandaag* and the weekly mail are one query."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from schakel import dates
from schakel.access import system
from schakel.actions import service as actions
from schakel.home.today import queries, rules
from schakel.home.today import service as today
from schakel.identity.models import Account
from schakel.notifications.models import Mail
from tests import thread

MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@pytest.fixture
def house(in_app):
    return thread.make_house()


def crowded(house):
    """Something late, something to accept, something to check, something returned, a measure without owner."""
    coordinator = house.people["coordinator"]
    late = thread.make_action(house, coordinator, title="Te laat", due_on=dates.today() + timedelta(days=1))
    actions.move(thread.by_link(late), late, "accept")
    late.due_on = late.due_sort = dates.today() - timedelta(days=3)
    thread.make_action(house, coordinator, title="Te aanvaarden")
    thread.done(house, thread.make_action(house, title="Te toetsen"))
    back = thread.make_action(house, title="Teruggegeven")
    actions.move(thread.by_link(back), back, "return", "Niet van mij.")
    thread.make_measure(house, title="Zonder eigenaar")


def test_each_role_sees_what_asks_something_of_them_in_order(in_app, house):
    crowded(house)
    told = [(item.kind, item.title) for item in queries.work(house.actor("coordinator"), dates.today())]
    assert told == [
        ("late", "Te laat"),
        ("accept", "Te aanvaarden"),
        ("check", "Te toetsen"),
        ("answer", "Teruggegeven"),
    ]
    director = queries.work(house.actor("medical_director"), dates.today())
    assert [(item.kind, item.title) for item in director] == [("answer", "Zonder eigenaar")]
    assert queries.work(house.actor("participant"), dates.today()) == []


def test_another_house_sees_nothing_of_it(in_app, house):
    crowded(house)
    other = thread.make_house("Ander")
    assert all(queries.work(other.actor(role), dates.today()) == [] for role in other.people)


def test_the_weekly_mail_tells_the_same_things_in_the_same_order(in_app, house):
    crowded(house)
    account = in_app.scalars(sa.select(Account).where(Account.person_id == house.people["coordinator"].id)).one()
    assert today.digest_for(account)
    mail = in_app.scalars(sa.select(Mail).where(Mail.kind == "digest")).one()
    items = queries.needs(queries.work(house.actor("coordinator"), dates.today()))
    lines = [queries.shown(item, dates.today()) for item in items]
    in_app.flush()
    assert [tuple(fact) for fact in mail.content["facts"]] == [(line.date_text, line.title, line.why) for line in lines]
    assert mail.subject == "Vandaag in Schakel: 4 dingen vragen u"


def test_the_weekly_mail_goes_on_mondays_and_only_to_whom_something_asks(in_app, house, frozen):
    frozen.move_to(MONDAY)
    crowded(house)
    assert today.weekly_digest(system("daily")) == 2 + sum(
        bool(queries.work(house.actor(role), dates.today()))
        for role in ("quality_adviser", "board_secretary", "secretary", "facilitator", "department_head")
    )
    frozen.move_to(MONDAY + timedelta(days=1))
    assert today.weekly_digest(system("daily")) == 0


def test_the_page_shows_the_first_thing_once_and_counts_it(client_of, work):
    with work():
        house = thread.make_house()
        crowded(house)
        person = house.people["coordinator"]
    page = client_of(person).get("/vandaag").text
    assert "<strong>Vier dingen</strong>" in page and page.count("Te laat</h2>") == 1
    assert "Begin hier: 3 dagen te laat" in page


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (date(2026, 11, 22), "vandaag"),
        (date(2026, 11, 23), "over 1 dag"),
        (date(2026, 11, 20), "2 dagen te laat"),
        (None, ""),
    ],
)
def test_a_day_is_told_by_its_distance(on, said):
    assert rules.distance(on, date(2026, 11, 22)) == said


def test_the_sentence_says_how_many_and_of_which_sort():
    said = "".join(text for text, _ in rules.sentence({"late": 2, "week": 3, "answer": 1}))
    assert said == "Zes dingen vragen u: twee te laat, drie deze week en één te beslissen."
    assert rules.sentence({}) == [("Niets vraagt u vandaag.", False)]
