"""The words of the codebase (design 2, *Words*): names, comments and docstrings are in the terms of the field."""

import ast
import io
import re
import tokenize
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from tests.source_tree import CODE, ROOT, TEMPLATES, TESTS

# What not to write in a name → what to write instead.
WORDS = {
    "told": "outcome, snapshot, informed",
    "shown": "page_data",
    "keep": "store, cache",
    "look": "read, visit",
    "finish": "end_transaction",
    "ahead": "commit_now",
    "desk": "editing, planning",
    "moment": "history entry, time",
    "mark": "token, cursor, placeholder",
    "whole": "load_for_page",
    "came": "auth_method",
    "supplied": "slot_types",
    "following": "jobs",
    "changing": "self_service",
}
# Other forms of these words; a plural s is removed before.
FORMS = {
    "told": ("tell", "telling"),
    "shown": ("shows", "showed", "showing"),
    "keep": ("kept", "keeping"),
    "look": ("looked", "looking"),
    "finish": ("finishes", "finished", "finishing"),
    "mark": ("marked", "marking"),
}
BANNED = WORDS | {form: WORDS[word] for word, forms in FORMS.items() for form in forms}
EXCEPTIONS = {
    "mark": "pytest.mark",
    "tell": "a method of files",
}
FILE_EXCEPTIONS = {"0004-the-public-page-is-cached-by-what-it-shows": "a decision is cited by its number and name"}
# Figurative words in comments and docstrings → what to write instead.
FIGURATIVE = {
    "told": "informed, mailed",
    "tells": "says, discloses",
    "hears": "is mailed, sees",
    "shown": "displayed",
    "kept": "stored, cached",
    "ahead": "before",
    "desk": "editing pages",
    "moment": "time, history entry",
    "house": "organisation, hospital, server",
    "door": "sign-in page",
    "way in": "account link",
    "came": "was created by, is from",
    "comes in": "is received, signs in",
    "shut": "blocked, closed",
    "narrowed": "filtered",
    "journey": "round trip",
    "anew": "again",
    "on the table": "listed on the page",
}
FIGURE = re.compile(rf"\b({'|'.join(FIGURATIVE)})s?\b", re.IGNORECASE)
MIGRATIONS = sorted((ROOT / "migrations" / "versions").glob("*.py"))
BENCH = sorted((ROOT / "bench").glob("*.py"))


def parts(name: str) -> list[str]:
    """Return the words of a name: snake case, camel case and hyphens split, without the s of a plural."""
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower().replace("-", "_").split("_")
    return [word.removesuffix("s") if word.removesuffix("s") in BANNED else word for word in words]


def names_in(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of every name in a module, without names of tests, which are sentences."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NAME and not token.string.startswith("test_"):
            yield token.start[0], token.string


def names_in_template(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of every name that a template defines: macros, variables and arguments."""
    for node in Environment(autoescape=True).parse(source).find_all((nodes.Macro, nodes.Name, nodes.Keyword)):
        if isinstance(node, nodes.Keyword):
            yield node.lineno, node.key
        elif isinstance(node, nodes.Macro) or node.ctx != "load":
            yield node.lineno, node.name


def wrong_names(names: Iterator[tuple[int, str]], exceptions: Collection[str] = EXCEPTIONS) -> list[str]:
    return [
        f"{line}: {name}: {BANNED[word]}"
        for line, name in names
        if name not in exceptions
        for word in parts(name)
        if word in BANNED
    ]


def wrong_files(paths: list[Path]) -> list[str]:
    return [f"{path}" for path in paths if path.stem not in FILE_EXCEPTIONS and BANNED.keys() & parts(path.stem)]


def prose_in(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of every docstring and comment of a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            yield getattr(node, "lineno", 1), ast.get_docstring(node) or ""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def wrong_prose(source: str) -> list[str]:
    return [
        f"{line}: {found[0]}: {FIGURATIVE[found[1].lower()]}"
        for line, text in prose_in(source)
        for found in FIGURE.finditer(text)
    ]


def test_no_name_in_code_or_tests_has_a_banned_word():
    found = [
        f"{path.relative_to(ROOT)}:{name}"
        for path in (*CODE, *TESTS, *BENCH)
        for name in wrong_names(names_in(path.read_text()))
    ]
    assert found == []


def test_no_name_in_a_template_has_a_banned_word():
    found = [
        f"{path.relative_to(ROOT)}:{name}"
        for path in TEMPLATES
        for name in wrong_names(names_in_template(path.read_text()), ())
    ]
    assert found == []


def test_no_comment_or_docstring_has_a_figurative_word():
    found = [
        f"{path.relative_to(ROOT)}:{text}" for path in (*CODE, *TESTS, *BENCH) for text in wrong_prose(path.read_text())
    ]
    assert found == []


def test_no_file_name_has_a_banned_word():
    files = [*CODE, *TESTS, *BENCH, *TEMPLATES, *MIGRATIONS, *(ROOT / "docs").rglob("*.md")]
    assert wrong_files([path.relative_to(ROOT) for path in files]) == []


@pytest.mark.parametrize("word", sorted(BANNED))
def test_a_planted_name_is_found(word):
    assert wrong_names(names_in(f"def {word}_rows(): ..."))
    assert wrong_names(names_in(f"class {word.capitalize()}Row: ..."))
    assert wrong_names(names_in(f"row.the_{word} = 1"))


@pytest.mark.parametrize("source", ["the_moments = []", "keeps = 1", "def looks_at(): ...", "tells.append(row)"])
def test_a_planted_plural_or_verb_form_is_found(source):
    assert wrong_names(names_in(source))


@pytest.mark.parametrize(
    "source", ["shutdown = 1", "marker = 1", "def show(): ...", "housekeeper = 1", "buffer.tell()"]
)
def test_another_word_or_an_exception_is_not_found(source):
    assert wrong_names(names_in(source)) == []


@pytest.mark.parametrize("name", sorted(EXCEPTIONS))
def test_every_exception_is_still_needed(name):
    assert any(name == text for path in (*CODE, *TESTS, *BENCH) for _, text in names_in(path.read_text()))


@pytest.mark.parametrize(
    "source",
    [
        "{% macro shown(rows) %}{% endmacro %}",
        "{% macro rows_of(kept) %}{% endmacro %}",
        "{% set looked_at = 1 %}",
        "{% for moment in rows %}{% endfor %}",
        "{% for id, mark in rows %}{% endfor %}",
        "{{ filters(rows, keep=1) }}",
    ],
)
def test_a_planted_name_in_a_template_is_found(source):
    assert wrong_names(names_in_template(source), ())


def test_data_of_a_view_is_checked_in_the_code_and_not_in_the_template():
    assert wrong_names(names_in_template("{{ event.shown }}{{ marks }}")) == []


@pytest.mark.parametrize("word", sorted(FIGURATIVE))
def test_a_planted_figurative_word_is_found(word):
    assert wrong_prose(f'"""Of a row, the {word} thing."""')
    assert wrong_prose(f'def read():\n    """Read it, {word}."""')
    assert wrong_prose(f"rows = []  # {word.capitalize()} for somebody")


def test_a_word_in_a_name_or_in_data_is_not_found_as_prose():
    assert wrong_prose('house = "told"  # a hospital, its household and its houseplants') == []


def test_a_planted_file_name_is_found():
    assert wrong_files([Path("events/desk.py"), Path("events/editing.py")]) == ["events/desk.py"]


def test_migrations_are_named_after_what_they_change_and_number_themselves():
    for path in MIGRATIONS:
        number, verb, _ = path.stem.split("_", 2)
        assert f'revision = "{number}"' in path.read_text() and verb in ("create", "add", "rename", "index", "drop")
