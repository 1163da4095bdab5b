"""Count statements, writes and bytes of each walk, inside the process; prints JSON. Run by measures.py.

`python bench/counting.py`: savepoints, BEGIN and COMMIT do not count, as in the tests.
"""

import json
import os
import re
from typing import Any

from flask import Flask
from sqlalchemy import event

from clients import NONCE, filled
from prepare import EMAIL, PASSWORD
from schakel.app import create_app, fsa

NOT_COUNTED = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "PRAGMA")
WRITES = ("INSERT", "UPDATE", "DELETE")
BASE = "https://schakel.example.org"
PAGE = "/bijeenkomsten/goed-en-prettig-samenwerken-volgende-avond"


class Counted:
    """A test client that counts."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        self.seen: list[str] = []
        with app.app_context():
            event.listen(fsa.engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(NOT_COUNTED):
            self.seen.append(" ".join(statement.split()))

    def ask(self, method: str, path: str, **options: Any) -> Any:
        """Send one request of the walk."""
        return self.client.open(path, method=method, base_url=BASE, buffered=True, **options)

    def score(self, *answers: Any) -> dict[str, int]:
        """Return the counts so far, and start again."""
        writes = sum(statement.startswith(WRITES) for statement in self.seen)
        size = sum(len(answer.data) + sum(len(k) + len(v) + 4 for k, v in answer.headers) for answer in answers)
        found = {"requests": len(answers), "statements": len(self.seen), "writes": writes, "bytes": size}
        self.seen.clear()
        return found


def _registration(walk: Counted, number: int) -> dict[str, int]:
    path = "/bijeenkomsten/bench-stroom/aanmelden"
    form = walk.ask("GET", path)
    person = {"name": f"Teller {os.getpid()} {number}", "organisation": "Praktijk"}
    person["email"] = f"teller{os.getpid()}.{number}@deelnemers.example.org"
    sent = walk.ask("POST", path, data=filled(form.data, number) | person)
    done = walk.ask("GET", sent.headers["Location"])
    assert sent.status_code == 303 and b"U bent aangemeld" in done.data, "the registration did not succeed"
    return walk.score(form, sent, done)


def main() -> dict[str, dict[str, int]]:
    """Count each walk, after one to warm up."""
    walk = Counted(create_app())
    etag = walk.ask("GET", PAGE).headers["ETag"]
    walk.score()
    found = {"page": walk.score(walk.ask("GET", PAGE))}
    found["unchanged"] = walk.score(walk.ask("GET", PAGE, headers={"If-None-Match": etag}))
    _registration(walk, 1)
    found["registration"] = _registration(walk, 2)
    form = walk.ask("GET", "/inloggen")
    token = re.search(rb'name="csrf_token" type="hidden" value="([^"]+)"', form.data)
    assert token and not NONCE.search(form.data)
    walk.ask("POST", "/inloggen", data={"csrf_token": token[1].decode(), "email": EMAIL, "password": PASSWORD})
    walk.ask("GET", "/bijeenkomsten/bench-lijst/aanmeldingen")
    walk.score()
    found["list"] = walk.score(walk.ask("GET", "/bijeenkomsten/bench-lijst/aanmeldingen"))
    found["csv"] = walk.score(walk.ask("GET", "/bijeenkomsten/bench-lijst/aanmeldingen.csv"))
    return found


if __name__ == "__main__":
    print(json.dumps(main()))
