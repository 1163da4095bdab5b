"""`flask …`: key ring, audit, capacity, worker, loading the stories, demo."""

import os
import socket
import time
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from schakel import crypto, db
from schakel.audit import service as audit
from schakel.cli import seeds
from schakel.cli.demo import demo
from schakel.jobs import service as jobs
from schakel.notifications import mailer

PAUSE = 5


def init(app: Flask) -> None:
    """Add the commands to an application."""
    for command in (keyring, audit_group, worker, stories, demo):
        app.cli.add_command(command)


@click.group("sleutelring")
def keyring() -> None:
    """De sleutelring, buiten de database."""


@keyring.command("maak")
@click.argument("pad", type=click.Path(path_type=Path))
def make_keyring(pad: Path) -> None:
    """Maak een nieuwe sleutelring; weigert een bestaand bestand."""
    crypto.write_keyring(pad)
    click.echo(f"Gemaakt: {pad}. Bewaar een kopie op een andere plaats dan de back-up van de database.")


@click.group("audit")
def audit_group() -> None:
    """Het logboek en zijn zegels."""


@audit_group.command("verify")
@with_appcontext
def verify() -> None:
    """Loop de hele keten na; vergelijkt ook met de kop buiten de database. Eindigt met 1 bij een fout."""
    verdict = audit.verify(audit.read_head(Path(current_app.config["AUDIT_HEAD"])))
    db.finish(False)
    for fault in verdict.faults:
        click.echo(f"FOUT: {fault}")
    click.echo(f"{verdict.count} zegels, kop {verdict.head[1][:12]}: {'NIET in orde' if verdict.faults else 'in orde'}")
    if verdict.faults:
        raise SystemExit(1)


@audit_group.command("kop")
@with_appcontext
def head() -> None:
    """Bewaar de laatste zegel buiten de database."""
    seq, _ = audit.write_head(Path(current_app.config["AUDIT_HEAD"]))
    db.finish(False)
    click.echo(f"Kop bewaard: zegel {seq}.")


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
        db.finish(False)
        if once:
            return
        time.sleep(PAUSE)


@click.command("verhalen")
@with_appcontext
def stories() -> None:
    """Laad de vijf verhalen uit seeds/ in een lege database; doet niets als ze er al zijn."""
    click.echo(seeds.load(Path(current_app.config["SEEDS"])))
