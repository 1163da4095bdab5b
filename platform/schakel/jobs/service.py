"""Take a job's lease, run it in its own transaction, release the lease. Safe with any number of workers."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa

from schakel import dates, db, slots
from schakel.access import Actor, system
from schakel.jobs.models import Job

LEASE = timedelta(seconds=60)
log = logging.getLogger("schakel.worker")


def take(name: str, holder: str, now: datetime) -> bool:
    """Take the lease of a job; return False when another worker holds it."""
    db.insert_once(Job, name=name)
    free = sa.or_(Job.lease_until.is_(None), Job.lease_until < now, Job.holder == holder)
    return (
        db.rows_affected(sa.update(Job).where(Job.name == name, free).values(holder=holder, lease_until=now + LEASE))
        == 1
    )


def _end(name: str, holder: str, fault: str | None, now: datetime) -> None:
    values: dict[str, object] = {"lease_until": None, "fault": fault}
    if fault is None:
        values |= {"done_at": now, "done_on": dates.today(now).isoformat()}
    db.rows_affected(sa.update(Job).where(Job.name == name, Job.holder == holder).values(**values))
    db.end_transaction(True)


@db.writing()
def run(name: str, holder: str, work: Callable[[Actor], object]) -> bool:
    """Run one job under its lease, in its own transactions; return whether it ran here and succeeded."""
    now = dates.now()
    mine = take(name, holder, now)
    db.end_transaction(True)
    if not mine:
        return False
    try:
        work(system(name))
        db.end_transaction(True)
    except Exception as fault:
        db.end_transaction(False)
        log.exception("job %s failed", name)
        _end(name, holder, type(fault).__name__, dates.now())
        return False
    _end(name, holder, None, dates.now())
    return True


def round_of_work(holder: str) -> int:
    """Run every job of the slot `minute`, and every daily job not yet done today; return how many ran."""
    ran = int(run("hartslag", holder, lambda actor: None))
    for feature, work in slots.suppliers("minute"):
        ran += run(f"{feature}.{work.__name__}", holder, work)
    today = dates.today().isoformat()
    for feature, work in slots.suppliers("daily"):
        name = f"{feature}.{work.__name__}"
        done = db.session().scalar(sa.select(Job.done_on).where(Job.name == name))
        db.end_transaction(True)
        if done != today:
            ran += run(name, holder, work)
    return ran


def worker_age(now: datetime) -> int | None:
    """Return the seconds since a worker's last heartbeat, or None."""
    seen = db.session().scalar(sa.select(Job.done_at).where(Job.name == "hartslag"))
    return int((now - seen).total_seconds()) if seen else None
