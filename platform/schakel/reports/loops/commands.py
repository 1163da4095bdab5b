"""`flask lussen …`: checks that everything asked, promised and judged is still there."""

import click
from flask.cli import with_appcontext

from schakel import db
from schakel.reports.loops import queries


@click.group("lussen")
def loops() -> None:
    """Of niets wat gevraagd, beloofd of geoordeeld is, kwijt is."""


@loops.command("controleer")
@with_appcontext
def check_loops() -> None:
    """Toets elke regel over de hele database: aanleiding, onderbouwing, toetsing, plaatsen. 1 bij een fout."""
    faults = queries.faults()
    db.end_transaction(False)
    for fault in faults:
        click.echo(f"FOUT: {fault}")
    click.echo(f"{len(queries.INVARIANTS)} regels nagegaan: {'NIET in orde' if faults else 'in orde'}")
    if faults:
        raise SystemExit(1)
