"""Schakel refuses to start with an unsafe configuration."""

import os
import stat
import subprocess
from urllib.parse import urlsplit

import pytest
from sqlalchemy import event

from schakel import crypto, db
from schakel.app import create_app, fsa
from tests import databases
from tests.demo_server import BIN, ROOT

ONLY_SQLITE = pytest.mark.sqlite_only(reason="how a connection to SQLite is opened")


@pytest.fixture
def settings(tmp_path):
    """Return all settings that production requires."""
    crypto.write_keyring(tmp_path / "keyring")
    return {
        "DEMO": False, "SECRET_KEY": databases.SECRET, "KEYRING": str(tmp_path / "keyring"), "VAR": str(tmp_path / "var"),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'a.db'}", "BASE_URL": databases.BASE_URL,
    }  # fmt: skip


def test_it_starts_with_all_settings(settings):
    databases.let_go(create_app(**settings))


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SECRET_KEY", "", "SECRET_KEY"),
        ("SECRET_KEY", "x" * 31, "SECRET_KEY"),
        ("KEYRING", "", "KEYRING"),
        ("DATABASE_URL", "", "DATABASE_URL"),
        ("BASE_URL", "", "https"),
        ("BASE_URL", "http://schakel.example.org", "https"),
    ],
)
def test_it_refuses_to_start_without(settings, name, value, said):
    with pytest.raises(RuntimeError, match=said):
        create_app(**settings | {name: value})


def test_it_refuses_a_missing_key_ring(settings, tmp_path):
    with pytest.raises(OSError, match="nergens"):
        create_app(**settings | {"KEYRING": str(tmp_path / "nergens")})


@pytest.mark.parametrize("line", ["audit kort", "audit " + "A" * 20, "audit niet*base64"])
def test_it_refuses_a_malformed_key(settings, tmp_path, line):
    (tmp_path / "bad").write_text(line)
    with pytest.raises(ValueError, match=r".+"):
        create_app(**settings | {"KEYRING": str(tmp_path / "bad")})


def test_it_refuses_to_start_when_the_key_ring_lacks_the_audit_key(settings, tmp_path):
    crypto.write_keyring(tmp_path / "other", names=("fields",))
    with pytest.raises((RuntimeError, KeyError), match="audit"):
        create_app(**settings | {"KEYRING": str(tmp_path / "other")})


@ONLY_SQLITE
def test_it_refuses_to_start_without_the_hooks_on_sqlite(settings, monkeypatch):
    monkeypatch.setattr(db, "hook_engine", lambda engine: None)
    with pytest.raises(RuntimeError, match="SQLite is not hooked"):
        create_app(**settings)


@ONLY_SQLITE
@pytest.mark.parametrize("pragma", ["foreign_keys=OFF", "synchronous=NORMAL"])
def test_it_refuses_to_start_when_a_pragma_has_another_value(settings, monkeypatch, pragma):
    guard = db.hook_engine

    def weaker(engine):
        guard(engine)
        event.listen(engine, "connect", lambda connection, _record: connection.execute(f"PRAGMA {pragma}"))

    monkeypatch.setattr(db, "hook_engine", weaker)
    with pytest.raises(RuntimeError, match="SQLite is not hooked"):
        create_app(**settings)


@ONLY_SQLITE
def test_writers_take_the_write_lock_at_once_and_readers_do_not(settings):
    app = create_app(**settings)
    begun = []
    with app.app_context():
        event.listen(fsa.engine, "before_cursor_execute", lambda c, cu, statement, *rest: begun.append(statement))
        for writes in (True, False):
            db.set_writing(writes)
            with fsa.engine.connect() as connection:
                connection.exec_driver_sql("select 1")
            db.set_writing(False)
        pragmas = {"journal_mode": "wal", "busy_timeout": 20000}
        with fsa.engine.connect() as connection:
            assert {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas} == pragmas
    assert [text for text in begun if text.startswith("BEGIN")][:2] == ["BEGIN IMMEDIATE", "BEGIN"]
    databases.let_go(app)


def test_it_refuses_a_postgresql_that_may_lose_what_it_acknowledged(engines, settings):
    kind = engines("postgresql")
    url = kind.copy()
    name = urlsplit(url).path[1:]
    kind._do(f'alter database "{name}" set synchronous_commit to off')
    with pytest.raises(RuntimeError, match="synchronous_commit"):
        create_app(**settings | {"DATABASE_URL": url})
    kind.drop(url)


def test_the_demo_makes_its_own_secrets_readable_by_nobody_else(tmp_path):
    wishes = {
        "DEMO": True,
        "SECRET_KEY": "",
        "KEYRING": "",
        "DATABASE_URL": "",
        "BASE_URL": "",
        "VAR": str(tmp_path / "var"),
    }
    before = os.umask(0)
    try:
        app = create_app(**wishes)
        databases.let_go(app)
    finally:
        os.umask(before)
    for name in ("demo-secret", "demo-keyring"):
        assert stat.S_IMODE((tmp_path / "var" / name).stat().st_mode) == 0o600
    again = create_app(**wishes)
    assert again.secret_key == app.secret_key and len(app.secret_key) >= 32
    databases.let_go(again)


def test_a_new_key_ring_is_readable_by_its_owner_only_and_never_overwrites_one(tmp_path):
    crypto.write_keyring(tmp_path / "ring")
    assert stat.S_IMODE((tmp_path / "ring").stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        crypto.write_keyring(tmp_path / "ring")
    ring = crypto.read_keyring(tmp_path / "ring")
    assert ring.key("audit") not in repr(ring).encode() and "=" not in repr(ring)


@pytest.mark.parametrize("module", ["flask", "gunicorn"])
def test_the_usual_commands_find_the_application_and_say_why_they_fail(module):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SCHAKEL_")}
    command = {
        "flask": ["flask", "--app", "wsgi:app", "routes"],
        "gunicorn": ["gunicorn", "--check-config", "wsgi:app"],
    }[module]
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]], cwd=ROOT, env=clean, capture_output=True, text=True, timeout=60
    )
    assert done.returncode and "SCHAKEL_SECRET_KEY" in done.stderr + done.stdout
