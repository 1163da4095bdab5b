"""The connection to the mail server: one for a round, a new one after a fault, and only under a valid certificate."""

import ssl

import sqlalchemy as sa

from schakel.notifications import rules
from schakel.notifications.models import Mail
from tests.notifications.outbox import deliver


def test_the_mails_of_a_round_go_over_one_connection(app, post, sink):
    post(4)
    assert deliver(app) == 4 and sink.connections == 1


def test_a_server_that_leaves_between_two_mails_gets_the_next_over_a_new_connection(app, post, sink, work):
    post(3)
    sink.script = ["leave"]
    assert deliver(app) == 3 and sink.connections == 2
    with work() as session:
        assert set(session.scalars(sa.select(Mail.tries))) == {1}


def test_after_a_fault_the_next_mail_gets_a_new_connection(app, post, sink):
    post(3)
    sink.script = ["554"]
    assert deliver(app) == 2 and sink.connections == 2


def test_the_certificate_of_the_mail_server_is_checked(app, post, sink, work, monkeypatch):
    contexts = []
    monkeypatch.setattr("smtplib.SMTP.starttls", lambda _host, context: contexts.append(context))
    monkeypatch.setattr(app.extensions["mail"], "use_tls", True)
    post(1)
    assert deliver(app) == 1
    (context,) = contexts
    assert context.verify_mode == ssl.CERT_REQUIRED and context.check_hostname


def test_no_server_that_leaves_out_starttls_gets_a_mail(app, post, sink, work, monkeypatch):
    monkeypatch.setattr(app.extensions["mail"], "use_tls", True)
    post(1)
    assert deliver(app) == 0 and sink.tries == 0
    with work() as session:
        assert session.scalar(sa.select(Mail.fault)) == "SMTPNotSupportedError"


def test_a_server_that_closes_with_421_ends_the_round_and_takes_one_try(app, post, sink, work):
    post(4)
    sink.script = ["421"]
    assert deliver(app) == 0 and sink.connections == 1
    with work() as session:
        assert sorted(session.scalars(sa.select(Mail.tries))) == [0, 0, 0, 1]


def test_one_send_is_shorter_than_its_lease():
    assert rules.LEASE.total_seconds() > rules.TIMEOUT * rules.ANSWERS
