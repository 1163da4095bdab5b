"""The order in a request: the body and its CSRF token, then the write lock, and only then reads."""

import io
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from schakel import db, request_hooks
from schakel.actions.models import Action
from schakel.app import fsa
from tests import make_followup
from tests.concurrency import at_once, committing, enter

pytestmark = pytest.mark.both_databases

PAIRS = 6


def test_the_first_hook_is_ours_and_flask_principal_has_none(app):
    hooks = app.before_request_funcs[None]
    assert hooks[0] is request_hooks._before_request
    assert not [hook for hook in hooks if "principal" in getattr(hook, "__module__", "")]


def test_two_signed_in_users_who_post_simultaneously_both_get_a_response(fresh_database):
    app = fresh_database
    with committing(app):
        hospital = make_followup.make_hospital()
        actions = [make_followup.make_action(hospital, hospital.people["facilitator"]) for _ in range(PAIRS)]
    clients = [enter(app, hospital.people["facilitator"]) for _ in range(2)]
    tokens = [client.token() for client in clients]

    def accept(number: int, action: Action) -> Callable[[], int]:
        path = f"/actiepunten/{action.public_id}/aannemen"
        data = {"csrf_token": tokens[number], "version": str(action.version)}
        return lambda: clients[number].post(path, data=data).status_code

    found = [sorted(at_once(accept(0, action), accept(1, action))) for action in actions]
    assert all(pair[0] == 303 and pair[1] in (303, 403, 409, 422) for pair in found), found


def test_the_first_statement_of_a_signed_in_users_post_is_under_the_write_lock(fresh_database):
    app = fresh_database
    with committing(app):
        hospital = make_followup.make_hospital()
        action = make_followup.make_action(hospital, hospital.people["facilitator"])
    client = enter(app, hospital.people["facilitator"])
    seen: list[str] = []
    begun: list[bool] = []
    with app.app_context():
        engine = fsa.engine
    sa.event.listen(engine, "before_cursor_execute", lambda _c, _cursor, statement, *_rest: seen.append(statement))
    sa.event.listen(engine, "begin", lambda _connection: begun.append(db.is_writing()))
    data = {"version": str(action.version)}
    assert client.send(f"/actiepunten/{action.public_id}/aannemen", data).status_code == 303
    assert begun[0] is True and len(seen) > 1
    if engine.dialect.name == "sqlite":
        assert seen[0] == "BEGIN IMMEDIATE"


class Body(io.BytesIO):
    """A request body that records when it was read to its end."""

    def __init__(self, content: bytes, log: list[str]) -> None:
        super().__init__(content)
        self.log, self.size = log, len(content)

    def _note(self, part: bytes) -> bytes:
        if self.tell() == self.size and "body" not in self.log:
            self.log.append("body")
        return part

    def read(self, size: int | None = -1) -> bytes:
        """Read a part, or all."""
        return self._note(super().read(size))

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer."""
        done = super().readinto(buffer)
        self._note(b"")
        return done


@pytest.mark.parametrize("quality", ["good", "bad"])
def test_the_body_is_read_and_its_token_checked_before_the_first_statement(app, work, client_of, monkeypatch, quality):
    with work():
        hospital = make_followup.make_hospital()
        action = make_followup.make_action(hospital, hospital.people["facilitator"])
    client = client_of(hospital.people["facilitator"])
    token = client.token() if quality == "good" else "bad"
    log: list[str] = []
    judge = request_hooks.csrf.protect
    monkeypatch.setattr(request_hooks.csrf, "protect", lambda: (log.append("token"), judge())[1])
    connection = fsa._app_engines[app][None]
    note = lambda *_: log.append("statement")  # noqa: E731
    sa.event.listen(connection, "before_cursor_execute", note)
    content = f"csrf_token={token}&version={action.version}&text={'x' * 3000}".encode()
    answer = client.post(
        f"/actiepunten/{action.public_id}/aannemen",
        input_stream=Body(content, log),
        content_length=len(content),
        content_type="application/x-www-form-urlencoded",
    )
    sa.event.remove(connection, "before_cursor_execute", note)
    assert answer.status_code == (303 if quality == "good" else 400)
    assert log[:3] == ["body", "token", "statement"]
