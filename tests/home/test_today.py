"""*Vandaag* and the weekly mail use one query."""

import re
from datetime import UTC, date, datetime, time, timedelta
from html import unescape

import pytest
import sqlalchemy as sa

from schakel import dates
from schakel.access import system
from schakel.actions import service as actions
from schakel.events import service as events
from schakel.home.today import jobs as today
from schakel.home.today import queries, rules
from schakel.identity.models import Account
from schakel.measures import service as measures
from schakel.notifications.models import Mail
from schakel.registrations.self_service import service as self_service
from tests import make_followup
from tests.registrations import make_registrations

MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@pytest.fixture
def hospital(in_app):
    return make_followup.make_hospital()


def crowded(hospital):
    """Items of every kind: late, to accept, to check, returned, and a measure without owner."""
    coordinator = hospital.people["coordinator"]
    late = make_followup.make_action(hospital, coordinator, title="Te laat", due_on=dates.today() + timedelta(days=1))
    actions.move(make_followup.by_link(late), late, "accept")
    late.due_on = late.due_sort = dates.today() - timedelta(days=3)
    make_followup.make_action(hospital, coordinator, title="Te aanvaarden")
    make_followup.done(hospital, make_followup.make_action(hospital, title="Te toetsen"))
    back = make_followup.make_action(hospital, title="Teruggegeven")
    actions.move(make_followup.by_link(back), back, "return", "Niet van mij.")
    make_followup.make_measure(hospital, title="Zonder eigenaar")


def test_each_role_sees_what_requires_their_action_in_order(in_app, hospital):
    crowded(hospital)
    listed = [(item.kind, item.title) for item in queries.work(hospital.actor("coordinator"), dates.today())]
    assert listed == [
        ("late", "Te laat"),
        ("accept", "Te aanvaarden"),
        ("check", "Te toetsen"),
        ("answer", "Teruggegeven"),
    ]
    director = queries.work(hospital.actor("medical_director"), dates.today())
    assert [(item.kind, item.title) for item in director] == [("answer", "Zonder eigenaar")]
    assert queries.work(hospital.actor("participant"), dates.today()) == []


def test_another_hospital_sees_nothing_of_it(in_app, hospital):
    crowded(hospital)
    other = make_followup.make_hospital("Ander")
    assert all(queries.work(other.actor(role), dates.today()) == [] for role in other.people)


TASK = re.compile(r'id="eerst" class="h-serif">([^<]+)<|<li class="task[^"]*">.*?<h3><a [^>]*>([^<]+)<', re.S)


@pytest.mark.parametrize("role", [role for role in make_followup.ROLES if role != "facilitator"])
def test_the_weekly_mail_has_the_items_of_the_page_in_the_same_order(client_of, work, role):
    with work() as session:
        hospital = make_followup.make_hospital()
        crowded(hospital)
        measure = make_followup.make_measure(hospital, title="Voor het hoofd", due_on=dates.today() + timedelta(days=2))
        measures.assign(hospital.actor("medical_director"), measure, hospital.people["department_head"])
        make_followup.make_measure(hospital, title="Toezegging", kind="commitment", cause_kind="investigation")
        make_followup.make_measure(hospital, title="Uit bemiddeling", cause_kind="mediation")
        person = hospital.people[role]
        account = session.scalars(sa.select(Account).where(Account.person_id == person.id)).one()
        assert today.digest_for(account)
    with work() as session:
        mail = session.scalars(sa.select(Mail).where(Mail.kind == "digest")).one()
        items = queries.needs(queries.work(hospital.actor(role), dates.today()))
        rows = [queries.list_row(item, dates.today()) for item in items]
        listed, subject = [tuple(fact) for fact in mail.content["facts"]], mail.subject
        assert listed == [(row.date_text, row.title, row.why) for row in rows] and listed
    page = client_of(person).get("/vandaag").text
    assert [unescape(first or other) for first, other in TASK.findall(page)] == [fact[1] for fact in listed]
    assert subject.split(": ")[1].split()[0] == str(len(listed))


def test_a_long_list_is_cut_in_the_mail_which_says_how_many_more_there_are(in_app, hospital):
    for number in range(30):
        make_followup.make_action(hospital, hospital.people["coordinator"], title=f"Punt {number:02d}")
    account = in_app.scalars(sa.select(Account).where(Account.person_id == hospital.people["coordinator"].id)).one()
    assert today.digest_for(account)
    mail = in_app.scalars(sa.select(Mail).where(Mail.kind == "digest")).one()
    assert len(mail.content["facts"]) == 25 and "En nog 5 andere" in mail.content["paragraphs"][-1]


def meeting(hospital, title, days, state="published"):
    day = events.Day(dates.today() + timedelta(days=days), time(19), time(21))
    return make_followup.make.make_event(hospital.organisation, state, title=title, days=(day,))


def test_a_coordinator_sees_which_meeting_is_near_and_which_is_over(in_app, hospital):
    meeting(hospital, "Bijna", 3, "draft")
    meeting(hospital, "Ver weg", 90, "draft")
    meeting(hospital, "Geweest", -3)
    listed = [(item.kind, item.title) for item in queries.work(hospital.actor("coordinator"), dates.today())]
    assert listed == [("week", "Bijna"), ("answer", "Geweest")]
    assert queries.work(hospital.actor("facilitator"), dates.today()) == []
    assert queries.work(make_followup.make_hospital("Ander").actor("coordinator"), dates.today()) == []


def test_a_coordinator_sees_how_many_signed_up_since_the_last_visit_and_never_who(in_app, hospital):
    hall = make_registrations.hall_of(meeting(hospital, "Avond", 30))
    since = dates.now() - timedelta(minutes=1)
    numbers = [make_registrations.register(hall, name) for name in ("Anna", "Bert", "Coba")]
    self_service.withdraw(make_registrations.holds_link(numbers[0]), make_registrations.row(numbers[0]))
    in_app.flush()
    news = queries.work(hospital.actor("coordinator"), dates.today(), since)
    assert [(item.title, item.why) for item in news] == [("Avond", "2 aanmeldingen erbij en één afmelding")]
    assert queries.work(hospital.actor("facilitator"), dates.today(), since) == []
    assert queries.work(hospital.actor("coordinator"), dates.today(), dates.now()) == []


def test_the_weekly_mail_is_sent_on_mondays_and_only_to_people_with_work(in_app, hospital, frozen):
    frozen.move_to(MONDAY)
    crowded(hospital)
    assert today.weekly_digest(system("daily")) == 2 + sum(
        bool(queries.work(hospital.actor(role), dates.today()))
        for role in ("quality_adviser", "board_secretary", "secretary", "facilitator", "department_head")
    )
    frozen.move_to(MONDAY + timedelta(days=1))
    assert today.weekly_digest(system("daily")) == 0


def test_the_page_displays_the_first_item_once_and_counts_it(client_of, work):
    with work():
        hospital = make_followup.make_hospital()
        crowded(hospital)
        person = hospital.people["coordinator"]
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
def test_a_day_is_described_by_its_distance(on, said):
    assert rules.distance(on, date(2026, 11, 22)) == said


def test_the_sentence_says_how_many_and_of_which_kind():
    said = "".join(text for text, _ in rules.sentence({"late": 2, "week": 3, "answer": 1}))
    assert said == "Zes dingen vragen u: twee te laat, drie deze week en één te beslissen."
    assert rules.sentence({}) == [("Niets vraagt u vandaag.", False)]
