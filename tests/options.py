"""Options of a run: the database, how many pages axe checks, and the date.

Which database a test runs on (`--databases rule`, the default): a test that uses no database runs once. A test of services or
pages runs on SQLite. A test marked `both_databases`, and every test with a `fresh_database` of its own (real commits, several
connections: locks), also runs on PostgreSQL. `--databases postgresql` runs everything that uses a database, on PostgreSQL only;
tests that cannot (`sqlite_only`) are listed at the end of the run.
"""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

SQLITE, POSTGRESQL = "sqlite", "postgresql"
USES_DATABASE = {"database_name", "engines", "live_server"}
_ONLY_SQLITE = pytest.StashKey[list[str]]()
_CLOCK = pytest.StashKey[time_machine.travel]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--databases`, `--axe` and `--on`."""
    group = parser.getgroup("schakel")
    group.addoption("--databases", choices=["rule", SQLITE, POSTGRESQL], default="rule", help="see tests/options.py")
    group.addoption("--axe", choices=["once", "all"], default="once", help="each kind of page once per theme, or at every width in each")  # fmt: skip
    group.addoption("--on", type=date.fromisoformat, metavar="DAY", help="the day on which the tests think they run")


def databases_of(asked: str, both: bool) -> list[str]:
    """Return the databases a test runs on."""
    if asked != "rule":
        return [asked]
    return [SQLITE, POSTGRESQL] if both else [SQLITE]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that uses a database on the databases that the rule or the option names."""
    if "database_name" not in metafunc.fixturenames:
        return
    both = "fresh_database" in metafunc.fixturenames or metafunc.definition.get_closest_marker("both_databases")
    names = databases_of(metafunc.config.getoption("--databases"), bool(both))
    metafunc.parametrize("database_name", names, indirect=True, scope="session")


def starts_a_server(item: pytest.Item) -> bool:
    """Whether a test takes long: it uses a browser, or processes of its own."""
    return item.path.parent.name == "reliability" or bool(
        {"browser", "live_server"} & set(getattr(item, "fixturenames", ()))
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put slow files first, so that no worker runs alone at the end.

    On PostgreSQL alone: leave out tests that use no database, and those about SQLite.
    """
    items.sort(key=lambda item: not starts_a_server(item))  # a stable sort: the rest stays in order
    config.stash[_ONLY_SQLITE] = []
    if config.getoption("--databases") != POSTGRESQL:
        return
    stay, out = [], []
    for item in items:
        only = item.get_closest_marker("sqlite_only")
        if only:
            config.stash[_ONLY_SQLITE].append(f"{item.nodeid}: {only.kwargs['reason']}")
        uses = USES_DATABASE & set(getattr(item, "fixturenames", ()))
        (stay if uses and not only else out).append(item)
    config.hook.pytest_deselected(items=out)
    items[:] = stay


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Collect what a worker left out."""
    node.config.stash[_ONLY_SQLITE] = getattr(node, "workeroutput", {}).get("only_sqlite", [])


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Send the controller what was left out."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["only_sqlite"] = session.config.stash[_ONLY_SQLITE]


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Name every test that did not run because it is about SQLite."""
    for line in config.stash.get(_ONLY_SQLITE, []):
        terminalreporter.write_line(f"SQLite only: {line}")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Set the clock before tests are collected: many test modules compute their dates when imported."""
    if day := config.getoption("--on"):
        config.stash[_CLOCK] = time_machine.travel(datetime.combine(day, time(11), ZoneInfo("Europe/Amsterdam")))
        config.stash[_CLOCK].start()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Restore the clock."""
    if clock := config.stash.get(_CLOCK, None):
        clock.stop()
