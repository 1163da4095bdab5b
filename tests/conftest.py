"""Fixtures of the suite. The options, and which database a test runs on, stand in `tests/options.py`.

Each test works inside an outer transaction that is rolled back at the end, so commits of the application leave
nothing. Tests of concurrency, of a lost connection and of the browser take `fresh_database` or `live_server`.
Clients are used outside any pushed application context (flask-login stores the user there); take `in_app` for services.
"""

import os
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from schakel import db
from schakel.app import fsa
from schakel.reports.loops.queries import faults
from tests import databases, web_client
from tests import prepared as preparing
from tests import sql_statements as counting
from tests.web_client import Client
from tests.write_watch import WriteWatch

pytest_plugins = ["tests.options", "tests.demo_server"]


@pytest.fixture(scope="session")
def run_id() -> str:
    """One name for this run, the same in every worker."""
    return os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex


@pytest.fixture(scope="session")
def run_folder(run_id: str) -> Iterator[Path]:
    """A folder of this run, shared by its workers."""
    folder = Path(tempfile.gettempdir()) / f"schakel-tests-{run_id[:12]}"
    folder.mkdir(exist_ok=True)
    yield folder
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _remove(folder)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The controller clears up after its workers."""
    uid = getattr(session.config, "_schakel_uid", None)
    if uid and "PYTEST_XDIST_WORKER" not in os.environ:
        _remove(Path(tempfile.gettempdir()) / f"schakel-tests-{uid[:12]}")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Remember what the run of the workers is called."""
    node.config._schakel_uid = node.workerinput["testrunuid"]


def _remove(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)
    if folder.is_dir():  # a run without a database made none
        folder.rmdir()


@pytest.fixture(scope="session")
def engines(run_folder: Path, run_id: str) -> Callable[[str], Any]:
    """A kind of database by name, with its migrated template."""
    made: dict[str, Any] = {}

    def get(name: str) -> Any:
        if name not in made:
            made[name] = databases.kinds(run_folder, run_id)[name]()
        return made[name]

    return get


@pytest.fixture(scope="session")
def database_name(request: pytest.FixtureRequest) -> str:
    """`sqlite` or `postgresql`, as `tests/options.py` chose for this test."""
    return str(request.param)


@pytest.fixture
def database(database_name: str, engines: Callable[[str], Any]) -> Iterator[Any]:
    """The kind of database of this test; a test starts as a request that only reads."""
    db.set_writing(False)
    yield engines(database_name)
    db.set_writing(False)


@pytest.fixture(scope="session")
def _apps(engines: Callable[[str], Any], run_folder: Path) -> Iterator[Callable[[str], Flask]]:
    made: dict[str, tuple[Flask, str]] = {}

    def get(name: str) -> Flask:
        if name not in made:
            url = engines(name).copy()
            made[name] = databases.make_app(url, run_folder), url
        return made[name][0]

    yield get
    for name, (app, url) in made.items():
        databases.let_go(app)
        engines(name).drop(url)


@pytest.fixture(scope="session")
def _preparations(_apps: Callable[[str], Flask]) -> Iterator[Callable[[str], preparing.Preparation]]:
    made: dict[str, preparing.Preparation] = {}

    def get(name: str) -> preparing.Preparation:
        if name not in made:
            made[name] = preparing.Preparation(_apps(name))
        return made[name]

    yield get
    for one in made.values():
        one.close()


@pytest.fixture
def app(
    request: pytest.FixtureRequest, database: Any, _preparations: Callable[[str], preparing.Preparation]
) -> Iterator[Flask]:
    """The application, with everything it commits in this test rolled back at the end."""
    preparation = _preparations(database.name)
    app = preparation.app
    connection = preparation.connection_for(preparing.maker_of(request.node))
    point = connection.begin_nested() if preparation.maker else None
    _clear_caches(app)
    fsa._app_engines[app][None] = connection
    try:
        yield app
    finally:
        fsa._app_engines[app][None] = preparation.engine
        if point is None:
            preparation.close()
        elif point.is_active:
            point.rollback()


@pytest.fixture
def prepared(app: Flask, database: Any, _preparations: Callable[[str], preparing.Preparation]) -> Any:
    """What the maker of this test's mark `prepared` returned, in a copy of its own."""
    return _preparations(database.name).copy()


def _clear_caches(app: Flask) -> None:
    """Rolled back rows give their ids and versions to the next test: what was cached of them must go."""
    for name in ("schakel.event_pages", "schakel.figures"):
        app.extensions[name].clear()


@pytest.fixture
def undone(app: Flask) -> Callable[[], AbstractContextManager[None]]:
    """`with undone():` takes back what the block wrote, also what it committed."""

    @contextmanager
    def block() -> Iterator[None]:
        point = fsa._app_engines[app][None].begin_nested()
        try:
            yield
        finally:
            point.rollback()
            _clear_caches(app)

    return block


@pytest.fixture
def dump(app: Flask) -> Iterator[Callable[..., dict[str, list[str]]]]:
    """Everything the database holds, table by table; two dumps are equal when nothing left a trace.

    The tables are read again only when something was written since the last dump (`tests/write_watch.py`).
    """
    connection = fsa._app_engines[app][None]
    watch = WriteWatch(connection)
    last: dict[tuple[str, ...], tuple[int, dict[str, list[str]]]] = {}

    def read(*but: str) -> dict[str, list[str]]:
        if but not in last or last[but][0] != watch.changes:
            tables = [table for table in db.Base.metadata.sorted_tables if table.name not in but]
            rows = {table.name: sorted(map(repr, connection.execute(table.select()))) for table in tables}
            last[but] = watch.changes, rows
        return last[but][1]

    yield read
    watch.stop()


@pytest.fixture
def frozen() -> Iterator[time_machine.Traveller]:
    """A clock that stands still until the test moves it (`frozen.move_to`, `frozen.shift`)."""
    with time_machine.travel(datetime.now(UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def in_app(app: Flask) -> Iterator[Session]:
    """A pushed context and its session, for tests of services and queries."""
    with app.app_context():
        yield db.session()
        fsa.session.remove()


@pytest.fixture
def work(app: Flask) -> Callable[[], AbstractContextManager[Session]]:
    """`with work():` does something in a context of its own and commits it, as a request does."""

    @contextmanager
    def block() -> Iterator[Session]:
        with app.app_context():
            try:
                yield db.session()
            except BaseException:
                db.end_transaction(False)
                raise
            db.end_transaction(True)

    return block


@pytest.fixture(autouse=True)
def loops_hold(request: pytest.FixtureRequest) -> Iterator[None]:
    """After every scenario on a database: everything has a cause, nobody judged their own work, nothing vanished.

    A test that plants a fault takes it back itself, or says so with the mark `plants`.
    """
    scenario = {"in_app", "work", "prepared"} & set(request.fixturenames) and "plants" not in request.keywords
    app = request.getfixturevalue("app") if scenario else None
    yield
    if app is not None:
        with app.app_context():
            found = faults()
            fsa.session.remove()
        assert found == [], found


@pytest.fixture
def client(app: Flask) -> Client:
    """Somebody who is not signed in."""
    return web_client.make_client(app)


@pytest.fixture
def client_of(app: Flask) -> Callable[..., Client]:
    """`client_of(person)`: a client signed in as that person."""

    def make(person: Any, auth_method: str = "session") -> Client:
        with app.app_context():
            account = web_client.account_of(person)
        return web_client.sign_in(web_client.make_client(app), app, account, auth_method)

    return make


@pytest.fixture
def fresh_database(database: Any, run_folder: Path) -> Iterator[Flask]:
    """An application over a copied database of its own: real commits, any number of connections."""
    url = database.copy()
    app = databases.make_app(url, run_folder)
    yield app
    databases.let_go(app)
    database.drop(url)


@pytest.fixture
def statements(app: Flask) -> Callable[[], AbstractContextManager[counting.Statements]]:
    """`with statements() as seen:` counts the SQL of a block; `seen.at_most(3)` fails with the list."""
    return counting.counter(fsa._app_engines[app][None])
