"""R2, R3, R9: kill -9 during work. What was acknowledged is stored, nothing is stored in part, no mail is lost."""

import http.client
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event as Flag

import pytest
import sqlalchemy as sa

from schakel import dates, db
from schakel.app import fsa
from schakel.audit import service as audit
from schakel.audit.models import AuditEntry
from schakel.identity.links.models import Link
from schakel.notifications import service as notifications
from schakel.notifications.models import Mail
from schakel.registrations.models import Registration, Submission
from tests import mailbox
from tests.notifications.outbox import SENDER, letter
from tests.registrations import make_registrations
from tests.reliability.forked_server import wait_until

pytestmark = pytest.mark.both_databases

KILLS = 20


def sign_up_until(visitor, hall, side: int, stop: Flag, acknowledged: list[str], other: list[object]) -> None:
    """Sign up one after the other; `acknowledged` gets the successful ones, `other` every other response."""
    number = 0
    while not stop.is_set():
        name = f"Gast{side}x{number}"
        number += 1
        try:
            visitor.open(hall)
            status, _, _ = visitor.send(hall, name, **{hall.rounds[0]: str(hall.sessions["A"])})
        except (OSError, http.client.HTTPException) as fault:
            visitor.close()
            other.append(type(fault).__name__)
            continue
        (acknowledged if status == 303 else other).append(name if status == 303 else status)
    visitor.close()


def test_a_web_worker_killed_while_writing_loses_nothing_that_was_acknowledged(server):
    hall, stop, chance = server.hall(room={None: 40}, sessions=(15, None)), Flag(), random.Random(5)
    acknowledged: list[str] = []
    other: list[object] = []
    with ThreadPoolExecutor(4) as threads:
        visits = [
            threads.submit(sign_up_until, server.visitor(), hall, side, stop, acknowledged, other) for side in range(4)
        ]
        try:
            for _ in range(KILLS):
                seen = len(acknowledged)
                wait_until(lambda seen=seen: len(acknowledged) > seen and server.workers())
                time.sleep(chance.uniform(0, 0.06))
                server.kill(chance.choice(server.workers()))
        finally:
            stop.set()
        for visit in visits:
            visit.result(60)
    assert len(acknowledged) > KILLS and other, (len(acknowledged), other)
    assert not [one for one in other if isinstance(one, int) and one >= 500], other
    with server.app.app_context():
        session = db.session()
        mine = session.scalars(sa.select(Registration).where(Registration.event_id == hall.id)).all()
        assert not set(acknowledged) - {one.name for one in mine}, "acknowledged and lost"
        assert len(mine) == len({one.name for one in mine})
        numbers = [str(one.id) for one in mine]
        about = sa.select(Mail.about_id).where(Mail.about_kind == "registration", Mail.about_id.in_(numbers))
        assert sorted(session.scalars(about)) == sorted(numbers), (
            "a registration without its mail, or a mail without its registration"
        )
        links = sa.select(Link.object_id).where(
            Link.kind == "registration", Link.object_id.in_([one.id for one in mine])
        )
        assert len(session.scalars(links).all()) == len(mine)
        outcomes = session.scalars(sa.select(Submission.outcome).where(Submission.event_id == hall.id)).all()
        assert len(outcomes) == len(mine) and all(outcomes)
        recorded = sa.select(AuditEntry.object_id).where(
            AuditEntry.action == "registration.made", AuditEntry.object_id.in_(numbers)
        )
        assert sorted(session.scalars(recorded)) == sorted(numbers)
        assert audit.verify(None).faults == []
        if server.name == "sqlite":
            assert session.execute(sa.text("PRAGMA integrity_check")).scalars().all() == ["ok"]
        db.end_transaction(False)


def test_the_server_responds_within_three_seconds_after_all_its_workers_were_killed(server):
    hall = server.hall(room={None: 5})
    for pid in server.workers():
        server.kill(pid)
    began = time.monotonic()
    while True:
        visitor = server.visitor()
        try:
            visitor.open(hall)
            break
        except (OSError, http.client.HTTPException):
            assert time.monotonic() - began < 3
            time.sleep(0.02)
    assert time.monotonic() - began <= 3


@pytest.fixture
def worker(server):
    """`worker("worker")` starts the command and returns its process id; all are ended after the test."""
    command = [sys.executable, str(Path(__file__).with_name("forked_worker.py"))]
    parent = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=server.environment, cwd=server.folder, text=True
    )
    assert parent.stdout.readline() == "ready\n"

    def start(words: str = "worker") -> int:
        parent.stdin.write(f"{words}\n")
        parent.stdin.flush()
        return int(parent.stdout.readline())

    def gone() -> None:
        assert parent.stdout.readline() == "gone\n"

    start.gone = gone
    yield start
    parent.kill()
    parent.wait(10)
    parent.stdin.close()
    parent.stdout.close()


MOVE = "update event set sequence = sequence + 1, place_name = 'Sneek', changed_at = :at where id = :id"
# Before DATA; received but not yet acknowledged; acknowledged but perhaps not yet stored.
POINTS = ("mail", "data", "accepted")


def test_a_mail_worker_killed_while_sending_loses_no_mail_and_sends_at_most_one_twice(server, worker):
    mails, kills = 60, 20
    server.sink.reset()
    with server.app.app_context():
        db.set_writing(True)
        db.rows_affected(sa.update(Mail).values(state="sent"))  # of the tests before
        for number in range(mails):
            notifications.queue(letter(), (f"Gast {number}", f"gast{number}@example.org"), SENDER, ("proef", "kill"))
        db.end_transaction(True)
    chance, deaths = random.Random(7), Counter()
    for turn in range(kills):
        point = POINTS[turn % 3]
        shoot_at(server, worker, point, chance.randint(1, 3))
        deaths[point] += 1
        worker.gone()
        time_passes(server)
    server.sink.on = {}
    for _ in range(3):
        worker("worker --once")
        worker.gone()
        time_passes(server)
    ids = server.sink.ids()
    with server.app.app_context():
        states = Counter(db.session().scalars(sa.select(Mail.state).where(Mail.about_id == "kill")))
        wanted = set(db.session().scalars(sa.select(Mail.public_id).where(Mail.about_id == "kill")))
        db.end_transaction(False)
    assert states == {"sent": mails}
    assert {one.strip("<>").partition("@")[0] for one in ids} == wanted, (
        "a mail was lost, or sent with another Message-ID"
    )
    doubles = sum(ids.values()) - mails
    assert doubles <= deaths["data"] + deaths["accepted"], (doubles, deaths)


def shoot_at(server, worker, point: str, which: int) -> None:
    """Start a worker and kill it the n-th time it reaches a step of the conversation."""
    seen, started, pid = [], Flag(), [0]

    def shoot() -> None:
        seen.append(1)
        if len(seen) == which:
            started.wait(10)
            os.kill(pid[0], signal.SIGKILL)
            time.sleep(0.05)

    server.sink.on = {point: shoot}
    pid[0] = worker()
    started.set()


def time_passes(server) -> None:
    """Let a lease of 90 seconds and the pause before a second attempt pass."""
    with server.app.app_context():
        db.set_writing(True)
        past = dates.now() - timedelta(seconds=1)
        db.rows_affected(sa.update(Mail).where(Mail.state == "waiting").values(next_at=past))
        db.rows_affected(sa.update(Mail).where(Mail.lease_until.is_not(None)).values(lease_until=past))
        db.session().execute(sa.text("update job set lease_until = null"))
        db.end_transaction(True)


def test_a_job_whose_worker_was_killed_is_run_once_by_the_next_worker(server, worker):
    """R9: an event moved; the first worker is killed while it sends its first mail; everybody is mailed once."""
    from tests.registrations.make_registrations import register

    server.sink.reset()
    hall = server.hall(room={None: 9})
    with server.app.app_context():
        db.set_writing(True)
        for number in range(6):
            register(hall, f"Verteld {number}")
        db.session().execute(sa.text(MOVE), {
            "at": (dates.now() - timedelta(hours=1)).replace(tzinfo=None), "id": hall.id,
        })  # fmt: skip
        db.end_transaction(True)
    shoot_at(server, worker, "mail", 1)
    worker.gone()
    time_passes(server)
    server.sink.on = {}
    for _ in range(2):
        worker("worker --once")
        worker.gone()
        time_passes(server)
    with server.app.app_context():
        assert sorted(mail.to_name for mail in mailbox.mails("moved")) == [f"Verteld {number}" for number in range(6)]
        db.end_transaction(False)
    with fsa_engine(server).connect() as connection:
        assert not make_registrations.faults(connection)


def fsa_engine(server):
    with server.app.app_context():
        return fsa.engine
