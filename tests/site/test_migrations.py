"""Migrations on both databases: up, down, up; rows stay; models equal the schema; append-only tables stay so."""

from datetime import timedelta

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations

from schakel import dates, db
from schakel.app import fsa
from schakel.measures import service as measures
from schakel.measures.models import Measure
from tests import databases, make, make_followup
from tests.demo_server import ROOT
from tests.registrations import make_registrations

pytestmark = pytest.mark.both_databases

APPEND_ONLY = ("audit", "audit_seal")


@pytest.fixture
def empty(database, run_folder):
    """An application over a database without tables."""
    url = database.empty()
    app = databases.make_app(url, run_folder)
    yield app
    databases.let_go(app)
    database.drop(url)


def tables() -> set[str]:
    return set(sa.inspect(fsa.engine).get_table_names()) - {"alembic_version"}


def triggers(connection: sa.Connection) -> set[str]:
    lite = "select name from sqlite_master where type = 'trigger'"
    full = "select tgname from pg_trigger where not tgisinternal"
    return set(connection.exec_driver_sql(lite if connection.dialect.name == "sqlite" else full).scalars())


def rows() -> dict[str, list[str]]:
    with fsa.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(table.select())))
            for table in db.Base.metadata.sorted_tables
        }


def fill() -> None:
    make.two_tenants()
    db.end_transaction(True)
    fsa.session.remove()


def test_up_then_down_to_nothing_then_up_again(empty):
    with empty.app_context():
        flask_migrate.upgrade()
        everything = tables()
        flask_migrate.downgrade(revision="base")
        assert tables() == set()
        flask_migrate.upgrade()
        assert tables() == everything == set(db.Base.metadata.tables)


def test_the_models_equal_the_migrated_schema(fresh_database):
    with fresh_database.app_context(), fsa.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, db.Base.metadata) == []


def test_there_is_one_head():
    import re

    texts = [path.read_text() for path in (ROOT / "migrations" / "versions").glob("*.py")]
    made = {re.search(r'^revision = "(\w+)"', text, re.M)[1] for text in texts}
    before = [re.search(r'^down_revision = (?:None|"(\w+)")', text, re.M)[1] for text in texts]
    assert len(made - set(before)) == 1 and before.count(None) == 1 and len(before) == len(set(before))


def test_a_downgrade_and_upgrade_of_one_step_lose_no_row_of_the_remaining_tables(fresh_database):
    with fresh_database.app_context():
        fill()
        before = rows()
        flask_migrate.upgrade()
        assert rows() == before
        batch(fsa.engine, "audit")
        batch(fsa.engine, "organisation")
        assert rows() == before


def test_moves_of_a_date_before_the_column_existed_are_counted(fresh_database):
    with fresh_database.app_context():
        db.set_writing(True)
        hospital = make_followup.make_hospital()
        moved, other = make_followup.make_measure(hospital), make_followup.make_measure(hospital)
        for days in (90, 120):
            due_on = dates.today() + timedelta(days=days)
            measures.move_deadline(hospital.actor("quality_adviser"), moved, due_on, "Later.", moved.version)
        ids = (moved.id, other.id)
        db.end_transaction(True)
        fsa.session.remove()
        flask_migrate.downgrade(revision="0005")
        flask_migrate.upgrade()
        counts = dict(db.session().execute(sa.select(Measure.id, Measure.due_moves)).all())
        assert [counts[number] for number in ids] == [2, 0]


def test_keys_for_sorting_and_searching_are_computed_for_every_row_that_was_there(fresh_database):
    with fresh_database.app_context():
        db.set_writing(True)
        hospital = make_followup.make_hospital()
        hall = make_registrations.hall_of(make.make_event(hospital.organisation, room={None: 9}))
        make_registrations.register(hall, "Geertruida van Verdichtsel")
        make.make_person("Lech Wałęsa")
        make_followup.make_action(hospital, hospital.people["facilitator"], title="Één lijst")
        make_followup.make_measure(hospital, title="Één lijst")
        keys = ("registration.sort_name", "person.sort_name", "action.search_title", "measure.search_title")
        queries = [f"select {key} from {key.partition('.')[0]} order by 1" for key in keys]
        before = [db.session().scalars(sa.text(query)).all() for query in queries]
        assert (
            "verdichtsel  geertruida  van" in before[0] and "walesa  lech" in before[1] and before[2] == ["een lijst"]
        )
        db.end_transaction(True)
        fsa.session.remove()
        flask_migrate.downgrade(revision="0008")
        old = db.session().scalars(sa.text("select sort_name from registration")).all()
        assert old == ["geertruida van verdichtsel"]
        fsa.session.remove()
        flask_migrate.upgrade()
        assert [db.session().scalars(sa.text(query)).all() for query in queries] == before


def batch(engine: sa.Engine, table: str, fail: bool = False) -> None:
    """A migration in batch mode that rebuilds a table, run through the project's own env.py."""
    name = f"planted_{table}{'_fails' * fail}"
    text = f'''
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "{name}", None, None, None
def upgrade():
    with op.batch_alter_table("{table}", recreate="always" if op.get_bind().dialect.name == "sqlite" else "auto") as change:
        change.add_column(sa.Column("planted", sa.String(5)))
    if {fail}:
        raise RuntimeError("the power went out")
    with op.batch_alter_table("{table}") as change:
        change.drop_column("planted")
def downgrade():
    pass
'''
    run_planted(engine, name, text)


def run_planted(engine: sa.Engine, name: str, text: str) -> None:
    """Run one migration by env.py, on a branch of its own beside the real ones."""
    import shutil
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "migrations"
        shutil.copytree(ROOT / "migrations", copy, ignore=shutil.ignore_patterns("__pycache__"))
        head = flask_migrate_head()
        (copy / "versions" / f"{name}.py").write_text(text.replace('", None, None, None', f'", "{head}", None, None'))
        try:
            flask_migrate.upgrade(directory=str(copy))
        finally:
            with engine.begin() as connection:
                connection.exec_driver_sql(f"update alembic_version set version_num = '{head}'")


def flask_migrate_head() -> str:
    with fsa.engine.connect() as connection:
        return connection.exec_driver_sql("select version_num from alembic_version").scalar_one()


def refuses(connection: sa.Connection, statement: str) -> None:
    point = connection.begin_nested()
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        connection.exec_driver_sql(statement)
    point.rollback()


def check_append_only(engine: sa.Engine) -> None:
    with engine.connect() as connection, connection.begin() as full:
        for table in APPEND_ONLY:
            assert connection.exec_driver_sql(f"select count(*) from {table}").scalar_one() > 0
            column = "hash" if table == "audit_seal" else "action"
            refuses(connection, f"update {table} set {column} = 'x'")
            refuses(connection, f"delete from {table}")
            if connection.dialect.name == "postgresql":
                refuses(connection, f"truncate {table} cascade")
        full.rollback()


def test_audit_refuses_update_delete_and_truncate(fresh_database):
    with fresh_database.app_context():
        fill()
        check_append_only(fsa.engine)


def test_audit_still_refuses_after_its_tables_were_rebuilt(fresh_database):
    with fresh_database.app_context():
        fill()
        with fsa.engine.connect() as connection:
            before = triggers(connection)
        for table in APPEND_ONLY:
            batch(fsa.engine, table)
        check_append_only(fsa.engine)
        with fsa.engine.connect() as connection:
            assert triggers(connection) == before and before


def test_rebuilding_a_parent_table_leaves_its_children(fresh_database):
    with fresh_database.app_context():
        fill()
        before = rows()
        for table in ("event", "person", "organisation"):
            batch(fsa.engine, table)
        assert rows() == before


def test_an_interrupted_migration_leaves_the_old_schema_and_its_triggers(fresh_database):
    with fresh_database.app_context():
        fill()
        before, schema = rows(), tables()
        with pytest.raises((RuntimeError, SystemExit)):
            batch(fsa.engine, "audit", fail=True)
        assert rows() == before and tables() == schema
        assert "planted" not in {column["name"] for column in sa.inspect(fsa.engine).get_columns("audit")}
        check_append_only(fsa.engine)


def test_a_migration_that_breaks_a_foreign_key_is_refused(fresh_database):
    with fresh_database.app_context():
        fill()
        text = """
from alembic import op
revision, down_revision, branch_labels, depends_on = "breaks", None, None, None
def upgrade():
    op.execute("delete from person")
def downgrade():
    pass
"""
        before = rows()
        with pytest.raises((RuntimeError, SystemExit, sa.exc.IntegrityError)):
            run_planted(fsa.engine, "breaks", text)
        assert rows() == before


def test_the_operations_used_here_are_alembics_own():
    assert hasattr(Operations, "batch_alter_table")
