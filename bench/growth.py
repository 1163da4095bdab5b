"""P7: the director's page as measures grow. `SCHAKEL_DATABASE_URL=… python bench/growth.py 1000 100000`.

Fills one organisation with measures by Core inserts (no history, no action points), then requests `/monitoring` as its
medical director in this process, nine times after two to warm up, unchanged and each time after a change. Prints per
size: CPU ms (median) and statements of both.
"""

import json
import sys
import time
from datetime import timedelta
from statistics import median
from typing import Any

import sqlalchemy as sa

from schakel import access, dates, db
from schakel.app import create_app, fsa
from schakel.deadlines import FAR
from schakel.identity.models import Organisation, RoleGrant
from schakel.measures.models import Measure

CHUNK = 5000
STATES = (
    "decided",
    "assigned",
    "running",
    "implemented",
    "checked",
    "effective",
    "embedded",
    "closed",
    "closed",
    "closed",
)


def _row(number: int, house: int) -> dict[str, Any]:
    now, today = dates.now(), dates.today()
    due = None if number % 50 == 0 else today + timedelta(days=number % 700 - 60)
    state = STATES[number % len(STATES)]
    return {
        "public_id": f"g{number:011d}",
        "number": f"G-2026-{number:07d}",
        "kind": "measure",
        "organisation_id": house,
        "cause_kind": ("committee", "mediation", "notice")[number % 3],
        "cause_year": 2026,
        "title": f"Maatregel nummer {number} over bereikbaarheid en uitleg",
        "official": "De afdeling richt haar werkwijze zo in dat dit niet meer voorkomt.",
        "working": "",
        "state": state,
        "is_closed": state == "closed",
        "strength": "",
        "decided_on": today,
        "due_on": due,
        "first_due_on": due,
        "due_sort": due or FAR,
        "version": 1,
        "created_at": now,
        "changed_at": now,
    }


def fill(house: int, first: int, last: int) -> None:
    """Insert measures `first` up to `last`."""
    for start in range(first, last, CHUNK):
        rows = [_row(number, house) for number in range(start, min(start + CHUNK, last))]
        db.session().execute(sa.insert(Measure), rows)
    db.end_transaction(True)
    if fsa.engine.dialect.name == "sqlite":
        with fsa.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")


def touch(app: Any) -> None:
    """Change one measure of the organisation, so that the figures must be counted again."""
    with app.app_context():
        db.set_writing(True)
        number = db.session().scalar(sa.select(Measure.id).where(Measure.number.startswith("G-")).limit(1))
        db.session().execute(sa.update(Measure).where(Measure.id == number).values(changed_at=dates.now()))
        db.end_transaction(True)
        db.set_writing(False)


def ask(app: Any, account: Any, path: str = "/monitoring", times: int = 9, altering: bool = False) -> tuple[float, int]:
    """Return CPU milliseconds (median) and statements of a page of this account; `changing`: after a change each."""
    spent, seen = [], [0]
    with app.app_context():
        sa.event.listen(fsa.engine, "before_cursor_execute", lambda *_: seen.__setitem__(0, seen[0] + 1))
    client = app.test_client()
    with client.session_transaction(base_url="https://schakel.example.org") as session:
        session.update(_user_id=account, _fresh=True, auth_method="session")
    for _ in range(times + 2):
        if altering:
            touch(app)
        seen[0], began = 0, time.process_time()
        answer = client.get(path, base_url="https://schakel.example.org")
        assert answer.status_code == 200, answer.status_code
        spent.append((time.process_time() - began) * 1000)
    return median(spent[2:]), seen[0]


def main() -> None:
    """Insert the measures of each size and measure the page."""
    app = create_app(TESTING=True)
    app.config["SESSION_PROTECTION"] = None
    with app.app_context():
        grant = sa.select(RoleGrant.person_id, RoleGrant.organisation_id).where(RoleGrant.role == "medical_director")
        person, house = db.session().execute(grant.join(Organisation).where(Organisation.code == "aumc")).first()
        account = (
            db.session()
            .execute(sa.text("select fs_uniquifier from account where person_id = :p"), {"p": person})
            .scalar()
        )
        db.end_transaction(False)
    assert account and access
    done, found = 0, {}
    for size in map(int, sys.argv[1:]):
        with app.app_context():
            db.set_writing(True)
            fill(house, done, size)
            db.set_writing(False)
        done = size
        cpu, statements = ask(app, account)
        anew, most = ask(app, account, altering=True)
        found[size] = {"cpu_ms": cpu, "statements": statements, "changed_cpu_ms": anew, "changed_statements": most}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
