"""`flask …`: key ring, worker, loading the demo stories."""

import os
import socket
import time
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from schakel import crypto, db
from schakel.audit import service as audit
from schakel.cli import seeds
from schakel.jobs import service as jobs
from schakel.notifications import mailer

PAUSE = 5  # seconds between rounds of the worker


@click.group("sleutelring")
def keyring() -> None:
    """De sleutelring, buiten de database."""


@keyring.command("maak")
@click.argument("pad", type=click.Path(path_type=Path))
def make_keyring(pad: Path) -> None:
    """Maak een nieuwe sleutelring; weigert een bestaand bestand."""
    crypto.write_keyring(pad)
    click.echo(f"Gemaakt: {pad}. Bewaar een kopie op een andere plaats dan de back-up van de database.")


@click.command("worker")
@click.option("--once", is_flag=True, help="Eén ronde en dan stoppen.")
@with_appcontext
def worker(once: bool) -> None:
    """Het werk dat op de klok loopt: mails, aanbiedingen, dagelijkse taken. Meer dan één mag tegelijk."""
    holder = f"{socket.gethostname()}:{os.getpid()}"
    while True:
        jobs.round_of_work(holder)
        mailer.deliver(holder)
        audit.write_head(Path(current_app.config["AUDIT_HEAD"]))
        db.end_transaction(False)
        if once:
            return
        time.sleep(PAUSE)


@click.command("verhalen")
@with_appcontext
def stories() -> None:
    """Laad de vijf verhalen uit seeds/ in een lege database; doet niets als ze er al zijn."""
    click.echo(seeds.load(Path(current_app.config["SEEDS"])))
