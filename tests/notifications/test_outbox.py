"""The outbox: written in the same transaction, sent once, retried, given up in the end; no page waits for it."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from schakel import dates, db, errors
from schakel.db import transaction
from schakel.notifications import mailer, rules, service
from schakel.notifications.models import Mail
from tests import mailbox
from tests.demo_server import free_port
from tests.notifications import smtp_servers
from tests.notifications.outbox import SENDER, deliver, letter, queue
from tests.registrations import make_registrations
from tests.registrations.make_registrations import register

pytestmark = pytest.mark.both_databases


def rows() -> list[Mail]:
    db.session().expire_all()
    return mailbox.mails()


# The row


def test_a_mail_is_a_row_of_the_same_transaction(work, client):
    hall = make_registrations.make_hall(work, 5)
    make_registrations.sign_up(client, hall)
    with work():
        (mail,) = rows()
        assert (mail.state, mail.tries, mail.about_kind, mail.to_address) == (
            "waiting",
            0,
            "registration",
            "tjitske@praktijk.example.org",
        )


def test_a_request_that_is_rolled_back_sends_nothing(work, client, monkeypatch):
    hall = make_registrations.make_hall(work, 5)
    form = make_registrations.fill_in(client, hall)
    from schakel.registrations import service as registrations

    def crash(*_args, **_values):
        raise ZeroDivisionError

    monkeypatch.setattr(registrations.audit, "record", crash)
    assert client.post(f"{hall.path}/aanmelden", data=form).status_code == 500
    with work():
        assert rows() == [] and make_registrations.states(hall) == {}


def test_a_failing_commit_sends_nothing_and_gives_an_error_page(work, client, monkeypatch):
    hall = make_registrations.make_hall(work, 5)
    form = make_registrations.fill_in(client, hall)

    def fail(_session):
        raise sa.exc.OperationalError("commit", {}, Exception("full"))

    with monkeypatch.context() as patch:
        patch.setattr(transaction, "_commit", fail)
        assert client.post(f"{hall.path}/aanmelden", data=form).status_code == 503
    with work():
        assert rows() == [] and make_registrations.states(hall) == {}
    assert client.post(f"{hall.path}/aanmelden", data=form).status_code == 303


def test_a_refusal_sends_nothing(work):
    hall = make_registrations.make_hall(work, {"huisarts": 5})
    with work():
        with pytest.raises(errors.Refused):
            register(hall, "A", profession="tovenaar")
        db.rollback()
        assert rows() == []


# Retries


def test_the_pauses_between_tries_double_to_an_hour():
    now = dates.now()
    minutes = [(rules.next_try(tries, now) - now) / timedelta(minutes=1) for tries in range(1, 11)]
    assert minutes == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60]


def test_a_mail_is_sent_once(app, post, sink, work):
    post(5)
    assert deliver(app) == 5 and deliver(app) == 0
    assert len(sink.taken) == 5 and set(sink.ids().values()) == {1}
    with work():
        assert {(mail.state, mail.tries, mail.fault, mail.holder, mail.lease_until) for mail in rows()} == {
            ("sent", 1, None, None, None)
        }
        assert all(mail.sent_at for mail in rows())


FAULTS = {
    "451": ("SMTPRecipientsRefused", 0), "550": ("SMTPRecipientsRefused", 0), "554": ("SMTPDataError", 0),
    "drop": ("SMTPServerDisconnected", 0), "dropped": ("SMTPServerDisconnected", 1),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_after_a_failure_the_mail_is_sent_again_later_with_the_same_message_id(app, post, sink, work, fault):
    """R2: a second copy only when the fault fell after DATA, and then with the same Message-ID."""
    kind, copies = FAULTS[fault]
    post(1)
    sink.script = [fault]
    start = dates.now()
    with time_machine.travel(start, tick=False):
        assert deliver(app) == 0
    with work():
        (mail,) = rows()
        assert (mail.state, mail.tries, mail.fault) == ("waiting", 1, kind)
        assert mail.next_at == start + timedelta(minutes=1) and mail.lease_until is None
    with time_machine.travel(start + timedelta(seconds=59), tick=False):
        assert deliver(app) == 0
    with time_machine.travel(start + timedelta(seconds=60), tick=False):
        assert deliver(app) == 1
    assert len(sink.taken) == copies + 1 and len(sink.ids()) == 1


def test_a_server_that_disconnects_after_accepting_gets_no_second_copy(app, post, sink, work):
    """It responded 250, so the mail is accepted, whatever happens to QUIT."""
    post(1)
    sink.script = ["gone"]
    deliver(app)
    with time_machine.travel(dates.now() + timedelta(minutes=5)):
        deliver(app)
    assert len(sink.taken) == 1
    with work():
        assert rows()[0].state == "sent"


def test_a_hanging_server_does_not_block_for_long(app, post, sink, work, monkeypatch):
    monkeypatch.setattr(rules, "TIMEOUT", 0.3)
    post(3)
    sink.script = ["hang"]
    began = time.monotonic()
    assert deliver(app) == 0
    assert time.monotonic() - began < 3
    with work():
        first, *others = rows()
        assert first.tries == 1 and first.fault and [mail.tries for mail in others] == [0, 0]
    assert deliver(app) == 2


def test_without_a_server_the_round_stops_after_one_attempt(app, post, work, monkeypatch):
    post(4)
    smtp_servers.send_to(app, free_port(), monkeypatch)
    assert deliver(app) == 0
    with work():
        assert [mail.tries for mail in rows()] == [1, 0, 0, 0] and rows()[0].fault == "ConnectionRefusedError"


def test_pages_work_while_the_mail_server_is_down_and_health_reports_it(app, post, work, monkeypatch, client):
    hall = make_registrations.make_hall(work, 5)
    smtp_servers.send_to(app, free_port(), monkeypatch)
    assert make_registrations.sign_up(client, hall).status_code == 303
    deliver(app)
    assert client.get("/gezond").json["mail_waiting"] == 1
    with time_machine.travel(dates.now() + timedelta(minutes=11)):
        seen = client.get("/gezond")
        assert seen.status_code == 200 and seen.json["status"] == "let op" and seen.json["mail_oldest_seconds"] >= 660
        assert make_registrations.sign_up(client, hall, name="B").status_code == 303


def test_a_refusal_of_one_address_does_not_stop_the_others(app, post, sink):
    post(5)
    sink.script = ["550", "ok", "451", "ok", "554"]
    assert deliver(app) == 2


def test_a_mail_is_given_up_after_forty_eight_attempts_and_health_reports_it(app, post, sink, work, client):
    post(1)
    sink.script = ["550"] * 60
    now = dates.now()
    for _ in range(60):
        with time_machine.travel(now, tick=False):
            deliver(app)
        now += timedelta(minutes=61)
    assert sink.tries == 48 == rules.MAX_TRIES
    with work():
        (mail,) = rows()
        assert (mail.state, mail.tries) == ("failed", 48)
    assert client.get("/gezond").json["mail_failed"] == 1 and client.get("/gezond").json["status"] == "let op"


def test_a_mail_that_cannot_be_built_does_not_stop_the_others(app, post, sink, work):
    post(1)
    with work():
        for address in (
            "jürgen@example.nl",
            "naam@münchen.example",
            "geen adres",
            "a@b@c",
            "",
            "x\r\nBcc: y@evil.test",
            '"a b"@example.org',
            "@",
        ):
            service.queue(letter(), ("Gast", address), SENDER, ("proef", "1"))
        service.queue(letter(subject="regel\r\nBcc: dief@evil.test"), ("Gast", "g@example.org"), SENDER, ("proef", "1"))
        service.queue(letter(), ("na\r\nBcc: am", "n@example.org"), SENDER, ("proef", "1"))
        service.queue(
            letter(), ("Gast", "g@example.org"), service.Sender("x\r\nBcc: y", "p@example.org"), ("proef", "1")
        )
        service.queue(
            letter(),
            ("Gast", "g@example.org"),
            service.Sender("x", "p@example.org\r\nBcc: y@evil.test"),
            ("proef", "1"),
        )
        queue("Laatste")
    for _ in range(3):
        deliver(app)
    to = [one for _, recipients in sink.envelopes for one in recipients]
    assert "gast0@example.org" in to and "laatste@example.org" in to
    assert not [one for one in to if "evil" in one]
    assert not [str(one) for one in sink.taken if one["Bcc"]]


# Leases


def test_a_mail_leased_by_one_worker_is_not_sent_by_another(app, post, work):
    post(1)
    now = dates.now() + timedelta(seconds=1)
    with work():
        assert service.claim("w1", now) is not None
    with work():
        assert service.claim("w2", now) is None
        assert service.claim("w2", now + rules.LEASE) is None
        late = service.claim("w2", now + rules.LEASE + timedelta(seconds=1))
        assert late is not None and (late.holder, late.tries) == ("w2", 2)
        service.settle(late.id, "w1", None, now)
        db.session().flush()
        assert rows()[0].state == "waiting", "a worker without the lease changes nothing"


def test_two_workers_send_each_mail_once(fresh_database, sink, monkeypatch):
    app = fresh_database
    smtp_servers.send_to(app, sink.port, monkeypatch)
    with app.app_context():
        for number in range(40):
            queue(f"Gast{number}")
        db.end_transaction(True)
    start = threading.Barrier(3)

    def worker(name):
        start.wait()
        return deliver(app, name)

    with ThreadPoolExecutor(3) as threads:
        sent = sum(threads.map(worker, ["w1", "w2", "w3"]))
    while deliver(app, "w4"):
        pass
    assert len(sink.taken) == 40 and set(sink.ids().values()) == {1} and sent <= 40
    with app.app_context():
        assert {mail.state for mail in rows()} == {"sent"}


def test_the_demo_sends_no_mail(app, work, monkeypatch):
    monkeypatch.setitem(app.config, "DEMO", True)
    with work():
        queue()
    assert deliver(app) == 1
    with work():
        assert rows()[0].state == "sent"


def test_sending_holds_no_transaction_open(app, post, sink, work):
    """Others can write while the mail server responds."""
    post(1)
    held = []
    sink.on["mail"] = lambda: held.append(len(threading.enumerate()))
    seen = []
    real = mailer._attempt

    def attempt(mail, connection):
        seen.append(db.session().in_transaction())
        return real(mail, connection)

    try:
        mailer._attempt = attempt
        deliver(app)
    finally:
        mailer._attempt = real
    assert seen == [False]
