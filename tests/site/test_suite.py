"""The suite itself: tests import no tests, and tests that depend on the database run on both."""

import ast
import re
from pathlib import Path

import pytest

from tests.options import POSTGRESQL, SQLITE, databases_of
from tests.source_tree import ROOT, TESTS

MODULES = [path for path in TESTS if path.name.startswith("test_")]
# Words in a test that indicate the SQL of one database, its locks, a search, or the order of a list.
DIALECT = re.compile(
    r"with_for_update|under_lock|\.dialect\.|BEGIN IMMEDIATE|flask_migrate|\btogether\(|\bat_once\(|list_pages\.|[?&](q|zoek|sort|op)="
)


def imports_of(text: str) -> set[str]:
    """Yield every module that a source text imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def imported_tests(modules: set[str]) -> set[str]:
    """Return the test modules and conftests among modules."""
    return {name for name in modules if re.search(r"^tests\b.*\.(test_\w+|conftest)$", name)}


def test_tests_import_no_tests():
    wrong = {str(path.relative_to(ROOT)): imported_tests(imports_of(path.read_text())) for path in TESTS}
    assert len(wrong) > 80 and not {path: names for path, names in wrong.items() if names}


@pytest.mark.parametrize(
    "line",
    ["from tests.events.test_desk import fields", "from tests.events import test_desk", "import tests.conftest", "from tests import conftest"],
)  # fmt: skip
def test_an_import_of_a_test_is_found(line):
    assert imported_tests(imports_of(line))


def both_everywhere(tree: ast.Module) -> bool:
    """Whether a module marks all its tests `both_databases`."""
    assigned = [
        node for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark"
    ]
    return any("both_databases" in ast.unparse(node.value) for node in assigned)


def one_sided(text: str) -> list[str]:
    """Return tests of a module that depend on what differs between databases, and would run on one."""
    tree = ast.parse(text)
    if both_everywhere(tree):
        return []
    tests = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    runs_on_both = [
        "fresh_database" in [one.arg for one in node.args.args]
        or any("both_databases" in ast.unparse(one) or "ONLY_SQLITE" in ast.unparse(one) for one in node.decorator_list)
        for node in tests
    ]
    return [
        node.name
        for node, both in zip(tests, runs_on_both, strict=True)
        if not both and DIALECT.search("\n".join(map(ast.unparse, [*node.decorator_list, *node.body])))
    ]


def test_differences_between_databases_are_tested_on_both():
    wrong = [f"{path.relative_to(ROOT)}: {name}" for path in MODULES for name in one_sided(path.read_text())]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("folder", ["reliability", "site/test_migrations.py", "audit/test_chain.py", "jobs"])
def test_locks_migrations_seals_and_leases_run_on_both(folder):
    place = ROOT / "tests" / folder
    paths = [place] if place.is_file() else sorted(Path(place).glob("test_*.py"))
    assert paths and all(both_everywhere(ast.parse(path.read_text())) for path in paths)


def test_a_test_of_a_search_on_one_database_is_found():
    test = "def test_x(client):\n    client.get('/actiepunten?" + "q=bel')\n"
    assert one_sided(test) == ["test_x"]
    assert one_sided(f"import pytest\npytestmark = pytest.mark.both_databases\n{test}") == []
    assert one_sided(f"import pytest\n@pytest.mark.both_databases\n{test}") == []
    assert one_sided(test.replace("client)", "client, fresh_database)")) == []


@pytest.mark.parametrize(
    ("asked", "both", "databases"),
    [
        ("rule", False, [SQLITE]),
        ("rule", True, [SQLITE, POSTGRESQL]),
        (SQLITE, True, [SQLITE]),
        (POSTGRESQL, False, [POSTGRESQL]),
    ],
)
def test_the_rule_of_two_databases(asked, both, databases):
    assert databases_of(asked, both) == databases
