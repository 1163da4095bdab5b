"""The stories as loaded: exact facts, the promises of the board, everything through the services, no real name."""

import hashlib
import re
import subprocess
from collections import Counter
from datetime import date, time
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml
from flask import current_app

from schakel import dates, db, spans
from schakel.audit import service as audit
from schakel.cli import seeds
from schakel.cli.seed_world import in_office_hours, planned
from schakel.events.models import AgendaItem, Event, EventDay, EventSession, EventStep
from schakel.home.models import DemoPerson
from schakel.identity.models import Account, Organisation, Person, RoleGrant
from schakel.measures.models import Measure
from schakel.notifications.models import Mail
from schakel.programmes.models import Story
from schakel.registrations.models import Registration
from schakel.reports.loops.queries import faults
from tests import databases, make

ROOT = Path(__file__).resolve().parents[2]
FIRST_EVENING = {
    "huisarts": 34, "doktersassistent": 21, "medisch-specialist": 26, "poli-assistent": 14, "leidinggevende": 10,
}  # fmt: skip
# Lower-cased names from the source texts, as SHA-256: the project contains no real name, not here either.
NAMES = {
    "5b557eb201d534b83ea572a7a080895579ec7e15d63c185a268a5bb9ca037137",
    "09291962fd68bfbe18ad255d3dd984a3018b94b7305ff797b52c91e0d72626a7",
    "b00d22ba4d1fd02564d826166c85b8b3e360a39e4d8798e3ceb6a82dec216a5f",
    "3fe6fe99a2926544770cb7c6b7c0bb9b00d5a038448df3c7ae9b4669680f0a58",
    "717aad5201939a8f058116ecd261557e02a3b7c9690f6715bf25b7088ab47ab4",
    "88cf152c92b5381c40a588423c9d8a1a660063b56d43f4d99182082bd16ade2d",
    "b6f2248d2bc09f942cb837b0ae9809e6cb35d234aaf696c4dbdb17e2c4c66cd3",
    "e7a0338fb21f13e02f6d3a330625960422e00280aaddd3f8091a40b4d4459b44",
    "fc1c6e8a45b4e0b2bd378e7c70b0746c6a2541b20a8094b0f449632301849d62",
}


@pytest.fixture(scope="module")
def loaded(database_name, engines, run_folder):
    """All stories, loaded once per kind of database in one context, with the number of commits."""
    url = engines(database_name).copy()
    app = databases.make_app(url, run_folder)
    commits = []
    with app.app_context():
        engine = db.session().get_bind()
        sa.event.listen(engine, "commit", lambda _connection: commits.append(1))
        said = seeds.load(Path(current_app.config["SEEDS"]))
        yield said, list(commits)
        db.end_transaction(False)
    databases.let_go(app)
    engines(database_name).drop(url)


def scalars(query):
    return db.session().scalars(query).all()


def test_everything_is_loaded_in_one_transaction_and_once(loaded):
    said, commits = loaded
    assert said.startswith("Geladen: ") and len(commits) == 1
    before = db.session().scalar(sa.select(sa.func.count(Event.id)))
    assert seeds.load(Path(current_app.config["SEEDS"])) == "De verhalen zijn er al."
    assert db.session().scalar(sa.select(sa.func.count(Event.id))) == before


def test_the_five_stories_are_on_the_front_page(loaded):
    assert len(scalars(sa.select(Story.code))) == 5


def test_105_people_of_five_roles_attended_the_first_event(loaded):
    event = scalars(sa.select(Event.id).where(Event.slug == "goed-en-prettig-samenwerken"))[0]
    roles = scalars(sa.select(Registration.profession_code).where(Registration.event_id == event))
    assert Counter(roles) == FIRST_EVENING and len(roles) == 105
    assert set(scalars(sa.select(Registration.state).where(Registration.event_id == event))) == {"registered"}


def test_more_than_1400_doctors_took_part_in_twelve_work_sessions(loaded):
    sessions = scalars(sa.select(Event.id).where(Event.kind == "work_session", Event.slug.like("dokteren-in-tijden%")))
    number = db.session().scalar(sa.select(sa.func.count(Registration.id)).where(Registration.event_id.in_(sessions)))
    assert (len(sessions), number) == (12, 1412)
    categories = db.session().execute(
        sa.select(AgendaItem.event_id, sa.func.count(EventSession.id))
        .join(EventSession, EventSession.item_id == AgendaItem.id)
        .where(AgendaItem.event_id.in_(sessions))
        .group_by(AgendaItem.event_id)
    )
    assert {row[1] for row in categories} == {4}, "the four categories"


def test_dates_that_a_story_gives_are_loaded_unchanged(loaded):
    days = {dates.local(instant).date() for instant in scalars(sa.select(EventDay.starts_at))}
    assert date(2021, 10, 26) in days
    promises = scalars(sa.select(Measure).where(Measure.kind == "commitment"))
    assert {promise.decided_on for promise in promises if promise.cause_kind == "investigation"} >= {date(2023, 12, 13)}


def test_every_other_date_is_described_as_chosen(loaded):
    fixed_days = {date(2021, 10, 26)}
    unsaid = [
        event.slug
        for event in scalars(sa.select(Event))
        if not event.chosen and dates.local(event.starts_at).date() not in fixed_days
    ]
    assert unsaid == []


def test_the_boards_commitments_are_loaded_and_undated_ones_have_no_date(loaded):
    promises = scalars(sa.select(Measure).where(Measure.kind == "commitment"))
    undated = [promise for promise in promises if promise.due_on is None]
    assert len(undated) == 5 and all(promise.due_sort == date(9999, 12, 31) for promise in undated)


def test_there_are_measures_from_every_kind_of_complaint_and_rulings_have_a_term(loaded):
    measures = scalars(sa.select(Measure).where(Measure.kind == "measure"))
    assert {measure.cause_kind for measure in measures} >= {"committee", "mediation", "notice"}
    assert all(measure.due_on for measure in measures if measure.cause_kind == "committee")
    assert {measure.state for measure in measures} >= {
        "decided",
        "running",
        "checked",
        "effective",
        "embedded",
        "closed",
    }


def test_every_kind_of_meeting_is_loaded(loaded):
    kinds = Counter(scalars(sa.select(Event.kind)))
    assert set(kinds) == {"conference", "work_session", "course_day", "board_day", "patient_day", "symposium", "mdo"}
    two_days = (
        sa.select(EventDay.event_id).join(Event, Event.id == EventDay.event_id).where(Event.kind == "symposium")
        .group_by(EventDay.event_id).having(sa.func.count(EventDay.id) == 2)
    )  # fmt: skip
    assert scalars(two_days), "the symposium of two days"
    mdo = scalars(sa.select(Event.id).where(Event.kind == "mdo"))
    assert set(scalars(sa.select(EventStep.event_id))) == set(mdo), "each MDO has its steps"


def test_the_demo_page_offers_nobody_whose_work_does_not_exist_yet(loaded):
    offered = sa.select(RoleGrant.role).join(Account, Account.person_id == RoleGrant.person_id)
    roles = set(scalars(offered.join(DemoPerson, DemoPerson.account_id == Account.id)))
    assert roles >= {"coordinator", "medical_director", "quality_adviser", "department_head", "administrator"}
    assert not roles & {"service_employee", "chair", "committee_member"}
    assert len(scalars(sa.select(DemoPerson.role_name).distinct())) == 12


def test_two_hospitals_have_people_of_every_role(loaded):
    grants = db.session().execute(
        sa.select(Organisation.code, RoleGrant.role).join(Organisation, Organisation.id == RoleGrant.organisation_id)
    )
    held: dict[str, set[str]] = {}
    for code, role in grants:
        held.setdefault(code.split("-")[0], set()).add(role)
    assert {code for code, roles in held.items() if roles >= set(make.ROLES)} >= {"aumc", "mcl"}


def test_people_are_fictitious_and_their_addresses_are_of_reserved_domains(loaded):
    addresses = [
        *scalars(sa.select(Person.email)), *scalars(sa.select(Registration.email)),
        *scalars(sa.select(Account.email)), *scalars(sa.select(Mail.to_address)),
    ]  # fmt: skip
    assert len(addresses) > 1900 and all(address.endswith("example.org") for address in addresses)


def test_loops_and_audit_chain_are_in_order_after_loading(loaded):
    assert faults() == []
    verdict = audit.verify(None)
    assert verdict.faults == [] and verdict.count > 2500


def test_no_file_of_the_project_contains_the_name_of_a_real_person():
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    story_words = set()
    for name in files:
        path = ROOT / name
        if path.suffix in (".png", ".mo") or not path.is_file():
            continue
        words = re.findall(r"[^\W\d_]+", path.read_text(errors="replace").lower())
        story_words |= {*words, *map(" ".join, pairwise(words))}
    assert len(story_words) > 10_000
    assert not {text for text in story_words if hashlib.sha256(text.encode()).hexdigest() in NAMES}


def test_the_seeds_are_readable_yaml_with_one_file_per_story():
    for code in seeds.STORIES:
        content = yaml.safe_load((ROOT / "seeds" / f"{code}.yaml").read_text())
        assert content["story"]["title"] and isinstance(content["events"], list)


@pytest.mark.parametrize("base", [date(2026, 11, 27), date(2027, 3, 28), date(2026, 12, 24), date(2027, 5, 5)])
def test_a_relative_date_of_the_seeds_is_on_no_holiday_and_in_no_weekend_unless_it_names_the_day(base):
    for days in range(1, 400):
        for text in (f"+{days}", f"-{days}", f"+{days} do"):
            assert not spans.day_off(planned(text, base)), text
        assert planned(f"+{days} za", base).weekday() == 5 and planned(f"+{days} do", base).weekday() == 3
    assert planned("2021-12-25", base) == date(2021, 12, 25)


def test_times_in_the_seeds_are_in_office_hours_and_keep_their_order():
    times = [dates.at(date(2027, 2, 5), time(hour, minute)) for hour in range(24) for minute in (0, 30)]
    moved = [in_office_hours(one) for one in times]
    assert moved == sorted(moved) and all(8 <= dates.local(one).hour < 18 for one in moved)
