"""Registrations for a patient day are erased thirty days after it: person, needs, link, mails; counts stay correct."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from schakel import dates, db, errors, slots
from schakel.access import system
from schakel.audit.models import AuditEntry
from schakel.jobs import service as jobs
from schakel.notifications.models import Mail
from schakel.registrations.models import Registration
from schakel.registrations.retention import service as retention
from schakel.registrations.self_service import service as self_service
from schakel.reports.loops import queries as loops
from tests import mailbox, make
from tests.registrations import make_registrations
from tests.registrations.make_registrations import holds_link, register, row
from tests.registrations.moved_events import DAY

pytestmark = pytest.mark.both_databases

JOB = system("registrations.retention.forget")
RETENTION = timedelta(days=30)
CANARIES = ("Kanarie", "kanarie", "rolstoel")


@pytest.fixture
def halls(work):
    """A patient day and another event, each with a guest with a place, one who waits and one who withdrew."""
    made = []
    for kind, form in (("patient_day", "patient_day"), ("conference", "professional")):
        hall = make_registrations.make_hall(work, 2, days=(DAY,), kind=kind, form=form)
        made.append(hall)
        with work():
            gone = register(hall, "Weg Kanarie", persons=1)
            register(hall, "Kanarie Een", persons=2, wishes="Kanarie komt met een rolstoel.")
            register(hall, "Kanarie Twee", persons=1)
            self_service.withdraw(holds_link(gone), row(gone))
    return made


def ends(hall):
    return hall.starts_at + timedelta(hours=4)


def forget(instant) -> int:
    with time_machine.travel(instant, tick=False):
        number = retention.forget(JOB)
        db.end_transaction(True)
    return number


def names(hall) -> list[str]:
    return sorted(make_registrations.states(hall))


@pytest.mark.parametrize(
    ("after", "left"), [(RETENTION - timedelta(seconds=1), 3), (RETENTION, 0), (RETENTION + timedelta(days=9), 0)]
)
def test_a_patient_day_is_erased_thirty_days_after_it_ended_and_not_a_second_sooner(work, halls, after, left):
    day, evening = halls
    with work():
        forget(ends(day) + after)
        assert len(names(day)) == left and len(names(evening)) == 3


def test_no_personal_data_is_left_in_the_database(work, halls, dump):
    day, evening = halls
    with work() as session:
        forget(ends(day) + RETENTION)
        session.execute(
            sa.delete(Mail).where(
                Mail.about_id.in_(
                    [
                        str(one.id)
                        for one in session.scalars(sa.select(Registration).where(Registration.event_id == evening.id))
                    ]
                )
            )
        )
        session.execute(
            sa.update(Registration).values(
                name="",
                sort_name="",
                folded_name=sa.cast(Registration.id, sa.String),
                email="",
                folded_email="",
                wishes="",
            )
        )
    held = repr(dump())
    assert not [canary for canary in CANARIES if canary in held]


def test_of_a_mail_only_its_sending_stays_on_record(work, halls):
    day, _ = halls
    with work() as session:
        mine = [
            str(number) for number in session.scalars(sa.select(Registration.id).where(Registration.event_id == day.id))
        ]
        session.execute(sa.update(Mail).where(Mail.kind == "registered").values(state="sent", sent_at=dates.now()))
        forget(ends(day) + RETENTION)
        session.expire_all()
        left = session.scalars(sa.select(Mail).where(Mail.about_id.in_(mine))).all()
        assert left and {mail.state for mail in left} == {"sent"}, "a mail that waits is never sent"
        assert {(mail.to_name, mail.to_address, mail.calendar) for mail in left} == {("", "", None)}
        assert all(mail.public_id and mail.sent_at for mail in left)
        others = session.scalars(sa.select(Mail).where(Mail.about_id.not_in(mine))).all()
        assert others and all(mail.to_address for mail in others)


def test_an_erased_mail_can_still_be_displayed(work, halls, app, client, monkeypatch):
    day, _ = halls
    with work() as session:
        session.execute(sa.update(Mail).values(state="sent", sent_at=dates.now()))
        forget(ends(day) + RETENTION)
        public_id = session.scalar(sa.select(Mail.public_id).where(Mail.to_address == "").limit(1))
    monkeypatch.setitem(app.config, "DEMO", True)
    assert client.get("/postvak").status_code == 200
    assert "Wat hier stond is gewist" in client.get(f"/postvak/{public_id}").text


def test_the_places_are_consistent_and_no_loop_is_broken(work, halls):
    day, evening = halls
    with work():
        before = make_registrations.used(evening)
        forget(ends(day) + RETENTION)
        assert set(make_registrations.used(day).values()) == {(0, 0)} and make_registrations.used(evening) == before
        assert loops.faults() == []


def test_the_record_has_only_a_count_and_running_it_twice_changes_nothing(work, halls, dump):
    day, _ = halls
    with work() as session:
        assert forget(ends(day) + RETENTION) == 3
        (entry,) = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "registrations.forgotten"))
        assert (entry.object_kind, entry.object_id, entry.detail) == ("event", str(day.id), {"count": 3})
        assert entry.actor == "system:registrations.retention.forget"
    before = dump()
    with work():
        assert forget(ends(day) + RETENTION) == 0
    assert dump() == before


def test_the_link_of_an_erased_registration_stops_working(work, halls, client):
    day, _ = halls
    with work():
        path = mailbox.link_in(mailbox.mails("waiting", "Kanarie Een")[0])
    with time_machine.travel(ends(day) + timedelta(days=1), tick=False):
        assert client.get(path).status_code == 303
    with work():
        forget(ends(day) + RETENTION)
    with time_machine.travel(ends(day) + RETENTION, tick=False):
        assert client.get(path).status_code == client.get("/mijn-aanmelding").status_code == 404


def test_only_the_job_may_erase(work, halls):
    day, _ = halls
    with work():
        for actor in (make.Actor(), make.coordinator_of(day.organisation), holds_link(1)):
            with pytest.raises(errors.NotAllowed):
                retention.forget(actor)
        assert len(names(day)) == 3


def test_the_worker_runs_it_once_a_day(work, halls, app):
    day, _ = halls
    assert retention.forget in [job for _, job in slots.suppliers("daily")]
    with work(), time_machine.travel(ends(day) + RETENTION + timedelta(hours=20), tick=False):
        jobs.round_of_work("w1")
        assert names(day) == []


def test_the_privacy_page_states_the_same_term(client):
    assert (
        "Aanmeldingen voor een patiëntendag verwijderen we dertig dagen na de dag zelf." in client.get("/privacy").text
    )
