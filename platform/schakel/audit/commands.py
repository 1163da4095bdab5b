"""`flask audit …`: the log and its seals."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from schakel import db
from schakel.audit import service as audit


@click.group("audit")
def audit_group() -> None:
    """Het logboek en zijn zegels."""


@audit_group.command("verify")
@with_appcontext
def verify() -> None:
    """Loop de hele keten na; vergelijkt ook met de kop buiten de database. Eindigt met 1 bij een fout."""
    verdict = audit.verify(audit.read_head(Path(current_app.config["AUDIT_HEAD"])))
    db.end_transaction(False)
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
    db.end_transaction(False)
    click.echo(f"Kop bewaard: zegel {seq}.")
