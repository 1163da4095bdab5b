"""The rules of the codebase that can be checked in its source, and the checks of the tools."""

import ast
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml
from jinja2 import meta

from schakel import db
from tests.demo_server import BIN
from tests.source_tree import CODE, ROOT, SOURCE, TEMPLATES, TESTS, trees

LINES, LONGEST = 300, 40
TEST_LINES, TEST_LONGEST = 500, 45  # test modules hold tables of cases


def functions(tree: ast.Module) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def calls(tree: ast.AST, name: str) -> list[ast.Call]:
    return [
        n
        for n in ast.walk(tree)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute) and n.func.attr == name
    ]


def test_the_only_commit_is_in_the_transaction_module():
    places = [(str(path.relative_to(SOURCE)), call.lineno) for path, tree in trees() for call in calls(tree, "commit")]
    assert [name for name, _ in places] == ["db/transaction.py"], places


def fills(tree: ast.Module) -> list[int]:
    """Return where a slot is filled, or the function that fills one is used."""
    taken = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and node.module == "schakel.slots"
        and {"fill", "*"} & {a.name for a in node.names}
    ]
    return [call.lineno for call in calls(tree, "fill")] + taken


def test_only_the_factory_fills_slots():
    places = [f"{path.relative_to(SOURCE)}:{line}" for path, tree in trees() for line in fills(tree)]
    assert [place.partition(":")[0] for place in places] == ["app.py"], places


@pytest.mark.parametrize("line", ["from schakel.slots import fill", "slots.fill('menu', 'events', print)"])
def test_a_slot_filled_elsewhere_is_found(line):
    assert fills(ast.parse(line)) == [1]


@pytest.mark.parametrize("feature", ["audit", "notifications"])
def test_audit_and_outbox_hold_no_foreign_keys(feature):
    """Their rows must outlive the rows they describe (design 2)."""
    mine = [
        mapper.local_table
        for mapper in db.Base.registry.mappers
        if mapper.class_.__module__.startswith(f"schakel.{feature}")
    ]
    assert mine and not [f"{table.name}.{key.parent.name}" for table in mine for key in table.foreign_keys]


@pytest.mark.parametrize("table", ["audit", "audit_seal", "mail"])
def test_the_database_itself_holds_none_there_either(in_app, table):
    assert sa.inspect(in_app.connection()).get_foreign_keys(table) == []


def test_only_attempts_to_sign_in_are_committed_before_their_request():
    assert [str(path.relative_to(SOURCE)) for path, tree in trees() if calls(tree, "commit_now")] == [
        "identity/own_account/views.py",
        "identity/views.py",
    ]


def test_views_import_no_views():
    """What two features share is in the page kit, or in a module of the lower one (forms, listing)."""
    found = {
        str(path.relative_to(SOURCE))
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and path.name not in ("feature.py", "extensions.py")
        and ((node.module or "").endswith(".views") or "views" in {name.name for name in node.names})
    }
    assert found == set()


def test_services_never_end_a_transaction_render_flash_or_read_the_request():
    wrong = []
    for path, tree in trees():
        if path.name in ("service.py", "rules.py", "policy.py", "models.py") and path.parent.name != "jobs":
            named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            wrong += [f"{path}: {name}" for name in named & {"request", "flash", "render_template", "g", "current_app"}]
            wrong += [f"{path}:{call.lineno} db.end_transaction" for call in calls(tree, "end_transaction")]
    assert not wrong


def too_long(text: str, lines: int, longest: int) -> list[str]:
    """Return what is too long in a file: the file itself, or its functions."""
    found = [f"{text.count(chr(10))} lines: two subjects?"] if text.count("\n") > lines else []
    return found + [
        f"{f.name}: {f.end_lineno - f.lineno + 1} lines"
        for f in functions(ast.parse(text))
        if f.end_lineno - f.lineno >= longest
    ]


def test_files_stay_under_300_lines_and_functions_under_40():
    limits = [(path, LINES, LONGEST) for path in CODE] + [(path, TEST_LINES, TEST_LONGEST) for path in TESTS]
    wrong = [
        f"{path.relative_to(ROOT)}: {fault}"
        for path, lines, longest in limits
        for fault in too_long(path.read_text(), lines, longest)
    ]
    assert len(limits) > 250 and not wrong, "\n".join(wrong)


def test_a_long_file_and_a_long_function_are_found():
    assert too_long("def f():\n" + "    pass\n" * 5, lines=5, longest=5) == ["6 lines: two subjects?", "f: 6 lines"]
    assert too_long("def f():\n" + "    pass\n" * 4, lines=5, longest=5) == []


def test_no_module_is_called_utils_helpers_or_common():
    names = {part for path in CODE for part in path.relative_to(SOURCE).with_suffix("").parts}
    assert not names & {"utils", "util", "helpers", "helper", "common", "misc", "tools", "lib"}


def undocumented(text: str) -> list[str]:
    """Return what has no docstring in a module: itself, or a public function or class."""
    tree = ast.parse(text)
    kinds = ast.FunctionDef | ast.ClassDef
    public = [node for node in tree.body if isinstance(node, kinds) and not node.name.startswith("_")]
    return ([] if ast.get_docstring(tree) else ["the module"]) + [n.name for n in public if not ast.get_docstring(n)]


def test_every_module_and_every_public_function_has_a_docstring():
    bare = [f"{path.relative_to(SOURCE)}: {name}" for path in CODE for name in undocumented(path.read_text())]
    assert len(CODE) > 100 and not bare, "\n".join(bare)


def test_a_missing_docstring_is_found():
    assert undocumented("def f(): pass\nclass C: pass\ndef _g(): pass") == ["the module", "f", "C"]


def test_every_column_has_a_privacy_class():
    bare = [
        f"{t.name}.{c.name}"
        for t in db.Base.metadata.tables.values()
        for c in t.columns
        if c.info.get("class") not in db.CLASSES
    ]
    assert not bare and len(db.Base.metadata.tables) > 10


def test_a_column_without_class_cannot_be_made():
    with pytest.raises(AssertionError):
        db.column("S9")


def test_the_folder_platform_does_not_hide_the_module_platform():
    assert not (ROOT / "platform" / "__init__.py").exists() and not (ROOT / "platform.py").exists()
    assert [path.name for path in (ROOT / "platform").iterdir() if not path.name.startswith((".", "__"))] == ["schakel"]
    done = subprocess.run(
        [sys.executable, "-c", "import platform; print(platform.system())"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout.strip() == "Linux", done.stderr


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PYTHONPATH": str(folder / "platform"), "PATH": "/usr/bin:/bin"}
    return subprocess.run(
        [str(BIN / "lint-imports"), "--no-cache"], cwd=folder, capture_output=True, text=True, env=environment
    )


@pytest.fixture(scope="module")
def checkout(tmp_path_factory) -> Path:
    """A copy of the tree that a test may damage."""
    folder = tmp_path_factory.mktemp("checkout")
    leave = shutil.ignore_patterns("__pycache__", "*.db*")
    for name in ("platform", "templates", "migrations", "seeds"):
        shutil.copytree(ROOT / name, folder / name, ignore=leave)
    for path in ROOT.iterdir():
        if path.is_file() and not path.name.startswith("."):
            shutil.copy(path, folder)
    return folder


def test_imports_point_down():
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout


PLANTED = {
    "a lower feature imports an upper one": ("identity/service.py", "from schakel.events import rules as planted"),
    "a service imports Flask": ("events/service.py", "from flask import request as planted"),
    "rules import SQLAlchemy": ("events/rules.py", "import sqlalchemy as planted"),
    "a model imports its service": ("events/models.py", "from schakel.events import service as planted"),
    "a feature in no layer": ("odds/__init__.py", '"""Belongs nowhere."""'),
}


@pytest.mark.parametrize("what", PLANTED)
def test_the_contracts_fail_when(checkout, what):
    name, line = PLANTED[what]
    path = checkout / "platform" / "schakel" / name
    before = path.read_text() if path.exists() else None
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{before or ''}\n{line}\n")
    try:
        assert lint_imports(checkout).returncode == 1
    finally:
        path.write_text(before) if before is not None else shutil.rmtree(path.parent)


def own_text() -> list[Path]:
    tops = ("platform", "templates", "migrations", "seeds", "tests", "docs", "bench")
    kinds = {".py", ".html", ".txt", ".yaml", ".css", ".js", ".md", ".svg"}
    inside = [path for top in tops for path in (ROOT / top).rglob("*") if path.suffix in kinds]
    return [*inside, *(path for path in ROOT.iterdir() if path.is_file()), *(ROOT / "requirements").rglob("*")]


def test_no_file_has_a_note_of_later_work():
    words = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" * 3, "HA" + "CK")) + r")\b")
    assert not [
        f"{path}: {found[0]}" for path in own_text() if (found := words.search(path.read_text(errors="replace")))
    ]


def test_no_file_names_the_host_of_a_package_registry():
    hosts = (
        "pypi" + ".org",
        "pythonhosted" + ".org",
        "npmjs" + ".org",
        "npmjs" + ".com",
        "--index" + "-url",
        "--extra-index" + "-url",
    )
    assert not [f"{path}: {host}" for path in own_text() for host in hosts if host in path.read_text(errors="replace")]


def test_addresses_are_kebab_case(app):
    fixed = [re.sub(r"<[^>]*>", "x", rule.rule) for rule in app.url_map.iter_rules()]
    assert not [path for path in fixed if not re.fullmatch(r"/|(/[a-z0-9-]+(\.[a-z]+)?)+", path)]


def test_every_template_compiles_and_what_it_includes_exists(app):
    environment = app.jinja_env
    for path in TEMPLATES:
        text = path.read_text()
        environment.compile(text, str(path))
        for wanted in meta.find_referenced_templates(environment.parse(text)):
            assert wanted is None or (ROOT / "templates" / wanted).exists(), f"{path} wants {wanted}"


def test_no_template_of_a_page_has_inline_style_or_script():
    pattern = re.compile(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\bsrc=)|\|\s*safe\b")
    assert not [
        f"{path}: {found[0]}"
        for path in TEMPLATES
        if not path.name.startswith("mail") and (found := pattern.search(path.read_text()))
    ]


def test_every_seed_file_is_valid_and_every_address_in_it_is_example_org():
    for path in (ROOT / "seeds").glob("*.yaml"):
        assert yaml.safe_load(path.read_text())
        far = [
            address
            for address in re.findall(r"[\w.+-]+@[\w.-]+", path.read_text())
            if not address.endswith("example.org")
        ]
        assert not far, path


def test_the_wheel_contains_all_files_needed_to_run(checkout, tmp_path):
    (checkout / "platform" / "schakel" / "translations" / "nl" / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
    (checkout / "platform" / "schakel" / "translations" / "nl" / "LC_MESSAGES" / "planted.mo").write_bytes(
        b"\xde\x12\x04\x95"
    )
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(checkout)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    inside = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    for folder in ("templates", "migrations", "seeds"):
        files = {
            f"schakel/{folder}/{p.relative_to(ROOT / folder)}"
            for p in (ROOT / folder).rglob("*")
            if p.is_file() and "__pycache__" not in p.parts
        }
        assert files <= inside, sorted(files - inside)[:5]
    code = {
        f"schakel/{p.relative_to(SOURCE)}"
        for p in SOURCE.rglob("*")
        if p.is_file() and "__pycache__" not in p.parts and p.suffix != ".mo"
    }
    assert code <= inside, sorted(code - inside)[:5]
    assert {"schakel/config.py", "schakel/translations/nl/LC_MESSAGES/planted.mo"} <= inside
    assert not [
        name for name in inside if name.startswith(("tests/", "platform/")) or name.endswith((".db", "demo-secret"))
    ]
