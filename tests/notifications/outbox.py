"""Queue letters in the outbox and send its mails."""

from schakel import db
from schakel.notifications import mailer, service

SENDER = service.Sender("Medisch Centrum", "postbus@mcl.example.org")


def letter(**wishes) -> service.Letter:
    values = dict(
        kind="proef",
        subject="Een onderwerp",
        heading="Een kop",
        facts=[("Wat", "Avond", ""), ("Wanneer", "do", ""), ("Waar", "Hier", "")],
    )
    return service.Letter(**{**values, **wishes})  # fmt: skip


def queue(name: str = "Tjitske", address: str | None = None, **wishes) -> None:
    service.queue(letter(**wishes), (name, address or f"{name.lower()}@example.org"), SENDER, ("proef", "1"))


def deliver(app, holder: str = "w1") -> int:
    with app.app_context():
        try:
            return mailer.deliver(holder)
        finally:
            db.end_transaction(False)
