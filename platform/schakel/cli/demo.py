"""`flask demo`: migrate, load the stories, start worker and web on the loopback address, list the demo people."""

import os
import signal
import subprocess  # nosec  # our own programs, with fixed arguments
import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from schakel import db
from schakel.cli import seeds
from schakel.home import queries


def _prepare() -> None:
    upgrade()
    click.echo(seeds.load(Path(current_app.config["SEEDS"])))
    groups = queries.demo_groups()
    db.end_transaction(False)
    click.echo("U kunt inloggen als:")
    for group, people in groups:
        click.echo(f"  {group}")
        for person in people:
            click.echo(f"    {person.role}: {person.name} ({person.says})")


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Alles in één keer: database, verhalen, worker en website op 127.0.0.1."""
    if not current_app.config["DEMO"]:
        raise click.ClickException("Dit is geen demonstratie: zet SCHAKEL_DEMO=1.")
    _prepare()
    bin_folder = Path(sys.executable).parent
    address = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    click.echo(f"\nSchakel draait op {address}   (stoppen: Ctrl+C)")
    children = [
        subprocess.Popen([str(bin_folder / "flask"), "worker"]),  # noqa: S603  # our own program
        subprocess.Popen([str(bin_folder / "gunicorn"), "-c", "gunicorn.conf.py", "wsgi:app"]),  # noqa: S603
    ]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        children[1].wait()
    except KeyboardInterrupt:
        pass
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(timeout=20)
