"""`flask …`: key ring, audit, capacity, worker, loading the stories, demo."""

import os
import socket
import time
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_security import hash_password

from schakel import crypto, db, errors
from schakel.access import system
from schakel.audit import service as audit
from schakel.cli import seeds
from schakel.cli.demo import demo
from schakel.identity import rules as identity_rules
from schakel.identity import service as identity
from schakel.identity.policy import COMMAND_LINE
from schakel.jobs import service as jobs
from schakel.notifications import mailer
from schakel.reports.loops import queries as loops_queries

PAUSE = 5  # seconds between rounds of the worker


def init(app: Flask) -> None:
    """Add the commands to an application."""
    for command in (keyring, audit_group, account_group, loops, worker, stories, demo):
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


@click.group("lussen")
def loops() -> None:
    """Of niets wat gevraagd, beloofd of geoordeeld is, kwijt is."""


@loops.command("controleer")
@with_appcontext
def check_loops() -> None:
    """Toets elke regel over de hele database: aanleiding, onderbouwing, toetsing, plaatsen. 1 bij een fout."""
    faults = loops_queries.faults()
    db.finish(False)
    for fault in faults:
        click.echo(f"FOUT: {fault}")
    click.echo(f"{len(loops_queries.INVARIANTS)} regels nagegaan: {'NIET in orde' if faults else 'in orde'}")
    if faults:
        raise SystemExit(1)


@click.group("account")
def account_group() -> None:
    """Accounts van mensen die inloggen."""


@account_group.command("maak")
@click.argument("email")
@click.argument("naam")
@click.option("--organisatie", required=True, help="Code van de organisatie; wordt gemaakt als zij er nog niet is.")
@click.option(
    "--rol", default=identity_rules.Role.ADMINISTRATOR.value, help="Rol in code, zoals administrator of coordinator."
)
@click.password_option("--wachtwoord", help="Ten minste 12 tekens; er wordt om gevraagd.")
@with_appcontext
def make_account(email: str, naam: str, organisatie: str, rol: str, wachtwoord: str) -> None:
    """Maak een account: een nieuwe installatie heeft er geen, en geen standaardwachtwoord."""
    if len(wachtwoord) < identity_rules.MIN_PASSWORD:
        raise click.ClickException(f"Neem een wachtwoord van ten minste {identity_rules.MIN_PASSWORD} tekens.")
    db.writing.set(True)
    try:
        identity.first_account(system(COMMAND_LINE), naam, email, organisatie, rol, hash_password(wachtwoord))
        db.finish(True)
    except errors.Refused as no:
        db.finish(False)
        raise click.ClickException(no.msgid) from None
    click.echo(f"{naam} kan inloggen met {email}.")


@click.command("verhalen")
@with_appcontext
def stories() -> None:
    """Laad de vijf verhalen uit seeds/ in een lege database; doet niets als ze er al zijn."""
    click.echo(seeds.load(Path(current_app.config["SEEDS"])))
