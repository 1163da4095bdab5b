"""`flask account …`: the first account of an installation."""

import click
from flask.cli import with_appcontext
from flask_security import hash_password

from schakel import db, errors
from schakel.access import system
from schakel.identity import rules
from schakel.identity import service as identity
from schakel.identity.policy import COMMAND_LINE


@click.group("account")
def account_group() -> None:
    """Accounts van mensen die inloggen."""


@account_group.command("maak")
@click.argument("email")
@click.argument("naam")
@click.option("--organisatie", required=True, help="Code van de organisatie; wordt gemaakt als zij er nog niet is.")
@click.option("--rol", default="administrator", help="Rol in code, zoals administrator of coordinator.")
@click.password_option("--wachtwoord", help="Ten minste 12 tekens; er wordt om gevraagd.")
@with_appcontext
def make_account(email: str, naam: str, organisatie: str, rol: str, wachtwoord: str) -> None:
    """Maak een account: een nieuwe installatie heeft er geen, en geen standaardwachtwoord."""
    if len(wachtwoord) < rules.MIN_PASSWORD:
        raise click.ClickException(f"Neem een wachtwoord van ten minste {rules.MIN_PASSWORD} tekens.")
    password_hash = hash_password(wachtwoord)
    try:
        with db.writing():
            identity.first_account(system(COMMAND_LINE), naam, email, organisatie, rol, password_hash)
            db.end_transaction(True)
    except errors.Refused as refused:
        db.end_transaction(False)
        raise click.ClickException(refused.sentence) from None
    click.echo(f"{naam} kan inloggen met {email}.")
