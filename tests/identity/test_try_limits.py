"""Attempts are counted before the password is checked: simultaneous ones get no more than successive ones."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from schakel import db
from schakel.audit.models import AuditEntry
from schakel.identity import rules
from schakel.identity.models import Attempt
from schakel.notifications.models import Mail
from tests import make, web_client
from tests.concurrency import at_once, committing
from tests.registrations import make_registrations

pytestmark = pytest.mark.both_databases

ADDRESS, PASSWORD = "tjitske@example.org", "een goede lange zin"
MANY = 8


@pytest.fixture
def judged(monkeypatch) -> list[str]:
    """Every password that was hashed or compared with a hash."""
    from argon2 import low_level

    seen: list[str] = []
    for name in ("hash_secret", "verify_secret"):
        real = getattr(low_level, name)
        monkeypatch.setattr(low_level, name, lambda *a, _real=real, **k: (seen.append("judged"), _real(*a, **k))[1])
    return seen


def post(app, path: str, data: dict[str, str], times: int = MANY) -> list[int]:
    """Post the same form from several browsers at the same time."""
    clients = [web_client.make_client(app) for _ in range(times)]
    tokens = [client.token() for client in clients]

    def send(number: int):
        return lambda: clients[number].post(path, data={"csrf_token": tokens[number], **data}).status_code

    return at_once(*(send(number) for number in range(times)))


@pytest.mark.parametrize("email", [ADDRESS, "onbekend@example.org"])
def test_of_many_simultaneous_wrong_passwords_five_are_checked(fresh_database, judged, email):
    app = fresh_database
    with committing(app):
        make.make_account(make.make_person(email=ADDRESS), PASSWORD)
    judged.clear()
    answers = post(app, "/inloggen", {"email": email, "password": "verkeerd"})
    assert sorted(answers) == [422] * 5 + [429] * (MANY - 5) and len(judged) == 5
    with committing(app):
        assert db.session().scalar(sa.select(sa.func.count(Attempt.id))) == 5
        failed = sa.select(sa.func.count(AuditEntry.id)).where(AuditEntry.action == "sign_in.failed")
        assert db.session().scalar(failed) == 5


def test_of_many_simultaneous_requests_for_a_link_three_send_a_mail_and_the_page_is_neutral(fresh_database):
    app = fresh_database
    with committing(app):
        hall = make_registrations.hall_of(make.make_event())
        make_registrations.register(hall, "Tjitske", email=ADDRESS)
        before = db.session().scalar(sa.select(sa.func.count(Mail.id)))
    assert post(app, "/mijn-aanmelding/link-kwijt", {"email": ADDRESS}) == [303] * MANY
    with committing(app):
        assert db.session().scalar(sa.select(sa.func.count(Mail.id))) == before + rules.TRIES["lost_link"]


def test_attempts_during_a_block_do_not_lengthen_it(client, work, frozen):
    with work():
        make.make_account(make.make_person(email=ADDRESS), PASSWORD)
    for _ in range(5):
        client.send("/inloggen", {"email": ADDRESS, "password": "verkeerd"})
    for _ in range(14):
        frozen.shift(timedelta(minutes=1))
        assert client.send("/inloggen", {"email": ADDRESS, "password": PASSWORD}).status_code == 429
    frozen.shift(timedelta(minutes=1, seconds=1))
    assert client.send("/inloggen", {"email": ADDRESS, "password": PASSWORD}).status_code == 303


def test_an_attempt_counts_even_if_the_request_fails_afterwards(app, client, work, monkeypatch):
    def crash(_email):
        raise ZeroDivisionError

    monkeypatch.setattr("schakel.identity.queries.account_of", crash)
    assert client.send("/inloggen", {"email": ADDRESS, "password": PASSWORD}).status_code == 500
    with work() as session:
        assert session.scalar(sa.select(sa.func.count(Attempt.id))) == 1


def test_hashing_holds_no_write_lock(fresh_database, monkeypatch):
    """Somebody else can write while a password is checked."""
    app = fresh_database
    with committing(app):
        make.make_account(make.make_person(email=ADDRESS), PASSWORD)
    other: list[str] = []

    def judge(self, _password):
        with committing(app):
            other.append(make.make_person().name)
        return False

    monkeypatch.setattr("schakel.identity.models.Account.verify_and_update_password", judge)
    page = web_client.make_client(app).send("/inloggen", {"email": ADDRESS, "password": "verkeerd"})
    assert page.status_code == 422 and len(other) == 1
