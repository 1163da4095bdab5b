"""The words of the codebase (design 2, *Words*): names in code and files are in the terms of the field."""

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.source_tree import CODE, ROOT, TEMPLATES, TESTS

# What not to write → what to write instead.
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
OTHERS = {"mark"}  # of pytest
MIGRATIONS = sorted((ROOT / "migrations" / "versions").glob("*.py"))
BENCH = sorted((ROOT / "bench").glob("*.py"))


def parts(name: str) -> list[str]:
    """The words of a name: snake case, camel case and hyphens taken apart, without the s of a plural."""
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower().replace("-", "_").split("_")
    return [word.removesuffix("s") if word.removesuffix("s") in WORDS else word for word in words]


def names_in(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of every name in a module; names of tests are sentences, and left out."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NAME and not token.string.startswith("test_"):
            yield token.start[0], token.string


def wrong_names(source: str) -> list[str]:
    return [
        f"{line}: {name}: {WORDS[word]}"
        for line, name in names_in(source)
        if name not in OTHERS
        for word in parts(name)
        if word in WORDS
    ]


def wrong_files(paths: list[Path]) -> list[str]:
    return [f"{path}" for path in paths if any(word in WORDS for word in parts(path.stem))]


def test_no_name_in_code_or_tests_uses_a_word_that_is_not_the_fields():
    found = [
        f"{path.relative_to(ROOT)}:{name}" for path in (*CODE, *TESTS, *BENCH) for name in wrong_names(path.read_text())
    ]
    assert found == []


def test_no_file_is_named_after_one():
    files = [*CODE, *TESTS, *BENCH, *TEMPLATES, *MIGRATIONS, *(ROOT / "docs").rglob("*.md")]
    assert wrong_files([path.relative_to(ROOT) for path in files]) == []


@pytest.mark.parametrize(
    "source", ["def shown(): ...", "row.told = 1", "class Look: ...", "the_moments = []", "db.ahead()"]
)
def test_a_planted_name_is_found(source):
    assert wrong_names(source)


def test_a_planted_file_name_is_found():
    assert wrong_files([Path("events/desk.py"), Path("events/editing.py")]) == ["events/desk.py"]


def test_migrations_are_named_after_what_they_change_and_number_themselves():
    for path in MIGRATIONS:
        number, verb, _ = path.stem.split("_", 2)
        assert f'revision = "{number}"' in path.read_text() and verb in ("create", "add", "rename", "index", "drop")
