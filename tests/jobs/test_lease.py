"""Two workers run each job once; of a job that crashes only its error is stored."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa

from schakel import dates, db, slots
from schakel.app import fsa
from schakel.identity.models import Sector
from schakel.jobs import service as jobs
from schakel.jobs.models import Job
from tests import make

pytestmark = pytest.mark.both_databases


def job(session, name: str) -> Job:
    session.expire_all()
    return session.get(Job, name)


def write(_actor) -> None:
    db.session().add(Sector(code="door-de-werker", name="W", line="first"))


def test_a_job_commits_its_work_and_releases_its_lease(in_app):
    assert jobs.run("proef", "w1", write)
    done = job(in_app, "proef")
    assert done.lease_until is None and done.done_at and done.fault is None
    assert in_app.get(Sector, "door-de-werker")


def test_a_job_acts_under_its_own_name(in_app):
    seen = []
    jobs.run("proef", "w1", seen.append)
    assert seen[0].auth_method == "system:proef" and not seen[0].is_known


def test_a_job_that_crashes_is_rolled_back_and_its_error_is_stored(in_app):
    def crash(actor):
        write(actor)
        db.session().flush()
        raise ZeroDivisionError("kanarie-9f3a")

    assert not jobs.run("proef", "w1", crash)
    left = job(in_app, "proef")
    assert in_app.get(Sector, "door-de-werker") is None
    assert left.fault == "ZeroDivisionError" and left.lease_until is None and left.done_at is None


def test_an_error_is_cleared_by_the_next_successful_run(in_app):
    jobs.run("proef", "w1", lambda actor: 1 / 0)
    assert jobs.run("proef", "w1", write) and job(in_app, "proef").fault is None


def test_a_lease_excludes_other_workers_until_it_expires(in_app):
    now = dates.now()
    assert jobs.take("proef", "w1", now)
    assert not jobs.take("proef", "w2", now + jobs.LEASE - timedelta(seconds=1))
    assert jobs.take("proef", "w2", now + jobs.LEASE + timedelta(seconds=1))


def test_a_worker_that_lost_its_lease_does_not_end_the_job_of_another(in_app):
    now = dates.now()
    jobs.take("proef", "w1", now)
    jobs.take("proef", "w2", now + jobs.LEASE + timedelta(seconds=1))
    jobs._end("proef", "w1", None, now)
    assert job(in_app, "proef").holder == "w2" and job(in_app, "proef").lease_until


def test_of_two_simultaneous_workers_one_runs_the_job(fresh_database):
    start, did = Barrier(2), []

    def worker(name: str) -> bool:
        def work(_actor):
            did.append(name)
            start.wait(10)  # ends only when the other worker was refused

        with fresh_database.app_context():
            start.wait(10)
            mine = jobs.run("proef", name, work)
            if not mine:
                start.wait(10)
            fsa.session.remove()
            return mine

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(worker, ("w1", "w2"))) == [False, True]
    assert len(did) == 1


@pytest.fixture
def one_daily_job(monkeypatch):
    did = []

    def each_day(_actor):
        did.append(1)

    monkeypatch.setitem(slots._filled, "daily", [("proef", each_day)])
    monkeypatch.setitem(slots._filled, "minute", [])
    return did


def test_a_daily_job_runs_once_a_day_and_again_the_next(in_app, frozen, one_daily_job):
    for _ in range(3):
        jobs.round_of_work("w1")
    assert len(one_daily_job) == 1
    frozen.shift(timedelta(days=1))
    jobs.round_of_work("w2")
    assert len(one_daily_job) == 2


def test_the_age_of_the_worker_is_reported(in_app, frozen):
    assert jobs.worker_age(dates.now()) is None
    jobs.round_of_work("w1")
    frozen.shift(90)
    assert jobs.worker_age(dates.now()) == 90


def test_no_lease_is_held_after_a_round(in_app):
    make.make_tenant("KANARIEA")
    db.end_transaction(True)
    jobs.round_of_work("w1")
    assert in_app.scalar(sa.select(sa.func.count(Job.name)).where(Job.lease_until.is_not(None))) == 0
    assert list(in_app.scalars(sa.select(Job.fault).where(Job.fault.is_not(None)))) == []
