"""The source of Schakel and of its tests, for tests of its rules."""

import ast
import importlib
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import ModuleType

from schakel.workflow import Workflow

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "platform" / "schakel"
CODE = sorted(SOURCE.rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))


def trees() -> list[tuple[Path, ast.Module]]:
    return [(path, ast.parse(path.read_text())) for path in CODE]


@cache
def code() -> tuple[tuple[Path, ast.Module], ...]:
    """Return every module of the application with its syntax tree."""
    return tuple((path, ast.parse(path.read_text())) for path in sorted(SOURCE.rglob("*.py")))


def module_of(path: Path) -> ModuleType:
    """Return the imported module of a file of the application."""
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return importlib.import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))


def modules(name: str) -> list[ModuleType]:
    """Return every module with this file name, in any feature."""
    return [module_of(path) for path, _ in code() if path.stem == name]


@cache
def enums() -> tuple[type[StrEnum], ...]:
    """Return every StrEnum that the application declares."""
    found = (value for path, _ in code() for value in vars(module_of(path)).values())
    ours = {value for value in found if isinstance(value, type) and issubclass(value, StrEnum) and value is not StrEnum}
    return tuple(
        sorted(
            (one for one in ours if one.__module__.startswith("schakel.")),
            key=lambda one: (one.__module__, one.__name__),
        )
    )


def audit_events() -> list[type[StrEnum]]:
    """Return the enums of audit events, one per feature."""
    return [one for one in enums() if one.__name__ == "AuditEvent"]


@cache
def workflows() -> tuple[Workflow, ...]:
    """Return every workflow of the application."""
    found = {
        id(value): value
        for path, _ in code()
        for value in vars(module_of(path)).values()
        if isinstance(value, Workflow)
    }
    return tuple(sorted(found.values(), key=lambda one: one.name))
